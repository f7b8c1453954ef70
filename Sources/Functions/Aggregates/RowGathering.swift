// ORDER BY inside of any aggregate, and DISTINCT where no table of distinct rows is there: the rows
// of a group are gathered as packed bytes, put in order at the end, and then given to the
// aggregate's own kernel.
//
// 1. An entry is the sort key and the packed arguments of a row, behind two lengths. Sort keys
//    order as bytes: of each column a byte that tells NULLs from values, and the packed value,
//    inverted where the order is descending.
// 2. DISTINCT sorts by arguments first and drops equal neighbours.
// 3. The rows in order, of all groups one after the other, are unpacked and update new states.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Says how an argument behind the aggregate's own orders its rows.
package struct GatheredOrder: Sendable {
    package var isAscending: Bool
    package var nullsFirst: Bool
    package var type: LogicalType

    package init(isAscending: Bool, nullsFirst: Bool, type: LogicalType) {
        self.isAscending = isAscending
        self.nullsFirst = nullsFirst
        self.type = type
    }
}

/// Makes a kernel that runs another one over rows in order, or over distinct rows. Its arguments
/// are those of the other, and behind them the columns to order by.
package func gatheringKernel(
    _ function: AggregateFunction, _ signature: FunctionSignature, order: [GatheredOrder],
    isDistinct: Bool
) throws(StarlingError) -> any AggregateKernel {
    let types = signature.argumentTypes
    let inner = try function.makeKernel(
        AggregateCallTypes(
            signature: signature, physicalTypes: types.map(\.gatheredPhysicalType),
            bounds: types.map { _ in nil }, rowCountMaximum: nil))
    return RowKernel(
        RowGathering(
            inner: inner, packing: PackedRows(types: types), order: order, isDistinct: isDistinct))
}

/// Gathers rows.
private struct RowGathering: RowAggregate {
    struct Rows {
        let arguments: PackedArgument
        let keys: [PackedArgument]
    }

    /// Is a row as it was gathered.
    struct Entry {
        let key: StringReference
        let arguments: StringReference
    }

    let inner: any AggregateKernel
    let packing: PackedRows
    let order: [GatheredOrder]
    let isDistinct: Bool

    var resultPhysicalType: PhysicalType { inner.resultPhysicalType }
    var resultBounds: Bounds? { inner.resultBounds }
    var gathersRows: Bool { true }

    func rows(of arguments: [Vector], count: Int) -> Rows {
        let keys = zip(arguments.dropFirst(packing.types.count), order).map {
            PackedArgument($0, $1.type, asKey: true)
        }
        return Rows(
            arguments: packing.packing(arguments, count: count, asKey: isDistinct), keys: keys)
    }

    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout ByteList, heap: StringHeap
    ) {
        var keyByteCount = 0
        for key in rows.keys { keyByteCount += 1 + (key.isValid(row) ? key.bytes(row).count : 0) }
        let arguments = rows.arguments.bytes(row)
        var place = state.extend(by: 8 + keyByteCount + arguments.count, heap)
        place.storeBytes(of: UInt32(truncatingIfNeeded: keyByteCount), as: UInt32.self)
        place.storeBytes(
            of: UInt32(truncatingIfNeeded: arguments.count), toByteOffset: 4, as: UInt32.self)
        place += 8
        for (key, order) in zip(rows.keys, order) { write(key, row, order, to: &place) }
        arguments.withBytes { bytes in
            place.copyMemory(from: bytes.baseAddress.unsafelyUnwrapped, byteCount: bytes.count)
        }
    }

    private func write(
        _ key: PackedArgument, _ row: Int, _ order: GatheredOrder,
        to place: inout UnsafeMutableRawPointer
    ) {
        let isValid = key.isValid(row)
        let marker: UInt8 = isValid ? 1 : order.nullsFirst ? 0 : 2
        place.storeBytes(of: marker, as: UInt8.self)
        place += 1
        if !isValid { return }
        let flip: UInt8 = order.isAscending ? 0 : 255
        key.bytes(row).withBytes { bytes in
            for byte in bytes {
                place.storeBytes(of: byte ^ flip, as: UInt8.self)
                place += 1
            }
        }
    }

    func isEmpty(_ state: ByteList) -> Bool { state.isEmpty }

    func merge(_ source: ByteList, into target: inout ByteList, heap: StringHeap) {
        target.append(source, heap)
    }

    // MARK: The end

    func results(_ states: StateList<ByteList>) throws(StarlingError) -> Vector {
        try packing.results(of: inner, groupCount: states.count) { row in
            states[row].isEmpty ? [] : ordered(entries(of: states[row])).map(\.arguments)
        }
    }

    private func entries(of list: ByteList) -> [Entry] {
        var entries: [Entry] = []
        var place = UnsafeRawPointer(list.start)
        let end = place + Int(list.byteCount)
        while place < end {
            let keyByteCount = Int(place.loadUnaligned(as: UInt32.self))
            let byteCount = Int(place.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
            place += 8
            entries.append(
                Entry(
                    key: StringReference(place, count: keyByteCount),
                    arguments: StringReference(place + keyByteCount, count: byteCount)))
            place += keyByteCount + byteCount
        }
        return entries
    }

    private func ordered(_ all: [Entry]) -> [Entry] {
        var entries = all
        if isDistinct {
            entries.sort { left, right in
                left.arguments == right.arguments
                    ? left.key < right.key : left.arguments < right.arguments
            }
            var kept = 0
            for number in entries.indices
            where number == 0 || !(entries[number].arguments == entries[kept - 1].arguments) {
                entries[kept] = entries[number]
                kept += 1
            }
            entries.removeLast(entries.count - kept)
        }
        if !order.isEmpty { entries.sort { $0.key < $1.key } }
        return entries
    }
}
