// Strings of JSON from plain ones.

/// Appends the content of a string with the escapes that JSON asks for.
package func appendEscaped(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    let isPlain = bytes.allSatisfy {
        $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    if isPlain {
        output.append(contentsOf: bytes)
        return
    }
    for byte in bytes {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
        case 0x0A: output += Array("\\n".utf8)
        case 0x0D: output += Array("\\r".utf8)
        case 0x09: output += Array("\\t".utf8)
        case 0x08: output += Array("\\b".utf8)
        case 0x0C: output += Array("\\f".utf8)
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            output += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: output.append(byte)
        }
    }
}

/// Appends a string of JSON, in quotes.
package func appendQuoted(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    appendEscaped(bytes, to: &output)
    output.append(UInt8(ascii: "\""))
}
