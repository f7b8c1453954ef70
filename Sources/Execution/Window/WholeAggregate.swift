import StarlingErrors
import StarlingFunctions
import StarlingMemory
import StarlingVectors

/// Computes one aggregate over a whole partition whose rows pass by block by block.
final class WholeAggregate {
    private let kernel: any AggregateKernel
    private let call: WindowCall
    private let reservation: Reservation
    private let states: WindowStates
    private let heap = StringHeap(firstBlockByteCount: 64)
    private var known: Vector?

    init(_ kernel: any AggregateKernel, _ call: WindowCall, _ budget: MemoryBudget) {
        self.kernel = kernel
        self.call = call
        reservation = Reservation(budget, purpose: "a window function")
        states = WindowStates(kernel, count: 1)
    }

    func add(_ chunk: Chunk) throws(StarlingError) {
        var arguments = call.arguments.map { chunk.columns[$0] }
        var count = chunk.count
        if let condition = call.condition {
            let selected = chunk.columns[condition].trueRows()
            arguments = arguments.map { $0.gathered(by: selected) }
            count = selected.count
        }
        if kernel.gathersRows {
            try kernel.update(
                state: states.address(0), arguments: arguments, count: count, heap: heap)
        } else {
            // What the state keeps on the way goes with the block.
            let ofChunk = WindowStates(kernel, count: 1)
            let chunkHeap = StringHeap(firstBlockByteCount: 64)
            try kernel.update(
                state: ofChunk.address(0), arguments: arguments, count: count, heap: chunkHeap)
            var pairs = StatePairs(kernel, heap)
            try pairs.add(states.address(0), ofChunk.address(0))
            try pairs.flush()
            withExtendedLifetime(chunkHeap) {}
        }
        try reservation.resize(to: heap.byteCount)
    }

    /// Gives the partition's result for `count` rows.
    func result(count: Int) throws(StarlingError) -> Vector {
        if known == nil { known = try finalize() }
        var vector = known.unsafelyUnwrapped
        vector.encoding = .constant
        vector.count = count
        return vector
    }

    private func finalize() throws(StarlingError) -> Vector {
        var address = states.address(0)
        let vector = try kernel.finalize(groups: &address, offset: 0, count: 1)
        var result = vector.converted(to: call.resultType)
        if result.physicalType == .string {
            result.owner = OwnerList.joining(vector.owner, heap)
        }
        withExtendedLifetime(states) {}
        return result
    }
}
