// An aggregate over the frames of a partition that lies in a spill file, block by block:
//
// - Over the whole partition there is one result, known since the rows were written.
// - Frames that begin with the partition and never end before those of earlier rows take one state
//   that grows with the rows.
// - Other frames are put together from segment trees: one over the rows of each block that a frame
//   begins, ends or lies in, and one over the blocks, for what lies between.
// - States that hold all their rows, and very large ones, are computed frame by frame.

import StarlingErrors
import StarlingFunctions
import StarlingMemory
import StarlingVectors

/// Computes one aggregate for one block after the other.
final class SpilledAggregate {
    private let kernel: any AggregateKernel
    private let call: WindowCall
    private let storage: any WindowStorage
    /// Holds the states that stay from block to block.
    private let reservation: Reservation
    private var running: RunningState?
    private var restarts = false
    /// The trees of the blocks that were needed last, the latest one last.
    private var recent: [(block: Int, tree: StateTree)] = []
    private var upper: StateTree?

    private static let recentCountMax = 4
    /// A block's tree of more bytes is not built.
    private static let treeByteCountMax = 1 << 22

    init(
        _ kernel: any AggregateKernel, _ call: WindowCall, _ storage: any WindowStorage,
        _ budget: MemoryBudget
    ) {
        self.kernel = kernel
        self.call = call
        self.storage = storage
        reservation = Reservation(budget, purpose: "a window function")
    }

    /// Computes the frames of a block's rows.
    func results(
        _ aggregate: WindowAggregate, _ frames: WindowFrames
    ) throws(StarlingError) -> Vector {
        let treeByteCount = StateTree.byteCount(leafCount: storage.blockRowCount, kernel)
        if kernel.gathersRows || treeByteCount > Self.treeByteCountMax {
            return try aggregate.overEachFrame(frames)
        }
        let beginsWithPartition =
            call.frame.start == .unboundedPreceding && call.frame.exclusion == nil
        if beginsWithPartition, !restarts {
            let ends = frames.pieces[0].end
            if let result = try growing(aggregate, ends) { return result }
            // It would have to begin again with every row.
            restarts = true
            running = nil
        }
        return try overTrees(aggregate, frames)
    }

    // MARK: Frames that grow

    /// Holds the state of the partition's first rows.
    private struct RunningState {
        var states: WindowStates
        var heap: StringHeap
        /// How many rows it has seen.
        var rowCount: Int
    }

    /// Adds to the running state what each row's frame has more than the one before; returns nil
    /// where a frame has less.
    private func growing(
        _ aggregate: WindowAggregate, _ ends: UnsafePointer<UInt32>
    ) throws(StarlingError) -> Vector? {
        let count = aggregate.rows.count
        let seen = running?.rowCount ?? 0
        // State 0 is the running one; a further one stands for each end that differs.
        var stateEnds = [seen]
        var stateOfRow: [Int] = []
        stateOfRow.reserveCapacity(count)
        for row in 0..<count {
            let end = Int(ends[row])
            guard end >= stateEnds[stateEnds.count - 1] else { return nil }
            if end > stateEnds[stateEnds.count - 1] { stateEnds.append(end) }
            stateOfRow.append(stateEnds.count - 1)
        }
        let states = WindowStates(kernel, count: stateEnds.count)
        var pairs = StatePairs(kernel, aggregate.heap)
        if let running { try pairs.add(states.address(0), running.states.address(0)) }
        var state = 0
        try aggregate.addRows(from: seen, to: stateEnds[stateEnds.count - 1]) { position in
            while position >= stateEnds[state] { state += 1 }
            return states.address(state)
        }
        for state in 1..<max(1, stateEnds.count) {
            try pairs.add(states.address(state), states.address(state - 1))
        }
        try pairs.flush()
        // The state moves to a heap of its own, so that this block's goes with its results.
        let heap = StringHeap(firstBlockByteCount: 64)
        let next = RunningState(
            states: WindowStates(kernel, count: 1), heap: heap,
            rowCount: stateEnds[stateEnds.count - 1])
        var moving = StatePairs(kernel, heap)
        try moving.add(next.states.address(0), states.address(stateEnds.count - 1))
        try moving.flush()
        running = next
        return try aggregate.finalize(count: count) { states.address(stateOfRow[$0]) }
    }

