// The least and the greatest value of a page or a column chunk.

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
        guard value is StringReference, bytes.count > byteCountMaximum else {
            return WrittenBound(bytes: bytes)
        }
        return WrittenBound(bytes: cut(bytes, isText: isText), isExact: false)
    }

    /// A prefix bounds from above when its end is raised; nil where nothing can be raised.
    static func high(_ value: some StoredValue, isText: Bool) -> WrittenBound? {
        var bytes = value.bytes
        if let number = value as? Float, number == 0 { bytes = Float.zero.bytes }
        if let number = value as? Double, number == 0 { bytes = Double.zero.bytes }
        guard value is StringReference, bytes.count > byteCountMaximum else {
            return WrittenBound(bytes: bytes)
        }
        let prefix = cut(bytes, isText: isText)
        let raised = isText ? raisedText(prefix) ?? raisedBytes(prefix) : raisedBytes(prefix)
        return raised.map { WrittenBound(bytes: $0, isExact: false) }
    }

    private static let byteCountMaximum = 64

    /// Cuts between characters where the bytes are a text.
    private static func cut(_ bytes: [UInt8], isText: Bool) -> [UInt8] {
        var end = byteCountMaximum
        if isText {
            while end > byteCountMaximum - 4, bytes[end] & 0xC0 == 0x80 { end -= 1 }
            if bytes[end] & 0xC0 == 0x80 { end = byteCountMaximum }
        }
        return Array(bytes[..<end])
    }

    /// Raises the last character that has one above it; the order of UTF-8 is that of characters.
    private static func raisedText(_ bytes: [UInt8]) -> [UInt8]? {
        guard
            var scalars = String(validating: bytes, as: UTF8.self).map({ Array($0.unicodeScalars) })
        else { return nil }
        while let last = scalars.popLast() {
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            guard let raised = Unicode.Scalar(next) else { continue }
            var text = String.UnicodeScalarView(scalars)
            text.append(raised)
            return Array(String(text).utf8)
        }
        return nil
    }

    private static func raisedBytes(_ bytes: [UInt8]) -> [UInt8]? {
        var bytes = bytes
        while let last = bytes.popLast() {
            if last < 0xFF { return bytes + [last + 1] }
        }
        return nil
    }
}
