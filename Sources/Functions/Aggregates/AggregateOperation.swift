// An aggregate's arithmetic, apart from the loops: what a value does to a state, how two states
// become one, and what a state comes to. The loops in `OperationKernel` are specialized for each
// operation type.

import StarlingErrors
import StarlingVectors

/// Defines an aggregate over one argument. A state of zero bytes has seen no value.
protocol AggregateOperation: Sendable {
    associatedtype Input: BitwiseCopyable
    /// Lies in the rows of hash tables: its alignment is at most 8.
    associatedtype State: StoredState
    associatedtype Output: BitwiseCopyable
    /// True where all operations with this state do the same until they give their results.
    static var sharesStates: Bool { get }
    /// True where a value that comes again changes nothing.
    static var ignoresRepeats: Bool { get }

    func add(_ value: Input, to state: inout State, heap: StringHeap)
    /// Adds values none of which is NULL; worth an own loop where lanes can run side by side.
    func addAll(
        _ values: UnsafePointer<Input>, count: Int, to state: inout State, heap: StringHeap)
    /// Adds the same value `count` times.
    func add(_ value: Input, count: Int, to state: inout State, heap: StringHeap)
    func merge(_ source: State, into target: inout State, heap: StringHeap)
    /// True where the state has seen no value.
    func isEmpty(_ state: State) -> Bool
    /// True where the result is NULL; the same as empty for most.
    func isNull(_ state: State) -> Bool
    /// Computes the result, or returns nil where it is out of the result type's range.
    func result(_ state: State) -> Output?
}

extension AggregateOperation {
    static var sharesStates: Bool { false }
    static var ignoresRepeats: Bool { false }

    @inline(__always)
    func isNull(_ state: State) -> Bool { isEmpty(state) }

    @inline(__always)
    func addAll(
        _ values: UnsafePointer<Input>, count: Int, to state: inout State, heap: StringHeap
    ) {
        for row in 0..<count { add(values[row], to: &state, heap: heap) }
    }

    @inline(__always)
    func add(_ value: Input, count: Int, to state: inout State, heap: StringHeap) {
        for _ in 0..<count { add(value, to: &state, heap: heap) }
    }
}

/// Gives the addresses of a row's groups.
typealias GroupAddresses = UnsafePointer<UnsafeMutableRawPointer>
