// A value as the text that the shell prints and CAST(… AS STRING) gives.

import StarlingBitmaps

extension Value {
    /// Renders the value as its type is written; nil for NULL.
    package func text(as type: LogicalType) -> String? {
        if isNull { return nil }
        var text: [UInt8] = []
        appendText(as: type, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the value as its type is written; NULL is "NULL".
    package func appendText(as type: LogicalType, to text: inout [UInt8]) {
        switch (self, type) {
        case (.null, _): text += Array("NULL".utf8)
        case (.integer(let number), .decimal(_, let scale)):
            appendDecimal(number, scale: scale, to: &text)
        case (.integer(let number), .date):
            appendDate(days: Int32(truncatingIfNeeded: number), to: &text)
        case (.integer(let number), .datetime):
            appendDateTime(microseconds: Int64(truncatingIfNeeded: number), to: &text)
        case (.integer(let number), .time):
            appendTime(microseconds: Int64(truncatingIfNeeded: number), to: &text)
        case (.integer(let number), _): appendInteger(number, to: &text)
        case (.floating(let number), .float): appendFloat(Float(number), to: &text)
        case (.floating(let number), _): appendDouble(number, to: &text)
        case (.bytes(let bytes), .bitmap):
            let bitmap = bytes.withUnsafeBytes { StoredBitmap($0).read() }
            bitmap?.appendText(to: &text)
        case (.bytes(let bytes), _) where type.isOpaque:
            Self.appendHexadecimal(bytes, to: &text)
        case (.bytes(let bytes), _): text += bytes
        case (.list(let values), _): Self.appendNested(values, as: type, to: &text)
        }
    }

    /// Appends ["a","b"], {1:"x"} or {"field":1}, with strings and dates in quotes.
    private static func appendNested(
        _ values: [Value], as type: LogicalType, to text: inout [UInt8]
    ) {
        let isList = if case .array = type { true } else { false }
        text.append(UInt8(ascii: isList ? "[" : "{"))
        switch type {
        case .array(let element):
            for (position, value) in values.enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                value.appendElement(as: element, to: &text)
            }
        case .map(let keyType, let valueType):
            for position in stride(from: 0, to: values.count - 1, by: 2) {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                values[position].appendElement(as: keyType, to: &text)
                text.append(UInt8(ascii: ":"))
                values[position + 1].appendElement(as: valueType, to: &text)
            }
        case .structure(let fields):
            for (position, (field, value)) in zip(fields, values).enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                appendJSONString(Array(field.name.utf8), to: &text)
                text.append(UInt8(ascii: ":"))
                value.appendElement(as: field.type, to: &text)
            }
        default: break
        }
        text.append(UInt8(ascii: isList ? "]" : "}"))
    }

    private func appendElement(as type: LogicalType, to text: inout [UInt8]) {
        switch type {
        case _ where isNull: text += Array("null".utf8)
        case .char, .varchar, .varbinary, .date, .datetime, .time, .bitmap, .hll, .percentile,
            .aggregateState:
            var plain: [UInt8] = []
            appendText(as: type, to: &plain)
            appendJSONString(plain, to: &text)
        default: appendText(as: type, to: &text)
        }
    }
}
