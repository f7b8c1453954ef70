// A segment tree (Leis, Kundhikanjana, Kemper and Neumann, "Efficient Processing of Window
// Functions in Analytical SQL Queries", VLDB 2015): level l has a state for every 2^l leaves, and
// any run of leaves is put together from at most two nodes a level.

import StarlingErrors
import StarlingFunctions
import StarlingVectors

/// Answers for any run of states what they come to together.
final class StateTree {
    private var levels: [WindowStates]
    private let heap: StringHeap
    private let stateByteCount: Int

    /// Builds the nodes above `count` leaves, whose strings lie in `heap`.
    init(
        _ leaves: WindowStates, count: Int, _ kernel: any AggregateKernel, _ heap: StringHeap
    ) throws(StarlingError) {
        self.heap = heap
        levels = [leaves]
        var nodeCount = count
        var stateCount = count
        while nodeCount > 1 {
            let above = WindowStates(kernel, count: (nodeCount + 1) / 2)
            var pairs = StatePairs(kernel, heap)
            let below = levels[levels.count - 1]
            for node in 0..<nodeCount {
                try pairs.add(above.address(node / 2), below.address(node))
            }
            try pairs.flush()
            levels.append(above)
            nodeCount = (nodeCount + 1) / 2
            stateCount += nodeCount
        }
        stateByteCount = stateCount * leaves.width
    }

    /// The bytes of its states and of what they keep.
    var byteCount: Int { stateByteCount + heap.byteCount }

    /// Estimates the bytes of the states of a tree.
    static func byteCount(leafCount: Int, _ kernel: any AggregateKernel) -> Int {
        2 * leafCount * WindowStates.width(kernel)
    }

    /// Adds the leaves of a range to `target`; `pairs` may keep some back.
    func add(
        _ leaves: Range<Int>, to target: WindowStates.Address, _ pairs: inout StatePairs
    ) throws(StarlingError) {
        var (start, end) = (leaves.lowerBound, leaves.upperBound)
        var level = 0
        while start < end {
            if start & 1 == 1 {
                try pairs.add(target, levels[level].address(start))
                start += 1
            }
            if end & 1 == 1, start < end {
                end -= 1
                try pairs.add(target, levels[level].address(end))
            }
            start /= 2
            end /= 2
            level += 1
        }
    }
}
