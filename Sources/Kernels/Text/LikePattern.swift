// LIKE, compiled once for a pattern: `%` stands for any text, `_` for one character, the escape
// character makes the next one stand for itself. Most patterns are an equality, a prefix, a suffix
// or pieces in order, which need no character-wise matching.
//
// A pattern is pieces between `%`s. The first piece is anchored at the start, the last at the end,
// and the ones between are found greedily from left to right, which is right because each may
// match at its first place.

import CPlatform
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Matches texts against one LIKE pattern.
package struct LikePattern: Sendable {
    /// Is a text between two `%`; `_` is nil. `bytes` holds it where there is no `_`.
    private struct Piece: Sendable {
        var symbols: [UInt8?] = []
        var bytes: [UInt8]?
        /// The longest run of bytes where there are `_`, and how many symbols stand before it.
        var anchor: (bytes: [UInt8], start: Int)?

        /// Finds the longest run of bytes.
        mutating func findAnchor() {
            for run in symbols.split(whereSeparator: { $0 == nil })
            where run.count > anchor?.bytes.count ?? 0 {
                anchor = (run.map { $0! }, run.startIndex)
            }
        }
    }

    private var pieces: [Piece]
    /// The bytes that any match has at least.
    private let byteCountMin: Int
    /// The pieces where there is no `_` among them.
    private let literals: LiteralPieces?

    /// Compiles a pattern; the escape is a backslash where none is given.
    package init(_ pattern: [UInt8], escape: UInt8?) {
        let escape = escape ?? UInt8(ascii: "\\")
        var pieces = [Piece()]
        var position = 0
        while position < pattern.count {
            let byte = pattern[position]
            if byte == escape, position + 1 < pattern.count {
                position += 1
                pieces[pieces.count - 1].symbols.append(pattern[position])
            } else if byte == UInt8(ascii: "%") {
                pieces.append(Piece())
            } else if byte == UInt8(ascii: "_") {
                pieces[pieces.count - 1].symbols.append(nil)
            } else {
                pieces[pieces.count - 1].symbols.append(byte)
            }
            position += 1
        }
        // Empty pieces between two `%` say nothing.
        let last = pieces.count - 1
        self.pieces = pieces.enumerated().compactMap { index, piece in
            if piece.symbols.isEmpty, index > 0, index < last { return nil }
            var piece = piece
            if !piece.symbols.contains(where: { $0 == nil }) {
                piece.bytes = piece.symbols.map { $0! }
            } else {
                piece.findAnchor()
            }
            return piece
        }
        byteCountMin = self.pieces.reduce(0) { $0 + $1.symbols.count }
        let texts = self.pieces.compactMap(\.bytes)
        literals = texts.count == self.pieces.count ? LiteralPieces(texts) : nil
    }

    /// The text that a match begins with.
    package var prefix: [UInt8] {
        Array(pieces[0].symbols.prefix { $0 != nil }.map { $0! })
    }

    /// The only text that matches, where the pattern has no wildcard.
    package var exactText: [UInt8]? { pieces.count == 1 ? pieces[0].bytes : nil }

    /// The runs of bytes that a match has somewhere, as long as they are known.
    package var literalRuns: [[UInt8]] {
        pieces.flatMap { piece in
            piece.symbols.split { $0 == nil }.map { run in run.map { $0! } }
        }
    }

    /// Tells whether every text with `prefix` matches.
    package var isPrefixOnly: Bool {
        pieces.count == 2 && pieces[0].bytes != nil && pieces[1].symbols.isEmpty
    }

    package func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        if text.count < byteCountMin { return false }
        guard let base = text.baseAddress else {
            return pieces.count > 1 || pieces[0].symbols.isEmpty
        }
        let bytes = base.assumingMemoryBound(to: UInt8.self)
        guard let afterFirst = Self.end(of: pieces[0], bytes, text.count, at: 0) else {
            return false
        }
        if pieces.count == 1 { return afterFirst == text.count }
        guard
            let limit = Self.start(
                of: pieces[pieces.count - 1].symbols[...], bytes, before: text.count),
            limit >= afterFirst
        else { return false }
        var position = afterFirst
        for index in 1..<(pieces.count - 1) {
            guard let next = Self.find(pieces[index], bytes, limit, from: position) else {
                return false
            }
            position = next
        }
        return true
    }

    /// Returns where the piece ends if it matches at `start`.
    @inline(__always)
    private static func end(
        of piece: Piece, _ text: UnsafePointer<UInt8>, _ count: Int, at start: Int
    ) -> Int? {
        if let bytes = piece.bytes {
            guard start + bytes.count <= count else { return nil }
            let isEqual = bytes.withUnsafeBytes {
                $0.isEmpty || bytesAreEqual($0.baseAddress!, text + start, $0.count)
            }
            return isEqual ? start + bytes.count : nil
        }
        var position = start
        for symbol in piece.symbols {
            guard position < count else { return nil }
            if let symbol {
                guard text[position] == symbol else { return nil }
                position += 1
            } else {
                position = endOfCharacter(text, count, at: position)
            }
        }
        return position
    }

    /// Returns where symbols start that end at `end`; nil where they do not stand there.
    private static func start(
        of symbols: ArraySlice<UInt8?>, _ text: UnsafePointer<UInt8>, before end: Int
    ) -> Int? {
        var start = end
        for symbol in symbols.reversed() {
            guard start > 0 else { return nil }
            start -= 1
            if let symbol {
                guard text[start] == symbol else { return nil }
            } else {
                while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
            }
        }
        return start
    }

    /// Returns the end of the first match of a piece at or behind `from`, before `limit`.
    private static func find(
        _ piece: Piece, _ text: UnsafePointer<UInt8>, _ limit: Int, from: Int
    ) -> Int? {
        if let bytes = piece.bytes {
            let place = bytes.withUnsafeBufferPointer {
                starling_find_bytes(text + from, limit - from, $0.baseAddress!, $0.count)
            }
            return place < 0 ? nil : from + place + bytes.count
        }
        if let anchor = piece.anchor { return find(piece, anchor, text, limit, from: from) }
        var start = from
        while start < limit {
            if let end = end(of: piece, text, limit, at: start) { return end }
            start = endOfCharacter(text, limit, at: start)
        }
        return nil
    }

    /// Does so by the places of a run of bytes in the piece: the first one that the rest of the piece
    /// stands around.
    private static func find(
        _ piece: Piece, _ anchor: (bytes: [UInt8], start: Int), _ text: UnsafePointer<UInt8>,
        _ limit: Int, from: Int
    ) -> Int? {
        var place = from
        while place < limit {
            let found = anchor.bytes.withUnsafeBufferPointer {
                starling_find_bytes(text + place, limit - place, $0.baseAddress!, $0.count)
            }
            if found < 0 { return nil }
            place += found
            if let start = start(of: piece.symbols[..<anchor.start], text, before: place),
                start >= from, let end = end(of: piece, text, limit, at: start)
            {
                return end
            }
            place += 1
        }
        return nil
    }

    /// Skips one UTF-8 character.
    @inline(__always)
    private static func endOfCharacter(
        _ text: UnsafePointer<UInt8>, _ count: Int, at start: Int
    ) -> Int {
        var position = start + 1
        while position < count, text[position] & 0xC0 == 0x80 { position += 1 }
        return position
    }

    /// Tells for each row whether its text matches; NULL stays NULL.
    package func mask(_ vector: Vector) -> Vector {
        let source = vector.decodedForLoops()
        let result = Vector(uninitialized: .int8, count: source.storedCount)
        let mask = result.pointer(to: UInt8.self)
        let strings = source.pointer(to: StringReference.self)
        let validity = source.rowValidity()
        if let literals {
            literals.match(strings, validity, count: source.storedCount, into: mask)
            return result.withNullsAndEncoding(of: source)
        }
        for row in 0..<source.storedCount {
            let isValid = validity?.isValid(row) ?? true
            mask[row] = isValid && strings[row].withBytes { matches($0) } ? 1 : 0
        }
        return result.withNullsAndEncoding(of: source)
    }
}
