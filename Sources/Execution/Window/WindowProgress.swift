import StarlingFunctions
import StarlingMemory

/// Keeps what one call has found out while its partition is computed block by block.
final class WindowProgress {
    /// The number of the current session and the last value in it.
    var session: (number: Int64, last: Int128?) = (1, nil)
    /// Gathers the call's result where that is one for the whole partition.
    let whole: WholeAggregate?
    /// Computes the frames of an aggregate over a spilled partition.
    var spilled: SpilledAggregate?

    /// Makes the progress of a call over rows in memory.
    init() { whole = nil }

    /// Makes the progress of a call over rows that are being spilled.
    init(_ call: WindowCall, _ budget: MemoryBudget) {
        if case .aggregate(let kernel) = call.function, call.frame.isWholePartition {
            whole = WholeAggregate(kernel, call, budget)
        } else {
            whole = nil
        }
    }
}

extension WindowCall.Frame {
    /// True where every row's frame is its partition.
    var isWholePartition: Bool {
        start == .unboundedPreceding && end == .unboundedFollowing && exclusion == nil
    }
}
