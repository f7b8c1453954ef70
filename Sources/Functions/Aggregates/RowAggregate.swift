// The loops of all aggregates that look at several arguments, or whose states keep memory in the
// heap. Like the loops in `OperationKernel` they are specialized where a kernel is made.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Defines an aggregate over rows. A state of zero bytes has seen no row.
protocol RowAggregate: Sendable {
    /// Lies in the rows of hash tables: its alignment is at most 8.
    associatedtype State: BitwiseCopyable
    /// Views the arguments of a batch.
    associatedtype Rows

    var resultPhysicalType: PhysicalType { get }
    var resultBounds: Bounds? { get }
    /// True where a state takes memory for each row.
    var gathersRows: Bool { get }

    func rows(of arguments: [Vector], count: Int) throws(StarlingError) -> Rows
    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout State, heap: StringHeap
    ) throws(StarlingError)
    /// Adds a state that has seen a row or more; the source stays as it is.
    func merge(
        _ source: State, into target: inout State, heap: StringHeap
    ) throws(StarlingError)
    /// True where the state has seen no row that counts.
    func isEmpty(_ state: State) -> Bool
    /// Gives the results as a flat vector; they may lie in the states' own memory.
    func results(_ states: StateList<State>) throws(StarlingError) -> Vector
}

extension RowAggregate {
    var resultBounds: Bounds? { nil }
    var gathersRows: Bool { false }
}

/// Finds the states of groups.
struct StateList<State> {
    let groups: GroupAddresses
    let offset: Int
    let count: Int

    @inline(__always)
    func pointer(_ row: Int) -> UnsafeMutablePointer<State> {
        (groups[row] + offset).assumingMemoryBound(to: State.self)
    }

    @inline(__always)
    subscript(row: Int) -> State { pointer(row).pointee }
}

/// Runs a `RowAggregate`.
struct RowKernel<Aggregate: RowAggregate>: AggregateKernel {
    let aggregate: Aggregate

    init(_ aggregate: Aggregate) { self.aggregate = aggregate }

    var stateByteCount: Int { (MemoryLayout<Aggregate.State>.size + 7) / 8 * 8 }
    var resultPhysicalType: PhysicalType { aggregate.resultPhysicalType }
    var resultBounds: Bounds? { aggregate.resultBounds }
    var gathersRows: Bool { aggregate.gathersRows }

    func update(
        groups: GroupAddresses, offset: Int, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        let rows = try aggregate.rows(of: arguments, count: count)
        let states = StateList<Aggregate.State>(groups: groups, offset: offset, count: count)
        for row in 0..<count {
            try aggregate.add(row, of: rows, to: &states.pointer(row).pointee, heap: heap)
        }
        withExtendedLifetime(arguments) {}
    }

    func update(
        state: UnsafeMutableRawPointer, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        let rows = try aggregate.rows(of: arguments, count: count)
        let state = state.assumingMemoryBound(to: Aggregate.State.self)
        for row in 0..<count {
            try aggregate.add(row, of: rows, to: &state.pointee, heap: heap)
        }
        withExtendedLifetime(arguments) {}
    }

    func combine(
        targets: GroupAddresses, sources: GroupAddresses, offset: Int, count: Int,
        heap: StringHeap
    ) throws(StarlingError) {
        let targets = StateList<Aggregate.State>(groups: targets, offset: offset, count: count)
        let sources = StateList<Aggregate.State>(groups: sources, offset: offset, count: count)
        for row in 0..<count where !aggregate.isEmpty(sources[row]) {
            try aggregate.merge(sources[row], into: &targets.pointer(row).pointee, heap: heap)
        }
    }

    func finalize(
        groups: GroupAddresses, offset: Int, count: Int
    ) throws(StarlingError) -> Vector {
        try aggregate.results(StateList(groups: groups, offset: offset, count: count))
    }
}
