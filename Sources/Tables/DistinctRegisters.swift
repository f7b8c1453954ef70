// How many distinct values rows have, by HyperLogLog (Flajolet, Fusy, Gandouet and Meunier, AofA
// 2007). 1,024 registers are off by 3 % and small enough to be kept for each column of each segment;
// few values leave most registers empty, which then are not kept.

import StarlingTypes

/// Has seen values, and merges with what has seen others.
package struct DistinctRegisters: Sendable, Hashable {
    package static let registerBits = 10
    package static let registerCount = 1 << registerBits
    /// A hash has no more zeros behind the bits of the register, and one.
    package static let rankMax = 64 - registerBits + 1

    private var ranks: [UInt8]

    /// Has seen nothing.
    package init() { ranks = [] }

    /// Has seen values with these hashes.
    package init(_ hashes: [UInt64]) {
        self.init()
        add(hashes)
    }

    /// Reads registers that are not empty: the number above, the rank in the lower 6 bits.
    package init?(entries: [UInt16]) {
        self.init()
        for entry in entries {
            let rank = UInt8(entry & 63)
            guard rank <= Self.rankMax else { return nil }
            raise(Int(entry >> 6), to: rank)
        }
    }

    /// The registers that are not empty, as they are stored.
    package var entries: [UInt16] {
        ranks.indices.compactMap { register in
            ranks[register] == 0 ? nil : UInt16(register) << 6 | UInt16(ranks[register])
        }
    }

    package mutating func add(_ hashes: [UInt64]) {
        guard !hashes.isEmpty else { return }
        makeRoom()
        for hash in hashes {
            let register = Int(truncatingIfNeeded: hash &>> UInt64(64 - Self.registerBits))
            // A bit below the rest bounds the count of zeros.
            let rest = hash &<< UInt64(Self.registerBits) | 1 &<< UInt64(Self.registerBits - 1)
            let rank = UInt8(truncatingIfNeeded: rest.leadingZeroBitCount &+ 1)
            if rank > ranks[register] { ranks[register] = rank }
        }
    }

    package mutating func merge(_ other: DistinctRegisters) {
        guard !other.ranks.isEmpty else { return }
        makeRoom()
        for register in ranks.indices {
            ranks[register] = max(ranks[register], other.ranks[register])
        }
    }

    private mutating func raise(_ register: Int, to rank: UInt8) {
        makeRoom()
        ranks[register] = max(ranks[register], rank)
    }

    private mutating func makeRoom() {
        if ranks.isEmpty { ranks = Array(repeating: 0, count: Self.registerCount) }
    }

    /// Estimates the count of distinct values that were seen.
    package var estimate: Int {
        guard !ranks.isEmpty else { return 0 }
        var counts = [Int](repeating: 0, count: Self.rankMax + 1)
        for rank in ranks { counts[Int(min(rank, UInt8(Self.rankMax)))] += 1 }
        return Int(estimatedDistinctCount(registersByRank: counts))
    }
}
