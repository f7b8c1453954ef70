// Recursive common table expressions: rounds of pipelines until a round adds no row.
//
// Semi-naive: a round reads only the rows that the round before has added. For UNION without ALL
// rows that were seen before do not count as added.

import StarlingErrors
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
        var seen = Set<[Value]>()
        if !node.keepsDuplicates { try keepNewRows(of: working, &seen) }
        try result.append(working.chunks)
        var depth = 0
        while working.chunks.contains(where: { $0.count > 0 }) {
            depth += 1
            guard depth <= node.depthMaximum else {
                throw StarlingError(
                    .resource,
                    "the recursion of '\(node.name)' did not end within \(node.depthMaximum) "
                        + "rounds; raise recursive_cte_max_depth", at: node.place)
            }
            try PipelineRunner(execution).run(try makeRound())
            if !node.keepsDuplicates { try keepNewRows(of: added, &seen) }
            let rows = added.chunks
            added.removeAll()
            working.removeAll()
            try working.append(rows)
            try result.append(rows)
        }
    }

    /// Takes rows out of a store that were seen in an earlier round or in this one.
    private func keepNewRows(
        of store: ChunkStore, _ seen: inout Set<[Value]>
    ) throws(StarlingError) {
        var new: [[Value]] = []
        for chunk in store.chunks {
            for row in 0..<chunk.count {
                let values = chunk.columns.map { $0.value(at: row) }
                if seen.insert(values).inserted { new.append(values) }
            }
        }
        store.removeAll()
        for start in stride(from: 0, to: new.count, by: chunkCapacity) {
            let rows = new[start..<min(new.count, start + chunkCapacity)]
            let columns = columnTypes.indices.map { position in
                Vector(columnTypes[position], values: rows.map { $0[position] })
            }
            try store.append([Chunk(columns: columns, count: rows.count)])
        }
    }

    func makeReader(_ execution: QueryExecution) throws(StarlingError) -> any SourceReader {
        try rows.makeReader(execution)
    }
}
