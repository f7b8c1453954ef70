// Rows that are computed once and read several times: shared plans and the tables of a recursion.
// A store keeps up to a quarter of the budget in memory, and leaves half of it to the operators that
// read; other chunks lie in spill files, which any number of readers read at once.

import StarlingErrors
import StarlingMemory
import StarlingThreads
import StarlingVectors
import Synchronization

/// Is a chunk of a store, wherever it lies.
enum StoredChunk: Sendable {
    case memory(Chunk)
    case spilled(SpilledChunk)

    var rowCount: Int {
        switch self {
        case .memory(let chunk): chunk.count
        case .spilled(let chunk): chunk.rowCount
        }
    }

    func read() throws(StarlingError) -> Chunk {
        switch self {
        case .memory(let chunk): chunk
        case .spilled(let chunk): try chunk.read()
        }
    }
}

/// Keeps chunks, against the query's budget.
final class ChunkStore: Sendable {
    private struct State {
        var chunks: [StoredChunk] = []
        /// What those in memory take.
        let reservation: Reservation
    }

    private let state: Mutex<State>
    private let budget: MemoryBudget
    private let spillsAll: Bool

    init(_ execution: QueryExecution) {
        budget = execution.budget
        spillsAll = execution.options.forcesSpill
        state = Mutex(State(reservation: Self.reservation(budget)))
    }

    private static func reservation(_ budget: MemoryBudget) -> Reservation {
        Reservation(budget, purpose: "a common table expression")
    }

    /// Reserves what a chunk takes; returns false where it has to be spilled.
    fileprivate func reserve(_ chunk: Chunk) -> Bool {
        let byteCount = chunk.heldByteCount
        guard !spillsAll, budget.hasRoom(for: budget.byteLimit / 2 + byteCount) else {
            return false
        }
        return state.withLock { state in
            let wanted = state.reservation.byteCount + byteCount
            return wanted <= budget.byteLimit / 4 && state.reservation.tryResize(to: wanted)
        }
    }

    fileprivate func add(_ chunks: [StoredChunk]) { state.withLock { $0.chunks += chunks } }

    var chunks: [StoredChunk] { state.withLock { $0.chunks } }

    func removeAll() {
        state.withLock { $0 = State(reservation: Self.reservation(budget)) }
    }

    /// Takes all chunks of another store in the place of its own.
    func takeAll(of other: ChunkStore) {
        let (chunks, reservation) = other.state.withLock { state in
            defer { state = State(reservation: Self.reservation(other.budget)) }
            return (state.chunks, state.reservation)
        }
        state.withLock { $0 = State(chunks: chunks, reservation: reservation) }
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

    /// The bytes that the vectors hold, with the text of strings and the parts of nested values.
    var heldByteCount: Int {
        columns.reduce(byteCount) { $0 + $1.outsideByteCount }
    }
}

extension Vector {
    /// The bytes of text and of nested parts; those of dictionaries and constants are shared.
    fileprivate var outsideByteCount: Int {
        guard dictionary == nil, !isConstant else { return 0 }
        let parts = children?.vectors ?? []
        return parts.reduce(ChunkEncoder.textByteCount(self, count)) { sum, part in
            let width = part.dictionary == nil ? part.physicalType.byteWidth : 4
            return sum + (part.isConstant ? 16 : width * part.count) + part.outsideByteCount
        }
    }
}

/// Adds chunks to a store for one worker; what memory has no room for goes to the worker's file.
final class ChunkStoreWriter: SinkWorker {
    private let store: ChunkStore
    private let execution: QueryExecution
    private var file: SpillFile?
    private var chunks: [StoredChunk] = []

    init(_ store: ChunkStore, _ execution: QueryExecution) {
        self.store = store
        self.execution = execution
    }

    func consume(_ chunk: Chunk) throws(StarlingError) {
        if store.reserve(chunk) { return chunks.append(.memory(chunk)) }
        if file == nil { file = try SpillFile(execution) }
        guard let file else { return }
        chunks.append(.spilled(try file.append(chunk)))
    }

    func finish() throws(StarlingError) {
        try file?.finish()
        store.add(chunks)
        chunks = []
    }
}

/// Gathers a pipeline's chunks in a store.
final class ChunkStoreSink: Sink {
    private let store: ChunkStore

    init(_ store: ChunkStore) { self.store = store }

    func makeWorker(_ execution: QueryExecution) throws(StarlingError) -> any SinkWorker {
        ChunkStoreWriter(store, execution)
    }

    func combine(_ execution: QueryExecution) throws(StarlingError) {}
}

/// Reads a store; may be made before the store is filled.
final class ChunkStoreSource: ReadySource {
    private let store: ChunkStore
    private let counter = SharedCounter()

    init(_ store: ChunkStore) { self.store = store }

    var extent: SourceExtent { .given(rowCount: store.chunks.reduce(0) { $0 + $1.rowCount }) }

    func makeReader(_ execution: QueryExecution) throws(StarlingError) -> any SourceReader {
        Reader(store.chunks, counter)
    }

    private final class Reader: SourceReader {
        private let chunks: [StoredChunk]
        private let counter: SharedCounter

        init(_ chunks: [StoredChunk], _ counter: SharedCounter) {
            self.chunks = chunks
            self.counter = counter
        }

        func next() throws(StarlingError) -> Chunk? {
            let position = counter.next()
            guard position < chunks.count else { return nil }
            return try chunks[position].read()
        }
    }
}
