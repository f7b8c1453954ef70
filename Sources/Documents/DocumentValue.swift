// One value in the text of a document, found but not parsed: where it lies says what it is.
//
// A JSON value travels as valid JSON text, in vectors of strings. What the engine makes itself is
// in canonical form (`DocumentWriter`): keys sorted, a blank behind colons and commas, numbers in
// one spelling each. What files hold stays as it was written until values are compared. So a
// document costs nothing before a path asks for something, and then only the way to it.

import CPlatform

/// Locates a value: its text from the first to the last byte, without space around.
package struct DocumentValue {
    package enum Kind: Sendable {
        case null, boolean, number, string, array, object
    }

    package let bytes: UnsafeRawBufferPointer

    /// Takes the whole of a text for a value; nil where there is nothing that could be one.
    @inline(always)
    package init?(_ text: UnsafeRawBufferPointer) {
        var start = 0
        var end = text.count
        while start < end, isDocumentSpace(text[start]) { start &+= 1 }
        while end > start, isDocumentSpace(text[end &- 1]) { end &-= 1 }
        guard start < end else { return nil }
        bytes = UnsafeRawBufferPointer(rebasing: text[start..<end])
    }

    init(exactly bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    @inline(always)
    package var kind: Kind {
        switch bytes[0] {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        case UInt8(ascii: "n"): .null
        default: .number
        }
    }

    package var isTrue: Bool { bytes[0] == UInt8(ascii: "t") }

    package var isContainer: Bool { kind == .array || kind == .object }

    /// The bytes between the quotes of a string, with their escapes; empty for anything else.
    package var content: UnsafeRawBufferPointer {
        guard kind == .string, bytes.count >= 2 else { return bytes.prefixBytes(0) }
        return UnsafeRawBufferPointer(rebasing: bytes[1..<(bytes.count - 1)])
    }

    @inline(__always)
    private var text: UnsafePointer<UInt8> {
        bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
    }

    /// Finds the first member with the key.
    package func member(_ key: UnsafeRawBufferPointer) -> DocumentValue? {
        value(at: withBase(key) { starling_find_member(text, 0, bytes.count, $0, key.count) })
    }

    package func element(_ index: Int) -> DocumentValue? {
        guard index >= 0 else { return nil }
        return value(at: starling_find_element(text, 0, bytes.count, index))
    }

    /// Makes the value that starts at a place in this one.
    func value(at start: Int) -> DocumentValue? {
        guard start != noDocumentPlace else { return nil }
        let end = starling_skip_value(text, start, bytes.count)
        guard end != noDocumentPlace else { return nil }
        return DocumentValue(exactly: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
    }
}

/// What C calls SIZE_MAX.
let noDocumentPlace = Int(bitPattern: UInt.max)

@inline(always)
package func isDocumentSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
}

/// Lends the address of bytes, which for none of them may be any.
@inline(__always)
func withBase<Result>(
    _ bytes: UnsafeRawBufferPointer, _ body: (UnsafePointer<UInt8>) -> Result
) -> Result {
    if let base = bytes.baseAddress { return body(base.assumingMemoryBound(to: UInt8.self)) }
    var none: UInt8 = 0
    return withUnsafePointer(to: &none) { body($0) }
}

extension UnsafeRawBufferPointer {
    func prefixBytes(_ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[..<count])
    }
}
