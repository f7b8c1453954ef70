// Finds the keyword that a piece of text spells, in any letter case: a hash table with open
// addressing over the lower-case spellings, filled once.

/// Maps spellings to keywords.
struct KeywordTable: Sendable {
    static let shared = KeywordTable()

    /// Holds all spellings, one behind the other.
    private var letters: [UInt8] = []
    /// Holds where each keyword's spelling ends, by position in `Keyword.allCases`.
    private var ends: [Int] = [0]
    private var keywords: [Keyword] = Keyword.allCases
    /// Holds positions in `keywords`, plus one; zero is an empty slot.
    private var slots = [UInt16](repeating: 0, count: 2048)
    private var longest = 0

    private init() {
        for (position, keyword) in keywords.enumerated() {
            let spelling = Array(keyword.rawValue.utf8)
            letters += spelling
            ends.append(letters.count)
            longest = max(longest, spelling.count)
            var slot = Self.hash(spelling[...])
            while slots[slot] != 0 { slot = (slot + 1) & 2047 }
            slots[slot] = UInt16(position + 1)
        }
    }

    /// Returns the keyword that the bytes spell.
    func keyword(spelt bytes: ArraySlice<UInt8>) -> Keyword? {
        guard bytes.count <= longest else { return nil }
        var slot = Self.hash(bytes)
        while slots[slot] != 0 {
            let position = Int(slots[slot]) - 1
            if spells(bytes, position) { return keywords[position] }
            slot = (slot + 1) & 2047
        }
        return nil
    }

    private func spells(_ bytes: ArraySlice<UInt8>, _ position: Int) -> Bool {
        var letter = ends[position]
        guard ends[position + 1] - letter == bytes.count else { return false }
        for byte in bytes {
            guard letters[letter] == Self.lowered(byte) else { return false }
            letter += 1
        }
        return true
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }

    private static func hash(_ bytes: ArraySlice<UInt8>) -> Int {
        var state: UInt32 = 2_166_136_261
        for byte in bytes { state = (state ^ UInt32(lowered(byte))) &* 16_777_619 }
        return Int((state ^ (state >> 13)) & 2047)
    }
}
