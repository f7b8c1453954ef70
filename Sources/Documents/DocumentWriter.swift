// Brings a document into canonical form, and finds out on the way whether it is one.
//
//  1. The text is walked once; scalars and brackets are written as they come, with a blank behind
//     each colon and comma.
//  2. Of each object the places of its members in the output are kept. Where keys come out of
//     order, the members are sorted and written again. Of equal keys the first one stays, which is
//     also the one that a path finds.

import CPlatform
import StarlingFields
import StarlingMemory

package struct DocumentWriter {
    /// A member in the output: from its key's quote to the end of its value.
    private struct Member {
        var start: Int
        var keyEnd: Int
        var end: Int
    }

    /// Deeper documents are refused.
    package static let depthMaximum = 1_024

    private var text = UnsafeRawBufferPointer(start: nil, count: 0)
    private var position = 0
    private var members: [Member] = []
    private var moved: [UInt8] = []

    package init() {}

    /// Appends the canonical form of a text; returns false, with nothing appended, where it isn't
    /// JSON.
    package mutating func append(
        _ text: UnsafeRawBufferPointer, to output: inout [UInt8]
    ) -> Bool {
        self.text = text
        position = 0
        members.removeAll(keepingCapacity: true)
        let start = output.count
        if value(&output, depth: 0) {
            skipSpace()
            if position == text.count { return true }
        }
        output.removeLast(output.count - start)
        return false
    }

    private var byte: UInt8? { position < text.count ? text[position] : nil }

    @inline(__always)
    private mutating func skipSpace() {
        while position < text.count, isDocumentSpace(text[position]) { position &+= 1 }
    }

    private mutating func value(_ output: inout [UInt8], depth: Int) -> Bool {
        skipSpace()
        guard depth < Self.depthMaximum, let byte else { return false }
        switch byte {
        case UInt8(ascii: "{"): return object(&output, depth: depth)
        case UInt8(ascii: "["): return array(&output, depth: depth)
        case UInt8(ascii: "\""): return string(&output)
        case UInt8(ascii: "t"): return word("true", &output)
        case UInt8(ascii: "f"): return word("false", &output)
        case UInt8(ascii: "n"): return word("null", &output)
        default: return number(&output)
        }
    }

    private mutating func word(_ word: StaticString, _ output: inout [UInt8]) -> Bool {
        let count = word.utf8CodeUnitCount
        guard text.count - position >= count else { return false }
        for offset in 0..<count where text[position + offset] != word.utf8Start[offset] {
            return false
        }
        output.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: count))
        position += count
        return true
    }

    private mutating func number(_ output: inout [UInt8]) -> Bool {
        let start = position
        while let byte, !Self.endsNumber(byte) { position &+= 1 }
        let number = UnsafeRawBufferPointer(rebasing: text[start..<position])
        if isPlainlyCanonical(number) {
            output.append(contentsOf: number)
            return true
        }
        guard let parsed = DocumentNumber(number) else { return false }
        parsed.append(to: &output)
        return true
    }

    private static func endsNumber(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
            || isDocumentSpace(byte)
    }

    private mutating func string(_ output: inout [UInt8]) -> Bool {
        position &+= 1
        var escapes: Int32 = 0
        let base = text.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
        let end = starling_find_quote(base, position, text.count, &escapes)
        guard end != noDocumentPlace else { return false }
        let content = UnsafeRawBufferPointer(rebasing: text[position..<end])
        position = end + 1
        guard !content.contains(where: { $0 < 0x20 }) else { return false }
        output.append(UInt8(ascii: "\""))
        if escapes == 0 {
            output.append(contentsOf: content)
        } else {
            var plain = Array(content)
            let count = plain.withUnsafeMutableBufferPointer {
                JSONText.unescape($0.baseAddress.unsafelyUnwrapped, $0.count)
            }
            guard let count else { return false }
            plain.withUnsafeBytes { appendEscaped($0.prefixBytes(count), to: &output) }
        }
        output.append(UInt8(ascii: "\""))
        return true
    }

    private mutating func array(_ output: inout [UInt8], depth: Int) -> Bool {
        output.append(UInt8(ascii: "["))
        position &+= 1
        skipSpace()
        if byte == UInt8(ascii: "]") {
            position &+= 1
            output.append(UInt8(ascii: "]"))
            return true
        }
        while true {
            guard value(&output, depth: depth + 1) else { return false }
            skipSpace()
            guard let byte else { return false }
            position &+= 1
            if byte == UInt8(ascii: "]") { break }
            guard byte == UInt8(ascii: ",") else { return false }
            output += [UInt8(ascii: ","), UInt8(ascii: " ")]
        }
        output.append(UInt8(ascii: "]"))
        return true
    }

    private mutating func object(_ output: inout [UInt8], depth: Int) -> Bool {
        output.append(UInt8(ascii: "{"))
        position &+= 1
        let first = members.count
        let start = output.count
        skipSpace()
        if byte == UInt8(ascii: "}") {
            position &+= 1
            output.append(UInt8(ascii: "}"))
            return true
        }
        while true {
            skipSpace()
            let memberStart = output.count
            guard byte == UInt8(ascii: "\""), string(&output) else { return false }
            let keyEnd = output.count
            skipSpace()
            guard byte == UInt8(ascii: ":") else { return false }
            position &+= 1
            output += [UInt8(ascii: ":"), UInt8(ascii: " ")]
            guard value(&output, depth: depth + 1) else { return false }
            members.append(Member(start: memberStart, keyEnd: keyEnd, end: output.count))
            skipSpace()
            guard let byte else { return false }
            position &+= 1
            if byte == UInt8(ascii: "}") { break }
            guard byte == UInt8(ascii: ",") else { return false }
            output += [UInt8(ascii: ","), UInt8(ascii: " ")]
        }
        if !isSorted(from: first, output) { sort(from: first, start: start, &output) }
        members.removeLast(members.count - first)
        output.append(UInt8(ascii: "}"))
        return true
    }

    // MARK: Order of keys

    /// Orders keys as written, between their quotes.
    private static func order(_ left: Member, _ right: Member, _ output: [UInt8]) -> Int {
        output.withUnsafeBytes { bytes in
            let base = bytes.baseAddress.unsafelyUnwrapped
            let leftCount = left.keyEnd - left.start - 2
            let rightCount = right.keyEnd - right.start - 2
            let shared = compareBytes(
                base + left.start + 1, base + right.start + 1, min(leftCount, rightCount))
            return shared == 0 ? leftCount - rightCount : shared
        }
    }

    private func isSorted(from first: Int, _ output: [UInt8]) -> Bool {
        for index in (first + 1)..<max(members.count, first + 1)
        where Self.order(members[index - 1], members[index], output) >= 0 {
            return false
        }
        return true
    }

    private mutating func sort(from first: Int, start: Int, _ output: inout [UInt8]) {
        // Sorting is stable by the places, which rise.
        let sorted = members[first...].sorted { left, right in
            let order = Self.order(left, right, output)
            return order == 0 ? left.start < right.start : order < 0
        }
        moved.removeAll(keepingCapacity: true)
        var last: Member?
        for member in sorted {
            if let last, Self.order(last, member, output) == 0 { continue }
            if last != nil { moved += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            moved += output[member.start..<member.end]
            last = member
        }
        output.removeLast(output.count - start)
        output += moved
    }
}

/// Appends the content of a string with the escapes that JSON asks for.
package func appendEscaped(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
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
