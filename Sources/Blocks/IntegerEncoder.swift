import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Encodes integers as a sequence, as runs, as codes, or in relation to others,
/// whichever is smallest.
enum IntegerEncoder {
    private static let dictionaryCountMax = 4_096

    static func append(
        _ source: Vector, beside others: Vector?, to writer: ByteWriter
    ) -> BlockEncoding {
        guard let numbers = widened(source) else {
            appendPlain(source, to: writer)
            return .plain
        }
        return withExtendedLifetime(numbers) {
            let values = UnsafePointer(numbers.pointer(to: Int64.self))
            let start = writer.count
            let encoding = append(values, count: source.count, to: writer)
            guard let others else { return encoding }
            let column = RelatedColumn(values: values, source: source, others: others)
            var best: (encoding: BlockEncoding, bytes: ByteWriter)?
            let limit = (writer.count - start) * 7 / 8
            if let bytes = column.written(as: DifferenceRelation.self), bytes.count < limit {
                best = (.differences, bytes)
            }
            if let bytes = column.written(as: ProductRelation.self),
                bytes.count < min(limit, best?.bytes.count ?? .max)
            {
                best = (.products, bytes)
            }
            guard let best else { return encoding }
            writer.removeLast(downTo: start)
            writer.append(best.bytes.bytes)
            return best.encoding
        }
    }

    /// Is a column beside another one, which it may be written in relation to.
    private struct RelatedColumn {
        let values: UnsafePointer<Int64>
        let source: Vector
        let others: Vector

        /// Writes the numbers that make the values of the others; under NULLs those before them.
        func written<Relation: ColumnRelation>(as relation: Relation.Type) -> ByteWriter? {
            let (count, validity) = (source.count, source.validity)
            let result = Buffer(byteCount: max(1, count) * 8)
            let numbers = result.pointer(to: Int64.self)
            guard
                let relation = Relation(
                    of: values, to: others.pointer(to: Int64.self), count: count,
                    validity: validity, numbers: numbers)
            else { return nil }
            if let validity {
                var last = (0..<count).first(where: validity.isValid).map { numbers[$0] } ?? 0
                for row in 0..<count {
                    if validity.isValid(row) { last = numbers[row] } else { numbers[row] = last }
                }
            }
            let writer = ByteWriter(capacity: count + packedCount)
            relation.append(to: writer)
            withExtendedLifetime((others, result)) {
                IntegerSequenceWriter.write(numbers, count: count, into: writer)
            }
            return writer
        }
    }

    private static func append(
        _ values: UnsafePointer<Int64>, count: Int, to writer: ByteWriter
    ) -> BlockEncoding {
        let start = writer.count
        IntegerSequenceWriter.write(values, count: count, into: writer)
        let byteCount = writer.count - start
        if let runs = runs(values, count: count), runs.count < byteCount * 3 / 4 {
            writer.removeLast(downTo: start)
            writer.append(runs.bytes)
            return .integerRuns
        }
        if byteCount > count, let coded = coded(values, count: count),
            coded.count < byteCount * 3 / 4
        {
            writer.removeLast(downTo: start)
            writer.append(coded.bytes)
            return .integerDictionary
        }
        return .integers
    }

    /// Appends values as they lie in memory.
    static func appendPlain(_ source: Vector, to writer: ByteWriter) {
        writer.append(
            UnsafeRawBufferPointer(
                start: source.pointer(to: UInt8.self),
                count: source.count * source.physicalType.byteWidth))
    }

    /// Returns the values in 64 bits, those before them under NULLs; nil where one doesn't fit.
    private static func widened(_ source: Vector) -> Vector? {
        if source.physicalType == .int64, source.validity == nil { return source }
        let result = Vector(uninitialized: .int64, count: source.count)
        var fits = true
        withUnsafeMutablePointer(to: &fits) { fits in
            source.visitIntegers(Widening(source: source, target: result.pointer(), fits: fits))
        }
        return fits ? result : nil
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
        guard mayRun(values, count: count) else { return nil }
        var runCount = min(count, 1)
        for row in 1..<max(count, 1) {
            runCount &+= values[row] == values[row &- 1] ? 0 : 1
        }
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

    /// Tells from a few stretches whether values seem to come several times in a row.
    private static func mayRun(_ values: UnsafePointer<Int64>, count: Int) -> Bool {
        let (stretchCount, length) = (8, 128)
        guard count >= stretchCount * length * 2 else { return true }
        var changeCount = 0
        for stretch in 0..<stretchCount {
            let first = values + count / stretchCount * stretch
            for row in 1..<length { changeCount &+= first[row] == first[row &- 1] ? 0 : 1 }
        }
        return changeCount * 2 <= stretchCount * length
    }

    /// Writes distinct values and codes, where there are few of them.
    private static func coded(_ values: UnsafePointer<Int64>, count: Int) -> ByteWriter? {
        guard count > 0 else { return nil }
        // A sample tells of most columns that they have too many.
        let step = max(1, count / 1_024)
        guard DistinctIntegers(values, count: count, step: step, limit: 512) != nil,
            let distinct = DistinctIntegers(
                values, count: count, step: 1, limit: dictionaryCountMax)
        else { return nil }
        let writer = ByteWriter(capacity: count + 4_096)
        distinct.sorted.withUnsafeBufferPointer {
            IntegerSequenceWriter.write($0.baseAddress!, count: $0.count, into: writer)
        }
        distinct.withSortedCodes {
            IntegerSequenceWriter.write($0, count: count, into: writer)
        }
        return writer
    }
}
