// What an aggregation spills: once a worker's share of the memory is full, its rows go to a file,
// sorted into partitions by the hash of their keys. A row is spilled as its keys and then the
// columns that aggregates need. The groups that are in memory stay there; when a partition is
// read, its spilled rows are added to them.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingRows
import StarlingTypes
import StarlingVectors

/// Says which columns spilled rows have, and where aggregates find theirs in them.
struct SpilledRowShape: Sendable {
    private let keyCount: Int
    /// Positions in the input.
    private let positions: [Int]
    let types: [PhysicalType]

    init(_ keyTypes: [PhysicalType], _ calls: [AggregateCall]) {
        keyCount = keyTypes.count
        var typeOfPosition: [Int: PhysicalType] = [:]
        for call in calls {
            for (argument, type) in zip(call.arguments, call.argumentTypes) {
                typeOfPosition[argument] = type
            }
            if let condition = call.condition { typeOfPosition[condition] = .int8 }
        }
        positions = typeOfPosition.keys.sorted()
        types = keyTypes + positions.map { typeOfPosition[$0]! }
    }

    func chunk(_ keys: [Vector], _ chunk: Chunk) -> Chunk {
        Chunk(columns: keys + positions.map { chunk.columns[$0] }, count: chunk.count)
    }

    private func place(of position: Int) -> Int {
        keyCount + positions.firstIndex(of: position)!
    }

    /// Lets a call find its columns in spilled rows.
    func moved(_ call: AggregateCall) -> AggregateCall {
        var call = call
        call.arguments = call.arguments.map(place)
        call.condition = call.condition.map(place)
        return call
    }

    func moved(_ list: AggregatePlan.DistinctList) -> AggregatePlan.DistinctList {
        var list = list
        list.arguments = list.arguments.map(place)
        list.condition = list.condition.map(place)
        return list
    }
}

/// Updates the states of groups from chunks; belongs to one worker.
struct GroupUpdate {
    private let layout: GroupLayout
    private let filtered = RowAddresses()

    init(_ layout: GroupLayout) { self.layout = layout }

    /// Adds each row to its group's state of call `index`.
    func update(
        _ index: Int, _ call: AggregateCall, _ chunk: Chunk, groups: RowAddresses,
        heap: StringHeap
    ) throws(StarlingError) {
        var arguments = call.arguments.map { chunk.columns[$0] }
        var count = chunk.count
        var pointer = groups.pointer
        if let condition = call.condition {
            let selection = chunk.columns[condition].trueRows()
            count = selection.count
            if count == 0 { return }
            arguments = arguments.map { $0.gathered(by: selection) }
            pointer = filtered.pointer
            for i in 0..<count { pointer[i] = groups.pointer[Int(selection.rows[i])] }
        }
        try call.kernel.update(
            groups: pointer, offset: layout.stateOffsets[index], arguments: arguments,
            count: count, heap: heap)
    }

    /// Adds all rows to the state of call `index` of one group.
    func update(
        _ index: Int, _ call: AggregateCall, _ chunk: Chunk, group: RowAddress, heap: StringHeap
    ) throws(StarlingError) {
        var arguments = call.arguments.map { chunk.columns[$0] }
        var count = chunk.count
        if let condition = call.condition {
            let selection = chunk.columns[condition].trueRows()
            count = selection.count
            if count == 0 { return }
            arguments = arguments.map { $0.gathered(by: selection) }
        }
        try call.kernel.update(
            state: group + layout.stateOffsets[index], arguments: arguments, count: count,
            heap: heap)
    }
}

extension AggregatePlan.DistinctList {
    /// Returns the keys and arguments of the rows that take part.
    func columns(_ keys: [Vector], _ chunk: Chunk) -> (columns: [Vector], count: Int) {
        let columns = keys + arguments.map { chunk.columns[$0] }
        guard let condition else { return (columns, chunk.count) }
        let selection = chunk.columns[condition].trueRows()
        return (columns.map { $0.gathered(by: selection) }, selection.count)
    }
}
