// What a character is to the cutting of words: the classes of Unicode's word boundaries (UAX #29), of
// which those are told apart that matter here.

/// Says what a character does to a word.
enum CharacterClass: UInt8 {
    /// Ends words.
    case other
    case letter
    case digit
    case katakana
    /// Is a word by itself: a Chinese sign, or one of Hiragana.
    case sign
    /// Hangul: letters, which come in pairs where pairs are wanted.
    case hangul
    /// Joins letters that stand on both sides.
    case middleLetter
    /// Joins digits that stand on both sides.
    case middleNumber
    /// Joins either.
    case middle
    /// Joins all, as `_` does.
    case connector
    /// Belongs to the character before.
    case extend
    /// Counts, but is no digit: ½, ².
    case fraction

    private static let tableCount = 0x3000

    /// The classes of the characters up to the signs of Chinese and Japanese.
    private static let table: [CharacterClass] = (0..<tableCount).map {
        Unicode.Scalar(UInt32($0)).map { computed($0) } ?? .other
    }

    static let ofASCII: [CharacterClass] = Array(table[..<128])

    static func of(_ value: UInt32) -> CharacterClass {
        if value < tableCount { return table[Int(value)] }
        switch value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x3041...0x309F, 0xF900...0xFAFF,
            0x20000...0x3FFFF, 0x3005, 0x3007:
            return .sign
        case 0x30A1...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9D: return .katakana
        case 0xAC00...0xD7AF, 0x3130...0x318F: return .hangul
        default: return Unicode.Scalar(value).map { computed($0) } ?? .other
        }
    }

    private static func computed(_ scalar: Unicode.Scalar) -> CharacterClass {
        switch scalar.value {
        case 0x27, 0x2E, 0x2018, 0x2019, 0x2024, 0xFE52, 0xFF07, 0xFF0E: return .middle
        case 0xB7, 0x387, 0x55F, 0x5F4, 0x2027: return .middleLetter
        case 0x2C, 0x3B, 0x37E, 0x589, 0x60C, 0x60D, 0x66C, 0x7F8, 0x2044, 0xFE10, 0xFE14, 0xFE50,
            0xFE54, 0xFF0C, 0xFF1B:
            return .middleNumber
        case 0x1100...0x11FF: return .hangul
        case 0x200B: return .other
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark, .format: return .extend
        case .decimalNumber: return .digit
        case .connectorPunctuation: return .connector
        case .otherNumber: return .fraction
        default: break
        }
        if scalar.properties.isIdeographic { return .sign }
        return scalar.properties.isAlphabetic ? .letter : .other
    }

    /// Tells whether it is a character that pairs are made of.
    var isPaired: Bool { self == .sign || self == .katakana || self == .hangul }

    /// Tells whether it is a part of words that letters and digits alone make.
    var isLetterOrDigit: Bool {
        switch self {
        case .letter, .digit, .katakana, .sign, .hangul, .fraction: true
        default: false
        }
    }
}

/// Brings characters into small letters.
enum SmallLetters {
    private static let tableCount = 0x3000

    /// The small letter of each character; 0 where it is several characters.
    private static let table: [UInt32] = (0..<tableCount).map { value in
        guard let scalar = Unicode.Scalar(UInt32(value)) else { return UInt32(value) }
        let small = scalar.properties.lowercaseMapping.unicodeScalars
        return small.count == 1 ? small.first!.value : 0
    }

    /// Signs of Chinese, Japanese and Yi, none of which is a large letter.
    private static let withoutCase: ClosedRange<UInt32> = 0x3000...0xA4CF

    /// Appends the small letters of a character.
    static func append(_ value: UInt32, to list: inout TokenList) {
        if value < tableCount {
            let small = table[Int(value)]
            if small != 0 { return appendUTF8(small, to: &list) }
        }
        if withoutCase.contains(value) { return appendUTF8(value, to: &list) }
        guard let scalar = Unicode.Scalar(value) else { return appendUTF8(0xFFFD, to: &list) }
        guard scalar.properties.changesWhenLowercased else { return appendUTF8(value, to: &list) }
        for byte in scalar.properties.lowercaseMapping.utf8 { list.append(byte) }
    }

    static func appendUTF8(_ value: UInt32, to list: inout TokenList) {
        func append(_ bits: UInt32) { list.append(UInt8(truncatingIfNeeded: bits)) }
        switch value {
        case ..<0x80: append(value)
        case ..<0x800:
            append(0xC0 | value >> 6)
            append(0x80 | value & 0x3F)
        case ..<0x10000:
            append(0xE0 | value >> 12)
            append(0x80 | value >> 6 & 0x3F)
            append(0x80 | value & 0x3F)
        default:
            append(0xF0 | value >> 18)
            append(0x80 | value >> 12 & 0x3F)
            append(0x80 | value >> 6 & 0x3F)
            append(0x80 | value & 0x3F)
        }
    }
}
