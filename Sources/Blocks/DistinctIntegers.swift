// The distinct integers of a column, found with a hash table that gives up where there are too many.

import StarlingMemory

/// Knows the distinct integers among rows and which of them each is.
struct DistinctIntegers {
    /// The integers in the order in which they came.
    private let found: [Int64]
    /// The place of each row's integer among them.
    private let codes: Buffer
    private let rowCount: Int

    /// Looks at every `step`th row; nil where more than `limit` integers come.
    init?(_ values: UnsafePointer<Int64>, count: Int, step: Int, limit: Int) {
        var bits = 6
        while 1 << bits < limit * 2 { bits += 1 }
        let mask = (1 << bits) - 1
        // Places in `found` from 1 on; 0 is a free slot.
        let table = Buffer.zeroed(byteCount: (mask + 1) * 4)
        let slots = table.pointer(to: UInt32.self)
        let integers = Buffer(byteCount: (limit + 1) * 8)
        let known = integers.pointer(to: Int64.self)
        rowCount = (count + step - 1) / step
        codes = Buffer(byteCount: max(8, rowCount * 8))
        let target = codes.pointer(to: Int64.self)
        var foundCount = 0
        let shift = UInt64(64 - bits)
        for row in 0..<rowCount {
            let value = values[row &* step]
            let product = UInt64(bitPattern: value) &* 0x9E37_79B9_7F4A_7C15
            var slot = Int(truncatingIfNeeded: product &>> shift)
            while slots[slot] != 0, known[Int(slots[slot]) &- 1] != value {
                slot = (slot &+ 1) & mask
            }
            if slots[slot] == 0 {
                guard foundCount < limit else { return nil }
                known[foundCount] = value
                foundCount &+= 1
                slots[slot] = UInt32(truncatingIfNeeded: foundCount)
            }
            target[row] = Int64(slots[slot]) &- 1
        }
        found = Array(UnsafeBufferPointer(start: known, count: foundCount))
        withExtendedLifetime((table, integers)) {}
    }

    var sorted: [Int64] { found.sorted() }

    /// Lends the place of each row's integer among the sorted ones.
    func withSortedCodes(_ body: (UnsafePointer<Int64>) -> Void) {
        let order = found.indices.sorted { found[$0] < found[$1] }
        var places = Array(repeating: Int64(0), count: found.count)
        for (place, index) in order.enumerated() { places[index] = Int64(place) }
        let sorted = Buffer(byteCount: max(8, rowCount * 8))
        let (source, target) = (codes.pointer(to: Int64.self), sorted.pointer(to: Int64.self))
        places.withUnsafeBufferPointer { places in
            for row in 0..<rowCount { target[row] = places[Int(source[row])] }
        }
        body(target)
        withExtendedLifetime(sorted) {}
    }
}
