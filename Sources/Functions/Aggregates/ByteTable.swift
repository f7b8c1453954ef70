// Distinct keys of a group with something beside each, in the order in which the keys came first:
// entries one after the other, and an open-addressed index into them that is twice as large.

import StarlingKernels
import StarlingVectors

/// Maps bytes to values, in the aggregation's heap; of zero bytes it is empty.
struct ByteTable<Value: BitwiseCopyable>: BitwiseCopyable {
    struct Entry: BitwiseCopyable {
        let key: StringReference
        let hash: UInt64
        var value: Value
    }

    private var address: UInt64
    private(set) var count: Int32
    private var capacity: Int32

    static var empty: Self { Self(address: 0, count: 0, capacity: 0) }

    private init(address: UInt64, count: Int32, capacity: Int32) {
        self.address = address
        self.count = count
        self.capacity = capacity
    }

    var isEmpty: Bool { count == 0 }

    var entries: UnsafeMutablePointer<Entry> {
        UnsafeMutablePointer(bitPattern: UInt(address)).unsafelyUnwrapped
    }

    /// The number of each slot's entry, counted from 1; 0 is free.
    private var slots: UnsafeMutablePointer<UInt32> {
        UnsafeMutableRawPointer(entries + Int(capacity)).assumingMemoryBound(to: UInt32.self)
    }

    /// Returns the number of the key's entry, which is new where the key was not there.
    @inline(__always)
    mutating func find(
        _ key: StringReference, orInsert value: Value, _ heap: StringHeap
    ) -> (entry: Int, isNew: Bool) {
        if count == capacity { grow(heap) }
        let hash = hashValue(of: key)
        let mask = Int(capacity) * 2 - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        let (entries, slots) = (entries, slots)
        while slots[slot] != 0 {
            let found = Int(slots[slot]) - 1
            if entries[found].hash == hash, entries[found].key == key { return (found, false) }
            slot = (slot + 1) & mask
        }
        let new = Int(count)
        (entries + new).initialize(to: Entry(key: heap.add(key), hash: hash, value: value))
        count += 1
        slots[slot] = UInt32(new + 1)
        return (new, true)
    }

    @inline(never)
    private mutating func grow(_ heap: StringHeap) {
        let old = self
        let larger = max(8, Int(capacity) * 2)
        let entryByteCount = larger * MemoryLayout<Entry>.stride
        let slotByteCount = larger * 2 * 4
        let place = heap.allocate(entryByteCount + slotByteCount + 8).alignedUp(toMultipleOf: 8)
        address = UInt64(UInt(bitPattern: place))
        capacity = Int32(larger)
        slots.initialize(repeating: 0, count: larger * 2)
        guard old.count > 0 else { return }
        entries.update(from: old.entries, count: Int(old.count))
        let mask = larger * 2 - 1
        for number in 0..<Int(count) {
            var slot = Int(truncatingIfNeeded: entries[number].hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(number + 1)
        }
    }
}
