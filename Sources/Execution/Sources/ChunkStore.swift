// Rows that are computed once and read several times: shared plans and the tables of a recursion.

import StarlingErrors
import StarlingMemory
import StarlingThreads
import StarlingVectors
import Synchronization

/// Keeps chunks in memory, against the query's budget.
final class ChunkStore: Sendable {
    private struct State {
        var chunks: [Chunk] = []
    }

    private let state = Mutex(State())
    private let reservation: Mutex<Reservation>

    init(_ execution: QueryExecution) {
        reservation = Mutex(Reservation(execution.budget, purpose: "a common table expression"))
    }

    func append(_ chunks: [Chunk]) throws(StarlingError) {
        let byteCount = chunks.reduce(0) { $0 + $1.byteCount }
        let failure: StarlingError? = reservation.withLock { reservation in
            do throws(StarlingError) {
                try reservation.resize(to: reservation.byteCount + byteCount)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
        state.withLock { $0.chunks += chunks }
    }

    var chunks: [Chunk] { state.withLock { $0.chunks } }

    func removeAll() {
        state.withLock { $0.chunks = [] }
        reservation.withLock { reservation in
            // Giving memory back cannot fail.
            _ = reservation.tryResize(to: 0)
        }
    }
}

extension Chunk {
    /// The bytes that the vectors hold, strings outside of them by estimate.
    package var byteCount: Int {
        columns.reduce(0) { sum, column in
            let width = column.dictionary == nil ? column.physicalType.byteWidth : 4
            return sum + (column.isConstant ? 16 : width * column.count)
        }
    }
}

/// Gathers a pipeline's chunks in a store.
final class ChunkStoreSink: Sink {
    private let store: ChunkStore

    init(_ store: ChunkStore) { self.store = store }

    func makeWorker(_ execution: QueryExecution) throws(StarlingError) -> any SinkWorker {
        Worker(store)
    }

    func combine(_ execution: QueryExecution) throws(StarlingError) {}

    private final class Worker: SinkWorker {
        private let store: ChunkStore
        private var chunks: [Chunk] = []

        init(_ store: ChunkStore) { self.store = store }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            chunks.append(chunk)
            if chunks.count == 64 { try finish() }
        }

        func finish() throws(StarlingError) {
            try store.append(chunks)
            chunks = []
        }
    }
}

/// Reads a store; may be made before the store is filled.
final class ChunkStoreSource: ReadySource {
    private let store: ChunkStore
    private let counter = SharedCounter()

    init(_ store: ChunkStore) { self.store = store }

    func makeReader(_ execution: QueryExecution) throws(StarlingError) -> any SourceReader {
        Reader(store.chunks, counter)
    }

    private final class Reader: SourceReader {
        private let chunks: [Chunk]
        private let counter: SharedCounter

        init(_ chunks: [Chunk], _ counter: SharedCounter) {
            self.chunks = chunks
            self.counter = counter
        }

        func next() throws(StarlingError) -> Chunk? {
            let position = counter.next()
            return position < chunks.count ? chunks[position] : nil
        }
    }
}
