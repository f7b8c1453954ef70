import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingRows
import StarlingTypes
import StarlingVectors

/// Groups the rows of one worker and updates their aggregates.
final class AggregateWorker: SinkWorker {
    private let sink: AggregateSink
    private let plan: AggregatePlan
    private let groups: GroupGatherer
    private let distinct: [GroupGatherer]
    private let ungroupedState: Buffer
    private let addresses = RowAddresses()
    private let update: GroupUpdate
    private let execution: QueryExecution
    private var spill: SpillPartitioner?
    private let distinctAddresses = RowAddresses()
    private var rowCount = 0
    private let directCalls: [(Int, AggregateCall)]

    init(
        _ sink: AggregateSink, _ plan: AggregatePlan, _ execution: QueryExecution
    ) throws(StarlingError) {
        self.sink = sink
        self.plan = plan
        self.execution = execution
        directCalls = plan.directCalls
        update = GroupUpdate(plan.layout)
        // What gathers rows shows the order in which they come.
        let mayCopy = plan.directCalls.allSatisfy { !$0.1.kernel.gathersRows }
        let direct = plan.isUngrouped ? nil : DirectKeys(plan.keys, mayCopy: mayCopy)
        groups = GroupGatherer(plan.layout, direct: direct, execution)
        distinct = plan.distinctLists.map { list in
            GroupGatherer(list.layout, direct: nil, execution)
        }
        ungroupedState = plan.makeUngroupedState()
    }

    func consume(_ chunk: Chunk) throws(StarlingError) {
        rowCount += chunk.count
        guard let sets = plan.shape.groupingSets else {
            try group(chunk, by: plan.shape.keys.map { chunk.columns[$0.position] })
            return
        }
        for (number, set) in sets.enumerated() {
            var keys: [Vector] = []
            for (position, key) in plan.shape.keys.enumerated() {
                keys.append(
                    set.contains(position)
                        ? chunk.columns[key.position]
                        : .allNull(key.physicalType, count: chunk.count))
            }
            keys.append(
                Vector(constant: .integer(Int128(number)), .int16, count: chunk.count))
            try group(chunk, by: keys)
        }
    }

    private func group(_ chunk: Chunk, by keys: [Vector]) throws(StarlingError) {
        if let spill {
            try spill.append(plan.spilledShape.chunk(keys, chunk), keys: keys)
            return
        }
        let heap = groups.store.heap
        if plan.isUngrouped {
            for (index, call) in directCalls {
                try update.update(
                    index, call, chunk, group: ungroupedState.baseAddress, heap: heap)
            }
        } else {
            try groups.find(keys, count: chunk.count, into: addresses.pointer)
            for (index, call) in directCalls {
                try update.update(index, call, chunk, groups: addresses, heap: heap)
            }
        }
        for (list, table) in zip(plan.distinctLists, distinct) {
            let (columns, count) = list.columns(keys, chunk)
            guard count > 0 else { continue }
            // Without keys every value is its own partition's affair.
            try table.find(
                columns, partitionKeyCount: plan.isUngrouped ? nil : keys.count, count: count,
                into: distinctAddresses.pointer)
        }
        try groups.store.reserveWhatIsHeld()
        try spillIfFull()
    }

    /// Sends all further rows to a file before this worker's share of the memory is used up.
    private func spillIfFull() throws(StarlingError) {
        if plan.isUngrouped { return }
        let needed = distinct.reduce(groups.grownByteCount) { $0 + $1.grownByteCount }
        let share = execution.budget.byteLimit / (2 * execution.pool.workerCount)
        let isFull =
            needed > share || !execution.budget.hasRoom(for: Self.headroom)
            || (execution.options.forcesSpill && groups.store.rowCount >= 64)
        guard isFull else { return }
        spill = try SpillPartitioner(plan.spilledShape.types, execution)
    }

    /// More than a chunk's groups can take.
    private static let headroom = 8 << 20

    func finish() throws(StarlingError) {
        sink.add(
            GatheredGroups(
                groups: groups, distinct: distinct, ungroupedState: ungroupedState,
                rowCount: rowCount, spilled: try spill?.finish()))
    }
}

extension Vector {
    /// Selects the rows of a BOOLEAN that are true.
    func trueRows() -> Selection {
        var selection = Selection()
        let view = DecodedVector(self)
        let rows = selection.rows
        var selected = 0
        for row in 0..<count {
            rows[selected] = UInt16(truncatingIfNeeded: row)
            selected &+= view.value(row, as: Int8.self) != 0 && view.isValid(row) ? 1 : 0
        }
        selection.count = selected
        return selection
    }
}
