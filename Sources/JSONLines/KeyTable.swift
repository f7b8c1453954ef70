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
    /// Takes the keys that are not known; nil where nobody asks.
    var unknown: UnknownKeys?
    /// What the paths of the keys begin with.
    private let place: String
    private lazy var numbers = Dictionary(
        keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })

    init(_ keys: [[UInt8]], in place: String = "", unknown: UnknownKeys? = nil) {
        self.keys = keys
        self.place = place
        self.unknown = unknown
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
            guard let unknown else { return -1 }
            if !isTrial { unknown.note(key, in: place) }
            return nil
        }
        if ordinal < KeyOrder.placeCount {
            expected.pointer(to: Int32.self)[ordinal] = Int32(truncatingIfNeeded: found)
        }
        return found
    }
}
