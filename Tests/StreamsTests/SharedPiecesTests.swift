import StarlingErrors
import StarlingMemory
import StarlingStreams
import Synchronization
import Testing

@Suite struct SharedPiecesTests {
    /// Gives a number of pieces whose line counts are their numbers.
    private final class NumberedPieces: TextPieceSource {
        private let count: Int
        private var number = 0

        init(_ count: Int) { self.count = count }

        func next() throws(StarlingError) -> TextPiece? {
            guard number < count else { return nil }
            defer { number += 1 }
            return TextPiece(Buffer(byteCount: 1), 0..<1, lineCount: number)
        }
    }

    private final class Beginnings: Sendable {
        let count = Atomic<Int>(0)
    }

    private func makePieces(_ count: Int, _ beginnings: Beginnings) -> SharedPieces {
        SharedPieces { () throws(StarlingError) in
            beginnings.count.wrappingAdd(1, ordering: .relaxed)
            return NumberedPieces(count)
        }
    }

    @Test func anyOrderReadsTheTextOnce() throws {
        let beginnings = Beginnings()
        let pieces = makePieces(10, beginnings)
        for number in [3, 0, 9, 1, 2, 8, 4, 7, 6, 5] {
            #expect(try pieces.piece(number)?.lineCount == number)
        }
        #expect(try pieces.piece(10) == nil)
        #expect(beginnings.count.load(ordering: .relaxed) == 1)
    }

    @Test func whoAsksAgainHasTheTextReadAgain() throws {
        let beginnings = Beginnings()
        let pieces = makePieces(4, beginnings)
        #expect(try pieces.piece(2)?.lineCount == 2)
        #expect(try pieces.piece(2)?.lineCount == 2)
        #expect(beginnings.count.load(ordering: .relaxed) == 2)
        #expect(try pieces.piece(3)?.lineCount == 3)
        #expect(try pieces.piece(0)?.lineCount == 0)
    }

    @Test func failuresAreTold() {
        let pieces = SharedPieces { () throws(StarlingError) in
            throw StarlingError(.file, "gone")
        }
        #expect(throws: StarlingError(.file, "gone")) { try pieces.piece(0) }
    }

    /// One part for each 16th of a piece, one more, and never more than 16,384.
    @Test(arguments: [
        (0, 1_600, 1), (99, 1_600, 1), (100, 1_600, 2), (1_000, 1_600, 11), (1 << 40, 16, 16_384),
        (5, 0, 6),
    ])
    func partsAreCounted(byteCount: Int, pieceByteCount: Int, count: Int) {
        let counted = SharedPieces.partCount(
            compressedByteCount: byteCount, pieceByteCount: pieceByteCount)
        #expect(counted == count)
    }
}
