// The escapes of JSON's strings.

package enum JSONText {
    /// Replaces the escapes in a string's text by what they stand for, in place; returns the new
    /// length, which is never larger, or nil where an escape is none.
    package static func unescape(_ text: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int? {
        var from = 0
        var to = 0
        while from < count {
            let byte = text[from]
            guard byte == UInt8(ascii: "\\") else {
                text[to] = byte
                from &+= 1
                to &+= 1
                continue
            }
            guard from + 1 < count else { return nil }
            let escape = text[from + 1]
            from += 2
            if escape == UInt8(ascii: "u") {
                guard let character = character(text, &from, count) else { return nil }
                write(character, text, &to)
                continue
            }
            switch escape {
            case UInt8(ascii: "n"): text[to] = 10
            case UInt8(ascii: "t"): text[to] = 9
            case UInt8(ascii: "r"): text[to] = 13
            case UInt8(ascii: "b"): text[to] = 8
            case UInt8(ascii: "f"): text[to] = 12
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text[to] = escape
            default: return nil
            }
            to += 1
        }
        return to
    }

    /// Returns a string without its escapes; as it is, where an escape is none.
    package static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "\\")) else { return bytes }
        var copy = bytes
        let count = copy.withUnsafeMutableBufferPointer { unescape($0.baseAddress!, $0.count) }
        return count.map { Array(copy[..<$0]) } ?? bytes
    }

    private static func unit(
        _ text: UnsafeMutablePointer<UInt8>, _ from: Int, _ count: Int
    ) -> UInt32? {
        guard from + 4 <= count else { return nil }
        var number: UInt32 = 0
        for index in from..<(from + 4) {
            guard let digit = Character(Unicode.Scalar(text[index])).hexDigitValue,
                text[index] < 0x80
            else { return nil }
            number = number << 4 | UInt32(digit)
        }
        return number
    }

    private static func character(
        _ text: UnsafeMutablePointer<UInt8>, _ from: inout Int, _ count: Int
    ) -> UInt32? {
        guard let high = unit(text, from, count) else { return nil }
        from += 4
        guard high >= 0xD800, high < 0xE000 else { return high }
        let isPair =
            high < 0xDC00 && from + 6 <= count && text[from] == UInt8(ascii: "\\")
            && text[from + 1] == UInt8(ascii: "u")
        if isPair, let low = unit(text, from + 2, count), low >= 0xDC00, low < 0xE000 {
            from += 6
            return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
        }
        // Half a pair is no character: U+FFFD stands for it.
        return 0xFFFD
    }

    private static func write(
        _ character: UInt32, _ text: UnsafeMutablePointer<UInt8>, _ to: inout Int
    ) {
        func put(_ byte: UInt32) {
            text[to] = UInt8(truncatingIfNeeded: byte)
            to += 1
        }
        if character < 0x80 { return put(character) }
        if character < 0x800 {
            put(0xC0 | character >> 6)
        } else {
            if character < 0x10000 {
                put(0xE0 | character >> 12)
            } else {
                put(0xF0 | character >> 18)
                put(0x80 | character >> 12 & 0x3F)
            }
            put(0x80 | character >> 6 & 0x3F)
        }
        put(0x80 | character & 0x3F)
    }
}
