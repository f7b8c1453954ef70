// The least and the greatest value of a page or a column chunk.

import StarlingTables
import StarlingVectors

/// Collects bounds.
struct PageBounds<Value: StoredValue> {
    private(set) var low: Value?
    private(set) var high: Value?
    /// True where a NaN was met: then there are no bounds to rely on.
    private(set) var hasUnordered = false

    /// Adds values.
    mutating func add(_ values: UnsafePointer<Value>, count: Int) {
        guard count > 0 else { return }
        var least = low ?? values[0]
        var greatest = high ?? values[0]
        var isOrdered = true
        for place in 0..<count {
            let value = values[place]
            isOrdered = isOrdered && value.isOrdered
            if Value.precedes(value, least) { least = value }
            if Value.precedes(greatest, value) { greatest = value }
        }
        if !isOrdered { hasUnordered = true }
        low = least
        high = greatest
    }

    mutating func add(_ value: Value) {
        withUnsafePointer(to: value) { add($0, count: 1) }
    }

    mutating func add(_ other: PageBounds<Value>) {
        if other.hasUnordered { hasUnordered = true }
        if let low = other.low { add(low) }
        if let high = other.high { add(high) }
    }
}

/// Watches in which order the bounds of pages come.
struct BoundaryOrder<Value: StoredValue> {
    private var isAscending = true
    private var isDescending = true
    private var last: (low: Value, high: Value)?

    mutating func add(_ page: PageBounds<Value>) {
        guard let low = page.low, let high = page.high else { return }
        if let last {
            if Value.precedes(low, last.low) || Value.precedes(high, last.high) {
                isAscending = false
            }
            if Value.precedes(last.low, low) || Value.precedes(last.high, high) {
                isDescending = false
            }
        }
        last = (low, high)
    }

    /// The order's number in the format.
    var code: Int { isAscending ? 1 : isDescending ? 2 : 0 }
}

/// Holds a bound as the footer has it.
struct WrittenBound: Sendable {
    var bytes: [UInt8]
    /// False for a prefix that stands for a longer text.
    var isExact = true

    /// Long texts are cut to a prefix that bounds from below.
    static func low(_ value: some StoredValue, isText: Bool) -> WrittenBound {
        var bytes = value.bytes
        // Both zeros are one value, so the bound is the outer one of them.
        if let number = value as? Float, number == 0 { bytes = (-Float.zero).bytes }
        if let number = value as? Double, number == 0 { bytes = (-Double.zero).bytes }
        guard value is StringReference else { return WrittenBound(bytes: bytes) }
        let cut = CutBound.low(bytes, isText: isText)
        return WrittenBound(bytes: cut.bytes, isExact: cut.isExact)
    }

    /// A prefix bounds from above when its end is raised; nil where nothing can be raised.
    static func high(_ value: some StoredValue, isText: Bool) -> WrittenBound? {
        var bytes = value.bytes
        if let number = value as? Float, number == 0 { bytes = Float.zero.bytes }
        if let number = value as? Double, number == 0 { bytes = Double.zero.bytes }
        guard value is StringReference else { return WrittenBound(bytes: bytes) }
        return CutBound.high(bytes, isText: isText).map {
            WrittenBound(bytes: $0.bytes, isExact: $0.isExact)
        }
    }
}
