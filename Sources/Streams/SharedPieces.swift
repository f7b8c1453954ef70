// Text that has to be read from its start, as that of compressed files, in pieces with whole rows,
// for several workers: whoever wants a piece that is not there yet brings it forth, and those before
// it, while others are at work on theirs.

import StarlingErrors
import StarlingMemory
import Synchronization

/// Is a piece of a text with whole rows in it.
package struct TextPiece: Sendable {
    package let buffer: Buffer
    /// Where the text lies in the buffer; some bytes before and behind it may be read.
    package let range: Range<Int>
    /// The newlines before it.
    package let lineCount: Int

    package init(_ buffer: Buffer, _ range: Range<Int>, lineCount: Int) {
        self.buffer = buffer
        self.range = range
        self.lineCount = lineCount
    }
}

/// Gives the pieces of a text in order, the same ones each time it is read.
package protocol TextPieceSource: AnyObject {
    /// Returns the next piece; nil at the end.
    func next() throws(StarlingError) -> TextPiece?
}

/// Gives pieces by number to whoever asks.
package final class SharedPieces: Sendable {
    private struct State {
        var source: (any TextPieceSource)?
        /// The number of the piece that the source gives next.
        var next = 0
        /// Pieces that somebody who asks later will want.
        var waiting: [Int: TextPiece] = [:]
    }

    private let makeSource: @Sendable () throws(StarlingError) -> any TextPieceSource
    private let state = Mutex(State())

    package init(
        _ makeSource: @escaping @Sendable () throws(StarlingError) -> any TextPieceSource
    ) {
        self.makeSource = makeSource
    }

    /// Returns a piece; nil where there are fewer. Each is given once; whoever asks again has the
    /// text read again.
    package func piece(_ number: Int) throws(StarlingError) -> TextPiece? {
        try state.withLock { state throws(StarlingError) in
            if let piece = state.waiting.removeValue(forKey: number) { return piece }
            if state.source == nil || number < state.next {
                state.source = try makeSource()
                state.next = 0
            }
            while let piece = try state.source?.next() {
                let place = state.next
                state.next += 1
                if place == number { return piece }
                state.waiting[place] = piece
            }
            return nil
        }
    }

    /// Counts the parts that a compressed text is read in, where a piece has `pieceByteCount` bytes.
    /// The last part has all pieces that are left, should the text be larger than most.
    package static func partCount(compressedByteCount: Int, pieceByteCount: Int) -> Int {
        min(compressedByteCount / max(1, pieceByteCount / 16) + 1, 1 << 14)
    }
}
