// Patterns over terms: `data*`, `%base`, `d*b*e`. A star or a percent sign stands for any characters.

/// Matches terms.
package struct TermPattern: Sendable, Hashable {
    /// What stands between the stars.
    private let pieces: [[UInt8]]

    package init(_ pattern: [UInt8]) {
        pieces = pattern.split(omittingEmptySubsequences: false, whereSeparator: Self.isWildcard)
            .map(Array.init)
    }

    /// Matches all terms that begin with some bytes.
    package init(prefix: [UInt8]) { pieces = [prefix, []] }

    package static func isWildcard(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "*") || byte == UInt8(ascii: "%")
    }

    /// What all terms begin with.
    package var prefix: [UInt8] { pieces[0] }

    /// Tells whether all terms match that begin with the prefix.
    package var isPrefix: Bool { pieces.count > 1 && pieces.dropFirst().allSatisfy(\.isEmpty) }

    /// Tells whether a term matches.
    package func matches(_ term: UnsafeRawBufferPointer) -> Bool {
        guard let first = pieces.first, let last = pieces.last else { return false }
        if pieces.count == 1 { return term.elementsEqual(first) }
        guard term.count >= first.count + last.count, term.starts(with: first),
            term.suffix(last.count).elementsEqual(last)
        else { return false }
        var place = first.count
        let end = term.count - last.count
        for piece in pieces[1..<(pieces.count - 1)] where !piece.isEmpty {
            while true {
                guard place + piece.count <= end else { return false }
                if term[place..<(place + piece.count)].elementsEqual(piece) { break }
                place += 1
            }
            place += piece.count
        }
        return true
    }
}
