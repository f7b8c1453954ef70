// Where the strings of a block lie, or the elements of its lists: their lengths in a sequence, and
// where the parts of each run of 1,024 begin.
//
//   extents := lengths (sequence), a start (8 bytes) a run and one more: the sum of all

import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Finds strings, or lists, that lie one behind the other.
///
/// `@unchecked Sendable`: the bytes are never written again.
struct Extents: @unchecked Sendable {
    let lengths: IntegerSequence
    let starts: UnsafePointer<UInt64>
    /// The bytes that the extents themselves take.
    let byteCount: Int

    var count: Int { lengths.count }
    var runCount: Int { lengths.runCount }
    var total: Int { Int(starts[runCount]) }

    init(_ bytes: UnsafeRawBufferPointer) throws(StarlingError) {
        let lengths = try IntegerSequence(bytes)
        self.lengths = lengths
        let runCount = lengths.runCount
        guard let address = bytes.baseAddress,
            bytes.count >= lengths.byteCount + (runCount + 1) * 8
        else { throw blockDamage("the places of its parts are cut off") }
        starts = UnsafePointer(
            (address + lengths.byteCount).assumingMemoryBound(to: UInt64.self))
        byteCount = lengths.byteCount + (runCount + 1) * 8
        try checkStarts()
    }

    /// Adds up all lengths once, so that reading need not doubt them.
    private func checkStarts() throws(StarlingError) {
        let (lengths, starts) = (lengths, starts)
        let isRight = withUnsafeTemporaryAllocation(of: UInt32.self, capacity: packedCount) {
            let scratch = $0.baseAddress.unsafelyUnwrapped
            guard starts[0] == 0 else { return false }
            for run in 0..<lengths.runCount {
                lengths.decode(run: run, into: scratch)
                var sum: UInt64 = 0
                for place in 0..<min(packedCount, lengths.count - run * packedCount) {
                    sum &+= UInt64(scratch[place])
                }
                // No block holds 2⁴⁸ bytes, so that sums of sums stay far from overflow.
                guard sum < 1 << 48, starts[run + 1] == starts[run] &+ sum else { return false }
            }
            return starts[lengths.runCount] < 1 << 48
        }
        guard isRight else { throw blockDamage("the lengths of its parts contradict each other") }
    }

    /// Finds where a part begins.
    func start(of row: Int) -> Int {
        let (run, first) = row.quotientAndRemainder(dividingBy: packedCount)
        guard first > 0 else { return Int(starts[run]) }
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: packedCount) { scratch in
            let scratch = scratch.baseAddress.unsafelyUnwrapped
            lengths.decode(run: run, into: scratch)
            return (0..<first).reduce(Int(starts[run])) { $0 + Int(scratch[$1]) }
        }
    }

    /// Refers to strings whose bytes lie behind `text`, where the first string of the block would.
    func refer(
        to rows: Range<Int>, _ text: UnsafeRawPointer,
        into target: UnsafeMutablePointer<StringReference>
    ) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: packedCount) { scratch in
            let scratch = scratch.baseAddress.unsafelyUnwrapped
            var row = rows.lowerBound
            while row < rows.upperBound {
                let (run, first) = row.quotientAndRemainder(dividingBy: packedCount)
                let end = min(packedCount, first + rows.upperBound - row)
                lengths.decode(run: run, into: scratch)
                var bytes = text + Int(starts[run])
                for place in 0..<first { bytes += Int(scratch[place]) }
                let own = target + (row - rows.lowerBound) - first
                for place in first..<end {
                    let length = Int(scratch[place])
                    own[place] = StringReference(padded: bytes, count: length)
                    bytes += length
                }
                row += end - first
            }
        }
    }

    /// Refers to the selected ones of some strings; `text` is asked once for each run that has some,
    /// and says behind what its strings lie, where the first string of the block would.
    func refer(
        to rows: Range<Int>, _ selection: Selection,
        into target: UnsafeMutablePointer<StringReference>,
        text: (Int) throws(StarlingError) -> UnsafeRawPointer
    ) throws(StarlingError) {
        let scratch = Buffer(byteCount: packedCount * 4)
        let lengths = scratch.pointer(to: UInt32.self)
        let selected = selection.rows
        var place = 0
        while place < selection.count {
            let run = (rows.lowerBound + Int(selected[place])) / packedCount
            let first = run * packedCount - rows.lowerBound
            self.lengths.decode(run: run, into: lengths)
            var bytes = try text(run) + Int(starts[run])
            var row = first
            while place < selection.count, Int(selected[place]) < first + packedCount {
                while row < Int(selected[place]) {
                    bytes += Int(lengths[row &- first])
                    row &+= 1
                }
                target[place] = StringReference(padded: bytes, count: Int(lengths[row &- first]))
                place &+= 1
            }
        }
    }
}
