// Joins inputs that memory has no room for (the "grace hash join"):
//
// 1. The build side lies in files, in partitions by the hash of its keys.
// 2. The probe side's chunks are sorted into files in the same way.
// 3. When all of them have passed, each partition is joined by itself, as if it were a whole join.

import StarlingErrors
import StarlingMemory
import StarlingVectors
import Synchronization

/// Holds the build side of a join in files.
struct SpilledBuild: Sendable {
    private(set) var partitions = SpilledPartitions(
        partitionCount: SpillPartitioner.partitionCount)
    private(set) var hasNullKey = false

    /// True where there are rows, be it that they were left out for a NULL in the key.
    var hasRows: Bool { hasNullKey || partitions.chunks.contains { !$0.isEmpty } }

    mutating func append(_ other: SpilledPartitions, hasNullKey: Bool) {
        partitions.append(other)
        if hasNullKey { self.hasNullKey = true }
    }

    /// What the table of each partition takes: its rows as they are read, and as they are indexed.
    func expectedByteCounts(_ shape: JoinShape) -> [Int] {
        partitions.chunks.map { chunks in
            let rowCount = chunks.reduce(0) { $0 + $1.rowCount }
            let text = chunks.reduce(0) { $0 + $1.byteCount }
            return JoinTable.byteCount(shape, rowCount: rowCount)
                + JoinBuildPart.byteCount(shape, expecting: rowCount) + text
        }
    }
}

/// Holds the probe side of a join in files; shared by the workers of a pipeline.
final class SpilledProbe: Sendable {
    private struct State {
        var partitioners: [SpillPartitioner] = []
        var partitions: SpilledPartitions?
    }

    private let state = Mutex(State())
    private let turns = Mutex<SpilledTurns?>(nil)

    func add(_ partitioner: SpillPartitioner) {
        state.withLock { $0.partitioners.append(partitioner) }
    }

    /// Gives a partition to join; nil where the others join what is left.
    func takeTurn(
        _ shape: JoinShape, _ build: SpilledBuild, _ budget: MemoryBudget
    ) -> SpilledTurn? {
        turns.withLock { turns in
            let known =
                turns ?? SpilledTurns(expecting: build.expectedByteCounts(shape), within: budget)
            turns = known
            return known.take()
        }
    }

    /// Completes the files of all workers, none of which gets another chunk, and returns them.
    func finish() throws(StarlingError) -> SpilledPartitions {
        let result = state.withLock { state -> Result<SpilledPartitions, StarlingError> in
            if let known = state.partitions { return .success(known) }
            var all = SpilledPartitions(partitionCount: SpillPartitioner.partitionCount)
            do throws(StarlingError) {
                for partitioner in state.partitioners { all.append(try partitioner.finish()) }
            } catch {
                return .failure(error)
            }
            state.partitions = all
            state.partitioners = []
            return .success(all)
        }
        return try result.get()
    }
}

/// Sorts the probe side into files, then joins partition by partition.
final class SpilledJoinWorker: TransformWorker {
    private let shape: JoinShape
    private let build: SpilledBuild
    private let probe: SpilledProbe
    private let execution: QueryExecution
    private let next: any ChunkConsumer
    private let partitioner: SpillPartitioner

    init(
        _ shape: JoinShape, _ build: SpilledBuild, _ probe: SpilledProbe,
        _ execution: QueryExecution, next: any ChunkConsumer
    ) throws(StarlingError) {
        self.shape = shape
        self.build = build
        self.probe = probe
        self.execution = execution
        self.next = next
        partitioner = try SpillPartitioner(shape.probeTypes, execution)
        probe.add(partitioner)
    }

    func consume(_ chunk: Chunk) throws(StarlingError) {
        let keys = shape.probeKeys.indices.map {
            widenedKey(chunk.columns[shape.probeKeys[$0]], to: shape.keyTypes[$0])
        }
        try partitioner.append(chunk, keys: keys)
    }

    func giveRemainingRows() throws(StarlingError) {
        let probed = try probe.finish()
        while var turn = probe.takeTurn(shape, build, execution.budget) {
            let (built, probing) = (
                build.partitions.chunks[turn.partition], probed.chunks[turn.partition]
            )
            guard givesRows(built, probing) else { continue }
            let table: JoinTable
            do throws(StarlingError) {
                table = try makeTable(of: built)
            } catch {
                if error.kind == .resource, turn.giveBack() { return }
                throw error
            }
            try join(table, probing)
        }
    }

    private func givesRows(_ build: [SpilledChunk], _ probe: [SpilledChunk]) -> Bool {
        if build.isEmpty, probe.isEmpty || shape.dropsUnmatchedProbeRows { return false }
        return !probe.isEmpty || shape.marksBuildRows
    }

    private func makeTable(of buildChunks: [SpilledChunk]) throws(StarlingError) -> JoinTable {
        let rowCount = buildChunks.reduce(0) { $0 + $1.rowCount }
        let part = JoinBuildPart(shape, expecting: rowCount, execution.budget)
        for spilled in buildChunks {
            try execution.cancellation.check()
            let chunk = try spilled.read()
            try part.append(chunk.columns, count: chunk.count)
        }
        // The other workers are busy with partitions of their own.
        return try JoinTable(shape, [part], whole: build, workers: 1, execution: execution)
    }

    private func join(
        _ table: JoinTable, _ probeChunks: [SpilledChunk]
    ) throws(StarlingError) {
        let worker = try JoinProbeWorker(table, SharedCounter(), execution, next: next)
        for spilled in probeChunks {
            try execution.cancellation.check()
            try worker.consume(try spilled.read())
        }
        if shape.marksBuildRows { try worker.giveRemainingRows() }
    }
}
