// Where values of one kind lie in a block: those of a key, a record or an object each, or the
// elements of arrays, one after the other.

import StarlingFields
import StarlingMemory

/// Keeps places of values.
final class ValueSpans {
    /// How the values are to be read.
    enum Reading {
        /// The text of a string without quotes and escapes, or another value as it is written.
        case text
        /// As `text`, but for a string without a character, which is none of the type's values.
        case scalar
        /// The value as it is written.
        case raw
        /// As it is written, and where its brackets are in the block's index.
        case nested
    }

    let reading: Reading
    /// For each value two numbers: the byte before it, and its end. Equal ones mean that there is
    /// none, or NULL.
    private(set) var ends: UnsafeMutablePointer<UInt32>
    /// For each value that is an object or array, where in the block's index it begins.
    private(set) var marks: UnsafeMutablePointer<UInt32>
    private var buffer: Buffer
    private(set) var capacity: Int
    /// Values whose strings have escapes. They are replaced when the record is known to be whole,
    /// since one that is not is read again.
    private var escaped: [Int] = []

    init(_ reading: Reading, capacity: Int) {
        self.reading = reading
        self.capacity = capacity
        buffer = Buffer(byteCount: capacity * 12)
        ends = buffer.pointer(to: UInt32.self)
        marks = ends + 2 * capacity
    }

    /// Makes room for `count` values, of which the first `kept` stay.
    func reserve(_ count: Int, kept: Int = 0) {
        guard count > capacity else { return }
        let larger = max(count, 2 * capacity)
        let next = Buffer(byteCount: larger * 12)
        let nextEnds = next.pointer(to: UInt32.self)
        nextEnds.update(from: ends, count: 2 * kept)
        (nextEnds + 2 * larger).update(from: marks, count: kept)
        capacity = larger
        buffer = next
        ends = nextEnds
        marks = nextEnds + 2 * larger
    }

    @inline(__always)
    func clear(_ entry: Int) {
        ends[2 &* entry] = 0
        ends[2 &* entry &+ 1] = 0
    }

    /// Makes room for one more value behind the first `entry` ones; it is NULL.
    @inline(__always)
    func append(_ entry: Int) {
        if entry >= capacity { reserve(entry &+ 1, kept: entry) }
        clear(entry)
    }

    @inline(__always)
    func isPresent(_ entry: Int) -> Bool { ends[2 &* entry] != ends[2 &* entry &+ 1] }

    /// Locates a value in the text.
    @inline(__always)
    func range(_ entry: Int) -> Range<Int> {
        (Int(ends[2 &* entry]) &+ 1)..<Int(ends[2 &* entry &+ 1])
    }

    /// Notes a value; the first of several of a key counts.
    @inline(__always)
    func note(_ entry: Int, _ from: Int, _ to: Int, mark: Int = 0, hasEscapes: Bool = false) {
        guard ends[2 &* entry &+ 1] == 0 else { return }
        ends[2 &* entry] = UInt32(truncatingIfNeeded: from &- 1)
        ends[2 &* entry &+ 1] = UInt32(truncatingIfNeeded: to)
        marks[entry] = UInt32(truncatingIfNeeded: mark)
        if hasEscapes { escaped.append(entry) }
    }

    // MARK: Escapes

    /// Forgets the escapes of values from `entry` on, which are not read.
    @inline(__always)
    func forgetEscapes(from entry: Int) {
        if !escaped.isEmpty { escaped.removeAll { $0 >= entry } }
    }

    /// Replaces escapes in the text; returns the values that have one that is none.
    func unescape(_ text: UnsafeMutablePointer<UInt8>) -> [Int] {
        if escaped.isEmpty { return [] }
        var faulty: [Int] = []
        for entry in escaped {
            let range = range(entry)
            if let count = JSONText.unescape(text + range.lowerBound, range.count) {
                ends[2 * entry + 1] = UInt32(truncatingIfNeeded: range.lowerBound + count)
            } else {
                faulty.append(entry)
            }
        }
        escaped.removeAll(keepingCapacity: true)
        return faulty
    }
}
