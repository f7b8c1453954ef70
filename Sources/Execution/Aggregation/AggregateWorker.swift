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
    private let filteredAddresses = RowAddresses()
    private let distinctAddresses = RowAddresses()
    private var rowCount = 0

    init(
        _ sink: AggregateSink, _ plan: AggregatePlan, _ execution: QueryExecution
    ) throws(StarlingError) {
        self.sink = sink
        self.plan = plan
        let direct = plan.isUngrouped ? nil : DirectKeys(plan.keys)
        groups = GroupGatherer(plan.layout, direct: direct, execution)
        distinct = plan.distinctLists.map { list in
            GroupGatherer(list.layout, direct: nil, execution)
        }
        ungroupedState = plan.makeUngroupedState()
    }

    func consume(_ chunk: Chunk) throws(StarlingError) {
        rowCount += chunk.count
        guard let sets = sink.groupingSets else {
            try group(chunk, by: sink.keys.map { chunk.columns[$0.position] })
            return
        }
        for (number, set) in sets.enumerated() {
            var keys: [Vector] = []
            for (position, key) in sink.keys.enumerated() {
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
        if !plan.isUngrouped {
            try groups.find(keys, count: chunk.count, into: addresses.pointer)
        }
        for (index, call) in sink.calls.enumerated() where !call.isDistinct {
            try update(index, call, chunk)
        }
        for (list, table) in zip(plan.distinctLists, distinct) {
            var columns = keys + list.arguments.map { chunk.columns[$0] }
            var count = chunk.count
            if let condition = list.condition {
                let selection = chunk.columns[condition].trueRows()
                count = selection.count
                columns = columns.map { $0.gathered(by: selection) }
            }
            guard count > 0 else { continue }
            // Without keys every value is its own partition's affair.
            try table.find(
                columns, partitionKeyCount: plan.isUngrouped ? nil : keys.count, count: count,
                into: distinctAddresses.pointer)
        }
        try groups.store.reserveWhatIsHeld()
    }

    private func update(
        _ index: Int, _ call: AggregateCall, _ chunk: Chunk
    ) throws(StarlingError) {
        var arguments = call.arguments.map { chunk.columns[$0] }
        var count = chunk.count
        var pointer = addresses.pointer
        if let condition = call.condition {
            let selection = chunk.columns[condition].trueRows()
            count = selection.count
            if count == 0 { return }
            arguments = arguments.map { $0.gathered(by: selection) }
            if !plan.isUngrouped {
                pointer = filteredAddresses.pointer
                for i in 0..<count { pointer[i] = addresses.pointer[Int(selection.rows[i])] }
            }
        }
        let offset = plan.layout.stateOffsets[index]
        if plan.isUngrouped {
            try call.kernel.update(
                state: ungroupedState.baseAddress + offset, arguments: arguments, count: count,
                heap: groups.store.heap)
        } else {
            try call.kernel.update(
                groups: pointer, offset: offset, arguments: arguments, count: count,
                heap: groups.store.heap)
        }
    }

    func finish() throws(StarlingError) {
        sink.add(
            GatheredGroups(
                groups: groups, distinct: distinct, ungroupedState: ungroupedState,
                rowCount: rowCount))
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
