// One walk over the text of a document, and what is written on it.

import CPlatform
import StarlingFields

/// Reads a text and writes canonical JSON; the output has room for all that the text can become.
struct DocumentWalk {
    let text: UnsafePointer<UInt8>
    let count: Int
    let output: UnsafeMutablePointer<UInt8>
    var position = 0
    var end = 0

    @inline(__always)
    mutating func put(_ character: Unicode.Scalar) {
        output[end] = UInt8(truncatingIfNeeded: character.value)
        end &+= 1
    }

    @inline(__always)
    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard position < count, text[position] == UInt8(truncatingIfNeeded: character.value) else {
            return false
        }
        position &+= 1
        return true
    }

    @inline(__always)
    mutating func skipSpace() {
        while position < count, isDocumentSpace(text[position]) { position &+= 1 }
    }

    mutating func put(_ bytes: [UInt8]) {
        for byte in bytes {
            output[end] = byte
            end &+= 1
        }
    }

    mutating func word(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard count - position >= length else { return false }
        for offset in 0..<length where text[position + offset] != word.utf8Start[offset] {
            return false
        }
        (output + end).update(from: word.utf8Start, count: length)
        end &+= length
        position &+= length
        return true
    }

    mutating func number() -> Bool {
        let start = position
        while position < count, !Self.endsNumber(text[position]) { position &+= 1 }
        let number = UnsafeRawBufferPointer(start: text + start, count: position - start)
        if isPlainlyCanonical(number) {
            for offset in start..<position {
                output[end] = text[offset]
                end &+= 1
            }
            return true
        }
        guard let parsed = DocumentNumber(number) else { return false }
        var spelling: [UInt8] = []
        parsed.append(to: &spelling)
        put(spelling)
        return true
    }

    @inline(__always)
    private static func endsNumber(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
            || isDocumentSpace(byte)
    }

    /// Copies a string; escapes are written as they are in canonical form.
    mutating func string() -> Bool {
        put("\"")
        let start = position + 1
        let stop = starling_copy_plain(text, start, count, output + end)
        guard stop < count else { return false }
        if text[stop] == UInt8(ascii: "\"") {
            end &+= stop &- start
            position = stop + 1
            put("\"")
            return true
        }
        return text[stop] == UInt8(ascii: "\\") && escapedString(from: start)
    }

    private mutating func escapedString(from start: Int) -> Bool {
        var escapes: Int32 = 0
        let stop = starling_find_quote(text, start, count, &escapes)
        guard stop != noDocumentPlace else { return false }
        var plain = Array(UnsafeBufferPointer(start: text + start, count: stop - start))
        guard !plain.contains(where: { $0 < 0x20 }) else { return false }
        let length = plain.withUnsafeMutableBufferPointer {
            JSONText.unescape($0.baseAddress.unsafelyUnwrapped, $0.count)
        }
        guard let length else { return false }
        var escaped: [UInt8] = []
        plain.withUnsafeBytes { appendEscaped($0.prefixBytes(length), to: &escaped) }
        put(escaped)
        position = stop + 1
        put("\"")
        return true
    }
}
