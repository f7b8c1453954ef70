// Aggregates over frames, by means of the same kernels as GROUP BY, which work on many states at
// a time:
//
// - Over whole partitions there is a state for each partition.
// - Frames that begin with the partition take states for all prefixes: each row has a state of its
//   own value, to which the state before it is added, in order.
// - Other frames are put together from the nodes of a segment tree (Leis, Kundhikanjana, Kemper
//   and Neumann, "Efficient Processing of Window Functions in Analytical SQL Queries", VLDB 2015):
//   level l has a state for every 2^l rows; level by level, each frame takes at most two nodes.
// - States that hold all their rows are not put together: each frame is computed by itself.

import StarlingErrors
import StarlingFunctions
import StarlingKernels
import StarlingMemory
import StarlingVectors

/// Computes one aggregate over the frames of a batch.
struct WindowAggregate {
    private let kernel: any AggregateKernel
    private let call: WindowCall
    private let rows: WindowRows
    private let extents: WindowExtents
    private let heap = StringHeap(firstBlockByteCount: 4_096)

    init(kernel: any AggregateKernel, call: WindowCall, rows: WindowRows, extents: WindowExtents) {
        self.kernel = kernel
        self.call = call
        self.rows = rows
        self.extents = extents
    }

    private typealias Address = UnsafeMutableRawPointer

    /// Holds states side by side, all of them empty at first.
    private struct States {
        let buffer: Buffer
        let width: Int

        init(_ kernel: any AggregateKernel, count: Int) {
            width = max(8, (kernel.stateByteCount + 7) / 8 * 8)
            buffer = .zeroed(byteCount: width * count)
        }

        func address(_ position: Int) -> Address { buffer.baseAddress + position * width }
    }

    /// Collects pairs of states until there are enough for the kernel.
    private struct Pairs {
        private let targets = Buffer(byteCount: chunkCapacity * 8)
        private let sources = Buffer(byteCount: chunkCapacity * 8)
        private var count = 0
        private let kernel: any AggregateKernel
        private let heap: StringHeap

        init(_ kernel: any AggregateKernel, _ heap: StringHeap) {
            self.kernel = kernel
            self.heap = heap
        }

        /// Adds `source` to `target`, after all pairs before.
        mutating func add(_ target: Address, _ source: Address) throws(StarlingError) {
            targets.pointer(to: Address.self)[count] = target
            sources.pointer(to: Address.self)[count] = source
            count += 1
            if count == chunkCapacity { try flush() }
        }

        mutating func flush() throws(StarlingError) {
            try kernel.combine(
                targets: targets.pointer(to: Address.self),
                sources: sources.pointer(to: Address.self), offset: 0, count: count, heap: heap)
            count = 0
        }
    }

    func overPartitions() throws(StarlingError) -> Vector {
        var partitionCount = 0
        let partitionOfRow = Buffer(byteCount: rows.count * 4)
        let partitions = partitionOfRow.pointer(to: UInt32.self)
        for row in 0..<rows.count {
            if extents.partitionStart[row] == UInt32(row) { partitionCount += 1 }
            partitions[row] = UInt32(partitionCount - 1)
        }
        let states = States(kernel, count: partitionCount)
        try addRows { states.address(Int(partitions[$0])) }
        let results = try finalize(states, count: partitionCount)
        return expand(results, partitions)
    }

    func overPrefixes(_ frames: WindowFrames) throws(StarlingError) -> Vector {
        let states = States(kernel, count: rows.count)
        try addRows { states.address($0) }
        var pairs = Pairs(kernel, heap)
        for row in 0..<rows.count where extents.partitionStart[row] != UInt32(row) {
            try pairs.add(states.address(row), states.address(row - 1))
        }
        try pairs.flush()
        let empty = States(kernel, count: 1)
        let addresses = Buffer(byteCount: rows.count * 8)
        let pointer = addresses.pointer(to: Address.self)
        for row in 0..<rows.count {
            let isEmpty = frames.end[row] <= frames.start[row]
            pointer[row] =
                isEmpty ? empty.address(0) : states.address(Int(frames.end[row]) - 1)
        }
        return owned(
            try kernel.finalize(groups: pointer, offset: 0, count: rows.count))
    }

