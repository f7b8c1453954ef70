// Base64 (RFC 4648, section 4): three bytes as four letters, with = where bytes are missing.

enum Base64 {
    private static let letters: StaticString =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    static func append(_ bytes: Bytes, to text: inout [UInt8]) {
        let letters = letters.utf8Start
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group = UInt32(bytes[index]) << 16
            if count > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if count > 2 { group |= UInt32(bytes[index + 2]) }
            for place in 0..<4 {
                let letter = letters[Int(group >> UInt32(18 - 6 * place)) & 63]
                text.append(place <= count ? letter : UInt8(ascii: "="))
            }
            index += 3
        }
    }

    /// Reads letters in groups of four; false where there is anything else.
    static func appendBytes(of text: Bytes, to bytes: inout [UInt8]) -> Bool {
        guard text.count % 4 == 0 else { return false }
        var index = 0
        while index < text.count {
            var (group, count) = (UInt32(0), 0)
            for place in 0..<4 {
                let byte = text[index + place]
                let mayEnd = index + 4 == text.count && place >= 2
                if byte == UInt8(ascii: "="), mayEnd {
                    group <<= 6
                    continue
                }
                guard let value = value(byte), count == place else { return false }
                group = group << 6 | value
                count += 1
            }
            for place in 0..<(count - 1) {
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * place)))
            }
            index += 4
        }
        return true
    }

    private static func value(_ letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
