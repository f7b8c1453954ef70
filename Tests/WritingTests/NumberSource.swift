// Ascending numbers by the morsel, with whatever may happen to a source on its way.

import StarlingErrors
import StarlingExecution
import StarlingThreads
import StarlingVectors

/// Gives ascending numbers by the morsel, each with the number of a partition.
final class NumberSource: ReadySource {
    private let morselCount: Int
    private let rowsPerMorsel: Int
    private let partitionCount: Int
    private let failsAt: Int?
    private let cancelsAt: Int?
    private let slowMorsel: Int?
    private let counter = SharedCounter()
    let cancellation = Cancellation()

    init(
        morselCount: Int, rowsPerMorsel: Int, partitionCount: Int = 1, failsAt: Int? = nil,
        cancelsAt: Int? = nil, slowMorsel: Int? = nil
    ) {
        self.morselCount = morselCount
        self.rowsPerMorsel = rowsPerMorsel
        self.partitionCount = partitionCount
        self.failsAt = failsAt
        self.cancelsAt = cancelsAt
        self.slowMorsel = slowMorsel
    }

    func makeReader(_ execution: QueryExecution) throws(StarlingError) -> any SourceReader {
        Reader(self)
    }

    private final class Reader: SourceReader {
        private let source: NumberSource
        private(set) var morselNumber: Int?
        private var rows = 0..<0

        init(_ source: NumberSource) { self.source = source }

        func next() throws(StarlingError) -> Chunk? {
            if rows.isEmpty {
                let morsel = source.counter.next()
                guard morsel < source.morselCount else { return nil }
                morselNumber = morsel
                rows = (morsel * source.rowsPerMorsel)..<((morsel + 1) * source.rowsPerMorsel)
                if morsel == source.failsAt {
                    throw StarlingError(.data, "morsel \(morsel) fails")
                }
                if morsel == source.cancelsAt { source.cancellation.request() }
            }
            if morselNumber == source.slowMorsel { sleep(milliseconds: 20) }
            let count = min(chunkCapacity, rows.count)
            let start = rows.lowerBound
            rows = (start + count)..<rows.upperBound
            return Chunk(
                columns: [
                    vector(count) { start + $0 },
                    vector(count) { (start + $0) % source.partitionCount },
                ], count: count)
        }

        private func vector(_ count: Int, _ value: (Int) -> Int) -> Vector {
            let vector = Vector(uninitialized: .int64, count: count)
            let target = vector.pointer(to: Int64.self)
            for row in 0..<count { target[row] = Int64(value(row)) }
            return vector
        }
    }
}
