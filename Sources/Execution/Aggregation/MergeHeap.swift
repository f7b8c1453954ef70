import StarlingMemory
import StarlingErrors
import StarlingVectors

/// Holds what the states of a partition keep when they are merged, and its share of the memory.
final class MergeHeap: Sendable {
    let heap = StringHeap(firstBlockByteCount: 4_096)
    private let reservation: Reservation

    init(_ budget: MemoryBudget) {
        reservation = Reservation(budget, purpose: "aggregation")
    }

    /// Brings the reservation up to what the heap holds. Called by the worker that merges.
    func reserveWhatIsHeld() throws(StarlingError) {
        if heap.byteCount > reservation.byteCount { try reservation.resize(to: heap.byteCount) }
    }
}
