// Aggregation as a pipeline's end: each worker groups its rows (`AggregateWorker`), then the
// partitions are merged in parallel (`GroupPartition`), and `AggregateSource` gives the groups.
//
// Grouping sets: a row is grouped once for each set, with NULL for the keys that are not in it
// and the number of the set as one more key.
//
// DISTINCT aggregates: beside the groups a worker keeps, for each list of distinct arguments, a
// table of (keys, arguments). When a partition is merged, the arguments that are left are added
// to the states of their groups, once each.

import StarlingErrors
import StarlingFunctions
import StarlingMemory
import StarlingRows
import StarlingTypes
import StarlingVectors
import Synchronization

/// Groups rows and computes aggregates. Gives the keys, the grouping column where there is one,
/// and the aggregates.
package final class AggregateSink: Sink {
    private struct State {
        var workers: [GatheredGroups] = []
        var result = AggregateResult.groups([])
    }

    private let shape: AggregateShape
    private let state = Mutex(State())

    package init(
        keys: [GroupKey], aggregates: [AggregateCall], groupingSets: [[Int]]? = nil,
        hasGroupingColumn: Bool = false
    ) {
        shape = AggregateShape(
            keys: keys, calls: aggregates, groupingSets: groupingSets,
            hasGroupingColumn: hasGroupingColumn)
    }

    /// The types of the columns that the source gives.
    package var resultTypes: [PhysicalType] { shape.resultTypes }

    func makePlan() throws(StarlingError) -> AggregatePlan { try AggregatePlan(shape) }

    package func makeWorker(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any SinkWorker {
        try AggregateWorker(self, try makePlan(), execution)
    }

    package var completion: SinkCompletion { SinkCompletion(combining: 0.3) }

    func add(_ groups: GatheredGroups) {
        state.withLock { $0.workers.append(groups) }
    }

    package func combine(_ execution: QueryExecution) throws(StarlingError) {
        let plan = try makePlan()
        let workers = state.withLock { state in
            defer { state.workers = [] }
            return state.workers
        }
        let combiner = GroupCombiner(plan, workers, execution)
        let result: AggregateResult
        if combiner.hasSpilled {
            result = .spilled(combiner)
        } else if plan.isUngrouped {
            result = .groups([try combiner.combineUngrouped()])
        } else {
            result = .groups(try combiner.combineAll())
        }
        state.withLock { $0.result = result }
    }

    /// What there is once the sink is combined.
    var result: AggregateResult { state.withLock { $0.result } }
}

/// Is what an aggregation comes to.
enum AggregateResult: Sendable {
    case groups([GroupPartition])
    /// Partitions that do not fit into memory together: each is merged when it is read.
    case spilled(GroupCombiner)
}

/// Holds what one worker has gathered.
struct GatheredGroups: Sendable {
    var groups: GroupGatherer
    /// One table for each of the plan's distinct lists.
    var distinct: [GroupGatherer]
    /// The only group where there are no keys.
    var ungroupedState: Buffer
    var rowCount: Int
    var spilled: SpilledPartitions?
}
