// The hash table of an aggregation: slots of 16 bits of the hash and 48 bits of a group's address,
// probed linearly. A chunk of rows is looked up together:
//
// 1. Every row goes from its slot to the first that is empty or bears its tag. Where it is empty,
//    the row claims it for a new group.
// 2. The new groups are made, all at once, and their addresses put into the slots.
// 3. The rows that found their tag are compared with the groups there, column by column.
// 4. Rows that met another group go on behind it, from 1.

import StarlingErrors
import StarlingMemory
import StarlingRows
import StarlingVectors

/// Makes the groups that a directory lacks.
protocol GroupInserter {
    /// Makes a group for each of the listed rows of the chunk and writes their addresses.
    mutating func insert(
        _ rows: UnsafePointer<UInt16>, count: Int, into addresses: UnsafeMutablePointer<RowAddress>
    ) throws(StarlingError)
}

/// Finds groups by the hash and the values of their keys; belongs to one worker at a time.
final class GroupDirectory {
    private static let tagMask: UInt64 = 0xFFFF &<< 48

    private let layout: GroupLayout
    private var slots: Buffer
    private var capacity: Int
    private(set) var groupCount = 0
    private let scratch = DirectoryScratch()

    init(_ layout: GroupLayout, expectedGroupCount: Int = chunkCapacity) {
        self.layout = layout
        capacity = 64
        while capacity < 2 * expectedGroupCount { capacity *= 2 }
        slots = .zeroed(byteCount: capacity * 8)
    }

    var byteCount: Int { capacity * 8 }

    /// Forgets all groups.
    func removeAll() {
        guard groupCount > 0 else { return }
        groupCount = 0
        slots.pointer(to: UInt64.self).update(repeating: 0, count: capacity)
    }

    /// Writes the address of each row's group; `inserter` makes those that are not there.
    func find<Inserter: GroupInserter>(
        _ keys: [Vector], hashes: UnsafePointer<UInt64>, count: Int, inserter: inout Inserter,
        into addresses: UnsafeMutablePointer<RowAddress>
    ) throws(StarlingError) {
        makeRoom(for: count)
        let mask = capacity - 1
        let (rows, positions) = (scratch.rows, scratch.positions)
        for row in 0..<count {
            rows[row] = UInt16(truncatingIfNeeded: row)
            positions[row] = UInt32(truncatingIfNeeded: Int(truncatingIfNeeded: hashes[row]) & mask)
        }
        var remaining = count
        while remaining > 0 {
            let (newCount, candidateCount) = probe(hashes, remaining)
            if newCount > 0 {
                try inserter.insert(
                    scratch.newRows, count: newCount, into: scratch.newAddresses)
                settle(newCount, addresses)
            }
            remaining = compare(keys, candidateCount, addresses)
        }
    }

    /// Takes every remaining row to an empty slot or to one with its tag.
    private func probe(
        _ hashes: UnsafePointer<UInt64>, _ remaining: Int
    ) -> (newCount: Int, candidateCount: Int) {
        let slots = slots.pointer(to: UInt64.self)
        let mask = capacity - 1
        let scratch = scratch
        let (rows, positions) = (scratch.rows, scratch.positions)
        let (newRows, newSlots) = (scratch.newRows, scratch.newSlots)
        let (candidates, candidateSlots) = (scratch.candidates, scratch.candidateSlots)
        var newCount = 0
        var candidateCount = 0
        for i in 0..<remaining {
            let row = rows[i]
            let tag = (hashes[Int(row)] &<< 8) & Self.tagMask
            var slot = Int(positions[Int(row)])
            while true {
                let entry = slots[slot]
                if entry == 0 {
                    // Until its group is made, the slot holds the number of the claim.
                    slots[slot] = tag | UInt64(newCount &+ 1)
                    newRows[newCount] = row
                    newSlots[newCount] = UInt32(truncatingIfNeeded: slot)
                    newCount &+= 1
                    break
                }
                if entry & Self.tagMask == tag {
                    candidates[candidateCount] = row
                    candidateSlots[candidateCount] = UInt32(truncatingIfNeeded: slot)
                    candidateCount &+= 1
                    break
                }
                slot = (slot &+ 1) & mask
            }
        }
        return (newCount, candidateCount)
    }