    // MARK: Other frames

    /// Is a part of a row's frame within one block.
    private struct Part {
        var block: Int
        var row: Int
        /// Positions within the block.
        var leaves: Range<Int>
    }

    private func overTrees(
        _ aggregate: WindowAggregate, _ frames: WindowFrames
    ) throws(StarlingError) -> Vector {
        let results = WindowStates(kernel, count: aggregate.rows.count)
        var pairs = StatePairs(kernel, aggregate.heap)
        var parts: [Part] = []
        let width = storage.blockRowCount
        for row in 0..<aggregate.rows.count {
            for piece in frames.pieces where piece.start[row] < piece.end[row] {
                let (start, end) = (Int(piece.start[row]), Int(piece.end[row]))
                let (first, last) = (start / width, (end - 1) / width)
                if first == last {
                    parts.append(
                        Part(
                            block: first, row: row,
                            leaves: start - first * width..<end - first * width))
                    continue
                }
                parts.append(
                    Part(block: first, row: row, leaves: start - first * width..<width))
                parts.append(Part(block: last, row: row, leaves: 0..<end - last * width))
                if first + 1 < last {
                    try upperTree(aggregate).add(
                        first + 1..<last, to: results.address(row), &pairs)
                }
            }
        }
        parts.sort { ($0.block, $0.row) < ($1.block, $1.row) }
        for part in parts {
            let tree = try tree(ofBlock: part.block, aggregate, &pairs)
            try tree.add(part.leaves, to: results.address(part.row), &pairs)
        }
        try pairs.flush()
        return try aggregate.finalize(count: aggregate.rows.count) { results.address($0) }
    }

    private func reserve() throws(StarlingError) {
        let held = recent.reduce(0) { $0 + $1.tree.byteCount } + (upper?.byteCount ?? 0)
        try reservation.resize(to: held)
    }

    /// Gives the tree over a block's rows. Pairs that wait for another one come first.
    private func tree(
        ofBlock block: Int, _ aggregate: WindowAggregate, _ pairs: inout StatePairs
    ) throws(StarlingError) -> StateTree {
        if let last = recent.last, last.block == block { return last.tree }
        if let place = recent.firstIndex(where: { $0.block == block }) {
            recent.append(recent.remove(at: place))
            return recent[recent.count - 1].tree
        }
        if recent.count == Self.recentCountMax {
            try pairs.flush()
            recent.removeFirst()
        }
        let rows = storage.rows(ofBlock: block)
        let leaves = WindowStates(kernel, count: rows.count)
        let inner = WindowAggregate(
            kernel: kernel, call: call, rows: aggregate.rows, reservation: reservation)
        try inner.addRows(from: rows.lowerBound, to: rows.upperBound) {
            leaves.address($0 - rows.lowerBound)
        }
        let tree = try StateTree(leaves, count: rows.count, kernel, inner.heap)
        recent.append((block, tree))
        try reserve()
        return tree
    }

    /// Gives the tree over all blocks, for which they are read once more.
    private func upperTree(_ aggregate: WindowAggregate) throws(StarlingError) -> StateTree {
        if let upper { return upper }
        let count = (storage.count - 1) / storage.blockRowCount + 1
        let leaves = WindowStates(kernel, count: count)
        let heap = StringHeap(firstBlockByteCount: 4_096)
        for block in 0..<count {
            // What a state keeps on the way goes with the heap of its block.
            let inner = WindowAggregate(
                kernel: kernel, call: call, rows: aggregate.rows, reservation: reservation)
            let state = WindowStates(kernel, count: 1)
            let rows = storage.rows(ofBlock: block)
            try inner.addRows(from: rows.lowerBound, to: rows.upperBound) { _ in
                state.address(0)
            }
            var pairs = StatePairs(kernel, heap)
            try pairs.add(leaves.address(block), state.address(0))
            try pairs.flush()
            withExtendedLifetime(inner) {}
        }
        let tree = try StateTree(leaves, count: count, kernel, heap)
        upper = tree
        try reserve()
        return tree
    }
}
