// Gathers the build side of a join. Every worker appends rows to a part of its own; `combine` makes
// the table. When memory runs short the workers write their rows to files instead, in partitions
// by the hash of the keys, and the probe side will do the same.

import StarlingErrors
import StarlingMemory
import StarlingRows
import StarlingTypes
import StarlingVectors
import Synchronization

/// Gathers one input of a join and makes the table that the other input probes.
package final class JoinBuildSink: Sink {
    /// What the build side became.
    enum Outcome: Sendable {
        case table(JoinTable)
        case spilled(SpilledBuild)
    }

    let shape: JoinShape
    private let filters: [RuntimeFilterSlot?]
    private let parts = Mutex<[JoinBuildPart]>([])
    private let spilled = Mutex<SpilledBuild?>(nil)
    private let made = Mutex<Outcome?>(nil)
    /// The rows that all workers hold.
    private let gatheredRowCount = Atomic<Int>(0)
    private let spillIsOn = Atomic<Bool>(false)

    /// Prepares the join. `filters`, a slot a key or fewer, tell scans of the probe side what
    /// cannot match; they stay empty where the join keeps probe rows that do not match.
    package init(
        _ join: JoinDescription, filters: [RuntimeFilterSlot?] = []
    ) throws(StarlingError) {
        shape = try JoinShape(join)
        self.filters = filters
    }

    package func makeWorker(_ execution: QueryExecution) throws(StarlingError) -> any SinkWorker {
        JoinBuildWorker(self, execution)
    }

    /// Makes the transform for the other input's pipeline, which runs after this one.
    package func makeProbe() -> any Transform { JoinProbe(self) }

    package var completion: SinkCompletion { SinkCompletion(combining: 0.3) }

    package func combine(_ execution: QueryExecution) throws(StarlingError) {
        let gathered = parts.withLock { parts in
            defer { parts = [] }
            return parts
        }
        // Others may have taken room since the last rows came.
        decideOnSpilling(gatheredRowCount.load(ordering: .relaxed), execution)
        if isSpilling {
            for part in gathered { try spill(part, execution) }
            let spilled = spilled.withLock { $0 } ?? SpilledBuild()
            return made.withLock { $0 = .spilled(spilled) }
        }
        let keys = try listKeys(gathered, execution)
        let table = try JoinTable(
            shape, gathered, workers: execution.pool.workerCount, execution: execution)
        made.withLock { $0 = .table(table) }
        execution.node?.note(table.title)
        guard execution.options.usesRuntimeFilters, shape.dropsUnmatchedProbeRows else { return }
        for (key, slot) in filters.enumerated() where !shape.isNullSafe[key] {
            guard let slot, slot.isWanted else { continue }
            slot.publish(
                JoinKeyFilter(
                    table, key: key, values: keys?[key],
                    bitmap: KeyBitmap(gathered, table, key: key, execution),
                    hashesAreZero: execution.options.hashesAreZero))
        }
    }

    /// Lists the values of each key where there are so few rows that scans can look them up one by
    /// one; nil where there are more.
    private func listKeys(
        _ parts: [JoinBuildPart], _ execution: QueryExecution
    ) throws(StarlingError) -> [[Value]]? {
        let rowCount = parts.reduce(0) { $0 + $1.matchableCount }
        guard execution.options.usesRuntimeFilters, filters.contains(where: { $0 != nil }),
            rowCount <= JoinKeyFilter.valueCountMax
        else { return nil }
        var keys: [[Value]] = shape.keyTypes.map { _ in [] }
        for part in parts {
            try part.forEachChunk { (chunk) throws(StarlingError) in
                for key in keys.indices {
                    for row in 0..<chunk.count {
                        let value = chunk.columns[key].value(at: row)
                        if !value.isNull { keys[key].append(value) }
                    }
                }
            }
        }
        return keys
    }

    func add(_ part: JoinBuildPart) { parts.withLock { $0.append(part) } }

    func add(_ chunks: SpilledPartitions, hasNullKey: Bool) {
        spilled.withLock { spilled in
            var build = spilled ?? SpilledBuild()
            build.append(chunks, hasNullKey: hasNullKey)
            spilled = build
        }
    }

    /// Writes a part to a file of its own.
    private func spill(_ part: JoinBuildPart, _ execution: QueryExecution) throws(StarlingError) {
        let partitioner = try SpillPartitioner(shape.layout.columns.map(\.physicalType), execution)
        try move(part, to: partitioner)
        add(try partitioner.finish(), hasNullKey: part.hasNullKey)
    }

    /// Hands the rows of a part to a partitioner.
    func move(
        _ part: JoinBuildPart, to partitioner: SpillPartitioner
    ) throws(StarlingError) {
        let keyCount = shape.keyTypes.count
        try part.forEachChunk { (chunk) throws(StarlingError) in
            try partitioner.append(chunk, keys: Array(chunk.columns[..<keyCount]))
        }
    }

    var isSpilling: Bool { spillIsOn.load(ordering: .relaxed) }

    /// Notes that a worker holds `rowCount` more rows.
    func noteGrowth(rowCount: Int, _ execution: QueryExecution) {
        let total = gatheredRowCount.wrappingAdd(rowCount, ordering: .relaxed).newValue
        decideOnSpilling(total, execution)
    }

    /// Lets all rows spill when the table that they become would not find room.
    private func decideOnSpilling(_ rowCount: Int, _ execution: QueryExecution) {
        guard rowCount > 0, !shape.keyTypes.isEmpty, !isSpilling else { return }
        let needed = JoinTable.byteCount(shape, rowCount: rowCount)
        if execution.options.forcesSpill || !execution.budget.hasRoom(for: needed + 1 << 20) {
            spillIsOn.store(true, ordering: .relaxed)
        }
    }

    func outcome() throws(StarlingError) -> Outcome {
        guard let outcome = made.withLock({ $0 }) else {
            throw StarlingError(.internal, "a join is probed before it is built")
        }
        return outcome
    }

    /// True where the probe gives rows when all chunks have passed.
    var givesRemainder: Bool {
        if shape.marksBuildRows { return true }
        if case .spilled = made.withLock({ $0 }) { return true }
        return false
    }
}

