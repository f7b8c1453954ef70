// Nested values back from the strings that `packed` has made. It goes column by column as well:
// one walk over the lists of a column finds where each element begins, then the column of the
// elements reads all of them.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Reads packed values of a type back into a flat vector.
package func unpacked(_ strings: Vector, as type: LogicalType) -> Vector {
    if strings.isConstant {
        var one = unpacked(strings.firstRow(), as: type)
        one.encoding = .constant
        one.count = strings.count
        return one
    }
    let strings = strings.flattened()
    let count = strings.count
    let places = Buffer(byteCount: count * 8)
    let cursors = places.pointer(to: UnsafeRawPointer.self)
    let references = strings.pointer(to: StringReference.self)
    let null = packedNull(of: type)
    return null.withUnsafeBytes { null in
        let absent = null.baseAddress.unsafelyUnwrapped
        for row in 0..<count {
            if !strings.isValid(row) {
                cursors[row] = absent
            } else if references[row].isInline {
                cursors[row] = UnsafeRawPointer(references + row) + 4
            } else {
                cursors[row] = references[row].address
            }
        }
        return withExtendedLifetime((strings, places)) { readColumn(type, cursors, count) }
    }
}

/// Returns the packed NULL of a type.
package func packedNull(of type: LogicalType) -> [UInt8] {
    guard case .structure(let fields) = type else { return [PackedMarker.null] }
    return [PackedMarker.null] + fields.flatMap { packedNull(of: $0.type) }
}

/// Reads a value at each cursor and moves the cursors behind them.
private func readColumn(
    _ type: LogicalType, _ cursors: UnsafeMutablePointer<UnsafeRawPointer>, _ count: Int
) -> Vector {
    switch type {
    case .array(let element): return readLists([element], cursors, count)
    case .map(let key, let value): return readLists([key, value], cursors, count)
    case .structure(let fields):
        var vector = Vector(.structure, count: count, buffer: Buffer(byteCount: 0))
        vector.validity = readMarkers(cursors, count)
        vector.children = NestedVectors(fields.map { readColumn($0.type, cursors, count) })
        return vector
    default:
        let physicalType = type.widestPhysicalType
        if physicalType == .string { return readStrings(cursors, count) }
        return physicalType.visitPacked(
            ReadNumbers(physicalType: physicalType, cursors: cursors, count: count))
    }
}

/// Reads the byte that says whether there is a value; nil where all rows have one.
private func readMarkers(
    _ cursors: UnsafeMutablePointer<UnsafeRawPointer>, _ count: Int
) -> Validity? {
    let validity = Validity(count: count, allValid: true)
    var hasNull = false
    for row in 0..<count {
        if cursors[row].load(as: UInt8.self) != PackedMarker.value {
            validity.setNull(row)
            hasNull = true
        }
        cursors[row] += 1
    }
    return hasNull ? validity : nil
}

private struct ReadNumbers: PackedElementVisitor {
    let physicalType: PhysicalType
    let cursors: UnsafeMutablePointer<UnsafeRawPointer>
    let count: Int

    @inline(__always)
    func visit<Element: PackedElement>(_ type: Element.Type) -> Vector {
        var vector = Vector(uninitialized: physicalType, count: count)
        vector.validity = readMarkers(cursors, count)
        let values = vector.pointer(to: Element.self)
        let cursors = cursors
        let width = MemoryLayout<Element>.size
        if let validity = vector.validity {
            for row in 0..<count {
                let isValid = validity.isValid(row)
                values[row] =
                    isValid ? Self.number(cursors[row], type) : Element.value(0)
                cursors[row] += isValid ? width : 0
            }
        } else {
            for row in 0..<count {
                values[row] = Self.number(cursors[row], type)
                cursors[row] += width
            }
        }
        return vector
    }

    @inline(__always)
    private static func number<Element: PackedElement>(
        _ cursor: UnsafeRawPointer, _ type: Element.Type
    ) -> Element {
        let bits = Element.Bits(bigEndian: cursor.loadUnaligned(as: Element.Bits.self))
        return Element.value(bits ^ Element.Bits.min)
    }
}

