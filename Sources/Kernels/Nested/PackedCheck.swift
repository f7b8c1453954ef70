// Whether bytes are a packed value (`NestedPacker`): asked of bytes that come from elsewhere, since
// `NestedUnpacker` believes what it reads.

import StarlingTypes

/// Tells whether the bytes are one packed value of the type, and nothing else.
package func isPacked(_ bytes: UnsafeRawBufferPointer, as type: LogicalType) -> Bool {
    var place = 0
    return passValue(of: type, bytes, &place) && place == bytes.count
}

/// Moves the place behind a value; false where there is none.
private func passValue(
    of type: LogicalType, _ bytes: UnsafeRawBufferPointer, _ place: inout Int
) -> Bool {
    guard place < bytes.count else { return false }
    let marker = bytes[place]
    guard marker == PackedMarker.value || marker == PackedMarker.null else { return false }
    place += 1
    switch type {
    case .structure(let fields):
        for field in fields where !passValue(of: field.type, bytes, &place) { return false }
        return true
    case _ where marker == PackedMarker.null: return true
    case .array(let element):
        return passElements(bytes, &place) { place in passValue(of: element, bytes, &place) }
    case .map(let key, let value):
        return passElements(bytes, &place) { place in
            guard bytes[place] == PackedMarker.value else { return false }
            place += 1
            return passValue(of: key, bytes, &place) && passValue(of: value, bytes, &place)
        }
    default: return passPlainValue(type.widestPhysicalType, bytes, &place)
    }
}

private func passElements(
    _ bytes: UnsafeRawBufferPointer, _ place: inout Int, _ pass: (inout Int) -> Bool
) -> Bool {
    while place < bytes.count, bytes[place] != PackedMarker.end {
        if !pass(&place) { return false }
    }
    place += 1
    return place <= bytes.count
}

private func passPlainValue(
    _ type: PhysicalType, _ bytes: UnsafeRawBufferPointer, _ place: inout Int
) -> Bool {
    guard type == .string else {
        place += type.byteWidth
        return place <= bytes.count
    }
    while place + 1 < bytes.count {
        if bytes[place] != 0 {
            place += 1
            continue
        }
        place += 2
        if bytes[place - 1] != PackedMarker.zeroInString { return bytes[place - 1] == 1 }
    }
    return false
}
