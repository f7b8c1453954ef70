// Computes all window functions that share a partitioning and an order, over one batch of whole
// partitions.

import StarlingErrors
import StarlingFunctions
import StarlingMemory
import StarlingVectors

/// Computes window functions.
struct WindowComputation: Sendable {
    let partitionColumns: [Int]
    let orderKeys: [SortColumn]
    let calls: [WindowCall]

    /// Returns the result of each call for all rows of the batch. `partitions` flags the rows at
    /// which a partition begins.
    func results(
        _ rows: WindowRows, partitions: UnsafePointer<UInt8>
    ) throws(StarlingError) -> [Vector] {
        let peerFlags = Buffer.zeroed(byteCount: rows.count)
        let peers = peerFlags.pointer(to: UInt8.self)
        for key in orderKeys { markChanges(of: rows.column(key.position), in: peers) }
        let extents = WindowExtents(partitions: partitions, peers: peers, count: rows.count)
        var results: [Vector] = []
        for call in calls { results.append(try result(of: call, rows, extents)) }
        return results
    }

    private func result(
        of call: WindowCall, _ rows: WindowRows, _ extents: WindowExtents
    ) throws(StarlingError) -> Vector {
        switch call.function {
        case .aggregate(let kernel):
            let aggregate = WindowAggregate(
                kernel: kernel, call: call, rows: rows, extents: extents)
            let wholePartition = WindowCall.Frame(
                unit: call.frame.unit, start: .unboundedPreceding, end: .unboundedFollowing)
            if call.frame == wholePartition { return try aggregate.overPartitions() }
            let frames = try frames(call, rows, extents)
            if kernel.gathersRows { return try aggregate.overEachFrame(frames) }
            if call.frame.start == .unboundedPreceding {
                return try aggregate.overPrefixes(frames)
            }
            return try aggregate.overFrames(frames)
        case .ranking(let kind):
            switch kind {
            case .lead, .lag, .firstValue, .lastValue, .nthValue:
                let values = WindowValues(call: call, rows: rows, extents: extents)
                if kind == .lead || kind == .lag { return values.shifted(isLead: kind == .lead) }
                return try values.picked(kind, try frames(call, rows, extents))
            default:
                return try WindowRanking(call: call, rows: rows, extents: extents).result(kind)
            }
        }
    }

    private func frames(
        _ call: WindowCall, _ rows: WindowRows, _ extents: WindowExtents
    ) throws(StarlingError) -> WindowFrames {
        try WindowFrames(call.frame, rows, extents, orderKey: orderKeys.first)
    }
}
