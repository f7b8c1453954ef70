// Nested values as strings of bytes, for everything that gathers rows: joins, groups, sorts and
// sets see a plain string column. The bytes order as the values do and are equal where the values
// are, so that they serve as keys, and the values can be read back from them (`NestedUnpacker`).
//
// A value is a byte, 1 for NULL and 2 for a value, and behind the 2
//  - a number: its bytes in an order-preserving form (`PackedElement`);
//  - a string: its bytes, a zero byte as 0 255, and 0 1 as its end;
//  - a list: its elements, and 0 as its end; of a MAP each entry is 2, the key and the value;
//  - a structure: its fields; those of a NULL are written, too, all of them NULL.
// Thus NULL comes before all values, and a list before the longer ones that begin with it.
//
// Packing goes column by column: the sizes of all values are computed from the leaves up, which
// gives every value its place, and then each column writes its values to their places.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Names the bytes between packed values.
package enum PackedMarker {
    package static let end: UInt8 = 0
    package static let null: UInt8 = 1
    package static let value: UInt8 = 2
    /// Follows a zero byte of a string that is part of it; a 1 ends the string.
    static let zeroInString: UInt8 = 255
}

/// Packs each row into a string. As keys, equal values have equal bytes: the zeros are one, NaNs
/// are one, and the entries of a MAP are in the order of their keys.
package func packed(_ vector: Vector, asKey: Bool) -> Vector {
    if vector.isConstant {
        var one = packed(vector.firstRow().flattened(), asKey: asKey)
        one.encoding = .constant
        one.count = vector.count
        return one
    }
    let column = PackedColumn(vector.flattened(), asKey: asKey)
    let count = vector.count
    let sizes = column.sizes.pointer(to: UInt32.self)
    var total = 0
    for row in 0..<count { total += Int(sizes[row]) }
    let bytes = Buffer(byteCount: total)
    let places = Buffer(byteCount: count * 8)
    let cursors = places.pointer(to: UnsafeMutableRawPointer.self)
    var next = bytes.baseAddress
    for row in 0..<count {
        cursors[row] = next
        next += Int(sizes[row])
    }
    column.write(to: cursors)
    var result = Vector(uninitialized: .string, count: count)
    let strings = result.pointer(to: StringReference.self)
    next = bytes.baseAddress
    for row in 0..<count {
        strings[row] = StringReference(next, count: Int(sizes[row]))
        next += Int(sizes[row])
    }
    result.owner = bytes
    result.validity = vector.validity
    result.clearStringsUnderNulls()
    withExtendedLifetime((column, places)) {}
    return result
}

/// Is a column of values to be packed, with the size of each.
private final class PackedColumn {
    let vector: Vector
    let asKey: Bool
    let parts: [PackedColumn]
    /// The bytes of each value, as UInt32.
    let sizes: Buffer

    init(_ source: Vector, asKey: Bool) {
        let vector =
            source.physicalType == .list
            ? (asKey ? source.compacted().withSortedEntries() : source.compacted())
            : source.flattened()
        self.vector = vector
        self.asKey = asKey
        parts = (vector.children?.vectors ?? []).map { part in
            var part = part.flattened()
            if vector.physicalType == .structure {
                part.validity = Validity.intersection(
                    part.validity, vector.validity, count: part.count)
            }
            return PackedColumn(part, asKey: asKey)
        }
        sizes = Buffer(byteCount: max(4, vector.count * 4))
        computeSizes(sizes.pointer())
    }

    private func computeSizes(_ sizes: UnsafeMutablePointer<UInt32>) {
        let count = vector.count
        switch vector.physicalType {
        case .list:
            let ranges = vector.pointer(to: ListRange.self)
            let isMap: UInt32 = parts.count > 1 ? 1 : 0
            for row in 0..<count {
                guard vector.isValid(row) else {
                    sizes[row] = 1
                    continue
                }
                let range = ranges[row]
                var size = 2 &+ isMap &* range.count
                for part in parts {
                    let inner = part.sizes.pointer(to: UInt32.self) + Int(range.offset)
                    for element in 0..<Int(range.count) { size = size &+ inner[element] }
                }
                sizes[row] = size
            }
        case .structure:
            sizes.update(repeating: 1, count: count)
            for part in parts {
                let inner = part.sizes.pointer(to: UInt32.self)
                for row in 0..<count { sizes[row] = sizes[row] &+ inner[row] }
            }
        case .string:
            let strings = vector.pointer(to: StringReference.self)
            for row in 0..<count {
                sizes[row] = vector.isValid(row) ? 3 &+ escapedByteCount(strings[row]) : 1
            }
        default:
            let size = UInt32(truncatingIfNeeded: 1 &+ vector.physicalType.byteWidth)
            for row in 0..<count { sizes[row] = vector.isValid(row) ? size : 1 }
        }
    }

