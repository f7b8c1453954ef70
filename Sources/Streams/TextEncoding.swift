// How the characters of a text file are written.

/// Names an encoding that is brought into UTF-8 while it is read.
package enum TextEncoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case latin1 = "latin-1"

    package var isUTF16: Bool { self == .utf16LittleEndian || self == .utf16BigEndian }

    /// Reads a name as users write it.
    package init?(name: String) {
        let plain = name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
        switch plain {
        case "utf8": self = .utf8
        case "utf16", "utf16le": self = .utf16LittleEndian
        case "utf16be": self = .utf16BigEndian
        case "latin1", "iso88591", "windows1252", "cp1252": self = .latin1
        default: return nil
        }
    }

    /// Detects the encoding of a text by a mark of byte order, by zero bytes in every other place,
    /// or by what UTF-8 does not allow: a text in which it allows most is damaged UTF-8.
    package init(detecting start: [UInt8], isWhole: Bool) {
        if start.starts(with: [0xFF, 0xFE]) {
            self = .utf16LittleEndian
        } else if start.starts(with: [0xFE, 0xFF]) {
            self = .utf16BigEndian
        } else if let guess = Self.guessUTF16(start) {
            self = guess
        } else {
            self = Self.isMostlyUTF8(start, isWhole: isWhole) ? .utf8 : .latin1
        }
    }

    private static func guessUTF16(_ start: [UInt8]) -> TextEncoding? {
        guard start.count >= 4 else { return nil }
        var zeros = [0, 0]
        for (index, byte) in start.enumerated() where byte == 0 { zeros[index & 1] += 1 }
        let half = start.count / 2
        if zeros[1] > half / 2, zeros[0] <= half / 20 { return .utf16LittleEndian }
        if zeros[0] > half / 2, zeros[1] <= half / 20 { return .utf16BigEndian }
        return nil
    }

    /// Tells whether at least half of the bytes that are not ASCII are of characters of UTF-8; the
    /// last character may be cut off where there is more.
    private static func isMostlyUTF8(_ start: [UInt8], isWhole: Bool) -> Bool {
        var end = start.count
        if !isWhole {
            var back = 0
            while back < 4, end > 0, start[end - 1] & 0xC0 == 0x80 {
                end -= 1
                back += 1
            }
            if end > 0, start[end - 1] >= 0xC0 { end -= 1 }
        }
        return start.withUnsafeBytes { bytes in
            var rest = UnsafeRawBufferPointer(rebasing: bytes[..<end])
            var malformedCount = 0
            while let place = firstInvalidUTF8(rest) {
                malformedCount += 1
                rest = UnsafeRawBufferPointer(rebasing: rest[(place + 1)...])
            }
            if malformedCount == 0 { return true }
            return malformedCount * 2 <= bytes[..<end].count { $0 >= 0x80 }
        }
    }
}

/// Tells whether bytes are well-formed UTF-8 (RFC 3629).
package func isValidUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    firstInvalidUTF8(bytes) == nil
}

/// Finds where the first malformed character of UTF-8 begins; nil where there is none.
package func firstInvalidUTF8(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var index = 0
    let count = bytes.count
    func isTail(_ position: Int) -> Bool { position < count && bytes[position] & 0xC0 == 0x80 }
    while index < count {
        while index &+ 8 <= count,
            bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080
                == 0
        { index &+= 8 }
        guard index < count else { break }
        let byte = bytes[index]
        if byte < 0x80 {
            index &+= 1
        } else if byte >= 0xC2, byte < 0xE0 {
            guard isTail(index + 1) else { return index }
            index &+= 2
        } else if byte >= 0xE0, byte < 0xF0 {
            guard isTail(index + 1), isTail(index + 2) else { return index }
            let second = bytes[index + 1]
            if byte == 0xE0 && second < 0xA0 || byte == 0xED && second >= 0xA0 { return index }
            index &+= 3
        } else if byte >= 0xF0, byte < 0xF5 {
            guard isTail(index + 1), isTail(index + 2), isTail(index + 3) else { return index }
            let second = bytes[index + 1]
            if byte == 0xF0 && second < 0x90 || byte == 0xF4 && second >= 0x90 { return index }
            index &+= 4
        } else {
            return index
        }
    }
    return nil
}
