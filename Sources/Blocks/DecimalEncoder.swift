import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Encodes floating-point numbers as scaled integers where most of them are decimals.
enum DecimalEncoder {
    private static let sampleCount = 256

    static func append(_ source: Vector, to writer: ByteWriter) -> BlockEncoding {
        let isShort = source.physicalType == .float32
        let numbers =
            isShort ? source.convertedToFloating(.float64) : source
        let values = UnsafePointer(numbers.pointer(to: Double.self))
        let coded = scale(of: values, source).map { encode(values, source, $0) }
        guard let coded, coded.count < source.count * source.physicalType.byteWidth else {
            IntegerEncoder.appendPlain(source, to: writer)
            return .plain
        }
        writer.append(coded.bytes)
        return .decimals
    }

    /// Tries all scales on a sample and returns the one with the fewest bits.
    private static func scale(
        of values: UnsafePointer<Double>, _ source: Vector
    ) -> DecimalScale? {
        let step = max(1, source.count / sampleCount)
        let rows = stride(from: 0, to: source.count, by: step).filter(source.isValid)
        guard !rows.isEmpty else { return DecimalScale(up: 0, down: 0) }
        let sample = rows.map { values[$0] }
        var best: (scale: DecimalScale, cost: Int)?
        for down in 0..<DecimalScale.powers.count {
            var fitsAll = false
            for up in 0...down {
                let scale = DecimalScale(up: up, down: down)
                guard let (cost, misses) = cost(of: sample, scale.factors) else { continue }
                if misses == 0 { fitsAll = true }
                if best == nil || cost < best!.cost { best = (scale, cost) }
            }
            // More digits behind the point would only make larger integers.
            if fitsAll { break }
        }
        return best?.scale
    }

    /// Counts the bits that a sample takes, and the numbers that stand apart; nil where those are
    /// more than a quarter.
    private static func cost(
        of sample: [Double], _ factors: DecimalFactors
    ) -> (cost: Int, misses: Int)? {
        var (low, high) = (Int64.max, Int64.min)
        var misses = 0
        for number in sample {
            if let integer = factors.integer(of: number) {
                low = min(low, integer)
                high = max(high, integer)
            } else {
                misses += 1
                if misses * 4 > sample.count { return nil }
            }
        }
        let width = low <= high ? 64 - (high &- low).leadingZeroBitCount : 0
        return (width * (sample.count - misses) + 96 * misses, misses)
    }

    private static func encode(
        _ values: UnsafePointer<Double>, _ source: Vector, _ scale: DecimalScale
    ) -> ByteWriter {
        let integers = Buffer(byteCount: source.count * 8)
        let target = integers.pointer(to: Int64.self)
        var exceptions: [Double] = []
        var rows: [UInt32] = []
        var last: Int64 = 0
        let factors = scale.factors
        for row in 0..<source.count {
            if source.isValid(row) {
                if let integer = factors.integer(of: values[row]) {
                    last = integer
                } else {
                    exceptions.append(values[row])
                    rows.append(UInt32(row))
                }
            }
            target[row] = last
        }
        let writer = ByteWriter(capacity: source.count * 4 + 4_096)
        writer.append(UInt8(scale.up))
        writer.append(UInt8(scale.down))
        writer.pad(toMultipleOf: 8)
        writer.append(UInt64(exceptions.count))
        IntegerSequenceWriter.write(target, count: source.count, into: writer)
        exceptions.withUnsafeBytes { writer.append($0) }
        rows.withUnsafeBytes { writer.append($0) }
        return writer
    }
}
