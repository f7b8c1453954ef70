// A value as JSON, for `--exchange` and the JSON formats of the shell: numbers for integers up to
// 64 bits and floating point, strings for DECIMAL, LARGEINT, DATE and DATETIME, JSON as text,
// arrays and objects for nested types. Infinity and NaN, which JSON has no word for, are null.

extension Value {
    package func appendJSON(as type: LogicalType, to text: inout [UInt8]) {
        switch (self, type) {
        case (.null, _): text += Array("null".utf8)
        case (.integer(let number), .boolean):
            text += Array((number == 0 ? "false" : "true").utf8)
        case (.integer(let number), .tinyint), (.integer(let number), .smallint),
            (.integer(let number), .int), (.integer(let number), .bigint):
            appendInteger(number, to: &text)
        case (.floating(let number), _) where !number.isFinite: text += Array("null".utf8)
        case (.floating(let number), .float): appendFloat(Float(number), to: &text)
        case (.floating(let number), _): appendDouble(number, to: &text)
        case (.list(let values), _): Self.appendNestedJSON(values, as: type, to: &text)
        case (.bytes(let bytes), .varbinary):
            text.append(UInt8(ascii: "\""))
            Self.appendHexadecimal(bytes, to: &text)
            text.append(UInt8(ascii: "\""))
        case (.bytes, _) where type.isOpaque:
            text.append(UInt8(ascii: "\""))
            appendText(as: type, to: &text)
            text.append(UInt8(ascii: "\""))
        case (.bytes(let bytes), _): appendJSONString(bytes, to: &text)
        case (.integer, _):
            text.append(UInt8(ascii: "\""))
            appendText(as: type, to: &text)
            text.append(UInt8(ascii: "\""))
        }
    }

    private static func appendNestedJSON(
        _ values: [Value], as type: LogicalType, to text: inout [UInt8]
    ) {
        switch type {
        case .map(let keyType, let valueType):
            text.append(UInt8(ascii: "{"))
            for position in stride(from: 0, to: values.count - 1, by: 2) {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                var key: [UInt8] = []
                values[position].appendText(as: keyType, to: &key)
                appendJSONString(key, to: &text)
                text.append(UInt8(ascii: ":"))
                values[position + 1].appendJSON(as: valueType, to: &text)
            }
            text.append(UInt8(ascii: "}"))
        case .structure(let fields):
            text.append(UInt8(ascii: "{"))
            for (position, (field, value)) in zip(fields, values).enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                appendJSONString(Array(field.name.utf8), to: &text)
                text.append(UInt8(ascii: ":"))
                value.appendJSON(as: field.type, to: &text)
            }
            text.append(UInt8(ascii: "}"))
        default:
            let element: LogicalType = if case .array(let inner) = type { inner } else { .null }
            text.append(UInt8(ascii: "["))
            for (position, value) in values.enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                value.appendJSON(as: element, to: &text)
            }
            text.append(UInt8(ascii: "]"))
        }
    }

    /// Binary is no text; its bytes are given in hexadecimal digits.
    package static func appendHexadecimal(_ bytes: [UInt8], to text: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    }
}

/// Appends a JSON string in quotes, escaped; bytes that are not UTF-8 become U+FFFD.
package func appendJSONString(_ bytes: [UInt8], to text: inout [UInt8]) {
    bytes.withUnsafeBytes { appendJSONString($0, to: &text) }
}

package func appendJSONString(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
    let isASCII = bytes.allSatisfy { $0 < 0x80 }
    if !isASCII, String(validating: bytes, as: UTF8.self) == nil {
        return appendJSONString(Array(String(decoding: bytes, as: UTF8.self).utf8), to: &text)
    }
    text.append(UInt8(ascii: "\""))
    var copied = 0
    for (place, byte) in bytes.enumerated()
    where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        text.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[copied..<place]))
        appendEscape(of: byte, to: &text)
        copied = place + 1
    }
    text.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[copied...]))
    text.append(UInt8(ascii: "\""))
}

private func appendEscape(of byte: UInt8, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x0A: text.append(UInt8(ascii: "n"))
    case 0x0D: text.append(UInt8(ascii: "r"))
    case 0x09: text.append(UInt8(ascii: "t"))
    case 0..<0x20:
        text.append(contentsOf: "u00".utf8)
        Value.appendHexadecimal([byte], to: &text)
    default: text.append(byte)
    }
}
