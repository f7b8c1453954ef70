// Characters of a text in UTF-8, one after the other. What is no UTF-8 is a character by itself that
// belongs to no word.

/// Views the bytes of a text as characters.
struct CharacterCursor {
    let text: UnsafeRawBufferPointer
    private let ofASCII: [CharacterClass]

    init(text: UnsafeRawBufferPointer) {
        self.text = text
        ofASCII = CharacterClass.ofASCII
    }

    /// Stands for a byte that is no UTF-8.
    static let invalid: UInt32 = 0xFFFF_FFFF

    /// Reads the character at a place before the end, and how many bytes it has.
    @inline(__always)
    func character(_ place: Int) -> (value: UInt32, byteCount: Int) {
        let first = text[place]
        if first < 0x80 { return (UInt32(first), 1) }
        return long(place, first)
    }

    private func long(_ place: Int, _ first: UInt8) -> (value: UInt32, byteCount: Int) {
        let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first < 0xF5, place + count <= text.count else {
            return (Self.invalid, 1)
        }
        var value = UInt32(first) & (0x7F &>> UInt32(count))
        for next in 1..<count {
            let byte = text[place + next]
            guard byte & 0xC0 == 0x80 else { return (Self.invalid, 1) }
            value = value &<< 6 | UInt32(byte & 0x3F)
        }
        let least: UInt32 = count == 2 ? 0x80 : count == 3 ? 0x800 : 0x10000
        guard value >= least, value <= 0x10FFFF, !(0xD800...0xDFFF).contains(value) else {
            return (Self.invalid, 1)
        }
        return (value, count)
    }

    /// Says what the character at a place is, and where the next one begins; past the end it is none.
    @inline(__always)
    func classified(_ place: Int) -> (kind: CharacterClass, next: Int) {
        guard place < text.count else { return (.other, place) }
        let first = text[place]
        if first < 0x80 { return (ofASCII[Int(first)], place &+ 1) }
        let (value, byteCount) = character(place)
        if value == Self.invalid { return (.other, place + 1) }
        return (CharacterClass.of(value), place + byteCount)
    }

    /// Passes over characters that belong to the one before.
    @inline(__always)
    func behindExtensions(_ place: Int) -> Int {
        var place = place
        while place < text.count, text[place] >= 0x80 {
            let (kind, next) = classified(place)
            if kind != .extend { break }
            place = next
        }
        return place
    }
}
