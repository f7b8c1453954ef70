// A document with a line for each value and two blanks for each level.

extension DocumentValue {
    /// Appends a document in canonical form, in lines.
    package func appendPretty(to output: inout [UInt8], depth: Int = 0) {
        guard isContainer else {
            output.append(contentsOf: bytes)
            return
        }
        let isObject = kind == .object
        output.append(UInt8(ascii: isObject ? "{" : "["))
        var parts = DocumentParts(self)
        var isFirst = true
        while let part = parts.next() {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            appendLine(depth + 1, to: &output)
            if isObject {
                output.append(UInt8(ascii: "\""))
                output.append(contentsOf: part.key)
                output += Array("\" : ".utf8)
            }
            part.value.appendPretty(to: &output, depth: depth + 1)
        }
        appendLine(depth, to: &output)
        output.append(UInt8(ascii: isObject ? "}" : "]"))
    }

    private func appendLine(_ depth: Int, to output: inout [UInt8]) {
        output.append(0x0A)
        for _ in 0..<depth { output += [0x20, 0x20] }
    }
}
