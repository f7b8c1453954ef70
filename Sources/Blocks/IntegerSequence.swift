// Integers packed in runs of 1,024: what integer columns are, and the codes, lengths and offsets of
// all others.
//
//   sequence := count (8 bytes), byte count of the data (8), a PackedRun a run, data
//            or count + 2⁶³ (8), byte count of the data (8), the runs packed (`PackedRunHeads`), data

import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Reads integers that `IntegerSequenceWriter` packed.
///
/// `@unchecked Sendable`: the bytes are never written again, and whoever made the sequence keeps
/// them.
struct IntegerSequence: @unchecked Sendable {
    static let headerByteCount = 16
    /// Set in the count where the runs are packed.
    static let packedMark: UInt64 = 1 << 63

    let count: Int
    let runs: UnsafePointer<PackedRun>
    /// Holds the runs where they were packed.
    private let heads: Buffer?
    private let data: UnsafeRawPointer
    /// All that the sequence takes.
    let byteCount: Int

    /// Opens the sequence at the beginning of `bytes`, which are aligned to 8.
    init(_ bytes: UnsafeRawBufferPointer) throws(StarlingError) {
        guard bytes.count >= Self.headerByteCount, let start = bytes.baseAddress else {
            throw blockDamage("a sequence of integers is cut off")
        }
        let mark = start.load(as: UInt64.self)
        let count = mark & ~Self.packedMark
        let dataCount = start.load(fromByteOffset: 8, as: UInt64.self)
        let room = UInt64(bytes.count - Self.headerByteCount)
        guard count <= UInt64(UInt32.max), dataCount <= room else {
            throw blockDamage("a sequence of \(count) integers has \(bytes.count) bytes")
        }
        let runCount = (Int(count) + packedCount - 1) / packedCount
        let runBytes: Int
        if mark == count {
            heads = nil
            runBytes = runCount * MemoryLayout<PackedRun>.stride
            runs = UnsafePointer(
                (start + Self.headerByteCount).assumingMemoryBound(to: PackedRun.self))
        } else {
            let unpacked = try PackedRunHeads.read(
                UnsafeRawBufferPointer(rebasing: bytes[Self.headerByteCount...]), runCount)
            heads = unpacked.runs
            runBytes = unpacked.byteCount
            runs = UnsafePointer(unpacked.runs.pointer(to: PackedRun.self))
        }
        guard UInt64(runBytes) + dataCount <= room else {
            throw blockDamage("the runs of a sequence of integers are cut off")
        }
        self.count = Int(count)
        data = start + Self.headerByteCount + runBytes
        byteCount = Self.headerByteCount + runBytes + Int(dataCount)
        for run in 0..<runCount {
            let own = runs[run]
            guard own.width <= 64, own.form <= PackedRun.formMax, own.offset % 8 == 0,
                own.exceptionCount <= packedCount,
                Int(own.offset) + own.byteCount <= Int(dataCount)
            else { throw blockDamage("run \(run) of a sequence of integers lies outside of it") }
        }
    }

    var runCount: Int { (count + packedCount - 1) / packedCount }

