// The keys of objects. The order in which an object has them is learned, so that one comparison
// finds most of them.

import StarlingFields
import StarlingMemory

/// Finds keys among those that are known.
final class KeyTable {
    let keys: [[UInt8]]
    /// What is lent to those who walk; valid as long as the table is.
    let order: KeyOrder
    /// The bytes of all keys.
    private let text: Buffer
    private let entries: Buffer
    private let expected: Buffer
    /// True where somebody asks which keys are not known.
    private let notesUnknown: Bool
    private lazy var numbers = Dictionary(
        keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    /// Keys that are not known, with how often they were seen.
    private var unknown: [[UInt8]: Int] = [:]

    init(_ keys: [[UInt8]], notesUnknown: Bool = false) {
        self.keys = keys
        self.notesUnknown = notesUnknown
        text = Buffer(byteCount: keys.reduce(8) { $0 + $1.count })
        entries = Buffer(byteCount: (keys.count + 1) * MemoryLayout<KeyOrder.Key>.stride)
        let bytes = text.pointer(to: UInt8.self)
        let entry = entries.pointer(to: KeyOrder.Key.self)
        var offset = 0
        for (number, key) in keys.enumerated() {
            for (place, byte) in key.enumerated() { bytes[offset + place] = byte }
            entry[number] = KeyOrder.Key(UnsafePointer(bytes + offset), key.count)
            offset += key.count
        }
        expected = Buffer(byteCount: KeyOrder.placeCount * 4)
        let places = expected.pointer(to: Int32.self)
        places.update(repeating: -1, count: KeyOrder.placeCount)
        order = KeyOrder(keys: UnsafePointer(entry), expected: UnsafePointer(places))
    }

    /// Returns the number of the key in `source[start ..< end]`, which stands at place `ordinal` of
    /// its object; -1 for one that is not known.
    @inline(__always)
    func number(_ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ ordinal: Int) -> Int {
        let guess = order.guess(source + start, end &- start, ordinal)
        return guess >= 0 ? guess : find(source, start, end, ordinal) ?? -1
    }

    /// Looks a key up that is not the expected one; it is expected from now on. Returns nil for one
    /// that is not known and is to be noted, which a trial leaves to the walk that counts.
    @inline(never)
    func find(
        _ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ ordinal: Int,
        isTrial: Bool = false
    ) -> Int? {
        let raw = Array(UnsafeBufferPointer(start: source + start, count: max(0, end - start)))
        let key = JSONText.unescaped(raw)
        guard let found = numbers[key] else {
            guard notesUnknown else { return -1 }
            if !isTrial, unknown.count < 100 || unknown[key] != nil {
                unknown[key, default: 0] += 1
            }
            return nil
        }
        if ordinal < KeyOrder.placeCount {
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
