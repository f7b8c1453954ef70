// What sum() and avg() have in common: a sum and a count. They differ in what the two come to, so
// both of the same column share one state.

import StarlingVectors

/// Holds a sum and the count of what went into it.
struct SumState<Sum: SumAccumulator>: BitwiseCopyable {
    var sum: Sum
    var count: Int64
}

/// Computes something from the sum and the count of the values.
protocol SumOperation: AggregateOperation
where Input == Accumulator.Input, State == SumState<Accumulator> {
    associatedtype Accumulator: SumAccumulator
}

extension SumOperation {
    static var sharesStates: Bool { true }

    @inline(__always)
    func add(_ value: Accumulator.Input, to state: inout SumState<Accumulator>, heap: StringHeap) {
        state.sum.add(value)
        state.count &+= 1
    }

    @inline(__always)
    func addAll(
        _ values: UnsafePointer<Accumulator.Input>, count: Int,
        to state: inout SumState<Accumulator>, heap: StringHeap
    ) {
        state.sum.addAll(values, count: count)
        state.count &+= Int64(count)
    }

    @inline(__always)
    func add(
        _ value: Accumulator.Input, count: Int, to state: inout SumState<Accumulator>,
        heap: StringHeap
    ) {
        state.sum.add(value, count: count)
        state.count &+= Int64(count)
    }

    @inline(__always)
    func merge(
        _ source: SumState<Accumulator>, into target: inout SumState<Accumulator>,
        heap: StringHeap
    ) {
        target.sum.merge(source.sum)
        target.count &+= source.count
    }

    @inline(__always)
    func isEmpty(_ state: SumState<Accumulator>) -> Bool { state.count == 0 }
}
