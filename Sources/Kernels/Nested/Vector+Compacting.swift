// Brings the elements of lists into the order of their rows, without gaps: what is written away or
// collected holds then no more than what is referred to.

import StarlingMemory
import StarlingTypes
import StarlingVectors

extension Vector {
    /// Returns lists, flat, whose elements lie one behind the other from 0 on; NULLs have none.
    package func compacted() -> Vector {
        guard physicalType == .list else { return self }
        var result = flattened()
        let ranges = result.pointer(to: ListRange.self)
        let parts = result.children?.vectors ?? []
        let validity = result.validity
        var total = 0
        var isDense = true
        for row in 0..<count {
            let elementCount = validity?.isValid(row) ?? true ? Int(ranges[row].count) : 0
            isDense = isDense && Int(ranges[row].offset) == total
            isDense = isDense && Int(ranges[row].count) == elementCount
            total += elementCount
        }
        if isDense {
            if parts.allSatisfy({ $0.count == total }) { return result }
            result.children = NestedVectors(parts.map { $0.slice(from: 0, count: total) })
            return result
        }
        let indexes = Buffer(byteCount: total * 4)
        let elements = indexes.pointer(to: UInt32.self)
        let buffer = Buffer(byteCount: count * MemoryLayout<ListRange>.stride)
        let dense = buffer.pointer(to: ListRange.self)
        var next = 0
        for row in 0..<count {
            let range = ranges[row]
            let elementCount = validity?.isValid(row) ?? true ? Int(range.count) : 0
            dense[row] = ListRange(
                offset: UInt32(truncatingIfNeeded: next),
                count: UInt32(truncatingIfNeeded: elementCount))
            for element in 0..<elementCount {
                elements[next &+ element] = range.offset &+ UInt32(truncatingIfNeeded: element)
            }
            next += elementCount
        }
        result.buffer = buffer
        result.byteOffset = 0
        result.children = NestedVectors(
            parts.map { $0.gathered(by: UnsafePointer(elements), count: total) })
        withExtendedLifetime(indexes) {}
        return result
    }

    /// Counts the elements that the rows refer to.
    package var referencedElementCount: Int {
        guard physicalType == .list else { return 0 }
        let view = DecodedVector(self)
        var total = 0
        for row in 0..<count where view.isValid(row) {
            total += Int(view.value(row, as: ListRange.self).count)
        }
        return total
    }
}
