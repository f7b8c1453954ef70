import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Encodes integers as a sequence, as runs, or as codes, whichever is smallest.
enum IntegerEncoder {
    private static let dictionaryCountMax = 4_096

    static func append(_ source: Vector, to writer: ByteWriter) -> BlockEncoding {
        guard let numbers = widened(source) else {
            appendPlain(source, to: writer)
            return .plain
        }
        let count = source.count
        let values = UnsafePointer(numbers.pointer(to: Int64.self))
        var best = ByteWriter(capacity: count + 4_096)
        IntegerSequenceWriter.write(values, count: count, into: best)
        var encoding = BlockEncoding.integers
        if let runs = runs(values, count: count), runs.count < best.count * 3 / 4 {
            best = runs
            encoding = .integerRuns
        }
        if best.count > count, let coded = coded(values, count: count),
            coded.count < best.count * 3 / 4
        {
            best = coded
            encoding = .integerDictionary
        }
        writer.append(best.bytes)
        return encoding
    }

    /// Appends values as they lie in memory.
    static func appendPlain(_ source: Vector, to writer: ByteWriter) {
        writer.append(
            UnsafeRawBufferPointer(
                start: source.pointer(to: UInt8.self),
                count: source.count * source.physicalType.byteWidth))
    }

    /// Returns the values in 64 bits, those before them under NULLs; nil where one doesn't fit.
    private static func widened(_ source: Vector) -> Buffer? {
        let buffer = Buffer(byteCount: source.count * 8)
        var fits = true
        withUnsafeMutablePointer(to: &fits) { fits in
            source.visitIntegers(Widening(source: source, target: buffer.pointer(), fits: fits))
        }
        return fits ? buffer : nil
    }

    private struct Widening: IntegerTargetVisitor {
        let source: Vector
        let target: UnsafeMutablePointer<Int64>
        let fits: UnsafeMutablePointer<Bool>

        func visit<Element: FixedWidthInteger & BitwiseCopyable>(
            _ values: UnsafeMutablePointer<Element>
        ) {
            let count = source.count
            if Element.bitWidth > 64 {
                for row in 0..<count where source.isValid(row) {
                    if Int64(exactly: values[row]) == nil { return fits.pointee = false }
                }
            }
            guard let validity = source.validity else {
                for row in 0..<count { target[row] = Int64(truncatingIfNeeded: values[row]) }
                return
            }
            var last = Element.zero
            for row in 0..<count where validity.isValid(row) {
                last = values[row]
                break
            }
            for row in 0..<count {
                if validity.isValid(row) { last = values[row] }
                target[row] = Int64(truncatingIfNeeded: last)
            }
        }
    }

    /// Writes the values of runs and where they end, where runs are long.
    private static func runs(_ values: UnsafePointer<Int64>, count: Int) -> ByteWriter? {
        var runCount = min(count, 1)
        for row in 1..<max(count, 1) where values[row] != values[row - 1] { runCount += 1 }
        guard runCount > 1, runCount * 8 <= count else { return nil }
        let runs = Buffer(byteCount: runCount * 16)
        let starts = runs.pointer(to: Int64.self)
        let ends = starts + runCount
        var run = 0
        starts[0] = values[0]
        for row in 1..<count where values[row] != values[row - 1] {
            ends[run] = Int64(row)
            run += 1
            starts[run] = values[row]
        }
        ends[run] = Int64(count)
        let writer = ByteWriter(capacity: runCount * 4 + 4_096)
        IntegerSequenceWriter.write(starts, count: runCount, into: writer)
        IntegerSequenceWriter.write(ends, count: runCount, into: writer)
        return writer
    }

    /// Writes distinct values and codes, where there are few of them.
    private static func coded(_ values: UnsafePointer<Int64>, count: Int) -> ByteWriter? {
        guard let distinct = distinctValues(values, count: count) else { return nil }
        let sorted = distinct.sorted()
        let codes = Buffer(byteCount: count * 8)
        let target = codes.pointer(to: Int64.self)
        sorted.withUnsafeBufferPointer { sorted in
            for row in 0..<count {
                var (low, high) = (0, sorted.count)
                while low < high {
                    let middle = (low &+ high) / 2
                    if sorted[middle] < values[row] { low = middle &+ 1 } else { high = middle }
                }
                target[row] = Int64(low)
            }
        }
        let writer = ByteWriter(capacity: count + 4_096)
        sorted.withUnsafeBufferPointer {
            IntegerSequenceWriter.write($0.baseAddress!, count: sorted.count, into: writer)
        }
        IntegerSequenceWriter.write(target, count: count, into: writer)
        return writer
    }

    /// Gathers the distinct values unless there are too many; looks at a sample first.
    private static func distinctValues(
        _ values: UnsafePointer<Int64>, count: Int
    ) -> Set<Int64>? {
        var sample: Set<Int64> = []
        let step = max(1, count / 1_024)
        for row in stride(from: 0, to: count, by: step) { sample.insert(values[row]) }
        guard sample.count <= 512 else { return nil }
        for row in 0..<count where row == 0 || values[row] != values[row - 1] {
            sample.insert(values[row])
            if sample.count > dictionaryCountMax { return nil }
        }
        return sample
    }
}