    /// Puts the addresses of new groups into the slots they claimed.
    private func settle(_ newCount: Int, _ addresses: UnsafeMutablePointer<RowAddress>) {
        let slots = slots.pointer(to: UInt64.self)
        let (newRows, newSlots) = (scratch.newRows, scratch.newSlots)
        let newAddresses = scratch.newAddresses
        for i in 0..<newCount {
            let slot = Int(newSlots[i])
            slots[slot] =
                slots[slot] & Self.tagMask | UInt64(UInt(bitPattern: newAddresses[i]))
            addresses[Int(newRows[i])] = newAddresses[i]
        }
        groupCount += newCount
    }

    /// Compares candidates with the groups they met and returns how many must go on.
    private func compare(
        _ keys: [Vector], _ count: Int, _ addresses: UnsafeMutablePointer<RowAddress>
    ) -> Int {
        guard count > 0 else { return 0 }
        let slots = slots.pointer(to: UInt64.self)
        let (candidates, candidateSlots) = (scratch.candidates, scratch.candidateSlots)
        let (met, isMatch) = (scratch.candidateAddresses, scratch.isMatch)
        for i in 0..<count {
            let entry = slots[Int(candidateSlots[i])] & ~Self.tagMask
            met[i] = UnsafeMutableRawPointer(bitPattern: UInt(entry)).unsafelyUnwrapped
        }
        layout.matcher.match(
            keys, probeRows: candidates, addresses: met, count: count, isMatch: isMatch)
        let (rows, positions) = (scratch.rows, scratch.positions)
        let mask = UInt32(truncatingIfNeeded: capacity - 1)
        var remaining = 0
        for i in 0..<count {
            let row = candidates[i]
            addresses[Int(row)] = met[i]
            positions[Int(row)] = (candidateSlots[i] &+ 1) & mask
            rows[remaining] = row
            remaining &+= isMatch[i] == 0 ? 1 : 0
        }
        return remaining
    }

    /// Grows so that `count` more groups leave a third of the slots empty.
    private func makeRoom(for count: Int) {
        guard (groupCount + count) * 3 > capacity * 2 else { return }
        let (old, oldCapacity) = (slots, capacity)
        while (groupCount + count) * 2 > capacity { capacity *= 2 }
        slots = .zeroed(byteCount: capacity * 8)
        let (source, target) = (old.pointer(to: UInt64.self), slots.pointer(to: UInt64.self))
        let mask = capacity - 1
        let hashOffset = layout.hashOffset
        for position in 0..<oldCapacity where source[position] != 0 {
            let entry = source[position]
            let address = UnsafeMutableRawPointer(bitPattern: UInt(entry & ~Self.tagMask))
            let hash = address.unsafelyUnwrapped.load(fromByteOffset: hashOffset, as: UInt64.self)
            var slot = Int(truncatingIfNeeded: hash) & mask
            while target[slot] != 0 { slot = (slot &+ 1) & mask }
            target[slot] = entry
        }
    }
}

/// Holds the lists that a look-up works with, each with room for a chunk's rows.
private final class DirectoryScratch {
    let buffer = Buffer(byteCount: chunkCapacity * (3 * 2 + 3 * 4 + 2 * 8 + 1))

    private func list<Element: BitwiseCopyable>(
        at byteOffset: Int, _: Element.Type = Element.self
    ) -> UnsafeMutablePointer<Element> {
        (buffer.baseAddress + byteOffset * chunkCapacity).assumingMemoryBound(to: Element.self)
    }

    var newAddresses: UnsafeMutablePointer<RowAddress> { list(at: 0) }
    var candidateAddresses: UnsafeMutablePointer<RowAddress> { list(at: 8) }
    /// The slot at which each row goes on.
    var positions: UnsafeMutablePointer<UInt32> { list(at: 16) }
    var newSlots: UnsafeMutablePointer<UInt32> { list(at: 20) }
    var candidateSlots: UnsafeMutablePointer<UInt32> { list(at: 24) }
    /// The rows that have not found their group.
    var rows: UnsafeMutablePointer<UInt16> { list(at: 28) }
    var newRows: UnsafeMutablePointer<UInt16> { list(at: 30) }
    var candidates: UnsafeMutablePointer<UInt16> { list(at: 32) }
    var isMatch: UnsafeMutablePointer<UInt8> { list(at: 34) }
}
