// Bounds of long texts: a prefix bounds from below, and from above once its end is raised. What is cut
// off between characters stays a text; the order of UTF-8 is that of characters.

/// Is a bound of strings, cut where it would be long.
package struct CutBound: Sendable, Hashable {
    package static let byteCountMax = 64

    package var bytes: [UInt8]
    /// False for a prefix that stands for a longer string.
    package var isExact = true

    /// Bounds strings from below by the least of them.
    package static func low(_ bytes: [UInt8], isText: Bool) -> CutBound {
        guard bytes.count > byteCountMax else { return CutBound(bytes: bytes) }
        return CutBound(bytes: cut(bytes, isText: isText), isExact: false)
    }

    /// Bounds strings from above by the largest of them; nil where nothing can be raised.
    package static func high(_ bytes: [UInt8], isText: Bool) -> CutBound? {
        guard bytes.count > byteCountMax else { return CutBound(bytes: bytes) }
        let prefix = cut(bytes, isText: isText)
        let raised = isText ? raisedText(prefix) ?? raisedBytes(prefix) : raisedBytes(prefix)
        return raised.map { CutBound(bytes: $0, isExact: false) }
    }

    /// Cuts between characters where the bytes are a text.
    private static func cut(_ bytes: [UInt8], isText: Bool) -> [UInt8] {
        var end = byteCountMax
        if isText {
            while end > byteCountMax - 4, bytes[end] & 0xC0 == 0x80 { end -= 1 }
            if bytes[end] & 0xC0 == 0x80 { end = byteCountMax }
        }
        return Array(bytes[..<end])
    }

    /// Raises the last character that has one above it.
    private static func raisedText(_ bytes: [UInt8]) -> [UInt8]? {
        guard
            var scalars = String(validating: bytes, as: UTF8.self).map({ Array($0.unicodeScalars) })
        else { return nil }
        while let last = scalars.popLast() {
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            guard let raised = Unicode.Scalar(next) else { continue }
            var text = String.UnicodeScalarView(scalars)
            text.append(raised)
            return Array(String(text).utf8)
        }
        return nil
    }

    private static func raisedBytes(_ bytes: [UInt8]) -> [UInt8]? {
        var bytes = bytes
        while let last = bytes.popLast() {
            if last < 0xFF { return bytes + [last + 1] }
        }
        return nil
    }
}
