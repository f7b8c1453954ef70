// The loops of all aggregates over one argument. They are generic over the operation and
// specialized where a kernel is made, since every such place names concrete types; the kernel
// itself is a plain struct, so that a batch costs one indirect call.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Runs an `AggregateOperation`.
struct OperationKernel: AggregateKernel {
    typealias GroupedUpdate = @Sendable (GroupAddresses, Int, Vector, Int, StringHeap) -> Void
    typealias Update = @Sendable (UnsafeMutableRawPointer, Vector, Int, StringHeap) -> Void
    typealias Combine = @Sendable (GroupAddresses, GroupAddresses, Int, Int, StringHeap) -> Void
    typealias Finalize = @Sendable (GroupAddresses, Int, Int) -> Vector?
    typealias Write = @Sendable (UnsafeRawPointer, inout StateWriter) -> Void
    typealias Read =
        @Sendable (UnsafeMutableRawPointer, inout StateReader, StringHeap) throws(StarlingError)
        -> Void

    let name: String
    let stateByteCount: Int
    let resultPhysicalType: PhysicalType
    let resultBounds: Bounds?
    let sharedState: ObjectIdentifier?
    private let groupedUpdate: GroupedUpdate
    private let singleUpdate: Update
    private let combineStates: Combine
    private let finalizeStates: Finalize
    private let writeState: Write
    private let readState: Read

    /// Must be called with a concrete operation type, for the loops to be specialized.
    @inline(__always)
    init<Operation: AggregateOperation>(
        _ name: String, _ operation: Operation, result: PhysicalType, bounds: Bounds? = nil
    ) {
        precondition(MemoryLayout<Operation.Output>.size == result.byteWidth)
        precondition(MemoryLayout<Operation.State>.alignment <= 8)
        self.name = name
        stateByteCount = (MemoryLayout<Operation.State>.size + 7) / 8 * 8
        resultPhysicalType = result
        resultBounds = bounds
        sharedState = Operation.sharesStates ? ObjectIdentifier(Operation.State.self) : nil
        groupedUpdate = { groups, offset, argument, count, heap in
            addRows(operation, argument, groups, offset, count, heap)
        }
        singleUpdate = { state, argument, count, heap in
            addRows(operation, argument, toOne: state, count, heap)
        }
        combineStates = { targets, sources, offset, count, heap in
            mergeStates(operation, targets, sources, offset, count, heap)
        }
        finalizeStates = { groups, offset, count in
            results(operation, groups, offset, count, result)
        }
        writeState = { state, writer in
            let state = state.assumingMemoryBound(to: Operation.State.self).pointee
            if !operation.isEmpty(state) { state.write(to: &writer) }
        }
        readState = { (state, reader, heap) throws(StarlingError) in
            state.assumingMemoryBound(to: Operation.State.self).pointee =
                try Operation.State.read(from: &reader, heap)
        }
    }

    func update(
        groups: GroupAddresses, offset: Int, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        groupedUpdate(groups, offset, arguments[0], count, heap)
    }

    func update(
        state: UnsafeMutableRawPointer, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        singleUpdate(state, arguments[0], count, heap)
    }

    func combine(
        targets: GroupAddresses, sources: GroupAddresses, offset: Int, count: Int,
        heap: StringHeap
    ) throws(StarlingError) {
        combineStates(targets, sources, offset, count, heap)
    }

