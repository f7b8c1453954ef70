// Terms while an index is made: the bytes of all of them behind each other, found by their hashes.

import StarlingMemory

/// Numbers terms in the order in which they come.
struct TermTable {
    private var bytes: [UInt8] = []
    /// Where the bytes of each term end.
    private var ends: [Int] = [0]
    private var hashes: [UInt64] = []
    /// For each slot the number of a term plus one; 0 where it is free.
    private var slots = [UInt32](repeating: 0, count: 1 << 12)

    var count: Int { hashes.count }
    var byteCount: Int { bytes.count + hashes.count * 16 + slots.count * 4 }

    /// Finds a term, or adds it behind those that are there.
    mutating func number(of term: UnsafeRawBufferPointer) -> UInt32 {
        let hash = Self.hash(term)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while true {
            let known = slots[slot]
            if known == 0 { break }
            let number = Int(known) - 1
            if hashes[number] == hash, isTerm(number, term) { return UInt32(number) }
            slot = (slot + 1) & (slots.count - 1)
        }
        hashes.append(hash)
        bytes.append(contentsOf: term)
        ends.append(bytes.count)
        slots[slot] = UInt32(hashes.count)
        if hashes.count * 2 > slots.count { grow() }
        return UInt32(hashes.count - 1)
    }

    private func isTerm(_ number: Int, _ term: UnsafeRawBufferPointer) -> Bool {
        let own = ends[number]..<ends[number + 1]
        guard own.count == term.count else { return false }
        return bytes.withUnsafeBytes { all in
            for place in 0..<term.count where all[own.lowerBound &+ place] != term[place] {
                return false
            }
            return true
        }
    }

    @inline(__always)
    private static func hash(_ term: UnsafeRawBufferPointer) -> UInt64 {
        guard term.count <= 8 else { return XXHash64.hash(term) }
        var word: UInt64 = 0
        for place in 0..<term.count { word = word &<< 8 | UInt64(term[place]) }
        return XXHash64.hash(word: word &+ UInt64(term.count) &<< 59)
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for number in hashes.indices {
            var slot = Int(truncatingIfNeeded: hashes[number]) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(number + 1)
        }
    }

    func term(_ number: Int) -> [UInt8] { Array(bytes[ends[number]..<ends[number + 1]]) }

    /// The numbers of the terms in the order of their bytes.
    var sortedNumbers: [Int] {
        bytes.withUnsafeBytes { all in
            // The first eight bytes decide nearly always.
            let keyed = hashes.indices.map { number -> (key: UInt64, number: Int) in
                var key: UInt64 = 0
                let (start, end) = (ends[number], ends[number + 1])
                for place in 0..<8 {
                    key = key &<< 8 | (start + place < end ? UInt64(all[start + place]) : 0)
                }
                return (key, number)
            }
            return keyed.sorted { left, right in
                if left.key != right.key { return left.key < right.key }
                let first = all[ends[left.number]..<ends[left.number + 1]]
                let second = all[ends[right.number]..<ends[right.number + 1]]
                return first.lexicographicallyPrecedes(second)
            }.map(\.number)
        }
    }
}
