// Rows of arguments as packed bytes, for aggregates that gather rows before another one sees them.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Packs the arguments of an aggregate row by row, and gives them to its kernel again.
struct PackedRows: Sendable {
    let types: [LogicalType]

    /// The arguments as the fields of one value; nested ones travel packed.
    var type: LogicalType {
        .structure(
            types.map { StructureField(name: "", type: $0.isNested ? .varbinary : $0) })
    }

    func packing(_ arguments: [Vector], count: Int, asKey: Bool) -> PackedArgument {
        var row = Vector(.structure, count: count, buffer: Buffer(byteCount: 0))
        row.children = NestedVectors(
            zip(arguments, types).map { $0.flattened().widened(to: $1) })
        return PackedArgument(row, type, asKey: asKey)
    }

    /// Lets new states of a kernel see the rows of each group, and gives the results.
    func results(
        of kernel: any AggregateKernel, groupCount: Int,
        rows: (Int) -> [StringReference]
    ) throws(StarlingError) -> Vector {
        let states = LooseStates(kernel, count: groupCount)
        let heap = StringHeap(firstBlockByteCount: 4_096)
        var pending = PendingRows()
        for (group, state) in states.groups.enumerated() {
            for row in rows(group) {
                pending.rows.append(row)
                pending.groups.append(state)
                if pending.rows.count == chunkCapacity { try flush(&pending, kernel, heap) }
            }
        }
        try flush(&pending, kernel, heap)
        var result = try kernel.finalize(groups: states.groups, offset: 0, count: groupCount)
        if result.physicalType == .string { result.owner = OwnerList.joining(result.owner, heap) }
        withExtendedLifetime(states) {}
        return result
    }

    /// Holds rows in order until there are enough for the kernel.
    private struct PendingRows {
        var rows: [StringReference] = []
        var groups: [UnsafeMutableRawPointer] = []
    }

    private func flush(
        _ pending: inout PendingRows, _ kernel: any AggregateKernel, _ heap: StringHeap
    ) throws(StarlingError) {
        let count = pending.rows.count
        if count == 0 { return }
        let texts = Vector(uninitialized: .string, count: count)
        texts.pointer(to: StringReference.self).update(from: pending.rows, count: count)
        let row = unpacked(texts, as: type)
        try kernel.update(
            groups: pending.groups, offset: 0, arguments: row.children?.vectors ?? [],
            count: count, heap: heap)
        pending.rows.removeAll(keepingCapacity: true)
        pending.groups.removeAll(keepingCapacity: true)
    }
}