    func finalize(
        groups: GroupAddresses, offset: Int, count: Int
    ) throws(StarlingError) -> Vector {
        guard let vector = finalizeStates(groups, offset, count) else {
            throw StarlingError(.data, "\(name)(): the result is out of range of its type")
        }
        return vector
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

@inline(__always)
private func state<State>(
    _ group: UnsafeMutableRawPointer, _ offset: Int, _ type: State.Type
) -> UnsafeMutablePointer<State> {
    (group + offset).assumingMemoryBound(to: State.self)
}

@inline(never)
private func addRows<Operation: AggregateOperation>(
    _ operation: Operation, _ argument: Vector, _ groups: GroupAddresses, _ offset: Int,
    _ count: Int, _ heap: StringHeap
) {
    let view = DecodedVector(argument)
    let values = view.values.assumingMemoryBound(to: Operation.Input.self)
    if view.isConstant {
        guard view.isValid(0) else { return }
        let value = values[0]
        for row in 0..<count {
            let state = state(groups[row], offset, Operation.State.self)
            operation.add(value, to: &state.pointee, heap: heap)
        }
    } else if let codes = view.codes {
        for row in 0..<count where view.isValid(row) {
            let state = state(groups[row], offset, Operation.State.self)
            operation.add(values[Int(codes[row])], to: &state.pointee, heap: heap)
        }
    } else if view.validityWords != nil {
        for row in 0..<count where view.isValid(row) {
            let state = state(groups[row], offset, Operation.State.self)
            operation.add(values[row], to: &state.pointee, heap: heap)
        }
    } else {
        for row in 0..<count {
            let state = state(groups[row], offset, Operation.State.self)
            operation.add(values[row], to: &state.pointee, heap: heap)
        }
    }
    withExtendedLifetime(argument) {}
}

@inline(never)
private func addRows<Operation: AggregateOperation>(
    _ operation: Operation, _ argument: Vector, toOne group: UnsafeMutableRawPointer,
    _ count: Int, _ heap: StringHeap
) {
    let view = DecodedVector(argument)
    let values = view.values.assumingMemoryBound(to: Operation.Input.self)
    var sum = state(group, 0, Operation.State.self).pointee
    if view.isConstant {
        guard view.isValid(0), count > 0 else { return }
        operation.add(values[0], count: count, to: &sum, heap: heap)
    } else if let codes = view.codes {
        if Operation.ignoresRepeats, let valueCount = argument.dictionary?.count,
            valueCount <= count
        {
            // Rows say which values there are, and each is added once.
            withUnsafeTemporaryAllocation(of: Bool.self, capacity: valueCount) { isThere in
                isThere.initialize(repeating: false)
                for row in 0..<count where view.isValid(row) { isThere[Int(codes[row])] = true }
                for code in 0..<valueCount where isThere[code] {
                    operation.add(values[code], to: &sum, heap: heap)
                }
            }
        } else {
            for row in 0..<count where view.isValid(row) {
                operation.add(values[Int(codes[row])], to: &sum, heap: heap)
            }
        }
    } else if view.validityWords != nil {
        for row in 0..<count where view.isValid(row) {
            operation.add(values[row], to: &sum, heap: heap)
        }
    } else if count > 0 {
        operation.addAll(values, count: count, to: &sum, heap: heap)
    }
    state(group, 0, Operation.State.self).pointee = sum
    withExtendedLifetime(argument) {}
}

@inline(never)
private func mergeStates<Operation: AggregateOperation>(
    _ operation: Operation, _ targets: GroupAddresses, _ sources: GroupAddresses, _ offset: Int,
    _ count: Int, _ heap: StringHeap
) {
    for row in 0..<count {
        let source = state(sources[row], offset, Operation.State.self).pointee
        if operation.isEmpty(source) { continue }
        let target = state(targets[row], offset, Operation.State.self)
        operation.merge(source, into: &target.pointee, heap: heap)
    }
}

@inline(never)
private func results<Operation: AggregateOperation>(
    _ operation: Operation, _ groups: GroupAddresses, _ offset: Int, _ count: Int,
    _ type: PhysicalType
) -> Vector? {
    var vector = Vector(uninitialized: type, count: count)
    let values = vector.pointer(to: Operation.Output.self)
    vector.buffer.baseAddress.initializeMemory(
        as: UInt8.self, repeating: 0, count: vector.buffer.byteCount)
    var validity: Validity?
    for row in 0..<count {
        let state = state(groups[row], offset, Operation.State.self).pointee
        if operation.isNull(state) {
            if validity == nil { validity = Validity(count: count, allValid: true) }
            validity.unsafelyUnwrapped.setNull(row)
        } else {
            guard let result = operation.result(state) else { return nil }
            values[row] = result
        }
    }
    vector.validity = validity
    return vector
}
