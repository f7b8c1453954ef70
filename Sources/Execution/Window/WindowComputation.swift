// Computes all window functions that share a partitioning and an order: over one batch of whole
// partitions in memory, or over one block of a partition in a spill file.

import StarlingErrors
import StarlingFunctions
import StarlingMemory
import StarlingVectors

/// Computes window functions.
struct WindowComputation: Sendable {
    let partitionColumns: [Int]
    let orderKeys: [SortColumn]
    let calls: [WindowCall]

    /// Returns the result of each call for the first `count` rows, a batch of whole partitions.
    /// `partitions` flags the rows at which one begins. `reservation` holds what computing takes.
    func results(
        _ rows: MemoryRows, partitions: UnsafePointer<UInt8>, _ reservation: Reservation
    ) throws(StarlingError) -> [Vector] {
        rows.markPeers(orderKeys.map(\.position), partitions: partitions)
        let extents = WindowExtents(
            partitions: partitions, peers: rows.peerFlags(ofBlock: 0).pointer(to: UInt8.self),
            count: rows.count)
        let batch = WindowRows(storage: rows, first: 0, count: rows.count)
        var results: [Vector] = []
        for call in calls {
            results.append(try result(of: call, batch, extents, WindowProgress(), reservation))
        }
        return results
    }

    /// Returns the result of each call for the rows of a block; `progress` has an element a call,
    /// and saw the blocks before.
    func results(
        ofBlock block: Int, in partition: SpilledPartition, _ progress: [WindowProgress],
        _ reservation: Reservation
    ) throws(StarlingError) -> [Vector] {
        let extents = try WindowExtents(ofBlock: block, in: partition)
        let place = partition.rows(ofBlock: block)
        let rows = WindowRows(storage: partition, first: place.lowerBound, count: place.count)
        var results: [Vector] = []
        for (call, progress) in zip(calls, progress) {
            results.append(try result(of: call, rows, extents, progress, reservation))
        }
        return results
    }

    private func result(
        of call: WindowCall, _ rows: WindowRows, _ extents: WindowExtents,
        _ progress: WindowProgress, _ reservation: Reservation
    ) throws(StarlingError) -> Vector {
        do throws(StarlingError) {
            return try computed(call, rows, extents, progress, reservation)
        } catch {
            throw error.locatedIfData(at: call.place)
        }
    }

    private func computed(
        _ call: WindowCall, _ rows: WindowRows, _ extents: WindowExtents,
        _ progress: WindowProgress, _ reservation: Reservation
    ) throws(StarlingError) -> Vector {
        switch call.function {
        case .aggregate(let kernel):
            if let whole = progress.whole { return try whole.result(count: rows.count) }
            let aggregate = WindowAggregate(
                kernel: kernel, call: call, rows: rows, reservation: reservation)
            if let spilled = progress.spilled {
                return try spilled.results(aggregate, try frames(call, rows, extents))
            }
            if call.frame.isWholePartition { return try aggregate.overPartitions(extents) }
            let frames = try frames(call, rows, extents)
            if kernel.gathersRows { return try aggregate.overEachFrame(frames) }
            if call.frame.start == .unboundedPreceding, call.frame.exclusion == nil {
                return try aggregate.overPrefixes(frames, extents)
            }
            return try aggregate.overFrames(frames)
        case .ranking(let kind):
            switch kind {
            case .lead, .lag, .firstValue, .lastValue, .nthValue:
                let values = WindowValues(call: call, rows: rows, extents: extents)
                if kind == .lead || kind == .lag {
                    return try values.shifted(isLead: kind == .lead)
                }
                return try values.picked(kind, try frames(call, rows, extents))
            default:
                let ranking = WindowRanking(
                    call: call, rows: rows, extents: extents, progress: progress)
                return try ranking.result(kind)
            }
        }
    }

    private func frames(
        _ call: WindowCall, _ rows: WindowRows, _ extents: WindowExtents
    ) throws(StarlingError) -> WindowFrames {
        try WindowFrames(call.frame, rows, extents, orderKey: orderKeys.first)
    }
}

extension WindowComputation {
    /// Bytes a row of the results.
    var resultByteCount: Int { calls.reduce(0) { $0 + $1.resultType.byteWidth } }

    /// Bytes a row that computing takes at its peak, about.
    var workingByteCount: Int {
        let stateByteCount = calls.map { call in
            if case .aggregate(let kernel) = call.function { kernel.stateByteCount } else { 0 }
        }
        return resultByteCount + 40 + 3 * (stateByteCount.max() ?? 0)
    }

    /// The columns of which the figures of blocks are needed: those whose NULLs are passed over,
    /// and the key that RANGE frames search.
    var summarizedColumns: Set<Int> {
        var columns: Set<Int> = []
        for call in calls {
            if let column = call.countedColumn { columns.insert(column) }
        }
        if let key = orderKeys.first { columns.insert(key.position) }
        return columns
    }
}
