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
    /// True where a merged state goes on referring to the source's memory in the heap.
    var referencesSources: Bool { get }

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
    /// Writes a state that has seen a row or more as bytes that can be kept.
    func write(_ state: State, to writer: inout StateWriter)
    func read(from reader: inout StateReader, heap: StringHeap) throws(StarlingError) -> State
}

extension RowAggregate where State: StoredState {
    func write(_ state: State, to writer: inout StateWriter) { state.write(to: &writer) }

    func read(from reader: inout StateReader, heap: StringHeap) throws(StarlingError) -> State {
        try State.read(from: &reader, heap)
    }
}

extension RowAggregate {
    var resultBounds: Bounds? { nil }
    var gathersRows: Bool { false }
    var referencesSources: Bool { false }
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

/// Runs a `RowAggregate`. It is a plain struct, so that a batch costs one indirect call.
struct RowKernel: AggregateKernel {
    private typealias GroupedUpdate =
        @Sendable (GroupAddresses, Int, [Vector], Int, StringHeap) throws(StarlingError) -> Void
    private typealias Update =
        @Sendable (UnsafeMutableRawPointer, [Vector], Int, StringHeap) throws(StarlingError) -> Void
    private typealias Combine =
        @Sendable (GroupAddresses, GroupAddresses, Int, Int, StringHeap) throws(StarlingError)
        -> Void
    private typealias Write = @Sendable (UnsafeRawPointer, inout StateWriter) -> Void
    private typealias Read =
        @Sendable (UnsafeMutableRawPointer, inout StateReader, StringHeap) throws(StarlingError)
        -> Void
    private typealias Finalize =
        @Sendable (GroupAddresses, Int, Int) throws(StarlingError) -> Vector

    let stateByteCount: Int
    let resultPhysicalType: PhysicalType
    let resultBounds: Bounds?
    let gathersRows: Bool
    let referencesSources: Bool
    private let groupedUpdate: GroupedUpdate
    private let singleUpdate: Update
    private let combineStates: Combine
    private let finalizeStates: Finalize
    private let writeState: Write
    private let readState: Read

    /// Must be called with a concrete aggregate, for the loops to be specialized.
    @inline(__always)
    init<Aggregate: RowAggregate>(_ aggregate: Aggregate) {
        precondition(MemoryLayout<Aggregate.State>.alignment <= 8)
        stateByteCount = (MemoryLayout<Aggregate.State>.size + 7) / 8 * 8
        resultPhysicalType = aggregate.resultPhysicalType
        resultBounds = aggregate.resultBounds
        gathersRows = aggregate.gathersRows
        referencesSources = aggregate.referencesSources
        groupedUpdate = {
            (groups, offset, arguments, count, heap) throws(StarlingError) in
            try addRows(aggregate, arguments, groups, offset, count, heap)
        }
        singleUpdate = { (state, arguments, count, heap) throws(StarlingError) in
            try addRows(aggregate, arguments, toOne: state, count, heap)
        }
        combineStates = { (targets, sources, offset, count, heap) throws(StarlingError) in
            try mergeStates(aggregate, targets, sources, offset, count, heap)
        }
        finalizeStates = { (groups, offset, count) throws(StarlingError) in
            try aggregate.results(StateList(groups: groups, offset: offset, count: count))
        }
        writeState = { state, writer in
            let state = state.assumingMemoryBound(to: Aggregate.State.self).pointee
            if !aggregate.isEmpty(state) { aggregate.write(state, to: &writer) }
        }
        readState = { (state, reader, heap) throws(StarlingError) in
            state.assumingMemoryBound(to: Aggregate.State.self).pointee =
                try aggregate.read(from: &reader, heap: heap)
        }
    }

    func update(
        groups: GroupAddresses, offset: Int, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        try groupedUpdate(groups, offset, arguments, count, heap)
    }

    func update(
        state: UnsafeMutableRawPointer, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        try singleUpdate(state, arguments, count, heap)
    }

    func combine(
        targets: GroupAddresses, sources: GroupAddresses, offset: Int, count: Int,
        heap: StringHeap
    ) throws(StarlingError) {
        try combineStates(targets, sources, offset, count, heap)
    }

    func finalize(
        groups: GroupAddresses, offset: Int, count: Int
    ) throws(StarlingError) -> Vector {
        try finalizeStates(groups, offset, count)
    }

    func write(
        state: UnsafeRawPointer, to writer: inout StateWriter
    ) throws(StarlingError) {
        writeState(state, &writer)
    }

    func read(
        state: UnsafeMutableRawPointer, from reader: inout StateReader, heap: StringHeap
    ) throws(StarlingError) {
        try readState(state, &reader, heap)
    }
}

@inline(never)
private func addRows<Aggregate: RowAggregate>(
    _ aggregate: Aggregate, _ arguments: [Vector], _ groups: GroupAddresses, _ offset: Int,
    _ count: Int, _ heap: StringHeap
) throws(StarlingError) {
    let rows = try aggregate.rows(of: arguments, count: count)
    let states = StateList<Aggregate.State>(groups: groups, offset: offset, count: count)
    for row in 0..<count {
        try aggregate.add(row, of: rows, to: &states.pointer(row).pointee, heap: heap)
    }
    withExtendedLifetime((arguments, rows)) {}
}

@inline(never)
private func addRows<Aggregate: RowAggregate>(
    _ aggregate: Aggregate, _ arguments: [Vector], toOne state: UnsafeMutableRawPointer,
    _ count: Int, _ heap: StringHeap
) throws(StarlingError) {
    let rows = try aggregate.rows(of: arguments, count: count)
    let state = state.assumingMemoryBound(to: Aggregate.State.self)
    for row in 0..<count {
        try aggregate.add(row, of: rows, to: &state.pointee, heap: heap)
    }
    withExtendedLifetime((arguments, rows)) {}
}

@inline(never)
private func mergeStates<Aggregate: RowAggregate>(
    _ aggregate: Aggregate, _ targets: GroupAddresses, _ sources: GroupAddresses,
    _ offset: Int, _ count: Int, _ heap: StringHeap
) throws(StarlingError) {
    let targets = StateList<Aggregate.State>(groups: targets, offset: offset, count: count)
    let sources = StateList<Aggregate.State>(groups: sources, offset: offset, count: count)
    for row in 0..<count where !aggregate.isEmpty(sources[row]) {
        try aggregate.merge(sources[row], into: &targets.pointer(row).pointee, heap: heap)
    }
}
