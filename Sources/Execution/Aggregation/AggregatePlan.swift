import StarlingErrors
import StarlingFunctions
import StarlingMemory
import StarlingTypes

/// Holds what the workers of an aggregation have in common, derived from what it is to compute.
struct AggregatePlan: Sendable {
    /// Arguments that several DISTINCT aggregates may share.
    struct DistinctList: Sendable {
        var arguments: [Int]
        var condition: Int?
        /// Positions in the shape's calls.
        var calls: [Int]
        var layout: GroupLayout
    }

    let shape: AggregateShape
    let layout: GroupLayout
    let distinctLists: [DistinctList]
    /// The keys as they are hashed: with the number of the set behind them where there are sets.
    let keys: [GroupKey]
    let spilledShape: SpilledRowShape

    init(_ shape: AggregateShape) throws(StarlingError) {
        self.shape = shape
        var keys = shape.keys
        if let sets = shape.groupingSets {
            for position in keys.indices { keys[position].isNullable = true }
            let last = Int128(max(0, sets.count - 1))
            keys.append(
                GroupKey(
                    position: -1, physicalType: .int16, bounds: Bounds(low: 0, high: last),
                    isNullable: false))
        }
        self.keys = keys
        let keyTypes = keys.map(\.physicalType)
        layout = try GroupLayout(
            keyTypes: keyTypes, kernels: shape.calls.map(\.kernel), sharing: shape.sharedStates)
        var lists: [DistinctList] = []
        for index in layout.updatedKernels where shape.calls[index].isDistinct {
            let call = shape.calls[index]
            if let place = lists.firstIndex(where: {
                $0.arguments == call.arguments && $0.condition == call.condition
            }) {
                lists[place].calls.append(index)
                continue
            }
            let types = keyTypes + call.argumentTypes
            lists.append(
                DistinctList(
                    arguments: call.arguments, condition: call.condition, calls: [index],
                    layout: try GroupLayout(keyTypes: types)))
        }
        distinctLists = lists
        spilledShape = SpilledRowShape(keyTypes, shape.calls)
    }

    /// The calls whose states every row brings up to date, by position.
    var directCalls: [(Int, AggregateCall)] {
        layout.updatedKernels.map { ($0, shape.calls[$0]) }.filter { !$1.isDistinct }
    }

    /// True where all rows are one group.
    var isUngrouped: Bool { keys.isEmpty }

    /// Returns the one group that there is without keys, before any row.
    func makeUngroupedState() -> Buffer { .zeroed(byteCount: layout.rows.rowByteCount) }
}
