// group_concat(x, …, separator): the texts of a group one after the other. The binder adds the
// separator, "," where the query names none.
//
// Every item is kept with its separator before it, so that two states combine by appending one to
// the other; the first separator is left out at the end. Texts are never cut: where StarRocks
// shortens them to group_concat_max_len, Starling gives them whole.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Holds the text of one group so far, in the aggregation's heap.
private struct ConcatState: BitwiseCopyable {
    var address: UInt64
    var byteCount: UInt32
    var capacity: UInt32
    /// The length of the first separator.
    var skipped: UInt32
    var isPresent: UInt32

    mutating func append(_ bytes: UnsafeRawBufferPointer, heap: StringHeap) throws(StarlingError) {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        let needed = Int(byteCount) + bytes.count
        guard needed <= Int(Int32.max) else {
            throw StarlingError(.resource, "group_concat(): a text exceeds 2 GiB")
        }
        if needed > Int(capacity) {
            let grown = min(Int(Int32.max), max(needed, Int(capacity) * 2, 32))
            let copy = heap.allocate(grown)
            if let old = UnsafeRawPointer(bitPattern: UInt(address)) {
                copy.copyMemory(from: old, byteCount: Int(byteCount))
            }
            address = UInt64(UInt(bitPattern: copy))
            capacity = UInt32(grown)
        }
        if let target = UnsafeMutableRawPointer(bitPattern: UInt(address)) {
            (target + Int(byteCount)).copyMemory(from: source, byteCount: bytes.count)
        }
        byteCount = UInt32(needed)
    }

    var text: StringReference {
        guard let start = UnsafeRawPointer(bitPattern: UInt(address)) else { return .empty }
        return StringReference(start + Int(skipped), count: Int(byteCount) - Int(skipped))
    }
}

/// Runs group_concat().
private struct GroupConcatKernel: AggregateKernel {
    var stateByteCount: Int { MemoryLayout<ConcatState>.size }
    var resultPhysicalType: PhysicalType { .string }
    var resultBounds: Bounds? { nil }

    private func add(
        _ views: [DecodedVector], _ row: Int, to state: inout ConcatState, heap: StringHeap
    ) throws(StarlingError) {
        let last = views.count - 1
        for view in views[..<last] where !view.isValid(row) { return }
        if views[last].isValid(row) {
            let separator = views[last].text(row).bytes
            try append(separator, to: &state, heap)
            if state.isPresent == 0 { state.skipped = UInt32(separator.count) }
        }
        state.isPresent = 1
        for view in views[..<last] { try append(view.text(row).bytes, to: &state, heap) }
    }

    private func append(
        _ bytes: [UInt8], to state: inout ConcatState, _ heap: StringHeap
    ) throws(StarlingError) {
        // Typed throws do not pass through withUnsafeBytes' closure as they should.
        var failure: StarlingError?
        bytes.withUnsafeBytes { all in
            do throws(StarlingError) {
                try state.append(all, heap: heap)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    func update(
        groups: GroupAddresses, offset: Int, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        let views = arguments.map { DecodedVector($0) }
        for row in 0..<count {
            let state = (groups[row] + offset).assumingMemoryBound(to: ConcatState.self)
            try add(views, row, to: &state.pointee, heap: heap)
        }
        withExtendedLifetime(arguments) {}
    }

    func update(
        state: UnsafeMutableRawPointer, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        let views = arguments.map { DecodedVector($0) }
        let state = state.assumingMemoryBound(to: ConcatState.self)
        for row in 0..<count { try add(views, row, to: &state.pointee, heap: heap) }
        withExtendedLifetime(arguments) {}
    }

    func combine(
        targets: GroupAddresses, sources: GroupAddresses, offset: Int, count: Int,
        heap: StringHeap
    ) throws(StarlingError) {
        for row in 0..<count {
            let source = (sources[row] + offset).assumingMemoryBound(to: ConcatState.self).pointee
            if source.isPresent == 0 { continue }
            let target = (targets[row] + offset).assumingMemoryBound(to: ConcatState.self)
            if target.pointee.isPresent == 0 { target.pointee.skipped = source.skipped }
            target.pointee.isPresent = 1
            guard let start = UnsafeRawPointer(bitPattern: UInt(source.address)) else { continue }
            try target.pointee.append(
                UnsafeRawBufferPointer(start: start, count: Int(source.byteCount)), heap: heap)
        }
    }

    func finalize(
        groups: GroupAddresses, offset: Int, count: Int
    ) throws(StarlingError) -> Vector {
        var vector = Vector(zeroed: .string, count: count)
        let output = vector.pointer(to: StringReference.self)
        for row in 0..<count {
            let state = (groups[row] + offset).assumingMemoryBound(to: ConcatState.self).pointee
            if state.isPresent == 0 {
                vector.setNull(row)
            } else {
                output[row] = state.text
            }
        }
        return vector
    }
}

enum GroupConcat {
    static let rows = [
        AggregateFunction(
            "group_concat", aliases: ["string_agg"],
            summary: "Joins the texts of a group, with a separator between them.",
            examples: [("(SELECT group_concat(x) FROM (VALUES ('a')) AS t(x))", "a")],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...(.max), of: "group_concat")
                for (position, type) in arguments.types.enumerated() where type.isNested {
                    throw arguments.mismatch(position, of: "group_concat", expected: "a string")
                }
                return FunctionSignature(arguments.types.map { _ in .string }, returns: .string)
            },
            makeKernel: { _ throws(StarlingError) in GroupConcatKernel() })
    ]
}
