// Brings the groups of all workers together, partition by partition, each partition on one worker:
// a group that is there already takes over the state of its double. Groups stay where they lie;
// only a directory is built for the time of the merge.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingRows
import StarlingThreads
import StarlingVectors
import Synchronization

/// Merges what the workers of an aggregation have gathered.
struct GroupCombiner: Sendable {
    private let plan: AggregatePlan
    private let workers: [GatheredGroups]
    private let execution: QueryExecution
    private let owner: GroupOwner
    /// Holds, for each partition, the strings of states that grow while groups are merged.
    private let heaps: [MergeHeap]
    /// Holds the groups that are made without any row.
    private let emptyGroups: RowStore

    init(_ plan: AggregatePlan, _ workers: [GatheredGroups], _ execution: QueryExecution) {
        self.plan = plan
        self.workers = workers
        self.execution = execution
        emptyGroups = RowStore(
            plan.layout.rows, reservation: Reservation(execution.budget, purpose: "aggregation"))
        heaps = (0..<GroupLayout.partitionCount).map { _ in MergeHeap(execution.budget) }
        let stores = workers.flatMap { [$0.groups.store] + $0.distinct.map(\.store) }
        owner = GroupOwner(stores + [emptyGroups], heaps)
    }

    /// Merges all partitions, in parallel.
    func combineAll() throws(StarlingError) -> [GroupPartition] {
        let partitions = (0..<GroupLayout.partitionCount).map { _ in GroupPartition(owner) }
        try forEachPartition { (partition) throws(StarlingError) in
            try combine(partition, into: partitions[partition], heaps[partition])
        }
        if workers.allSatisfy({ $0.rowCount == 0 }), let sets = plan.shape.groupingSets {
            try addEmptySets(sets, to: partitions[0])
        }
        return joined(partitions.filter { $0.groups.count > 0 })
    }

    /// Makes one partition of many small ones, so that chunks are full.
    private func joined(_ partitions: [GroupPartition]) -> [GroupPartition] {
        let total = partitions.reduce(0) { $0 + $1.groups.count }
        guard partitions.count > 1, total < 4 * chunkCapacity else { return partitions }
        let result = GroupPartition(owner)
        for partition in partitions {
            for i in 0..<partition.groups.count {
                result.groups.append(partition.groups.addresses[i])
            }
        }
        return [result]
    }

    /// Merges the only groups of all workers.
    func combineUngrouped() throws(StarlingError) -> GroupPartition {
        let result = GroupPartition(owner)
        try emptyGroups.allocate(1, into: emptyAddress.pointer)
        let target = emptyAddress.pointer[0]
        var sources = workers.filter { $0.rowCount > 0 }.map(\.ungroupedState)
        sources += try combineDistinctUngrouped()
        for source in sources {
            var (target, source) = (target, source.baseAddress)
            for index in plan.layout.updatedKernels {
                try plan.layout.kernels[index].combine(
                    targets: &target, sources: &source, offset: plan.layout.stateOffsets[index],
                    count: 1, heap: heaps[0].heap)
                try heaps[0].reserveWhatIsHeld()
            }
        }
        result.groups.append(target)
        return result
    }

    private let emptyAddress = RowAddresses(capacity: 1)

    private func forEachPartition(
        _ body: @escaping @Sendable (Int) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        let counter = SharedCounter()
        let cancellation = execution.cancellation
        // A few groups are merged sooner than other workers wake up.
        let rowCount = workers.reduce(0) { total, worker in
            total + worker.groups.store.rowCount
                + worker.distinct.reduce(0) { $0 + $1.store.rowCount }
        }
        let progress = execution.progress
        progress.expect(GroupLayout.partitionCount)
        try execution.onWorkers(atMost: rowCount < 8_192 ? 1 : nil) {
            (_) throws(StarlingError) in
            while case let partition = counter.next(), partition < GroupLayout.partitionCount {
                try cancellation.check()
                try body(partition)
                progress.note(1)
            }
        }
    }

    /// True where rows of some worker are in a file.
    var hasSpilled: Bool { workers.contains { $0.spilled != nil } }

    /// What merging each partition takes if spilled rows make groups as often as those before them.
    func expectedByteCounts() -> [Int] {
        var tables = [GroupTally(plan.layout, workers.map(\.groups), seen: groupedRowCount)]
        for (position, list) in plan.distinctLists.enumerated() {
            let gatherers = workers.map { $0.distinct[position] }
            tables.append(GroupTally(list.layout, gatherers, seen: groupedRowCount))
        }
        let gathersRows = plan.layout.kernels.contains { $0.gathersRows }
        return (0..<GroupLayout.partitionCount).map { partition in
            let spilled = workers.flatMap { $0.spilled?.chunks[partition] ?? [] }
            let rowCount = spilled.reduce(0) { $0 + $1.rowCount }
            let byteCount = spilled.reduce(0) { $0 + $1.byteCount }
            return tables.reduce(gathersRows ? byteCount : 0) {
                $0 + $1.expectedByteCount(partition, rowCount: rowCount, byteCount: byteCount)
            }
        }
    }

    /// Counts the rows that were grouped before further ones went to files, once for each set.
    private var groupedRowCount: Int {
        let setCount = plan.shape.groupingSets?.count ?? 1
        return workers.reduce(0) { total, worker in
            let spilled = worker.spilled?.chunks.joined().reduce(0) { $0 + $1.rowCount } ?? 0
            return total + worker.rowCount * setCount - spilled
        }
    }

    /// Merges one partition, with the rows that were spilled of it.
    func combined(_ partition: Int) throws(StarlingError) -> GroupPartition {
        // What its states keep goes with the partition.
        let heap = MergeHeap(execution.budget)
        let result = GroupPartition(owner.adding([], heap))
        try combine(partition, into: result, heap)
        return result
    }

