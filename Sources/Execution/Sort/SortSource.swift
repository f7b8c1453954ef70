// The rows of a sort in order. They go to one reader; or to all of them, where the sink behind puts
// morsels in order: then each reader takes the next morsel of rows, by its place in memory, or, where
// sorted runs are still to be merged, by merging it while the others work on theirs.

import StarlingErrors
import StarlingMemory
import StarlingThreads
import StarlingVectors
import Synchronization

/// Gives the rows of a sort in order.
package final class SortSource: ReadySource {
    private let sink: SortSink
    private let offset: Int
    private let limit: Int
    private let isTaken = Atomic<Bool>(false)
    /// The rows that a reader takes at a time; 0 where one reader takes all.
    private let morselRowCount = Atomic<Int>(0)
    private let counter = SharedCounter()
    private let merge = Mutex<SharedMerge?>(nil)

    /// Gives `limit` rows after the first `offset`.
    package init(_ sink: SortSink, limit: Int? = nil, offset: Int = 0) {
        self.sink = sink
        self.limit = limit ?? .max
        self.offset = offset
    }

    /// Lets several readers take the rows, a morsel at a time.
    func share(morselRowCount: Int) {
        self.morselRowCount.store(morselRowCount, ordering: .relaxed)
    }

    package var extent: SourceExtent {
        .given(rowCount: min(limit, max(0, sink.rowCount - offset)))
    }

    package func makeReader(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any SourceReader {
        let chunkRowCount = execution.options.chunkRowCount
        let morselRowCount = morselRowCount.load(ordering: .relaxed)
        // The order would be lost among several workers, so all others find the source empty.
        guard morselRowCount > 0 || !isTaken.exchange(true, ordering: .relaxed) else {
            return EmptyReader()
        }
        switch sink.result() {
        case .ordered(let rows):
            let start = min(offset, rows.run.count)
            let end = start + min(limit, rows.run.count - start)
            guard morselRowCount > 0 else {
                return SortReader(rows, from: start, to: end, chunkRowCount)
            }
            return SortMorselReader(rows, start..<end, morselRowCount, counter, chunkRowCount)
        case .runs(let runs):
            guard morselRowCount > 0 else {
                return sink.makeMergingReader(
                    runs, offset: offset, limit: limit, chunkRowCount: chunkRowCount)
            }
            let shared = merge.withLock { merge in
                let shared =
                    merge
                    ?? SharedMerge(
                        sink.makeMergingReader(
                            runs, offset: offset, limit: limit, chunkRowCount: chunkRowCount),
                        morselRowCount)
                merge = shared
                return shared
            }
            return MergedMorselReader(
                shared, Reservation(execution.budget, purpose: "sorted rows"))
        }
    }
}

/// Gives nothing.
final class EmptyReader: SourceReader {
    func next() throws(StarlingError) -> Chunk? { nil }
}

private final class SortReader: SourceReader {
    private let rows: SortedRows
    private var position: Int
    private let end: Int
    private let chunkRowCount: Int

    init(_ rows: SortedRows, from start: Int, to end: Int, _ chunkRowCount: Int) {
        self.rows = rows
        self.position = start
        self.end = end
        self.chunkRowCount = chunkRowCount
    }

    func next() throws(StarlingError) -> Chunk? {
        let count = min(chunkRowCount, end - position)
        guard count > 0 else { return nil }
        defer { position += count }
        return rows.chunk(from: position, count: count)
    }
}

/// Gives morsels of rows that are in order in memory.
private final class SortMorselReader: SourceReader {
    private let rows: SortedRows
    private let all: Range<Int>
    private let morselRowCount: Int
    private let counter: SharedCounter
    private let chunkRowCount: Int
    /// What is left of the morsel.
    private var rest = 0..<0
    private(set) var morselNumber: Int?

    init(
        _ rows: SortedRows, _ all: Range<Int>, _ morselRowCount: Int, _ counter: SharedCounter,
        _ chunkRowCount: Int
    ) {
        self.rows = rows
        self.all = all
        self.morselRowCount = morselRowCount
        self.counter = counter
        self.chunkRowCount = chunkRowCount
    }

    func next() throws(StarlingError) -> Chunk? {
        if rest.isEmpty {
            let number = counter.next()
            guard number < (all.count + morselRowCount - 1) / morselRowCount else { return nil }
            let start = all.lowerBound + number * morselRowCount
            rest = start..<min(all.upperBound, start + morselRowCount)
            morselNumber = number
        }
        let start = rest.lowerBound
        let count = min(chunkRowCount, rest.count)
        rest = (start + count)..<rest.upperBound
        return rows.chunk(from: start, count: count)
    }
}

/// Lets readers merge a morsel each, one after the other.
///
/// `@unchecked Sendable`: the reader is only touched by who has the turn.
private final class SharedMerge: @unchecked Sendable {
    private let reader: MergingReader
    private let morselRowCount: Int
    private let turn = Mutex<Int>(0)

    init(_ reader: MergingReader, _ morselRowCount: Int) {
        self.reader = reader
        self.morselRowCount = morselRowCount
    }

    /// Merges the next morsel, or less of it where memory is short; it is empty where none is left.
    func next(
        _ reservation: Reservation
    ) throws(StarlingError) -> (chunks: [Chunk], number: Int) {
        try turn.withLock { number throws(StarlingError) in
            var chunks: [Chunk] = []
            var (rowCount, byteCount) = (0, 0)
            while rowCount < morselRowCount, let chunk = try reader.next() {
                chunks.append(chunk)
                rowCount += chunk.count
                byteCount += chunk.byteCount
                guard reservation.tryResize(to: byteCount) else { break }
            }
            defer { number += 1 }
            return (chunks, number)
        }
    }
}

/// Gives morsels of rows that are merged when they are asked for.
private final class MergedMorselReader: SourceReader {
    private let merge: SharedMerge
    private let reservation: Reservation
    /// What is left of the morsel, last first.
    private var rest: [Chunk] = []
    private(set) var morselNumber: Int?

    init(_ merge: SharedMerge, _ reservation: Reservation) {
        self.merge = merge
        self.reservation = reservation
    }

    func next() throws(StarlingError) -> Chunk? {
        if rest.isEmpty {
            let morsel = try merge.next(reservation)
            morselNumber = morsel.number
            rest = morsel.chunks.reversed()
        }
        return rest.popLast()
    }
}
