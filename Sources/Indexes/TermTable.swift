// Terms while an index is made: the bytes of all of them behind each other, found by their hashes.

import StarlingMemory

/// Numbers terms in the order in which they come.
struct TermTable {
    /// Is a term. Its first bytes decide nearly always whether and how two differ.
    private struct Entry: BitwiseCopyable {
        var hash: UInt64
        /// The first eight bytes, the first of them highest; zeros where there are fewer.
        var key: UInt64
        /// Where the bytes lie.
        var start: Int
        var count: Int
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// For each slot the number of a term plus one; 0 where it is free.
    private var slots = [UInt32](repeating: 0, count: 1 << 12)

    var count: Int { entries.count }
    var byteCount: Int {
        bytes.count + entries.count * MemoryLayout<Entry>.stride + slots.count * 4
    }

    /// Finds a term, or adds it behind those that are there.
    mutating func number(of term: UnsafeRawBufferPointer) -> UInt32 {
        let key = Self.key(of: term)
        let hash =
            term.count <= 8
            ? XXHash64.hash(word: key ^ UInt64(truncatingIfNeeded: term.count))
            : XXHash64.hash(term)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while true {
            let known = slots[slot]
            if known == 0 { break }
            let number = Int(known) - 1
            let entry = entries[number]
            if entry.hash == hash, entry.key == key, entry.count == term.count,
                term.count <= 8 || hasSameEnd(entry, term)
            {
                return UInt32(truncatingIfNeeded: number)
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        entries.append(Entry(hash: hash, key: key, start: bytes.count, count: term.count))
        bytes.append(contentsOf: term)
        slots[slot] = UInt32(truncatingIfNeeded: entries.count)
        if entries.count * 2 > slots.count { grow() }
        return UInt32(truncatingIfNeeded: entries.count - 1)
    }

    /// Compares a term of more than eight bytes with another one that begins with the same eight.
    private func hasSameEnd(_ entry: Entry, _ term: UnsafeRawBufferPointer) -> Bool {
        bytes.withUnsafeBytes { all in
            var place = 8
            while place < entry.count {
                // The last eight overlap with those before.
                let next = min(place, entry.count - 8)
                let own = all.loadUnaligned(fromByteOffset: entry.start + next, as: UInt64.self)
                guard own == term.loadUnaligned(fromByteOffset: next, as: UInt64.self) else {
                    return false
                }
                place += 8
            }
            return true
        }
    }

    @inline(__always)
    private static func key(of term: UnsafeRawBufferPointer) -> UInt64 {
        if term.count >= 8 {
            return UInt64(bigEndian: term.loadUnaligned(as: UInt64.self))
        }
        var key: UInt64 = 0
        var shift: UInt64 = 56
        for byte in term {
            key |= UInt64(byte) &<< shift
            shift &-= 8
        }
        return key
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for (number, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.hash) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(truncatingIfNeeded: number + 1)
        }
    }

    /// Hands out the terms with their numbers, in the order of their bytes.
    func forEachSorted(_ body: (Int, UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBytes { all in
            func term(_ number: Int) -> UnsafeRawBufferPointer {
                let entry = entries[number]
                return UnsafeRawBufferPointer(
                    rebasing: all[entry.start..<(entry.start + entry.count)])
            }
            let sorted = entries.enumerated().map { (key: $1.key, number: $0) }.sorted {
                left, right in
                left.key != right.key
                    ? left.key < right.key
                    : term(left.number).lexicographicallyPrecedes(term(right.number))
            }
            for (_, number) in sorted { body(number, term(number)) }
        }
    }
}