private func readStrings(
    _ cursors: UnsafeMutablePointer<UnsafeRawPointer>, _ count: Int
) -> Vector {
    var vector = Vector(uninitialized: .string, count: count)
    vector.validity = readMarkers(cursors, count)
    let heap = StringHeap()
    let strings = vector.pointer(to: StringReference.self)
    for row in 0..<count {
        guard vector.isValid(row) else {
            strings[row] = .empty
            continue
        }
        let end = endOfString(cursors[row])
        // The end is two bytes, and each zero inside has another byte behind it.
        let room = heap.allocate(max(1, end - cursors[row]))
        var length = 0
        var cursor = cursors[row]
        while cursor < end - 2 {
            let byte = cursor.load(as: UInt8.self)
            room.storeBytes(of: byte, toByteOffset: length, as: UInt8.self)
            length += 1
            cursor += byte == 0 ? 2 : 1
        }
        strings[row] = StringReference(UnsafeRawPointer(room), count: length)
        cursors[row] = end
    }
    vector.owner = heap
    return vector
}

/// Finds the place behind a packed string.
private func endOfString(_ start: UnsafeRawPointer) -> UnsafeRawPointer {
    var cursor = start
    while true {
        if cursor.load(as: UInt8.self) != 0 {
            cursor += 1
        } else if cursor.load(fromByteOffset: 1, as: UInt8.self) == PackedMarker.zeroInString {
            cursor += 2
        } else {
            return cursor + 2
        }
    }
}

/// Finds the place behind a packed value.
private func endOfValue(_ type: LogicalType, _ start: UnsafeRawPointer) -> UnsafeRawPointer {
    let isNull = start.load(as: UInt8.self) == PackedMarker.null
    var cursor = start + 1
    switch type {
    case .structure(let fields):
        for field in fields { cursor = endOfValue(field.type, cursor) }
        return cursor
    case _ where isNull: return cursor
    case .array(let element):
        while cursor.load(as: UInt8.self) != PackedMarker.end {
            cursor = endOfValue(element, cursor)
        }
        return cursor + 1
    case .map(let key, let value):
        while cursor.load(as: UInt8.self) != PackedMarker.end {
            cursor = endOfValue(value, endOfValue(key, cursor + 1))
        }
        return cursor + 1
    default:
        let physicalType = type.widestPhysicalType
        return physicalType == .string ? endOfString(cursor) : cursor + physicalType.byteWidth
    }
}

private func readLists(
    _ elements: [LogicalType], _ cursors: UnsafeMutablePointer<UnsafeRawPointer>, _ count: Int
) -> Vector {
    var vector = Vector(uninitialized: .list, count: count)
    vector.validity = readMarkers(cursors, count)
    let ranges = vector.pointer(to: ListRange.self)
    var starts = PlaceList()
    for row in 0..<count {
        let first = starts.count
        if vector.isValid(row) {
            var cursor = cursors[row]
            while cursor.load(as: UInt8.self) != PackedMarker.end {
                // An entry of a MAP has a byte of its own before the key.
                if elements.count > 1 { cursor += 1 }
                starts.append(cursor)
                for element in elements { cursor = endOfValue(element, cursor) }
            }
            cursors[row] = cursor + 1
        }
        ranges[row] = ListRange(
            offset: UInt32(truncatingIfNeeded: first),
            count: UInt32(truncatingIfNeeded: starts.count - first))
    }
    vector.children = NestedVectors(
        elements.map { readColumn($0, starts.places, starts.count) })
    return vector
}

/// Collects the places of elements.
private struct PlaceList {
    private var buffer = Buffer(byteCount: 256 * 8)
    private(set) var count = 0

    var places: UnsafeMutablePointer<UnsafeRawPointer> { buffer.pointer() }

    mutating func append(_ place: UnsafeRawPointer) {
        if count * 8 == buffer.byteCount {
            let larger = Buffer(byteCount: buffer.byteCount * 2)
            larger.baseAddress.copyMemory(from: buffer.baseAddress, byteCount: buffer.byteCount)
            buffer = larger
        }
        buffer.pointer(to: UnsafeRawPointer.self)[count] = place
        count += 1
    }
}
