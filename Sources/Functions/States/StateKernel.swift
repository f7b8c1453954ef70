// Kernels over stored states. Whatever layouts a plan has settled on, the state that is stored is
// that of the widest layouts of the argument types, so that it means the same everywhere.
//
// A stored state is the byte 1, the version of the form, and behind it the state's fields; nothing
// is behind it where the state has seen no row that counts.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// The first byte of each stored state.
private let stateVersion: UInt8 = 1

extension AggregateFunction {
    /// Makes the kernel whose states are stored.
    func storingKernel(
        _ argumentTypes: [LogicalType]
    ) throws(StarlingError) -> any AggregateKernel {
        let signature = try storingSignature(argumentTypes)
        return try makeKernel(
            AggregateCallTypes(
                signature: signature,
                physicalTypes: signature.argumentTypes.map(\.gatheredPhysicalType),
                bounds: signature.argumentTypes.map { _ in nil }, rowCountMaximum: nil))
    }

    /// Gives the argument types that a state over arguments of these types has.
    package func storingTypes(_ types: [LogicalType]) throws(StarlingError) -> [LogicalType] {
        var types = types
        // The separator is one of its arguments.
        if name == "group_concat", types.count == 1 { types.append(.string) }
        return try storingSignature(types).argumentTypes
    }

    /// Resolves a call whose argument types are those of a state.
    func storingSignature(_ argumentTypes: [LogicalType]) throws(StarlingError) -> FunctionSignature
    {
        try resolve(ArgumentList(types: argumentTypes, constants: argumentTypes.map { _ in nil }))
    }
}

/// Holds states of one kernel that nothing else keeps.
struct LooseStates {
    private let buffer: Buffer
    let groups: [UnsafeMutableRawPointer]

    init(_ kernel: any AggregateKernel, count: Int) {
        let width = max(8, (kernel.stateByteCount + 7) / 8 * 8)
        let buffer = Buffer.zeroed(byteCount: width * max(1, count))
        self.buffer = buffer
        groups = (0..<count).map { buffer.baseAddress + $0 * width }
    }
}

extension AggregateKernel {
    /// Writes states as strings.
    func stored(
        _ groups: UnsafePointer<UnsafeMutableRawPointer>, offset: Int, count: Int
    ) throws(StarlingError) -> Vector {
        let heap = StringHeap()
        let vector = Vector(zeroed: .string, count: count)
        let output = vector.pointer(to: StringReference.self)
        var writer = StateWriter()
        for row in 0..<count {
            writer.removeAll()
            writer.append(stateVersion)
            try write(state: groups[row] + offset, to: &writer)
            guard writer.bytes.count <= Int(Int32.max) else {
                throw StarlingError(.resource, "a state exceeds 2 GiB")
            }
            output[row] = heap.add(writer.bytes)
        }
        var result = vector
        result.owner = heap
        return result
    }

    /// Reads a stored state over one of zero bytes.
    func read(
        _ string: StringReference, into state: UnsafeMutableRawPointer, _ heap: StringHeap
    ) throws(StarlingError) {
        try string.readState { reader throws(StarlingError) in
            guard try reader.read(UInt8.self) == stateVersion else { throw StateReader.damage }
            if reader.bytesLeft > 0 { try read(state: state, from: &reader, heap: heap) }
        }
    }
}

/// Runs another kernel on stored states, or to states that are stored, or both.
struct StateKernel: AggregateKernel {
    let inner: any AggregateKernel
    /// The arguments' types; those of one that are stored states are not looked at.
    let argumentTypes: [LogicalType]
    let takesStates: Bool
    let givesStates: Bool

    var stateByteCount: Int { inner.stateByteCount }
    var resultPhysicalType: PhysicalType { givesStates ? .string : inner.resultPhysicalType }
    var resultBounds: Bounds? { givesStates ? nil : inner.resultBounds }
    var gathersRows: Bool { inner.gathersRows }

    func update(
        groups: UnsafePointer<UnsafeMutableRawPointer>, offset: Int, arguments: [Vector],
        count: Int, heap: StringHeap
    ) throws(StarlingError) {
        guard takesStates else {
            return try inner.update(
                groups: groups, offset: offset, arguments: widened(arguments), count: count,
                heap: heap)
        }
        try combineStored(arguments[0], into: groups, offset: offset, count: count, heap)
    }

    /// Reads states and combines them with those of their groups. What was read is dropped again
    /// and again, so that a group takes no more memory than its own state.
    private func combineStored(
        _ states: Vector, into groups: UnsafePointer<UnsafeMutableRawPointer>, offset: Int,
        count: Int, _ heap: StringHeap
    ) throws(StarlingError) {
        let view = DecodedVector(states)
        let rows = (0..<count).filter { view.isValid($0) }
        let sources = LooseStates(inner, count: rows.count)
        var pending = 0..<0
        var scratch = StringHeap(firstBlockByteCount: 4_096)
        for (place, row) in rows.enumerated() {
            let target = inner.referencesSources ? heap : scratch
            try inner.read(view.text(row), into: sources.groups[place], target)
            pending = pending.lowerBound..<(place + 1)
            guard scratch.byteCount >= Self.scratchByteMaximum || place + 1 == rows.count
            else { continue }
            // The states of the groups lie at the offset, those that were read at their beginning.
            try inner.combine(
                targets: pending.map { groups[rows[$0]] + offset },
                sources: Array(sources.groups[pending]), offset: 0, count: pending.count,
                heap: heap)
            pending = pending.upperBound..<pending.upperBound
            scratch = StringHeap(firstBlockByteCount: 4_096)
        }
        withExtendedLifetime((states, sources)) {}
    }

    /// How much of what was read is kept until it is combined.
    private static let scratchByteMaximum = 1 << 16

    func update(
        state: UnsafeMutableRawPointer, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        guard takesStates else {
            return try inner.update(
                state: state, arguments: widened(arguments), count: count, heap: heap)
        }
        let groups = [UnsafeMutableRawPointer](repeating: state, count: count)
        try update(groups: groups, offset: 0, arguments: arguments, count: count, heap: heap)
    }

    private func widened(_ arguments: [Vector]) -> [Vector] {
        zip(arguments, argumentTypes).map { $0.flattened().widened(to: $1) }
    }

    func combine(
        targets: UnsafePointer<UnsafeMutableRawPointer>,
        sources: UnsafePointer<UnsafeMutableRawPointer>, offset: Int, count: Int, heap: StringHeap
    ) throws(StarlingError) {
        try inner.combine(
            targets: targets, sources: sources, offset: offset, count: count, heap: heap)
    }

    func finalize(
        groups: UnsafePointer<UnsafeMutableRawPointer>, offset: Int, count: Int
    ) throws(StarlingError) -> Vector {
        givesStates
            ? try inner.stored(groups, offset: offset, count: count)
            : try inner.finalize(groups: groups, offset: offset, count: count)
    }
}
