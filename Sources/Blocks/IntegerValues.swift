// Blocks of integers: a sequence, a dictionary with codes, or runs of the same.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds integers that lie in a sequence.
final class IntegerValues: BlockValues {
    private let sequence: IntegerSequence

    init(_ block: BlockBytes) throws(StarlingError) {
        sequence = try IntegerSequence(block.body)
        try checkCount(sequence.count, of: block)
    }

    var bounds: [Bounds]? {
        (0..<sequence.runCount).map { run in
            let own = sequence.runs[run]
            return Bounds(low: Int128(min(own.low, own.high)), high: Int128(own.high))
        }
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) -> Vector {
        let vector = Vector(uninitialized: type, count: rows.count)
        vector.visitIntegers(SequenceReading(sequence: sequence, rows: rows))
        return vector
    }

    func read(_ rows: Range<Int>, _ selection: Selection, as type: PhysicalType) -> Vector {
        if selection.isDense(in: rows) { return read(rows, as: type).gathered(by: selection) }
        let vector = Vector(uninitialized: type, count: selection.count)
        vector.visitIntegers(SequencePicking(sequence: sequence, rows: rows, selection: selection))
        return vector
    }
}

/// Decodes numbers of a sequence.
struct SequenceReading: IntegerTargetVisitor {
    let sequence: IntegerSequence
    let rows: Range<Int>

    func visit<Target: FixedWidthInteger & BitwiseCopyable>(
        _ target: UnsafeMutablePointer<Target>
    ) {
        sequence.read(rows, into: target)
    }
}

/// Decodes selected numbers of a sequence.
struct SequencePicking: IntegerTargetVisitor {
    let sequence: IntegerSequence
    let rows: Range<Int>
    let selection: Selection

    func visit<Target: FixedWidthInteger & BitwiseCopyable>(
        _ target: UnsafeMutablePointer<Target>
    ) {
        sequence.read(rows, selection, into: target)
    }
}

/// Holds integers by their codes in a dictionary.
final class IntegerDictionaryValues: BlockValues {
    private let codes: IntegerSequence
    private let values: Buffer

    init(_ block: BlockBytes) throws(StarlingError) {
        let dictionary = try IntegerSequence(block.body)
        codes = try IntegerSequence(
            block.body(from: dictionary.byteCount))
        try checkCount(codes.count, of: block)
        guard codes.isBelow(dictionary.count) else {
            throw blockDamage("a code lies outside of its dictionary")
        }
        values = Buffer(byteCount: dictionary.count * 8)
        dictionary.read(0..<dictionary.count, into: values.pointer(to: Int64.self))
    }

    var bounds: [Bounds]? {
        let values = values.pointer(to: Int64.self)
        let count = self.values.byteCount / 8
        // Where all runs have nearly all values, their bounds say nothing.
        guard let bounds = codes.bounds(below: count),
            bounds.contains(where: { $0.count * 2 <= count })
        else { return nil }
        return bounds.map {
            Bounds(low: Int128(values[$0.lowerBound]), high: Int128(values[$0.upperBound - 1]))
        }
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) -> Vector {
        let places = Buffer(byteCount: rows.count * 4)
        codes.read(rows, into: places.pointer(to: UInt32.self))
        return vector(of: places, count: rows.count, as: type)
    }

    func read(_ rows: Range<Int>, _ selection: Selection, as type: PhysicalType) -> Vector {
        if selection.isDense(in: rows) { return read(rows, as: type).gathered(by: selection) }
        let places = Buffer(byteCount: selection.count * 4)
        codes.read(rows, selection, into: places.pointer(to: UInt32.self))
        return vector(of: places, count: selection.count, as: type)
    }

    private func vector(of places: Buffer, count: Int, as type: PhysicalType) -> Vector {
        let vector = Vector(uninitialized: type, count: count)
        vector.visitIntegers(
            Reading(values: values.pointer(), places: places.pointer(), count: count))
        return vector
    }

    private struct Reading: IntegerTargetVisitor {
        let values: UnsafeMutablePointer<Int64>
        let places: UnsafeMutablePointer<UInt32>
        let count: Int

        func visit<Target: FixedWidthInteger & BitwiseCopyable>(
            _ target: UnsafeMutablePointer<Target>
        ) {
            for row in 0..<count {
                target[row] = Target(truncatingIfNeeded: values[Int(places[row])])
            }
        }
    }
}

/// Holds integers of which many in a row are the same.
final class IntegerRunValues: BlockValues {
    private let runCount: Int
    private let values: Buffer
    /// The row behind each run.
    private let ends: Buffer

    init(_ block: BlockBytes) throws(StarlingError) {
        let stored = try IntegerSequence(block.body)
        let storedEnds = try IntegerSequence(
            block.body(from: stored.byteCount))
        runCount = stored.count
        values = Buffer(byteCount: runCount * 8)
        ends = Buffer(byteCount: runCount * 8)
        guard storedEnds.count == runCount else { throw blockDamage("a run has no end") }
        stored.read(0..<runCount, into: values.pointer(to: Int64.self))
        let ends = ends.pointer(to: Int64.self)
        storedEnds.read(0..<runCount, into: ends)
        var end: Int64 = 0
        for run in 0..<runCount {
            guard ends[run] > end else { throw blockDamage("run \(run) ends before it begins") }
            end = ends[run]
        }
        try checkCount(Int(end), of: block)
    }

    var bounds: [Bounds]? {
        let (values, ends) = (values.pointer(to: Int64.self), ends.pointer(to: Int64.self))
        var result: [Bounds] = []
        var start = 0
        for run in 0..<runCount {
            let own = Bounds(Int128(values[run]))
            let end = Int(ends[run])
            // A run may reach over several stretches, and a stretch have several runs.
            for stretch in (start / packedCount)...((end - 1) / packedCount) {
                if stretch < result.count {
                    result[stretch] = result[stretch].union(own)
                } else {
                    result.append(own)
                }
            }
            start = end
        }
        return result
    }

    func read(_ rows: Range<Int>, as type: PhysicalType) -> Vector {
        let vector = Vector(uninitialized: type, count: rows.count)
        vector.visitIntegers(
            Reading(
                values: values.pointer(), ends: ends.pointer(), runCount: runCount, rows: rows))
        return vector
    }

    private struct Reading: IntegerTargetVisitor {
        let values: UnsafeMutablePointer<Int64>
        let ends: UnsafeMutablePointer<Int64>
        let runCount: Int
        let rows: Range<Int>

        func visit<Target: FixedWidthInteger & BitwiseCopyable>(
            _ target: UnsafeMutablePointer<Target>
        ) {
            var (run, high) = (0, runCount)
            while run < high {
                let middle = (run + high) / 2
                if Int(ends[middle]) <= rows.lowerBound { run = middle + 1 } else { high = middle }
            }
            var row = rows.lowerBound
            while row < rows.upperBound {
                let end = min(Int(ends[run]), rows.upperBound)
                (target + (row - rows.lowerBound)).update(
                    repeating: Target(truncatingIfNeeded: values[run]), count: end - row)
                row = end
                run += 1
            }
        }
    }
}
