// Maps are equal where they have the same entries, in whatever order: as keys their entries are
// brought into the order of their keys.

import StarlingMemory
import StarlingTypes
import StarlingVectors

extension Vector {
    /// Returns maps with their entries in the order of the keys; arrays as they are. The lists are
    /// compact.
    func withSortedEntries() -> Vector {
        guard let parts = children?.vectors, parts.count == 2 else { return self }
        let keys = packed(parts[0].flattened(), asKey: true)
        let texts = keys.pointer(to: StringReference.self)
        let ranges = pointer(to: ListRange.self)
        let indexes = Buffer(byteCount: parts[0].count * 4)
        let order = indexes.pointer(to: UInt32.self)
        for element in 0..<parts[0].count { order[element] = UInt32(element) }
        var isSorted = true
        for row in 0..<count where ranges[row].count > 1 {
            let start = Int(ranges[row].offset)
            var entries = UnsafeMutableBufferPointer(
                start: order + start, count: Int(ranges[row].count))
            entries.sort { texts[Int($0)] < texts[Int($1)] }
            for entry in entries.indices where Int(entries[entry]) != start + entry {
                isSorted = false
            }
        }
        if isSorted { return self }
        var result = self
        result.children = NestedVectors(
            parts.map { $0.gathered(by: UnsafePointer(order), count: $0.count) })
        withExtendedLifetime((keys, indexes)) {}
        return result
    }
}
