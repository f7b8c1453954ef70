// The statistics of a column chunk, taken only where their meaning is certain.

import StarlingTables
import StarlingTypes

/// Reads bounds and counts of a column chunk.
enum ChunkStatistics {
    static func read(
        _ chunk: ColumnChunkMetadata, _ source: ColumnSource, _ type: LogicalType,
        hasColumnOrders: Bool
    ) -> ColumnStatistics {
        let metadata = chunk.statistics
        var result = ColumnStatistics()
        if let count = metadata.nullCount, count >= 0, count <= chunk.valueCount {
            result.nullCount = count
        }
        if !source.isOptional { result.nullCount = 0 }
        if let count = metadata.distinctCount, count > 0 { result.estimatedDistinctCount = count }
        if source.carrier == .byteArray || source.carrier == .fixedLengthByteArray,
            source.meaning != .bigEndianDecimal, chunk.valueCount > 0
        {
            let width = Double(chunk.uncompressedByteCount) / Double(chunk.valueCount)
            result.estimatedByteWidth = min(max(width, 1), 1_048_576)
        }
        // INT96 and INTERVAL have no order; the old fields order bytes as signed.
        guard source.carrier != .int96 else { return result }
        let isSignedNumber =
            (source.carrier == .int32 || source.carrier == .int64) && source.meaning != .unsigned
        let areNewUsable = hasColumnOrders || isSignedNumber
        let minimum =
            (areNewUsable ? metadata.minimum : nil) ?? (isSignedNumber ? metadata.oldMinimum : nil)
        let maximum =
            (areNewUsable ? metadata.maximum : nil) ?? (isSignedNumber ? metadata.oldMaximum : nil)
        guard let minimum, let maximum,
            let low = value(minimum, source, type), let high = value(maximum, source, type),
            isAscending(low, high)
        else { return result }
        result.low = low
        result.high = high
        if result.estimatedByteWidth != nil, isFromDictionary(chunk),
            case .bytes(let least) = low, case .bytes(let greatest) = high
        {
            result.estimatedByteWidth = max(1, Double(least.count + greatest.count) / 2)
        }
        return result
    }

    /// Tells whether a chunk's bytes are codes and say nothing about the length of values.
    private static func isFromDictionary(_ chunk: ColumnChunkMetadata) -> Bool {
        guard let encodings = chunk.dataPageEncodings else {
            return (chunk.dictionaryPageOffset ?? 0) > 0
        }
        return encodings.contains { $0 == 2 || $0 == 8 }
    }

    private static func isAscending(_ low: Value, _ high: Value) -> Bool {
        switch (low, high) {
        case (.integer(let low), .integer(let high)): low <= high
        case (.floating(let low), .floating(let high)): low <= high
        case (.bytes(let low), .bytes(let high)): !high.lexicographicallyPrecedes(low)
        default: false
        }
    }

    /// Reads a bound; nil where it can't be one.
    private static func value(
        _ bytes: [UInt8], _ source: ColumnSource, _ type: LogicalType
    ) -> Value? {
        switch source.carrier {
        case .boolean:
            guard bytes.count == 1, bytes[0] <= 1 else { return nil }
            return .integer(Int128(bytes[0]))
        case .int32:
            guard let word = word(bytes, count: 4) else { return nil }
            return integer(Int64(Int32(truncatingIfNeeded: word)), word, source.meaning)
        case .int64:
            guard let word = word(bytes, count: 8) else { return nil }
            return integer(Int64(bitPattern: word), word, source.meaning)
        case .float:
            guard let word = word(bytes, count: 4) else { return nil }
            let number = Float(bitPattern: UInt32(word))
            return number.isNaN ? nil : .floating(Double(number))
        case .double:
            guard let word = word(bytes, count: 8) else { return nil }
            let number = Double(bitPattern: word)
            return number.isNaN ? nil : .floating(number)
        case .int96: return nil
        case .byteArray, .fixedLengthByteArray: return bound(bytes, source, type)
        }
    }

    private static func bound(
        _ bytes: [UInt8], _ source: ColumnSource, _ type: LogicalType
    ) -> Value? {
        switch source.meaning {
        case .bigEndianDecimal:
            guard let first = bytes.first, bytes.count <= 16 else { return nil }
            var number: Int128 = first >= 0x80 ? -1 : 0
            for byte in bytes { number = number << 8 | Int128(byte) }
            return .integer(number)
        case .float16:
            guard let word = word(bytes, count: 2) else { return nil }
            let number = HalfConversion.single(UInt16(word))
            return number.isNaN ? nil : .floating(Double(number))
        case .uuid: return nil
        default: return type == .varbinary && source.byteWidth == 12 ? nil : .bytes(bytes)
        }
    }

    private static func word(_ bytes: [UInt8], count: Int) -> UInt64? {
        guard bytes.count == count else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func integer(
        _ signed: Int64, _ bits: UInt64, _ meaning: ColumnSource.Meaning
    ) -> Value {
        let number = Int128(signed)
        switch meaning {
        case .unsigned: return .integer(Int128(bits))
        case .thousandfold: return .integer(number * 1_000)
        case .thousandth:
            let quotient = number / 1_000
            return .integer(quotient * 1_000 > number ? quotient - 1 : quotient)
        default: return .integer(number)
        }
    }
}