    func overFrames(_ frames: WindowFrames) throws(StarlingError) -> Vector {
        let results = States(kernel, count: rows.count)
        var level = States(kernel, count: rows.count)
        var nodeCount = rows.count
        try addRows { level.address($0) }
        // What is left of each frame, in nodes of the current level.
        let rest = Buffer(byteCount: rows.count * 8)
        let starts = rest.pointer(to: UInt32.self)
        let ends = starts + rows.count
        for row in 0..<rows.count {
            starts[row] = frames.start[row]
            ends[row] = max(frames.start[row], frames.end[row])
        }
        while true {
            var pairs = Pairs(kernel, heap)
            var hasRest = false
            for row in 0..<rows.count where starts[row] < ends[row] {
                if starts[row] & 1 == 1 {
                    try pairs.add(results.address(row), level.address(Int(starts[row])))
                    starts[row] += 1
                }
                if ends[row] & 1 == 1, starts[row] < ends[row] {
                    ends[row] -= 1
                    try pairs.add(results.address(row), level.address(Int(ends[row])))
                }
                starts[row] /= 2
                ends[row] /= 2
                hasRest = hasRest || starts[row] < ends[row]
            }
            try pairs.flush()
            guard hasRest else { break }
            let above = States(kernel, count: (nodeCount + 1) / 2)
            var building = Pairs(kernel, heap)
            for node in 0..<nodeCount {
                try building.add(above.address(node / 2), level.address(node))
            }
            try building.flush()
            level = above
            nodeCount = (nodeCount + 1) / 2
        }
        return try finalize(results, count: rows.count)
    }

    /// Computes every frame from its rows; frames that follow on an equal one take its result.
    func overEachFrame(_ frames: WindowFrames) throws(StarlingError) -> Vector {
        var collector = ColumnCollector(kernel.resultPhysicalType, copiesStrings: true)
        let resultOfRow = Buffer(byteCount: rows.count * 4)
        let results = resultOfRow.pointer(to: UInt32.self)
        for row in 0..<rows.count {
            let (start, end) = (frames.start[row], frames.end[row])
            if row == 0 || start != frames.start[row - 1] || end != frames.end[row - 1] {
                collector.append(try result(from: Int(start), to: Int(end)))
            }
            results[row] = UInt32(collector.count - 1)
        }
        let vector = collector.finish().gathered(by: results, count: rows.count)
        return vector.converted(to: call.resultType)
    }

    /// Computes one frame; the memory of its state goes at once.
    private func result(from start: Int, to end: Int) throws(StarlingError) -> Vector {
        let states = States(kernel, count: 1)
        let heap = StringHeap(firstBlockByteCount: 4_096)
        var address = states.address(0)
        try forEachPiece(from: start, to: end) {
            (_, arguments, selection, count) throws(StarlingError) in
            try kernel.update(
                state: address, arguments: arguments, count: selection?.count ?? count, heap: heap)
        }
        var vector = try kernel.finalize(groups: &address, offset: 0, count: 1)
        if vector.physicalType == .string { vector.owner = OwnerList.joining(vector.owner, heap) }
        withExtendedLifetime(states) {}
        return vector
    }

    /// Adds every row to the state that `address` gives for it.
    private func addRows(_ address: (Int) -> Address) throws(StarlingError) {
        let addresses = Buffer(byteCount: chunkCapacity * 8)
        let pointer = addresses.pointer(to: Address.self)
        try forEachPiece(from: 0, to: rows.count) {
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
            var arguments = rows.columns(call.arguments, from: start, count: count)
            var selection: Selection?
            if let condition = call.condition {
                let selected = rows.columns([condition], from: start, count: count)[0].trueRows()
                arguments = arguments.map { $0.gathered(by: selected) }
                selection = selected
            }
            try body(start, arguments, selection, count)
            start += count
        }
    }

    private func finalize(_ states: States, count: Int) throws(StarlingError) -> Vector {
        let addresses = Buffer(byteCount: count * 8)
        let pointer = addresses.pointer(to: Address.self)
        for position in 0..<count { pointer[position] = states.address(position) }
        return owned(try kernel.finalize(groups: pointer, offset: 0, count: count))
    }

    private func owned(_ vector: Vector) -> Vector {
        var result = vector.converted(to: call.resultType)
        if result.physicalType == .string {
            let owner = OwnerList.joining(heap, rows.view)
            result.owner = OwnerList.joining(vector.owner, owner)
        }
        return result
    }

    /// Gives each row the result of its partition.
    private func expand(_ results: Vector, _ partitions: UnsafePointer<UInt32>) -> Vector {
        results.gathered(by: partitions, count: rows.count)
    }
}
