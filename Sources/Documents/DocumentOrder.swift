// Documents as strings of bytes that are equal and order as the values do, so that whatever
// compares, sorts, groups, joins or hashes strings does so with JSON. Null is least, then come
// booleans, arrays, objects, numbers and strings. Numbers compare by value at any size, arrays by
// their elements, objects by their members in the order of keys.

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
