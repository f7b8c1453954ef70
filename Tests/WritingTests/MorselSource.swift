// Rows that come in morsels, taken by several workers of which none is always the first.

import StarlingErrors
import StarlingExecution
import StarlingTypes
import StarlingVectors

/// Gives chunks, some a morsel.
final class MorselSource: ReadySource {
    private let morsels: [[Chunk]]
    private let counter = SharedCounter()
    /// False where the chunks have no order.
    private let isNumbered: Bool

    init(_ morsels: [[Chunk]], isNumbered: Bool = true) {
        self.morsels = morsels
        self.isNumbered = isNumbered
    }

    func makeReader(_ execution: QueryExecution) throws(StarlingError) -> any SourceReader {
        Reader(self)
    }

    private final class Reader: SourceReader {
        private let source: MorselSource
        private var chunks: ArraySlice<Chunk> = []
        private var number = -1

        init(_ source: MorselSource) { self.source = source }

        var morselNumber: Int? { source.isNumbered ? number : nil }

        func next() throws(StarlingError) -> Chunk? {
            while chunks.isEmpty {
                number = source.counter.next()
                guard number < source.morsels.count else { return nil }
                chunks = source.morsels[number][...]
                // Every third morsel comes late.
                if number % 3 == 0 { wait() }
            }
            return chunks.removeFirst()
        }

        private func wait() {
            var number = UInt64(self.number)
            for _ in 0..<200_000 { number = number &* 6_364_136_223_846_793_005 &+ 1 }
            withExtendedLifetime(number) {}
        }
    }
}

/// Makes morsels of rows with ascending numbers, and the values that `others` gives beside them.
func makeMorsels(
    _ count: Int, chunkCount: Int, rowCount: Int,
    others: (Int) -> [(type: PhysicalType, value: Value)] = { _ in [] }
) -> [[Chunk]] {
    var next = 0
    return (0..<count).map { _ in
        (0..<chunkCount).map { _ in
            let rows = next..<(next + rowCount)
            next += rowCount
            let numbers = Vector(.int64, values: rows.map { .integer(Int128($0)) })
            let beside = others(0).indices.map { place in
                Vector(others(0)[place].type, values: rows.map { others($0)[place].value })
            }
            return Chunk(columns: [numbers] + beside, count: rowCount)
        }
    }
}
