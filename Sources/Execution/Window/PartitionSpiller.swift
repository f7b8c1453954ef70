// Writes a partition to a spill file as its rows come, and notes what leads to a block later on:
// its peers, the first key and the values of some columns. Aggregates over the whole partition are
// computed on the way.

import StarlingErrors
import StarlingFiles
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Describes the peers that begin in a block.
struct BlockPeers {
    var count = 0
    /// Positions in the partition; nil where none begin.
    var firstStart: Int?
    var lastStart: Int?
}

/// Takes the rows of one partition in order.
struct PartitionSpiller {
    private let computation: WindowComputation
    private let execution: QueryExecution
    private let file: SpillFile
    private let blockRowCount: Int
    let progress: [WindowProgress]
    private var collectors: [ColumnCollector]
    private let types: [PhysicalType]
    /// Rows that wait for their block to be full.
    private var waitingCount = 0
    private var peerChanges: ChangeFinder
    private var blocks: [SpilledChunk] = []
    private var peers: [BlockPeers] = []
    private var figures: [Int: SpilledPartition.Figures] = [:]
    private var rowCount = 0

    init(
        _ computation: WindowComputation, types: [PhysicalType], _ execution: QueryExecution
    ) throws(StarlingError) {
        self.computation = computation
        self.types = types
        self.execution = execution
        file = try SpillFile(execution)
        // Small blocks let tests meet their boundaries.
        blockRowCount = execution.options.forcesSpill ? 16 : chunkCapacity
        progress = computation.calls.map { WindowProgress($0, execution.budget) }
        collectors = types.map { ColumnCollector($0) }
        peerChanges = ChangeFinder(computation.orderKeys.map(\.position))
        for column in computation.summarizedColumns { figures[column] = .init() }
    }

    mutating func append(_ chunk: Chunk) throws(StarlingError) {
        var start = 0
        while start < chunk.count {
            let count = min(blockRowCount - waitingCount, chunk.count - start)
            let piece = chunk.rows(start..<start + count)
            for column in types.indices { collectors[column].append(piece.columns[column]) }
            waitingCount += count
            start += count
            if waitingCount == blockRowCount { try write() }
        }
    }

    /// Ends the partition.
    mutating func finish() throws(StarlingError) -> SpilledPartition {
        if waitingCount > 0 { try write() }
        try file.finish()
        let partition = SpilledPartition(
            blocks, count: rowCount, blockRowCount: blockRowCount, peers: peers,
            figures: figures, execution.budget)
        for (call, progress) in zip(computation.calls, progress) where progress.whole == nil {
            guard case .aggregate(let kernel) = call.function else { continue }
            progress.spilled = SpilledAggregate(kernel, call, partition, execution.budget)
        }
        return partition
    }

    private mutating func write() throws(StarlingError) {
        try execution.cancellation.check()
        let chunk = Chunk(
            columns: collectors.map { $0.finish().flattened() }, count: waitingCount)
        collectors = types.map { ColumnCollector($0) }
        waitingCount = 0
        guard rowCount + chunk.count < Int(missingPosition) else {
            throw StarlingError(.resource, "a window's partition has more than 4,294,967,294 rows")
        }
        let flags = peerChanges.flags(chunk)
        note(flags.pointer(to: UInt8.self), count: chunk.count)
        for column in figures.keys { note(column, chunk.columns[column]) }
        for progress in progress { try progress.whole?.add(chunk) }
        let marks = Vector(.int8, count: chunk.count, buffer: flags)
        blocks.append(
            try file.append(Chunk(columns: chunk.columns + [marks], count: chunk.count)))
        rowCount += chunk.count
    }

    private mutating func note(_ flags: UnsafePointer<UInt8>, count: Int) {
        var block = BlockPeers()
        for row in 0..<count where flags[row] != 0 {
            block.count += 1
            block.firstStart = block.firstStart ?? rowCount + row
            block.lastStart = rowCount + row
        }
        peers.append(block)
    }

    private mutating func note(_ column: Int, _ vector: Vector) {
        var noted = figures[column] ?? .init()
        let valid = vector.validity?.validCount(of: vector.count) ?? vector.count
        noted.validBefore.append(noted.validBefore[noted.validBefore.count - 1] + valid)
        // The address that `values` gives does not keep the column.
        let first = WideColumn(vector.slice(from: 0, count: 1))
        noted.firstKeys.append(withExtendedLifetime(first) { $0.values[0] })
        figures[column] = noted
    }
}
