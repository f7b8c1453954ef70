// What functions make of a few rows can be far larger than the rows: arrays of series, repeated
// strings. They ask for room before they take it, so that a query meets its limit as an error, and
// whether the query is still wanted.

import StarlingErrors
import StarlingMemory
import StarlingVectors

/// Sees to it that a growing heap stays within the query's memory.
struct HeapRoom {
    private static let step = 1 << 22
    private var byteCountChecked = HeapRoom.step

    /// Throws where there is no room for what the heap has come to. Costs nothing for small ones.
    @inline(__always)
    mutating func expect(
        for heap: StringHeap, of invocation: FunctionInvocation
    ) throws(StarlingError) {
        if heap.byteCount > byteCountChecked { try check(heap, invocation) }
    }

    @inline(never)
    private mutating func check(
        _ heap: StringHeap, _ invocation: FunctionInvocation
    ) throws(StarlingError) {
        try invocation.session.cancellation?.check()
        try invocation.expectRoom(for: heap.byteCount)
        byteCountChecked = heap.byteCount + Self.step
    }
}

extension FunctionInvocation {
    /// Throws the error of the query's budget where it has no room for so many bytes more.
    func expectRoom(for byteCount: Int) throws(StarlingError) {
        guard let budget = session.budget else { return }
        try budget.reserve(byteCount, for: "the result of a function")
        budget.release(byteCount)
    }
}
