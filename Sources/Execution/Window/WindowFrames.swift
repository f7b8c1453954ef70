// The frame of every row, as positions among the rows of its storage. ROWS counts rows, GROUPS
// peers; RANGE goes to the ends of peers, or searches the partition's keys for the value that the
// bound's column holds. EXCLUDE leaves up to three pieces of a frame.

import StarlingErrors
import StarlingMemory
import StarlingPlans
import StarlingVectors

/// Holds where consecutive pieces of rows begin and end, one for each row that is computed for;
/// empty where the end is not behind the start.
struct WindowPieces {
    private let buffer: Buffer
    private let count: Int

    init(count: Int) {
        self.count = count
        buffer = Buffer(byteCount: count * 8)
    }

    var start: UnsafeMutablePointer<UInt32> { buffer.pointer(to: UInt32.self) }
    var end: UnsafeMutablePointer<UInt32> { buffer.pointer(to: UInt32.self) + count }
}

/// Computes the frames of rows.
struct WindowFrames {
    /// The pieces of every row's frame, in order.
    private(set) var pieces: [WindowPieces]

    private let rows: WindowRows
    private let extents: WindowExtents
    private let orderKey: SortColumn?

    private var count: Int { rows.count }

    /// Tells whether a row's frame has no rows.
    func isEmpty(_ row: Int) -> Bool { pieces.allSatisfy { $0.start[row] >= $0.end[row] } }

    init(
        _ frame: WindowCall.Frame, _ rows: WindowRows, _ extents: WindowExtents,
        orderKey: SortColumn?
    ) throws(StarlingError) {
        self.rows = rows
        self.extents = extents
        self.orderKey = orderKey
        let whole = WindowPieces(count: rows.count)
        pieces = [whole]
        try setEnds(frame.start, frame.unit, isStart: true, into: whole.start)
        try setEnds(frame.end, frame.unit, isStart: false, into: whole.end)
        if let exclusion = frame.exclusion { exclude(exclusion, from: whole) }
    }

    private func setEnds(
        _ bound: WindowCall.Bound, _ unit: WindowFrame.Unit, isStart: Bool,
        into target: UnsafeMutablePointer<UInt32>
    ) throws(StarlingError) {
        switch bound {
        case .unboundedPreceding: target.update(from: extents.partitionStart, count: count)
        case .unboundedFollowing: target.update(from: extents.partitionEnd, count: count)
        case .currentRow:
            if unit != .rows {
                target.update(from: isStart ? extents.peerStart : extents.peerEnd, count: count)
            } else {
                let first = UInt32(rows.first) + (isStart ? 0 : 1)
                for row in 0..<count { target[row] = first + UInt32(row) }
            }
        case .preceding(let column), .following(let column):
            let sign: Int128 = if case .preceding = bound { -1 } else { 1 }
            switch unit {
            case .range: try search(column, isStart: isStart, into: target)
            case .rows: try step(column, sign, behind: isStart ? 0 : 1, into: target)
            case .groups: try stepPeers(column, sign, behind: isStart ? 0 : 1, into: target)
            }
        }
    }

    /// Goes a number of rows forth or back and stays in the partition.
    private func step(
        _ column: Int, _ sign: Int128, behind: Int128, into target: UnsafeMutablePointer<UInt32>
    ) throws(StarlingError) {
        let offsets = WideColumn(try rows.column(column))
        let (first, last) = (extents.partitionStart, extents.partitionEnd)
        for row in 0..<count {
            let distance = sign * (try distance(offsets, row))
            let place = Int128(rows.first + row) + distance + behind
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
        _ column: Int, _ sign: Int128, behind: Int128, into target: UnsafeMutablePointer<UInt32>
    ) throws(StarlingError) {
        let offsets = WideColumn(try rows.column(column))
        var peers = WindowPeers(rows.storage)
        var number = Int128(extents.peersBefore) - 1
        for row in 0..<count {
            if Int(extents.peerStart[row]) == rows.first + row { number += 1 }
            let wanted = number + sign * (try distance(offsets, row)) + behind
            // Numbers of other partitions stand for this one's ends.
            let place = UInt32(try peers.start(ofPeers: wanted))
            target[row] = min(
                max(place, extents.partitionStart[row]), extents.partitionEnd[row])
        }
    }

    /// Finds the first row whose key is not before the bound's value, or the first one behind it.
    private func search(
        _ column: Int, isStart: Bool, into target: UnsafeMutablePointer<UInt32>
    ) throws(StarlingError) {
        guard let orderKey else { return }
        let own = WideColumn(try rows.column(orderKey.position))
        let bounds = WideColumn(try rows.column(column))
        var keys = WindowKeys(rows.storage, orderKey)
        let peers = isStart ? extents.peerStart : extents.peerEnd
        // The rows with a key, in the current partition.
        var keyed = 0..<0
        for row in 0..<count {
            let start = Int(extents.partitionStart[row])
            if row == 0 || start == rows.first + row {
                keyed = try keys.withKeys(start..<Int(extents.partitionEnd[row]))
            }
            if own.value(row) != nil, let bound = bounds.value(row) {
                target[row] = UInt32(try keys.position(of: bound, in: keyed, isStart: isStart))
            } else {
                target[row] = peers[row]
            }
        }
    }

    /// Cuts the current row or its peers out of its frame.
    private mutating func exclude(
        _ exclusion: WindowFrame.Exclusion, from whole: WindowPieces
    ) {
        let (before, behind) = (WindowPieces(count: count), WindowPieces(count: count))
        let current = WindowPieces(count: count)
        for row in 0..<count {
            let position = UInt32(rows.first + row)
            let (start, end) = (whole.start[row], whole.end[row])
            let isRowOnly = exclusion == .currentRow
            let cutStart = isRowOnly ? position : extents.peerStart[row]
            let cutEnd = isRowOnly ? position + 1 : extents.peerEnd[row]
            (before.start[row], before.end[row]) = (start, min(end, cutStart))
            (behind.start[row], behind.end[row]) = (max(start, cutEnd), end)
            current.start[row] = max(start, position)
            current.end[row] = min(end, position + 1)
        }
        pieces = exclusion == .ties ? [before, current, behind] : [before, behind]
    }
}
