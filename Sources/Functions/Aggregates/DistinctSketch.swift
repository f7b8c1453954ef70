// How many distinct values a group has, exactly while they are few, then by HyperLogLog with 2^14
// registers (Flajolet, Fusy, Gandouet and Meunier, AofA 2007).
//
// It is stored (as HLL values are) as a byte that tells the form, and the form's content:
//
//     0  nothing
//     1  a LEB128 count, and as many hashes, UInt64, in order
//     2  a LEB128 count, and as many registers that are not 0: a UInt16 number and a byte each
//     3  all 2^14 registers, a byte each
//
// 1. The first hashes are kept as they are, in an open-addressed table that doubles from 8 slots.
// 2. When 1,024 slots are three quarters full, they become registers of one byte each.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Holds a group's hashes or registers, in the aggregation's heap.
struct DistinctSketch: BitwiseCopyable {
    private var address: UInt64
    /// The slots of the table; `registerCount` marks registers.
    private var capacity: UInt32
    private var hashCount: UInt32

    /// Has seen nothing.
    static let empty = DistinctSketch(address: 0, capacity: 0, hashCount: 0)

    private static let registerBits = 14
    private static let registerCount = 1 << registerBits
    /// A hash has no more zeros behind the bits of the register, and one.
    private static let rankMaximum = 64 - registerBits + 1
    private static let slotCountMaximum = 1_024

    private var isDense: Bool { capacity == UInt32(Self.registerCount) }

    var isEmpty: Bool { address == 0 }

    private var slots: UnsafeMutablePointer<UInt64> {
        UnsafeMutablePointer(bitPattern: UInt(address)).unsafelyUnwrapped
    }

    private var registers: UnsafeMutablePointer<UInt8> {
        UnsafeMutablePointer(bitPattern: UInt(address)).unsafelyUnwrapped
    }

    /// Takes zero bytes from the heap, aligned to 8.
    private static func allocate(_ byteCount: Int, _ heap: StringHeap) -> UInt64 {
        let start = heap.allocate(byteCount + 8).alignedUp(toMultipleOf: 8)
        start.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        return UInt64(UInt(bitPattern: start))
    }

    mutating func add(_ hash: UInt64, heap: StringHeap) {
        if isDense { return addToRegisters(hash) }
        if Int(hashCount) * 4 >= Int(capacity) * 3 { grow(heap) }
        if isDense { return addToRegisters(hash) }
        insert(hash)
    }

    private mutating func insert(_ hash: UInt64) {
        // Zero marks a free slot.
        let kept = hash == 0 ? 1 : hash
        let mask = Int(capacity) - 1
        var slot = Int(truncatingIfNeeded: kept) & mask
        while slots[slot] != 0 {
            if slots[slot] == kept { return }
            slot = (slot + 1) & mask
        }
        slots[slot] = kept
        hashCount += 1
    }

    private mutating func grow(_ heap: StringHeap) {
        let old = self
        let isFull = old.capacity >= UInt32(Self.slotCountMaximum)
        let count = isFull ? Self.registerCount : max(8, Int(old.capacity) * 2)
        address = Self.allocate(isFull ? count : count * 8, heap)
        capacity = UInt32(count)
        hashCount = 0
        for slot in 0..<Int(old.capacity) where old.slots[slot] != 0 {
            if isFull { addToRegisters(old.slots[slot]) } else { insert(old.slots[slot]) }
        }
    }

    private func addToRegisters(_ hash: UInt64) {
        let register = Int(hash >> UInt64(64 - Self.registerBits))
        // A bit below the rest bounds the count of zeros.
        let rest = hash << UInt64(Self.registerBits) | 1 << UInt64(Self.registerBits - 1)
        let rank = UInt8(rest.leadingZeroBitCount + 1)
        if rank > registers[register] { registers[register] = rank }
    }

    mutating func merge(_ other: DistinctSketch, heap: StringHeap) {
        guard other.isDense else {
            for slot in 0..<Int(other.capacity) where other.slots[slot] != 0 {
                add(other.slots[slot], heap: heap)
            }
            return
        }
        // Growing past the last size of a table turns the hashes into registers.
        while !isDense { grow(heap) }
        for register in 0..<Self.registerCount {
            registers[register] = max(registers[register], other.registers[register])
        }
    }

    /// Estimates the count of distinct hashes.
    var estimate: Int64 {
        if !isDense { return Int64(hashCount) }
        var counts = [Int](repeating: 0, count: Self.rankMaximum + 1)
        for register in 0..<Self.registerCount { counts[Int(registers[register])] += 1 }
        return Int64(estimatedDistinctCount(registersByRank: counts))
    }
}

extension DistinctSketch: UnitedSketch {
    private enum Form {
        static let empty: UInt8 = 0
        static let hashes: UInt8 = 1
        static let sparse: UInt8 = 2
        static let full: UInt8 = 3
    }

    func write(to writer: inout StateWriter) {
        if isEmpty { return writer.append(Form.empty) }
        if !isDense {
            writer.append(Form.hashes)
            writer.append(count: Int(hashCount))
            var hashes: [UInt64] = []
            for slot in 0..<Int(capacity) where slots[slot] != 0 { hashes.append(slots[slot]) }
            for hash in hashes.sorted() { writer.append(hash) }
            return
        }
        let all = 0..<Self.registerCount
        let usedCount = all.reduce(0) { $0 + (registers[$1] == 0 ? 0 : 1) }
        let isSparse = usedCount * 3 < Self.registerCount
        writer.append(isSparse ? Form.sparse : Form.full)
        if isSparse { writer.append(count: usedCount) }
        for register in all where !isSparse || registers[register] != 0 {
            if isSparse { writer.append(UInt16(register)) }
            writer.append(registers[register])
        }
    }

    mutating func merge(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) {
        let form = try reader.read(UInt8.self)
        switch form {
        case Form.empty: break
        case Form.hashes:
            for _ in 0..<(try reader.readCount(of: 8)) {
                add(try reader.read(UInt64.self), heap: heap)
            }
        case Form.sparse, Form.full:
            while !isDense { grow(heap) }
            let isSparse = form == Form.sparse
            let count = isSparse ? try reader.readCount(of: 3) : Self.registerCount
            for number in 0..<count {
                let register = isSparse ? Int(try reader.read(UInt16.self)) : number
                let rank = try reader.read(UInt8.self)
                guard register < Self.registerCount, rank <= Self.rankMaximum else {
                    throw StateReader.damage
                }
                registers[register] = max(registers[register], rank)
            }
        default: throw StateReader.damage
        }
    }
}
