// Recursive common table expressions: rounds of pipelines until a round adds no row.
//
// Semi-naive: a round reads only the rows that the round before has added. For UNION without ALL
// rows that were seen before do not count as added.

import StarlingErrors
import StarlingMemory
import StarlingPlans
import StarlingTypes
import StarlingVectors
import Synchronization

/// Runs a recursion before its pipeline begins, and then gives all rows.
final class RecursionSource: Source {
    private let node: RecursionNode
    private let working: ChunkStore
    private let added: ChunkStore
    private let result: ChunkStore
    /// Makes the pipelines of a round; they read `working` and fill `added`.
    private let makeRound: @Sendable () throws(StarlingError) -> [Pipeline]
    private let columnTypes: [PhysicalType]
    private let rows: ChunkStoreSource

    init(
        _ node: RecursionNode, layout: ColumnLayout, working: ChunkStore, added: ChunkStore,
        result: ChunkStore,
        makeRound: @escaping @Sendable () throws(StarlingError) -> [Pipeline]
    ) {
        self.node = node
        self.working = working
        self.added = added
        self.result = result
        self.makeRound = makeRound
        columnTypes = layout.columns.map(\.physicalType)
        rows = ChunkStoreSource(result)
    }

    func prepare(_ execution: QueryExecution) throws(StarlingError) {
        let seen = SeenRows(execution)
        if !node.keepsDuplicates { try keepNewRows(of: working, seen, execution) }
        let all = ChunkStoreWriter(result, execution)
        try copy(working, to: all)
        var depth = 0
        while working.chunks.contains(where: { $0.rowCount > 0 }) {
            depth += 1
            guard depth <= node.depthMaximum else {
                guard node.endsInErrorAtMaximum else { break }
                throw StarlingError(
                    .resource,
                    "the recursion of '\(node.name)' did not end within \(node.depthMaximum) "
                        + "rounds; raise recursive_cte_max_depth", at: node.place)
            }
            try PipelineRunner(partOf: execution).run(try makeRound())
            if !node.keepsDuplicates { try keepNewRows(of: added, seen, execution) }
            working.takeAll(of: added)
            try copy(working, to: all)
        }
        try all.finish()
    }

    private func copy(_ store: ChunkStore, to writer: ChunkStoreWriter) throws(StarlingError) {
        for chunk in store.chunks { try writer.consume(try chunk.read()) }
    }

    /// Takes rows out of a store that were seen in an earlier round or in this one.
    private func keepNewRows(
        of store: ChunkStore, _ seen: SeenRows, _ execution: QueryExecution
    ) throws(StarlingError) {
        var new: [[Value]] = []
        for stored in store.chunks {
            new += try seen.takeNew(of: try stored.read())
        }
        store.removeAll()
        let writer = ChunkStoreWriter(store, execution)
        for start in stride(from: 0, to: new.count, by: chunkCapacity) {
            let rows = new[start..<min(new.count, start + chunkCapacity)]
            let columns = columnTypes.indices.map { position in
                Vector(columnTypes[position], values: rows.map { $0[position] })
            }
            try writer.consume(Chunk(columns: columns, count: rows.count))
        }
        try writer.finish()
    }

    var extent: SourceExtent { rows.extent }

    func makeReader(_ execution: QueryExecution) throws(StarlingError) -> any SourceReader {
        try rows.makeReader(execution)
    }
}

/// Remembers rows as values, within the budget of their query.
private final class SeenRows {
    /// What a value and its part of the set take beside the bytes of a string.
    private static let byteCountOfValue = 80

    private var rows: Set<[Value]> = []
    private let reservation: Reservation

    init(_ execution: QueryExecution) {
        reservation = Reservation(execution.budget, purpose: "the rows that a recursion has seen")
    }

    /// Lists the rows of a chunk that were not there before.
    func takeNew(of chunk: Chunk) throws(StarlingError) -> [[Value]] {
        var new: [[Value]] = []
        for row in 0..<chunk.count {
            let values = chunk.columns.map { $0.value(at: row) }
            if rows.insert(values).inserted { new.append(values) }
        }
        let values = new.count * chunk.columns.count * Self.byteCountOfValue
        let share = chunk.count == 0 ? 0 : chunk.heldByteCount * new.count / chunk.count
        try reservation.resize(to: reservation.byteCount + values + share)
        return new
    }
}