    private func combine(
        _ partition: Int, into result: GroupPartition, _ heap: MergeHeap
    ) throws(StarlingError) {
        let sources = workers.map(\.groups).filter { $0.lists[partition].count > 0 }
        let spilled = workers.flatMap { $0.spilled?.chunks[partition] ?? [] }
        if plan.distinctLists.isEmpty, spilled.isEmpty, sources.count == 1, sources[0].isUnique {
            result.adopt(sources[0].lists[partition])
            return
        }
        let merge = GroupMerge(plan.layout, sources, partition, execution, heap: heap)
        try merge.mergeAll()
        var values: [GroupMerge] = []
        for (position, list) in plan.distinctLists.enumerated() {
            let distinct = workers.map { $0.distinct[position] }
            let merge = GroupMerge(list.layout, distinct, partition, execution, heap: heap)
            try merge.mergeAll()
            values.append(merge)
        }
        if !spilled.isEmpty {
            try add(spilled, to: merge, values)
            result.keep(owner.adding(([merge] + values).compactMap(\.store), heap))
        }
        result.adopt(merge.groups)
        for (list, values) in zip(plan.distinctLists, values) {
            try addDistinct(list, values.groups, to: merge, heap: heap)
        }
    }

    /// Groups spilled rows of a partition.
    private func add(
        _ spilled: [SpilledChunk], to merge: GroupMerge, _ values: [GroupMerge]
    ) throws(StarlingError) {
        let calls = plan.directCalls.map { ($0, plan.spilledShape.moved($1)) }
        let lists = plan.distinctLists.map(plan.spilledShape.moved)
        let update = GroupUpdate(plan.layout)
        let addresses = RowAddresses()
        for place in spilled {
            try execution.cancellation.check()
            let chunk = try place.read()
            let keys = Array(chunk.columns.prefix(plan.keys.count))
            let heap = try merge.findOrMake(
                keys, partitionKeyCount: nil, count: chunk.count, into: addresses.pointer)
            for (index, call) in calls {
                try update.update(index, call, chunk, groups: addresses, heap: heap)
            }
            try merge.store?.reserveWhatIsHeld()
            for (list, values) in zip(lists, values) {
                let (columns, count) = list.columns(keys, chunk)
                guard count > 0 else { continue }
                _ = try values.findOrMake(
                    columns, partitionKeyCount: keys.count, count: count,
                    into: addresses.pointer)
            }
        }
    }

    /// Adds distinct arguments to the states of their groups.
    private func addDistinct(
        _ list: AggregatePlan.DistinctList, _ values: GroupList, to merge: GroupMerge,
        heap: MergeHeap
    ) throws(StarlingError) {
        let addresses = RowAddresses()
        var start = 0
        while start < values.count {
            let count = min(chunkCapacity, values.count - start)
            let rows = UnsafePointer(values.addresses + start)
            let columns = list.layout.rows.columns.indices.map {
                list.layout.rows.gather($0, rows: rows, count: count, owner: owner)
            }
            try merge.find(
                Array(columns.prefix(plan.keys.count)), count: count, into: addresses.pointer)
            for call in list.calls {
                try plan.layout.kernels[call].update(
                    groups: addresses.pointer, offset: plan.layout.stateOffsets[call],
                    arguments: Array(columns.dropFirst(plan.keys.count)), count: count,
                    heap: heap.heap)
            }
            try heap.reserveWhatIsHeld()
            start += count
        }
    }

    /// Computes DISTINCT aggregates over all rows: a state for each partition of the values.
    private func combineDistinctUngrouped() throws(StarlingError) -> [Buffer] {
        guard !plan.distinctLists.isEmpty else { return [] }
        let states = Mutex<[Buffer]>([])
        try forEachPartition { (partition) throws(StarlingError) in
            let state = plan.makeUngroupedState()
            for (position, list) in plan.distinctLists.enumerated() {
                let merge = GroupMerge(
                    list.layout, workers.map { $0.distinct[position] }, partition, execution,
                    heap: heaps[partition])
                try merge.mergeAll()
                try updateUngrouped(list, merge.groups, state, heap: heaps[partition])
            }
            states.withLock { $0.append(state) }
        }
        return states.withLock { $0 }
    }

    private func updateUngrouped(
        _ list: AggregatePlan.DistinctList, _ values: GroupList, _ state: Buffer, heap: MergeHeap
    ) throws(StarlingError) {
        var start = 0
        while start < values.count {
            let count = min(chunkCapacity, values.count - start)
            let rows = UnsafePointer(values.addresses + start)
            let columns = list.arguments.indices.map {
                list.layout.rows.gather($0, rows: rows, count: count, owner: owner)
            }
            for call in list.calls {
                try plan.layout.kernels[call].update(
                    state: state.baseAddress + plan.layout.stateOffsets[call],
                    arguments: columns, count: count, heap: heap.heap)
            }
            try heap.reserveWhatIsHeld()
            start += count
        }
    }

    /// Makes the groups of empty sets, which are there even where there was no row.
    private func addEmptySets(
        _ sets: [[Int]], to result: GroupPartition
    ) throws(StarlingError) {
        for (number, set) in sets.enumerated() where set.isEmpty {
            var columns = plan.shape.keys.map { Vector.allNull($0.physicalType, count: 1) }
            columns.append(Vector(.int16, values: [.integer(Int128(number))]))
            try emptyGroups.append(columns, count: 1, into: emptyAddress.pointer)
            result.groups.append(emptyAddress.pointer[0])
        }
    }
}
