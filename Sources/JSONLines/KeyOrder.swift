// The keys that objects are expected to have, place by place, as words that one comparison each
// decides on.

import StarlingFields
import StarlingMemory

/// Is what a table of keys lends to those who walk over objects.
struct KeyOrder {
    /// One key of the table.
    struct Key {
        let text: UnsafePointer<UInt8>
        let length: Int
        /// The first eight bytes, or all there are.
        let head: UInt64
        let headMask: UInt64
        /// The last eight bytes of a key that has more.
        let tail: UInt64

        init(_ text: UnsafePointer<UInt8>, _ length: Int) {
            self.text = text
            self.length = length
            var word: UInt64 = 0
            for place in 0..<min(length, 8) { word |= UInt64(text[place]) << UInt64(8 * place) }
            head = word
            headMask = length >= 8 ? .max : (1 << UInt64(8 * length)) - 1
            tail =
                length > 8
                ? UnsafeRawPointer(text + (length - 8)).loadUnaligned(as: UInt64.self).littleEndian
                : 0
        }

        /// Compares with a text behind which eight bytes may be read.
        @inline(__always)
        func matches(_ other: UnsafePointer<UInt8>, _ otherLength: Int) -> Bool {
            guard length == otherLength else { return false }
            let start = UnsafeRawPointer(other)
            let first = start.loadUnaligned(as: UInt64.self).littleEndian
            guard (first ^ head) & headMask == 0 else { return false }
            if length <= 8 { return true }
            let last = (start + (length &- 8)).loadUnaligned(as: UInt64.self).littleEndian
            return last == tail
                && (length <= 16 || bytesAreEqual(text + 8, other + 8, length &- 16))
        }
    }

    /// How many places of an object are remembered.
    static let placeCount = 256

    let keys: UnsafePointer<Key>
    /// For each place in an object, the key that stood there last; -1 where none did.
    let expected: UnsafePointer<Int32>

    /// Returns the key that is expected at place `ordinal` if it stands at `source`; otherwise -1.
    @inline(__always)
    func guess(_ source: UnsafePointer<UInt8>, _ length: Int, _ ordinal: Int) -> Int {
        guard ordinal < Self.placeCount else { return -1 }
        let guess = Int(expected[ordinal])
        return guess >= 0 && keys[guess].matches(source, length) ? guess : -1
    }
}
