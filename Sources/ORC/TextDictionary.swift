// The dictionary of a column in a stripe. Where several workers read pieces of a stripe, they share
// what the first of them has decoded.

import StarlingMemory
import StarlingVectors
import Synchronization

/// Holds the texts that codes stand for.
struct TextDictionary: Sendable {
    /// All texts, in the order of their codes.
    let values: Vector
    /// Nil where codes are not worth something, or a text comes twice.
    let shared: SharedDictionary?

    /// Dictionaries of more than `codeCountMax` values are only for gathering.
    init(_ values: Vector, codeCountMax: Int, pool: DictionaryPool?) {
        self.values = values
        let isWorthSharing = (1...max(1, codeCountMax)).contains(values.count)
        shared =
            isWorthSharing ? pool.map { $0.share(values) } ?? SharedDictionary(values) : nil
    }
}

/// Keeps the dictionaries of one stripe until all of its pieces have been read.
final class StripeDictionaries: Sendable {
    private struct State {
        var known: [Int: TextDictionary] = [:]
        var finishedCount = 0
    }

    private let pieceCount: Int
    private let state = Mutex(State())

    init(pieceCount: Int) { self.pieceCount = pieceCount }

    func dictionary(ofColumn column: Int) -> TextDictionary? {
        state.withLock { $0.known[column] }
    }

    /// Keeps a dictionary, and returns the one that was the first to be kept.
    func keep(_ dictionary: TextDictionary, ofColumn column: Int) -> TextDictionary {
        guard pieceCount > 1 else { return dictionary }
        return state.withLock { state in
            if let first = state.known[column] { return first }
            state.known[column] = dictionary
            return dictionary
        }
    }

    /// Says that one of the pieces was read.
    func finishPiece() {
        state.withLock { state in
            state.finishedCount += 1
            if state.finishedCount % pieceCount == 0 { state.known = [:] }
        }
    }
}
