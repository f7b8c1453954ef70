// The tokens of a text, in arrays that are used again for the next one.

/// Is one token: where its term lies among the bytes of all, and where it came from.
package struct TextToken: Sendable, Hashable {
    /// The bytes of the term in those of the list.
    package var first: Int
    package var count: Int
    /// Counts tokens from 0 on; what was left out has a position, too.
    package var position: Int
    /// The bytes of the text that it was.
    package var start: Int
    package var end: Int
    package var kind: TokenKind
    /// True for a sign that stands alone in what is sought: all terms that begin with it are meant.
    package var isPrefix = false
}

/// Says what a token is.
package enum TokenKind: String, Sendable {
    case word
    case number
    case sign
    case gram
    case whole
}

/// Collects the tokens of a text.
package struct TokenList: Sendable {
    package private(set) var bytes: [UInt8] = []
    package private(set) var tokens: [TextToken] = []

    package init() {}

    package var isEmpty: Bool { tokens.isEmpty }

    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
    }

    /// The term of a token.
    package func term(_ number: Int) -> [UInt8] {
        let token = tokens[number]
        return Array(bytes[token.first..<(token.first + token.count)])
    }

    /// Adds a byte to the term that is being written.
    @inline(__always)
    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    /// Adds bytes to the term that is being written.
    mutating func append(_ text: UnsafeRawBufferPointer) { bytes.append(contentsOf: text) }

    /// Adds bytes with the letters of ASCII as small ones; nothing, and false, where there are others
    /// than ASCII's.
    mutating func appendSmall(_ text: UnsafeRawBufferPointer) -> Bool {
        var every: UInt8 = 0
        for byte in text { every |= byte }
        guard every < 0x80 else { return false }
        let first = bytes.count
        bytes.append(contentsOf: text)
        bytes.withUnsafeMutableBufferPointer { all in
            for place in first..<all.count {
                let byte = all[place]
                all[place] = byte &- 0x41 < 26 ? byte | 0x20 : byte
            }
        }
        return true
    }

    /// The bytes of the term that begins at a place, the last one.
    func lastTerm(from first: Int) -> [UInt8] { Array(bytes[first...]) }

    /// Writes another term in the place of the last one.
    mutating func replaceLast(from first: Int, by term: [UInt8]) {
        bytes.removeLast(bytes.count - first)
        bytes += term
    }

    /// Ends the term that began at `first` and makes a token of it.
    @inline(__always)
    mutating func finish(
        from first: Int, position: Int, _ places: Range<Int>, _ kind: TokenKind,
        isPrefix: Bool = false
    ) {
        tokens.append(
            TextToken(
                first: first, count: bytes.count - first, position: position,
                start: places.lowerBound, end: places.upperBound, kind: kind, isPrefix: isPrefix))
    }

    /// Moves tokens behind those before them, with so many places between.
    mutating func separate(from first: Int, by gap: Int) {
        guard first > 0, first < tokens.count else { return }
        // Positions have 32 bits in an index: behind so many terms there are no gaps any more.
        let last = tokens[first - 1].position
        let offset = last + 1 + (last < 1 << 31 ? gap : 0)
        for number in first..<tokens.count { tokens[number].position += offset }
    }

    /// Takes the term back that began at `first`.
    mutating func drop(from first: Int) { bytes.removeLast(bytes.count - first) }
}
