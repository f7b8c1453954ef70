// Arrays of strings, put together row by row.

import StarlingTypes
import StarlingVectors

/// Collects a list of strings for each row.
struct TextListBuilder {
    private var lists: Vector
    private var row = 0
    private var first = 0
    private var elements: [StringReference] = []

    init(count: Int) { lists = Vector(uninitialized: .list, count: count) }

    /// Adds a part of a text that outlives the result, or is inline.
    mutating func add(_ text: Bytes, _ range: Range<Int>) {
        guard let base = text.baseAddress, !range.isEmpty else {
            elements.append(.empty)
            return
        }
        elements.append(StringReference(base + range.lowerBound, count: range.count))
    }

    mutating func add(_ element: StringReference) { elements.append(element) }

    /// Ends a row with the elements added since the last one.
    mutating func finishRow() {
        lists.pointer(to: ListRange.self)[row] = ListRange(
            offset: UInt32(truncatingIfNeeded: first),
            count: UInt32(truncatingIfNeeded: elements.count - first))
        first = elements.count
        row += 1
    }

    mutating func addNull() {
        lists.setNull(row)
        finishRow()
    }

    /// Gives the lists; `owner` keeps what their strings point to.
    mutating func finish(owner: (any Owner)?) -> Vector {
        var values = Vector(uninitialized: .string, count: elements.count)
        let target = values.pointer(to: StringReference.self)
        for (position, element) in elements.enumerated() { target[position] = element }
        values.owner = owner
        lists.children = NestedVectors([values])
        return lists
    }
}