/// Appends chunks to the rows of one worker.
private final class JoinBuildWorker: SinkWorker {
    private let sink: JoinBuildSink
    private let shape: JoinShape
    private let execution: QueryExecution
    /// Nil when the worker spills.
    private var part: JoinBuildPart?
    private var partitioner: SpillPartitioner?
    private var hasNullKey = false

    init(_ sink: JoinBuildSink, _ execution: QueryExecution) {
        self.sink = sink
        self.execution = execution
        shape = sink.shape
        part = JoinBuildPart(sink.shape, execution.budget)
    }

    func consume(_ chunk: Chunk) throws(StarlingError) {
        let keys = shape.buildKeys.indices.map {
            widenedKey(chunk.columns[shape.buildKeys[$0]], to: shape.keyTypes[$0])
        }
        let columns = keys + shape.payload.map { chunk.columns[$0] }
        if partitioner == nil, sink.isSpilling { try startSpilling() }
        if let partitioner {
            if let validity = shape.keyValidity(keys, count: chunk.count),
                validity.validCount(of: chunk.count) < chunk.count
            {
                hasNullKey = true
            }
            return try partitioner.append(Chunk(columns: columns, count: chunk.count), keys: keys)
        }
        guard let part else { return }
        try part.append(columns, count: chunk.count)
        sink.noteGrowth(rowCount: chunk.count, execution)
    }

    private func startSpilling() throws(StarlingError) {
        let partitioner = try SpillPartitioner(shape.layout.columns.map(\.physicalType), execution)
        if let part {
            try sink.move(part, to: partitioner)
            hasNullKey = part.hasNullKey
        }
        part = nil
        self.partitioner = partitioner
    }

    func finish() throws(StarlingError) {
        if let partitioner {
            sink.add(try partitioner.finish(), hasNullKey: hasNullKey)
        } else if let part {
            sink.add(part)
        }
    }
}
