// Documents as strings of bytes that are equal and order as the values do, so that whatever
// compares, sorts, groups, joins or hashes strings does so with JSON. Null is least, then come
// booleans, arrays, objects, numbers and strings. Numbers compare by value at any size, arrays by
// their elements, objects by their members in the order of keys. What was written can be read back.

/// Appends the key of a document in canonical form.
package func appendOrderKey(_ document: DocumentValue, to output: inout [UInt8]) {
    switch document.kind {
    case .null: output.append(1)
    case .boolean: output += [2, document.isTrue ? 1 : 0]
    case .array:
        output.append(3)
        var parts = DocumentParts(document)
        while let part = parts.next() { appendOrderKey(part.value, to: &output) }
        output.append(0)
    case .object:
        output.append(4)
        var parts = DocumentParts(document)
        while let part = parts.next() {
            output.append(1)
            var key: [UInt8] = []
            part.appendKey(to: &key)
            appendTextKey(key, to: &output)
            appendOrderKey(part.value, to: &output)
        }
        output.append(0)
    case .number:
        output.append(5)
        DocumentNumber(document.bytes)?.appendKey(to: &output)
    case .string:
        output.append(6)
        var content: [UInt8] = []
        document.appendContent(to: &content)
        appendTextKey(content, to: &output)
    }
}

/// Appends text with an end that is less than any text; a zero byte in it is followed by 255.
private func appendTextKey(_ text: [UInt8], to output: inout [UInt8]) {
    if text.contains(0) {
        for byte in text { output += byte == 0 ? [0, 0xFF] : [byte] }
    } else {
        output += text
    }
    output += [0, 0]
}

// MARK: Back

/// Appends the document that a key was made of, in canonical form; false where it is none.
package func appendDocument(ofOrderKey key: UnsafeRawBufferPointer, to output: inout [UInt8])
    -> Bool
{
    var reader = OrderKeyReader(key: key)
    return reader.appendValue(to: &output)
}

private struct OrderKeyReader {
    let key: UnsafeRawBufferPointer
    private var position = 0

    init(key: UnsafeRawBufferPointer) { self.key = key }

    private mutating func next() -> UInt8? {
        guard position < key.count else { return nil }
        defer { position += 1 }
        return key[position]
    }

    mutating func appendValue(to output: inout [UInt8]) -> Bool {
        switch next() {
        case 1: output += "null".utf8
        case 2: output += (next() == 1 ? "true" : "false").utf8
        case 3: return appendArray(to: &output)
        case 4: return appendObject(to: &output)
        case 5: return appendNumber(to: &output)
        case 6: appendText(to: &output)
        default: return false
        }
        return true
    }

    private mutating func appendArray(to output: inout [UInt8]) -> Bool {
        output.append(UInt8(ascii: "["))
        var isFirst = true
        while position < key.count, key[position] != 0 {
            if !isFirst { output += ", ".utf8 }
            isFirst = false
            guard appendValue(to: &output) else { return false }
        }
        output.append(UInt8(ascii: "]"))
        return next() == 0
    }

    private mutating func appendObject(to output: inout [UInt8]) -> Bool {
        output.append(UInt8(ascii: "{"))
        var isFirst = true
        while next() == 1 {
            if !isFirst { output += ", ".utf8 }
            isFirst = false
            appendText(to: &output)
            output += ": ".utf8
            guard appendValue(to: &output) else { return false }
        }
        output.append(UInt8(ascii: "}"))
        return true
    }

    private mutating func appendNumber(to output: inout [UInt8]) -> Bool {
        guard let sign = next(), sign != 0x80 else {
            output.append(UInt8(ascii: "0"))
            return true
        }
        let mask: UInt8 = sign == 0x7F ? 0xFF : 0
        var place: UInt32 = 0
        for _ in 0..<4 { place = place << 8 | UInt32((next() ?? 0) ^ mask) }
        var digits: [UInt8] = []
        while let byte = next(), byte != mask { digits.append((byte ^ mask) &- 1) }
        DocumentNumber(
            isNegative: mask != 0, digits: digits,
            pointPlace: Int(Int32(bitPattern: place ^ 0x8000_0000))
        ).append(to: &output)
        return !digits.isEmpty
    }

    private mutating func appendText(to output: inout [UInt8]) {
        var text: [UInt8] = []
        while let byte = next() {
            // A zero ends the text unless 255 follows.
            if byte == 0, next() != 0xFF { break }
            text.append(byte)
        }
        text.withUnsafeBytes { appendQuoted($0, to: &output) }
    }
}
