// The text of a value as SQL reads it: of a string its content, of JSON's null none, and of anything else its
// JSON.

/// Says what a text is: bytes of the document itself, bytes that were written, or none.
package enum DocumentText {
    case part(UnsafeRawBufferPointer)
    case written
    case none
}

extension DocumentValue {
    /// Reads the text of the value, perhaps into `output`, which is empty; with `wantsScalar` arrays and
    /// objects have none.
    package func text(
        wantsScalar: Bool = false, _ writer: inout DocumentWriter, to output: inout [UInt8]
    ) -> DocumentText {
        switch kind {
        case .string:
            if isPlainString { return .part(content) }
            appendContent(to: &output)
            return .written
        case .null: return .none
        case .object where wantsScalar, .array where wantsScalar: return .none
        default:
            if isPlainText { return .part(bytes) }
            return writer.append(bytes, to: &output) ? .written : .none
        }
    }
}

extension DocumentPath {
    /// Reads the text that the path leads to, perhaps into `output`, which is empty; with `wantsScalar`
    /// arrays and objects have none.
    package func text(
        in document: DocumentValue, wantsScalar: Bool = false, _ writer: inout DocumentWriter,
        to output: inout [UInt8]
    ) -> DocumentText {
        guard isSingle else {
            return wantsScalar ? .none : all(of: document, &writer, to: &output)
        }
        if let found = find(in: document) {
            return found.text(wantsScalar: wantsScalar, &writer, to: &output)
        }
        // StarRocks takes a key that is asked of an array for one of its elements'.
        guard !wantsScalar, startsWithKey, document.kind == .array else { return .none }
        return gathered(from: document, &writer, to: &output)
    }

    private func all(
        of document: DocumentValue, _ writer: inout DocumentWriter, to output: inout [UInt8]
    ) -> DocumentText {
        var found: [UInt8] = []
        guard appendAll(of: document, to: &found) else { return .none }
        return found.withUnsafeBytes { writer.append($0, to: &output) } ? .written : .none
    }

    private func gathered(
        from array: DocumentValue, _ writer: inout DocumentWriter, to output: inout [UInt8]
    ) -> DocumentText {
        var parts = DocumentParts(array)
        output.append(UInt8(ascii: "["))
        while let part = parts.next() {
            guard let found = find(in: part.value) else { continue }
            if output.count > 1 { output.append(UInt8(ascii: ",")) }
            guard writer.append(found.bytes, to: &output) else { return .none }
        }
        output.append(UInt8(ascii: "]"))
        return output.count > 2 ? .written : .none
    }
}
