// Gathers the build side of a join. Every worker appends rows to a store of its own; `combine`
// makes the table.

import StarlingErrors
import StarlingMemory
import StarlingRows
import StarlingTypes
import StarlingVectors
import Synchronization

/// Gathers one input of a join and makes the table that the other input probes.
package final class JoinBuildSink: Sink {
    let shape: JoinShape
    private let parts = Mutex<[JoinBuildPart]>([])
    private let made = Mutex<JoinTable?>(nil)
    private let filters: [RuntimeFilterSlot?]

    /// Prepares the join. `filters`, a slot a key or fewer, tell scans of the probe side what
    /// cannot match; they stay empty where the join keeps probe rows that do not match.
    package init(
        _ join: JoinDescription, filters: [RuntimeFilterSlot?] = []
    ) throws(StarlingError) {
        shape = try JoinShape(join)
        self.filters = filters
    }

    package func makeWorker(_ execution: QueryExecution) throws(StarlingError) -> any SinkWorker {
        JoinBuildWorker(self, JoinBuildPart(shape, execution.budget))
    }

    /// Makes the transform for the other input's pipeline, which runs after this one.
    package func makeProbe() -> any Transform {
        shape.marksBuildRows ? RemainderJoinProbe(self) : JoinProbe(self)
    }

    package func combine(_ execution: QueryExecution) throws(StarlingError) {
        let gathered = parts.withLock { parts in
            defer { parts = [] }
            return parts
        }
        let table = try JoinTable(shape, gathered, execution: execution)
        made.withLock { $0 = table }
        guard execution.options.usesRuntimeFilters, shape.dropsUnmatchedProbeRows else { return }
        for (key, slot) in filters.enumerated() where !shape.isNullSafe[key] {
            slot?.publish(RuntimeFilter(table, key: key))
        }
    }

    func add(_ part: JoinBuildPart) { parts.withLock { $0.append(part) } }

    func table() throws(StarlingError) -> JoinTable {
        guard let table = made.withLock({ $0 }) else {
            throw StarlingError(.internal, "a join is probed before it is built")
        }
        return table
    }
}

/// Holds what one worker gathered.
final class JoinBuildPart: Sendable {
    let store: RowStore
    /// Rows with a NULL in a key.
    let unmatchable: RowStore
    let integerKeys: IntegerKeys?
    private let nullKeySeen = Atomic<Bool>(false)

    init(_ shape: JoinShape, _ budget: MemoryBudget) {
        store = RowStore(
            shape.layout, reservation: Reservation(budget, purpose: "the rows of a join"),
            blockRowCountMaximum: RowPages.blockRowCountMaximum(
                rowByteCount: shape.layout.rowByteCount))
        unmatchable = RowStore(
            shape.layout, reservation: Reservation(budget, purpose: "the rows of a join"))
        integerKeys =
            shape.hasIntegerKey
            ? IntegerKeys(reservation: Reservation(budget, purpose: "the keys of a join")) : nil
    }

    var hasNullKey: Bool { nullKeySeen.load(ordering: .relaxed) }

    var matchableCount: Int { integerKeys?.count ?? store.rowCount }

    func noteNullKey() { nullKeySeen.store(true, ordering: .relaxed) }
}

/// Appends chunks to the rows of one worker.
private final class JoinBuildWorker: SinkWorker {
    private let sink: JoinBuildSink
    private let shape: JoinShape
    private let part: JoinBuildPart
    private let matchable = Selection()
    private let rejected = Selection()

    init(_ sink: JoinBuildSink, _ part: JoinBuildPart) {
        self.sink = sink
        shape = sink.shape
        self.part = part
    }

    func consume(_ chunk: Chunk) throws(StarlingError) {
        let keys = shape.buildKeys.indices.map {
            widenedKey(chunk.columns[shape.buildKeys[$0]], to: shape.keyTypes[$0])
        }
        guard let validity = validity(of: keys, count: chunk.count) else {
            return try append(keys, chunk, selected: nil, count: chunk.count, to: part.store)
        }
        var matchableCount = 0
        var rejectedCount = 0
        for row in 0..<chunk.count {
            let isValid = validity.isValid(row)
            matchable.rows[matchableCount] = UInt16(truncatingIfNeeded: row)
            rejected.rows[rejectedCount] = UInt16(truncatingIfNeeded: row)
            matchableCount += isValid ? 1 : 0
            rejectedCount += isValid ? 0 : 1
        }
        if rejectedCount > 0 {
            part.noteNullKey()
            if shape.marksBuildRows {
                try part.unmatchable.append(
                    rowColumns(keys, chunk), selected: UnsafePointer(rejected.rows),
                    count: rejectedCount)
            }
        }
        try append(
            keys, chunk, selected: UnsafePointer(matchable.rows), count: matchableCount,
            to: part.store)
    }

    func finish() throws(StarlingError) { sink.add(part) }

    /// Returns the rows whose keys can match; nil stands for all.
    private func validity(of keys: [Vector], count: Int) -> Validity? {
        var result: Validity?
        for (position, key) in keys.enumerated() where !shape.isNullSafe[position] {
            guard let validity = key.validity else { continue }
            let own =
                key.isConstant
                ? Validity(count: count, allValid: validity.isValid(0)) : validity
            result = Validity.intersection(result, own, count: count)
        }
        return result
    }

    private func append(
        _ keys: [Vector], _ chunk: Chunk, selected: UnsafePointer<UInt16>?, count: Int,
        to store: RowStore
    ) throws(StarlingError) {
        guard count > 0 else { return }
        try part.integerKeys?.append(keys[0], selected: selected, count: count)
        guard !shape.keepsKeysOnly else { return }
        try store.append(rowColumns(keys, chunk), selected: selected, count: count)
    }

    private func rowColumns(_ keys: [Vector], _ chunk: Chunk) -> [Vector] {
        keys + shape.payload.map { chunk.columns[$0] }
    }
}
