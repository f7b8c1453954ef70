// Aggregates over frames, by means of the same kernels as GROUP BY, which work on many states at
// a time. Here all rows are at hand:
//
// - Over whole partitions there is a state for each partition.
// - Frames that begin with the partition take states for all prefixes: each row has a state of its
//   own value, to which the state before it is added, in order.
// - Other frames are put together from the nodes of a segment tree (`StateTree`).
// - States that hold all their rows are not put together: each frame is computed by itself.

import StarlingErrors
import StarlingFunctions
import StarlingKernels
import StarlingMemory
import StarlingVectors

/// Computes one aggregate over the frames of rows.
struct WindowAggregate {
    typealias Address = WindowStates.Address

    let kernel: any AggregateKernel
    let call: WindowCall
    let rows: WindowRows
    /// Holds what states take beside what was foreseen.
    let reservation: Reservation
    let heap = StringHeap(firstBlockByteCount: 4_096)

    init(
        kernel: any AggregateKernel, call: WindowCall, rows: WindowRows, reservation: Reservation
    ) {
        self.kernel = kernel
        self.call = call
        self.rows = rows
        self.reservation = reservation
    }

    func overPartitions(_ extents: WindowExtents) throws(StarlingError) -> Vector {
        var partitionCount = 0
        let partitionOfRow = Buffer(byteCount: rows.count * 4)
        let partitions = partitionOfRow.pointer(to: UInt32.self)
        for row in 0..<rows.count {
            if extents.partitionStart[row] == UInt32(row) { partitionCount += 1 }
            partitions[row] = UInt32(partitionCount - 1)
        }
        let states = WindowStates(kernel, count: partitionCount)
        try addRows { states.address(Int(partitions[$0])) }
        let results = try finalize(count: partitionCount) { states.address($0) }
        return results.gathered(by: partitions, count: rows.count)
    }

    func overPrefixes(
        _ frames: WindowFrames, _ extents: WindowExtents
    ) throws(StarlingError) -> Vector {
        let states = WindowStates(kernel, count: rows.count)
        try addRows { states.address($0) }
        var pairs = StatePairs(kernel, heap)
        for row in 0..<rows.count where extents.partitionStart[row] != UInt32(row) {
            try pairs.add(states.address(row), states.address(row - 1))
        }
        try pairs.flush()
        let empty = WindowStates(kernel, count: 1)
        let piece = frames.pieces[0]
        return try finalize(count: rows.count) { row in
            let isEmpty = piece.end[row] <= piece.start[row]
            return isEmpty ? empty.address(0) : states.address(Int(piece.end[row]) - 1)
        }
    }

    func overFrames(_ frames: WindowFrames) throws(StarlingError) -> Vector {
        let results = WindowStates(kernel, count: rows.count)
        let leaves = WindowStates(kernel, count: rows.count)
        try addRows { leaves.address($0) }
        let tree = try StateTree(leaves, count: rows.count, kernel, heap)
        var pairs = StatePairs(kernel, heap)
        for row in 0..<rows.count {
            for piece in frames.pieces where piece.start[row] < piece.end[row] {
                try tree.add(
                    Int(piece.start[row])..<Int(piece.end[row]), to: results.address(row), &pairs)
            }
        }
        try pairs.flush()
        return try finalize(count: rows.count) { results.address($0) }
    }

    /// Computes every frame from its rows; frames that follow on an equal one take its result.
    func overEachFrame(_ frames: WindowFrames) throws(StarlingError) -> Vector {
        var collector = ColumnCollector(kernel.resultPhysicalType, copiesStrings: true)
        let resultOfRow = Buffer(byteCount: rows.count * 4)
        let results = resultOfRow.pointer(to: UInt32.self)
        let foreseen = reservation.byteCount
        for row in 0..<rows.count {
            let isKnown =
                row > 0
                && frames.pieces.allSatisfy {
                    $0.start[row] == $0.start[row - 1] && $0.end[row] == $0.end[row - 1]
                }
            if !isKnown {
                let held = foreseen + collector.byteCount
                collector.append(try result(of: frames, row, beside: held))
                try reservation.resize(to: foreseen + collector.byteCount)
            }
            results[row] = UInt32(collector.count - 1)
        }
        let vector = collector.finish().gathered(by: results, count: rows.count)
        return vector.converted(to: call.resultType)
    }

    /// Computes one frame; the memory of its state goes at once.
    private func result(
        of frames: WindowFrames, _ row: Int, beside heldByteCount: Int
    ) throws(StarlingError) -> Vector {
        let states = WindowStates(kernel, count: 1)
        let heap = StringHeap(firstBlockByteCount: 4_096)
        var address = states.address(0)
        for piece in frames.pieces {
            try forEachPiece(from: Int(piece.start[row]), to: Int(piece.end[row])) {
                (_, arguments, selection, count) throws(StarlingError) in
                try kernel.update(
                    state: address, arguments: arguments, count: selection?.count ?? count,
                    heap: heap)
                try reservation.resize(to: heldByteCount + heap.byteCount)
            }
        }
        var vector = try kernel.finalize(groups: &address, offset: 0, count: 1)
        if vector.physicalType == .string { vector.owner = OwnerList.joining(vector.owner, heap) }
        withExtendedLifetime(states) {}
        return vector
    }

    /// Adds every row that is computed for to the state that `address` gives for it.
    func addRows(_ address: (Int) -> Address) throws(StarlingError) {
        try addRows(from: rows.first, to: rows.first + rows.count, address)
    }

    /// Adds consecutive rows to the states that `address` gives for their positions.
    func addRows(
        from first: Int, to end: Int, _ address: (Int) -> Address
    ) throws(StarlingError) {
        let addresses = Buffer(byteCount: chunkCapacity * 8)
        let pointer = addresses.pointer(to: Address.self)
        try forEachPiece(from: first, to: end) {
            (start, arguments, selection, count) throws(StarlingError) in
            let taken = selection?.count ?? count
            for row in 0..<taken {
                pointer[row] = address(start + (selection.map { Int($0.rows[row]) } ?? row))
            }
            try kernel.update(
                groups: pointer, offset: 0, arguments: arguments, count: taken, heap: heap)
        }
    }

    /// Gives the arguments of consecutive rows piece by piece, where there is a condition those of
    /// the selected rows.
    private func forEachPiece(
        from first: Int, to end: Int,
        _ body: (Int, [Vector], Selection?, Int) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        var start = first
        while start < end {
            let count = min(chunkCapacity, end - start)
            var arguments = try rows.storage.columns(call.arguments, from: start, count: count)
            var selection: Selection?
            if let condition = call.condition {
                let truths = try rows.storage.columns([condition], from: start, count: count)
                let selected = truths[0].trueRows()
                arguments = arguments.map { $0.gathered(by: selected) }
                selection = selected
            }
            try body(start, arguments, selection, count)
            start += count
        }
    }

    /// Gives the results of `count` states, in the call's type.
    func finalize(count: Int, _ address: (Int) -> Address) throws(StarlingError) -> Vector {
        let addresses = Buffer(byteCount: count * 8)
        let pointer = addresses.pointer(to: Address.self)
        for position in 0..<count { pointer[position] = address(position) }
        let vector = try kernel.finalize(groups: pointer, offset: 0, count: count)
        var result = vector.converted(to: call.resultType)
        if result.physicalType == .string {
            let owner = OwnerList.joining(heap, rows.storage.owner)
            result.owner = OwnerList.joining(vector.owner, owner)
        }
        return result
    }
}
