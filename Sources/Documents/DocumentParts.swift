// The members and the elements of a container, one after the other.

import CPlatform
import StarlingFields

/// Steps through a container; ends where its text is not well-formed.
package struct DocumentParts {
    /// A member, or an element without a key.
    package struct Part {
        /// The key with its escapes, between the quotes.
        package let key: UnsafeRawBufferPointer
        package let keyHasEscapes: Bool
        package let value: DocumentValue

        /// Appends the key without its escapes.
        package func appendKey(to output: inout [UInt8]) {
            appendContent(key, hasEscapes: keyHasEscapes, to: &output)
        }
    }

    private let container: UnsafeRawBufferPointer
    private let isObject: Bool
    private var position = 1

    package init(_ value: DocumentValue) {
        let isContainer = value.isContainer
        container = isContainer ? value.bytes : value.bytes.prefixBytes(0)
        isObject = isContainer && value.kind == .object
    }

    private var text: UnsafePointer<UInt8> {
        container.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
    }

    private mutating func skipSpace() {
        while position < container.count, isDocumentSpace(container[position]) { position &+= 1 }
    }

    /// Gives the next part; nil behind the last one.
    package mutating func next() -> Part? {
        skipSpace()
        if position < container.count, container[position] == UInt8(ascii: ",") {
            position &+= 1
            skipSpace()
        }
        guard position < container.count - 1 else { return nil }
        var key = container.prefixBytes(0)
        var escapes: Int32 = 0
        if isObject {
            guard container[position] == UInt8(ascii: "\"") else { return nil }
            let end = starling_find_quote(text, position + 1, container.count, &escapes)
            guard end != noDocumentPlace else { return nil }
            key = UnsafeRawBufferPointer(rebasing: container[(position + 1)..<end])
            position = end + 1
            skipSpace()
            guard position < container.count, container[position] == UInt8(ascii: ":") else {
                return nil
            }
            position &+= 1
            skipSpace()
        }
        let end = starling_skip_value(text, position, container.count)
        guard end != noDocumentPlace, end < container.count else { return nil }
        let value = UnsafeRawBufferPointer(rebasing: container[position..<end])
        position = end
        return Part(
            key: key, keyHasEscapes: escapes != 0, value: DocumentValue(exactly: value))
    }
}

extension DocumentValue {
    /// Counts the members or elements; 1 for a scalar.
    package var partCount: Int {
        guard isContainer else { return 1 }
        var parts = DocumentParts(self)
        var count = 0
        while parts.next() != nil { count += 1 }
        return count
    }

    /// Appends a string without quotes and escapes.
    package func appendContent(to output: inout [UInt8]) {
        StarlingDocuments.appendContent(content, hasEscapes: true, to: &output)
    }

    /// Tells whether a string has no escapes, so that its bytes are its content.
    package var isPlainString: Bool { !content.contains(UInt8(ascii: "\\")) }
}

/// Appends the content of a string, its escapes replaced.
func appendContent(
    _ content: UnsafeRawBufferPointer, hasEscapes: Bool, to output: inout [UInt8]
) {
    let start = output.count
    output.append(contentsOf: content)
    guard hasEscapes, content.contains(UInt8(ascii: "\\")) else { return }
    let count = output.withUnsafeMutableBufferPointer {
        JSONText.unescape($0.baseAddress.unsafelyUnwrapped + start, $0.count - start)
    }
    if let count { output.removeLast(output.count - start - count) }
}
