// Lists as the elements of a chunk: one long vector, and for each element the row that it is in.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Views flat lists by their elements, which lie in the order of the rows without gaps.
package struct ListElements {
    package let lists: Vector
    /// The elements; of maps the keys and the values.
    package let parts: [Vector]
    /// The elements of all rows.
    package let count: Int
    private let owners: Buffer

    package init(_ vector: Vector) {
        lists = vector.compacted()
        parts = lists.children?.vectors ?? []
        count = parts.first?.count ?? 0
        owners = Buffer(byteCount: max(4, count * 4))
        let rows = owners.pointer(to: UInt32.self)
        let ranges = lists.pointer(to: ListRange.self)
        for row in 0..<lists.count {
            let start = Int(ranges[row].offset)
            for element in start..<(start + Int(ranges[row].count)) {
                rows[element] = UInt32(truncatingIfNeeded: row)
            }
        }
    }

    package var ranges: UnsafePointer<ListRange> {
        UnsafePointer(lists.pointer(to: ListRange.self))
    }

    /// Gives each element its row's value.
    package func spread(_ vector: Vector) -> Vector {
        if vector.isConstant {
            var result = vector
            result.count = count
            return result
        }
        return vector.gathered(by: UnsafePointer(owners.pointer(to: UInt32.self)), count: count)
    }

    /// Makes lists like these of other elements, as many as there are.
    package func replacing(_ elements: [Vector]) -> Vector {
        var result = lists
        result.children = NestedVectors(elements)
        return result
    }

    /// Keeps the elements for which the mask is true.
    package func filtered(by mask: Vector) -> Vector {
        let flags = mask.flattened()
        let values = flags.pointer(to: UInt8.self)
        let indexes = Buffer(byteCount: max(4, count * 4))
        let kept = indexes.pointer(to: UInt32.self)
        var result = lists
        result.buffer = Buffer(byteCount: lists.count * MemoryLayout<ListRange>.stride)
        result.byteOffset = 0
        let target = result.pointer(to: ListRange.self)
        var total = 0
        for row in 0..<lists.count {
            let start = total
            let first = Int(ranges[row].offset)
            for element in first..<(first + Int(ranges[row].count))
            where flags.isValid(element) && values[element] & 1 != 0 {
                kept[total] = UInt32(truncatingIfNeeded: element)
                total += 1
            }
            target[row] = ListRange(
                offset: UInt32(truncatingIfNeeded: start),
                count: UInt32(truncatingIfNeeded: total - start))
        }
        result.children = NestedVectors(
            parts.map { $0.gathered(by: UnsafePointer(kept), count: total) })
        withExtendedLifetime(indexes) {}
        return result
    }
}

/// Makes lists of `elements`, row by row `count` of them, from vectors that each hold one element
/// of every row.
package func listed(_ elements: [[Vector]], count: Int) -> Vector {
    let width = elements.first?.count ?? 0
    var result = Vector(uninitialized: .list, count: count)
    let ranges = result.pointer(to: ListRange.self)
    for row in 0..<count {
        ranges[row] = ListRange(
            offset: UInt32(truncatingIfNeeded: row &* width),
            count: UInt32(truncatingIfNeeded: width))
    }
    let indexes = Buffer(byteCount: max(4, count * width * 4))
    let order = indexes.pointer(to: UInt32.self)
    for row in 0..<count {
        for position in 0..<width {
            order[row &* width &+ position] = UInt32(
                truncatingIfNeeded: position &* count &+ row)
        }
    }
    result.children = NestedVectors(
        elements.map { vectors in
            var collector = ColumnCollector(vectors[0].physicalType)
            for vector in vectors { collector.append(vector) }
            return collector.finish().gathered(by: UnsafePointer(order), count: count * width)
        })
    withExtendedLifetime(indexes) {}
    return result
}

/// Leaves of entries with equal keys the last one, as maps have one value a key.
package func withDistinctKeys(_ maps: Vector) -> Vector {
    let entries = ListElements(maps)
    guard entries.parts.count == 2 else { return maps }
    let keys = packed(entries.parts[0].flattened(), asKey: true)
    // Strings that are no NULL: a NULL key is a key like others.
    let texts = keys.pointer(to: StringReference.self)
    var mask = Vector(uninitialized: .int8, count: entries.count)
    let flags = mask.pointer(to: UInt8.self)
    var dropped = 0
    for row in 0..<entries.lists.count {
        let start = Int(entries.ranges[row].offset)
        let end = start + Int(entries.ranges[row].count)
        var seen = Set<[UInt8]>()
        for element in stride(from: end - 1, through: start, by: -1) {
            let isNew =
                end - start < 2
                || seen.insert(keys.isValid(element) ? texts[element].bytes : [])
                    .inserted
            flags[element] = isNew ? 1 : 0
            dropped += isNew ? 0 : 1
        }
    }
    mask.validity = nil
    return dropped == 0 ? entries.lists : entries.filtered(by: mask)
}
