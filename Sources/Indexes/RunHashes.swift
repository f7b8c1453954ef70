// The different hashes of the runs of characters in some rows. They are as good as random, so that each
// says itself where it stands.

/// Holds hashes, each once.
struct RunHashes {
    /// Zero is free.
    private var slots = [UInt64](repeating: 0, count: 1 << 12)
    private var filledCount = 0
    private var hasZero = false

    var count: Int { filledCount + (hasZero ? 1 : 0) }
    var byteCount: Int { slots.count * 8 }

    @inline(__always)
    mutating func insert(_ hash: UInt64) {
        guard hash != 0 else {
            hasZero = true
            return
        }
        var slot = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
        while slots[slot] != 0 {
            if slots[slot] == hash { return }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
        slots[slot] = hash
        filledCount += 1
        if filledCount * 2 > slots.count { grow() }
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        filledCount = 0
        for hash in old where hash != 0 { insert(hash) }
    }

    func forEach(_ body: (UInt64) -> Void) {
        if hasZero { body(0) }
        for hash in slots where hash != 0 { body(hash) }
    }

    mutating func removeAll() {
        for slot in slots.indices { slots[slot] = 0 }
        filledCount = 0
        hasZero = false
    }
}