    /// Writes all values to their places, and moves these behind them.
    func write(to cursors: UnsafeMutablePointer<UnsafeMutableRawPointer>) {
        switch vector.physicalType {
        case .list: writeLists(to: cursors)
        case .structure:
            for row in 0..<vector.count {
                mark(&cursors[row], vector.isValid(row) ? PackedMarker.value : PackedMarker.null)
            }
            for part in parts { part.write(to: cursors) }
        case .string:
            let strings = vector.pointer(to: StringReference.self)
            for row in 0..<vector.count {
                guard vector.isValid(row) else {
                    mark(&cursors[row], PackedMarker.null)
                    continue
                }
                mark(&cursors[row], PackedMarker.value)
                writeEscaped(strings[row], to: &cursors[row])
            }
        default:
            vector.physicalType.visitPacked(
                WriteNumbers(vector: vector, cursors: cursors, asKey: asKey))
        }
    }

    private func writeLists(to cursors: UnsafeMutablePointer<UnsafeMutableRawPointer>) {
        let ranges = vector.pointer(to: ListRange.self)
        let places = Buffer(byteCount: (parts.first?.vector.count ?? 0) * 8)
        let elements = places.pointer(to: UnsafeMutableRawPointer.self)
        let isMap = parts.count > 1
        for row in 0..<vector.count {
            guard vector.isValid(row) else {
                mark(&cursors[row], PackedMarker.null)
                continue
            }
            mark(&cursors[row], PackedMarker.value)
            var next = cursors[row]
            let start = Int(ranges[row].offset)
            for element in start..<(start + Int(ranges[row].count)) {
                if isMap { mark(&next, PackedMarker.value) }
                elements[element] = next
                for part in parts {
                    next += Int(part.sizes.pointer(to: UInt32.self)[element])
                }
            }
            mark(&next, PackedMarker.end)
            cursors[row] = next
        }
        for part in parts { part.write(to: elements) }
        withExtendedLifetime(places) {}
    }
}

@inline(__always)
private func mark(_ cursor: inout UnsafeMutableRawPointer, _ marker: UInt8) {
    cursor.storeBytes(of: marker, as: UInt8.self)
    cursor += 1
}

private struct WriteNumbers: PackedElementVisitor {
    let vector: Vector
    let cursors: UnsafeMutablePointer<UnsafeMutableRawPointer>
    let asKey: Bool

    @inline(__always)
    func visit<Element: PackedElement>(_ type: Element.Type) {
        let values = vector.pointer(to: Element.self)
        let cursors = cursors
        let asKey = asKey
        let validity = vector.validity
        for row in 0..<vector.count {
            var cursor = cursors[row]
            if validity?.isValid(row) ?? true {
                mark(&cursor, PackedMarker.value)
                let bits = Element.bits(values[row], asKey: asKey) ^ Element.Bits.min
                cursor.storeBytes(of: bits.bigEndian, as: Element.Bits.self)
                cursors[row] = cursor + MemoryLayout<Element>.size
            } else {
                mark(&cursor, PackedMarker.null)
                cursors[row] = cursor
            }
        }
    }
}

/// Counts the bytes of a string in which each zero is followed by another byte.
private func escapedByteCount(_ string: StringReference) -> UInt32 {
    string.withBytes { bytes in
        var zeros = 0
        for byte in bytes { zeros &+= byte == 0 ? 1 : 0 }
        return UInt32(truncatingIfNeeded: bytes.count &+ zeros)
    }
}

private func writeEscaped(_ string: StringReference, to cursor: inout UnsafeMutableRawPointer) {
    string.withBytes { bytes in
        for byte in bytes {
            mark(&cursor, byte)
            if byte == 0 { mark(&cursor, PackedMarker.zeroInString) }
        }
    }
    mark(&cursor, 0)
    mark(&cursor, 1)
}