    /// Tells whether all numbers are in 0 ..< `limit`.
    func isBelow(_ limit: Int) -> Bool {
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: packedCount) { scratch in
            let numbers = scratch.baseAddress.unsafelyUnwrapped
            var (low, high): (Int64, Int64) = (0, -1)
            for run in 0..<runCount {
                decode(run: run, into: numbers)
                for place in 0..<min(packedCount, count - run * packedCount) {
                    low = min(low, numbers[place])
                    high = max(high, numbers[place])
                }
            }
            return low == 0 && high < limit
        }
    }

    /// The bounds of each run where they are below a limit; nil where one is not.
    func bounds(below limit: Int) -> [Range<Int>]? {
        var bounds: [Range<Int>] = []
        for run in 0..<runCount {
            let (low, high) = (runs[run].low, runs[run].high)
            guard low >= 0, low <= high, high < Int64(limit) else { return nil }
            bounds.append(Int(low)..<(Int(high) + 1))
        }
        return bounds
    }

    /// Decodes a whole run; there is room for 1,024 numbers, whatever the run's count.
    @inline(__always)
    func decode<Target: FixedWidthInteger & BitwiseCopyable>(
        run number: Int, into target: UnsafeMutablePointer<Target>
    ) {
        let run = runs[number]
        let bits = data + Int(run.offset)
        let base = Target(truncatingIfNeeded: run.isDelta ? run.step : run.base)
        unpack(bits, width: Int(run.width), base: base, into: target)
        if run.exceptionCount > 0 {
            run.visitExceptions(at: bits + run.packedByteCount) { place, number in
                target[place] = Target(truncatingIfNeeded: number) &+ base
            }
        }
        if run.isDelta { sum(from: Target(truncatingIfNeeded: run.base), target) }
    }

    /// Adds to each of 1,024 differences but the first all that are before it.
    @inline(__always)
    private func sum<Target: FixedWidthInteger & BitwiseCopyable>(
        from first: Target, _ target: UnsafeMutablePointer<Target>
    ) {
        // Modulo the target's width the sums are right whatever lies between.
        var number = first
        target[0] = number
        for place in 1..<packedCount {
            number = number &+ target[place]
            target[place] = number
        }
    }

    /// Where fewer numbers of a run are wanted than one in so many, they are unpacked one by one. A
    /// whole run costs less than ten that have to come from memory.
    private static let sparseFactor = 96

    /// Decodes those of the numbers at `rows` that are selected; there is room for as many.
    @inline(__always)
    func read<Target: FixedWidthInteger & BitwiseCopyable>(
        _ rows: Range<Int>, _ selection: Selection, into target: UnsafeMutablePointer<Target>
    ) {
        // Numbers are sums modulo 2⁶⁴, which wider ones must not carry beyond.
        if Target.bitWidth <= 64 {
            pick(selection, of: rows, from: Target.self, into: target)
        } else {
            pick(selection, of: rows, from: Int64.self, into: target)
        }
    }

    /// Does so by way of whole runs of `Number`, or of single numbers.
    @inline(__always)
    private func pick<
        Number: FixedWidthInteger & BitwiseCopyable, Target: FixedWidthInteger & BitwiseCopyable
    >(
        _ selection: Selection, of rows: Range<Int>, from: Number.Type,
        into target: UnsafeMutablePointer<Target>
    ) {
        withUnsafeTemporaryAllocation(of: Number.self, capacity: packedCount) { scratch in
            let scratch = scratch.baseAddress.unsafelyUnwrapped
            let selected = selection.rows
            var place = 0
            while place < selection.count {
                let number = (rows.lowerBound + Int(selected[place])) / packedCount
                let start = number * packedCount - rows.lowerBound
                let end = Self.end(of: start + packedCount, in: selection, from: place)
                let run = runs[number]
                if (end - place) * Self.sparseFactor < packedCount, run.hasSingleNumbers {
                    for item in place..<end {
                        let single = self.number(of: run, at: Int(selected[item]) - start)
                        target[item] = Target(truncatingIfNeeded: single)
                    }
                } else {
                    decode(run: number, into: scratch)
                    for item in place..<end {
                        target[item] = Target(
                            truncatingIfNeeded: scratch[Int(selected[item]) - start])
                    }
                }
                place = end
            }
        }
    }

    /// Finds the first selected row that is not below `limit`.
    private static func end(of limit: Int, in selection: Selection, from start: Int) -> Int {
        let selected = selection.rows
        var (low, high) = (start, min(start + packedCount, selection.count))
        while low < high {
            let middle = (low + high) / 2
            if Int(selected[middle]) < limit { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Reads one number of a run that has single ones.
    @inline(__always)
    private func number(of run: PackedRun, at place: Int) -> Int64 {
        if run.isDelta { return run.base &+ run.step &* Int64(place) }
        let bits = data + Int(run.offset)
        var number = unpackNumber(bits, width: Int(run.width), at: place)
        if run.exceptionCount > 0 {
            run.visitExceptions(at: bits + run.packedByteCount) { own, exception in
                if own == place { number = exception }
            }
        }
        return run.base &+ Int64(bitPattern: number)
    }

    /// Decodes the numbers at `rows`; there is room for as many.
    @inline(__always)
    func read<Target: FixedWidthInteger & BitwiseCopyable>(
        _ rows: Range<Int>, into target: UnsafeMutablePointer<Target>
    ) {
        // Numbers are sums modulo 2⁶⁴, which wider ones must not carry beyond.
        guard Target.bitWidth <= 64 else { return readWide(rows, into: target) }
        withUnsafeTemporaryAllocation(of: Target.self, capacity: packedCount) { scratch in
            let scratch = scratch.baseAddress.unsafelyUnwrapped
            var row = rows.lowerBound
            while row < rows.upperBound {
                let (run, start) = row.quotientAndRemainder(dividingBy: packedCount)
                let picked = min(packedCount - start, rows.upperBound - row)
                let place = target + (row - rows.lowerBound)
                if picked == packedCount {
                    decode(run: run, into: place)
                } else {
                    decode(run: run, into: scratch)
                    place.update(from: scratch + start, count: picked)
                }
                row += picked
            }
        }
    }

    private func readWide<Target: FixedWidthInteger & BitwiseCopyable>(
        _ rows: Range<Int>, into target: UnsafeMutablePointer<Target>
    ) {
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: packedCount) { scratch in
            let scratch = scratch.baseAddress.unsafelyUnwrapped
            var row = rows.lowerBound
            while row < rows.upperBound {
                let (run, start) = row.quotientAndRemainder(dividingBy: packedCount)
                let picked = min(packedCount - start, rows.upperBound - row)
                decode(run: run, into: scratch)
                let place = target + (row - rows.lowerBound)
                for number in 0..<picked {
                    place[number] = Target(truncatingIfNeeded: scratch[start + number])
                }
                row += picked
            }
        }
    }
}

extension Selection {
    /// True where so many rows are selected that it takes less to decode all of them in one go.
    func isDense(in rows: Range<Int>) -> Bool { count * 2 > rows.count }
}

/// Says what is wrong with a block.
func blockDamage(_ message: String) -> StarlingError {
    StarlingError(.data, "the block is damaged: \(message)")
}
