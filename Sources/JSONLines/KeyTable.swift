// The keys of objects. The order in which an object has them is learned, so that one comparison
// finds most of them.

import StarlingFields
import StarlingMemory

/// Finds keys among those that are known.
final class KeyTable {
    let keys: [[UInt8]]
    /// The bytes of all keys, and where each begins.
    private let text: Buffer
    private let offsets: Buffer
    /// For each place in an object, the key that stood there last; -1 where none did.
    private let expected: Buffer
    private static let expectedCount = 256
    private lazy var numbers = Dictionary(
        keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    /// Keys that are not known, with how often they were seen.
    private var unknown: [[UInt8]: Int] = [:]

    init(_ keys: [[UInt8]]) {
        self.keys = keys
        text = Buffer(byteCount: keys.reduce(0) { $0 + $1.count })
        offsets = Buffer(byteCount: (keys.count + 1) * 8)
        var offset = 0
        for (index, key) in keys.enumerated() {
            offsets.pointer(to: Int.self)[index] = offset
            for byte in key {
                text.pointer(to: UInt8.self)[offset] = byte
                offset += 1
            }
        }
        offsets.pointer(to: Int.self)[keys.count] = offset
        expected = Buffer(byteCount: Self.expectedCount * 4)
        expected.pointer(to: Int32.self).update(repeating: -1, count: Self.expectedCount)
    }

    /// Returns the number of the key in `source[start ..< end]`, which stands at place `ordinal` of
    /// its object; -1 for one that is not known.
    @inline(__always)
    func number(_ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ ordinal: Int) -> Int {
        if ordinal < Self.expectedCount {
            let guess = Int(expected.pointer(to: Int32.self)[ordinal])
            if guess >= 0, matches(guess, source + start, end &- start) { return guess }
        }
        return find(source, start, end, ordinal)
    }

    @inline(__always)
    private func matches(_ key: Int, _ source: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        let offsets = offsets.pointer(to: Int.self)
        return offsets[key &+ 1] &- offsets[key] == length
            && bytesAreEqual(text.baseAddress + offsets[key], source, length)
    }

    @inline(never)
    private func find(
        _ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ ordinal: Int
    ) -> Int {
        let raw = Array(UnsafeBufferPointer(start: source + start, count: max(0, end - start)))
        let key = JSONText.unescaped(raw)
        guard let found = numbers[key] else {
            if unknown.count < 100 || unknown[key] != nil { unknown[key, default: 0] += 1 }
            return -1
        }
        if ordinal < Self.expectedCount {
            expected.pointer(to: Int32.self)[ordinal] = Int32(truncatingIfNeeded: found)
        }
        return found
    }

    /// Returns the keys that are not known, with how often they were seen since the last call.
    func takeUnknown() -> [[UInt8]: Int] {
        if unknown.isEmpty { return unknown }
        defer { unknown = [:] }
        return unknown
    }
}
