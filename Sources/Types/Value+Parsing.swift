// Text to value, by the same rules as CAST from STRING.

import StarlingBitmaps

extension Value {
    /// Reads `text` as a scalar type; nil where it is malformed or out of range. NULL is not a text.
    package init?(parsing text: [UInt8], as type: LogicalType) {
        let parsed = text.withUnsafeBytes { Self.parsed($0, as: type) }
        guard let parsed else { return nil }
        self = parsed
    }

    package init?(parsing text: String, as type: LogicalType) {
        self.init(parsing: Array(text.utf8), as: type)
    }

    private static func parsed(_ bytes: UnsafeRawBufferPointer, as type: LogicalType) -> Value? {
        switch type {
        case .boolean: return parseBoolean(bytes).map { .boolean($0) }
        case .tinyint, .smallint, .int, .bigint, .largeint:
            guard let number = parseInteger(bytes), type.bounds?.contains(number) ?? true else {
                return nil
            }
            return .integer(number)
        case .decimal(let precision, let scale):
            return parseDecimal(bytes, precision: precision, scale: scale).map { .integer($0) }
        case .float:
            guard let number = parseDouble(bytes) else { return nil }
            return .floating(Double(Float(number)))
        case .double: return parseDouble(bytes).map { .floating($0) }
        case .date: return parseDate(bytes).map { .integer(Int128($0)) }
        case .datetime: return parseDateTime(bytes, mayEndInZ: true).map { .integer(Int128($0)) }
        case .char, .varchar, .varbinary, .json: return .bytes(Array(bytes))
        case .time: return parseTime(bytes).map { .integer(Int128($0)) }
        case .bitmap: return Bitmap(parsing: bytes).map { .bytes($0.serialized) }
        case .hll, .percentile, .aggregateState:
            return parseHexadecimal(bytes).map { .bytes($0) }
        case .null, .array, .map, .structure: return nil
        }
    }

}

/// Reads the hexadecimal digits that sketches are printed as, and bytes in files of text.
package func parseHexadecimal(_ digits: some RandomAccessCollection<UInt8>) -> [UInt8]? {
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    var isHigh = true
    for digit in digits {
        let lowered = digit | 0x20
        let value: UInt8
        switch (digit, lowered) {
        case (0x30...0x39, _): value = digit - 0x30
        case (_, 0x61...0x66): value = lowered - 0x57
        default: return nil
        }
        if isHigh { bytes.append(value << 4) } else { bytes[bytes.count - 1] |= value }
        isHigh.toggle()
    }
    return bytes
}
