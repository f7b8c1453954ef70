// The frame of every row, as positions in the batch. ROWS counts rows, GROUPS peers; RANGE goes to
// the ends of peers, or searches the partition's keys for the value that the bound's column holds.

import StarlingErrors
import StarlingMemory
import StarlingPlans
import StarlingVectors

/// Holds where each row's frame begins and ends; empty where the end is not behind the start.
struct WindowFrames {
    private let buffer: Buffer
    private let count: Int

    var start: UnsafeMutablePointer<UInt32> { buffer.pointer(to: UInt32.self) }
    var end: UnsafeMutablePointer<UInt32> { buffer.pointer(to: UInt32.self) + count }

    init(
        _ frame: WindowCall.Frame, _ rows: WindowRows, _ extents: WindowExtents,
        orderKey: SortColumn?
    ) throws(StarlingError) {
        count = rows.count
        buffer = Buffer(byteCount: rows.count * 8)
        switch frame.start {
        case .unboundedPreceding: start.update(from: extents.partitionStart, count: count)
        case .unboundedFollowing: start.update(from: extents.partitionEnd, count: count)
        case .currentRow: setCurrentRow(frame.unit, start, extents.peerStart, behind: 0)
        case .preceding(let column), .following(let column):
            let sign: Int128 = if case .preceding = frame.start { -1 } else { 1 }
            switch frame.unit {
            case .range: search(column, rows, extents, orderKey, isStart: true)
            case .rows: try step(column, rows, extents, sign, into: start, behind: 0)
            case .groups: try stepPeers(column, rows, extents, sign, isStart: true)
            }
        }
        switch frame.end {
        case .unboundedPreceding: end.update(from: extents.partitionStart, count: count)
        case .unboundedFollowing: end.update(from: extents.partitionEnd, count: count)
        case .currentRow: setCurrentRow(frame.unit, end, extents.peerEnd, behind: 1)
        case .preceding(let column), .following(let column):
            let sign: Int128 = if case .preceding = frame.end { -1 } else { 1 }
            switch frame.unit {
            case .range: search(column, rows, extents, orderKey, isStart: false)
            case .rows: try step(column, rows, extents, sign, into: end, behind: 1)
            case .groups: try stepPeers(column, rows, extents, sign, isStart: false)
            }
        }
    }

    private func setCurrentRow(
        _ unit: WindowFrame.Unit, _ target: UnsafeMutablePointer<UInt32>,
        _ peers: UnsafePointer<UInt32>, behind: UInt32
    ) {
        if unit != .rows {
            target.update(from: peers, count: count)
        } else {
            for row in 0..<count { target[row] = UInt32(row) + behind }
        }
    }

    /// Goes a number of rows forth or back and stays in the partition.
    private func step(
        _ column: Int, _ rows: WindowRows, _ extents: WindowExtents, _ sign: Int128,
        into target: UnsafeMutablePointer<UInt32>, behind: Int128
    ) throws(StarlingError) {
        let offsets = WideColumn(rows.column(column))
        let (first, last) = (extents.partitionStart, extents.partitionEnd)
        for row in 0..<count {
            let distance = sign * (try distance(offsets, row))
            let place = Int128(row) + distance + behind
            target[row] = UInt32(min(max(place, Int128(first[row])), Int128(last[row])))
        }
    }

    private func distance(_ offsets: WideColumn, _ row: Int) throws(StarlingError) -> Int128 {
        guard let offset = offsets.value(row), offset >= 0 else {
            throw StarlingError(
                .data, "the bound of a window frame must be a number of rows, not negative")
        }
        return min(offset, Int128(UInt32.max))
    }

    /// Goes a number of peers forth or back; behind the ends of the partition there is nothing.
    private func stepPeers(
        _ column: Int, _ rows: WindowRows, _ extents: WindowExtents, _ sign: Int128, isStart: Bool
    ) throws(StarlingError) {
        let offsets = WideColumn(rows.column(column))
        // The first row of each group of peers, and each row's group.
        var starts: [UInt32] = []
        let numbers = Buffer(byteCount: count * 4)
        let groups = numbers.pointer(to: UInt32.self)
        for row in 0..<count {
            if extents.peerStart[row] == UInt32(row) { starts.append(UInt32(row)) }
            groups[row] = UInt32(starts.count - 1)
        }
        let target = isStart ? start : end
        for row in 0..<count {
            let (first, last) = (extents.partitionStart[row], extents.partitionEnd[row])
            let wanted = Int128(groups[row]) + sign * (try distance(offsets, row))
            if wanted < Int128(groups[Int(first)]) {
                target[row] = first
            } else if wanted > Int128(groups[Int(last) - 1]) {
                target[row] = last
            } else {
                let start = starts[Int(wanted)]
                target[row] = isStart ? start : extents.peerEnd[Int(start)]
            }
        }
        withExtendedLifetime(numbers) {}
    }

    /// Finds the first row whose key is not before the bound's value, or the first one behind it.
    private func search(
        _ column: Int, _ rows: WindowRows, _ extents: WindowExtents, _ orderKey: SortColumn?,
        isStart: Bool
    ) {
        guard let orderKey else { return }
        let keys = WideColumn(rows.column(orderKey.position))
        let bounds = WideColumn(rows.column(column))
        let flip: Int128 = orderKey.isAscending ? 0 : -1
        let target = isStart ? start : end
        let peers = isStart ? extents.peerStart : extents.peerEnd
        // The rows with a key, in the current partition.
        var (first, last) = (0, 0)
        for row in 0..<count {
            if extents.partitionStart[row] == UInt32(row) {
                (first, last) = (row, Int(extents.partitionEnd[row]))
                while first < last, keys.value(first) == nil { first += 1 }
                while last > first, keys.value(last - 1) == nil { last -= 1 }
            }
            guard keys.value(row) != nil, let bound = bounds.value(row) else {
                target[row] = peers[row]
                continue
            }
            var (low, high) = (first, last)
            let wanted = bound ^ flip
            while low < high {
                let middle = (low + high) / 2
                let key = keys.values[middle] ^ flip
                if isStart ? key < wanted : key <= wanted {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            target[row] = UInt32(low)
        }
    }
}
