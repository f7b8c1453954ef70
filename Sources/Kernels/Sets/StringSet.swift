// Constant sets of strings and of floating-point numbers for IN.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Answers for whole vectors which strings belong to a set.
package final class StringSet: Sendable {
    private let heap = StringHeap(firstBlockByteCount: 256)
    /// Open addressing; a slot is used where its flag is set.
    private let slots: Buffer
    private let isUsed: Buffer
    private let slotMask: Int
    /// A bit for each hash of a length with the first four bytes, set where a string of the set has it.
    private let heads: Buffer
    private let headShift: UInt64

    package init(_ values: some Collection<[UInt8]>) {
        var capacity = 8
        while capacity < values.count * 2 { capacity *= 2 }
        slotMask = capacity - 1
        slots = .zeroed(byteCount: capacity * 16)
        isUsed = .zeroed(byteCount: capacity)
        let headBits = min(16, max(10, capacity.trailingZeroBitCount + 4))
        headShift = UInt64(64 - headBits)
        heads = .zeroed(byteCount: (1 << headBits) / 8)
        for value in values {
            let string = heap.add(value)
            let slot = slot(for: string)
            slots.pointer(to: StringReference.self)[slot] = string
            isUsed.pointer(to: UInt8.self)[slot] = 1
            let head = Int((string.head &* 0x9E37_79B9_7F4A_7C15) &>> headShift)
            heads.pointer(to: UInt64.self)[head / 64] |= 1 &<< UInt64(head % 64)
        }
    }

    /// Finds the slot that holds the string, or the free one where it would lie.
    @inline(__always)
    private func slot(for string: StringReference) -> Int {
        let strings = slots.pointer(to: StringReference.self)
        let used = isUsed.pointer(to: UInt8.self)
        var slot = Int(truncatingIfNeeded: hashValue(of: string) &>> 20) & slotMask
        while used[slot] != 0, !(strings[slot] == string) { slot = (slot &+ 1) & slotMask }
        return slot
    }

    /// Tells for each row whether its text belongs to the set; NULL stays NULL.
    package func mask(_ vector: Vector) -> Vector {
        let source = vector.decodedForLoops()
        let result = Vector(uninitialized: .int8, count: source.storedCount)
        let mask = result.pointer(to: UInt8.self)
        let strings = source.pointer(to: StringReference.self)
        let used = isUsed.pointer(to: UInt8.self)
        let (heads, shift) = (heads.pointer(to: UInt64.self), headShift)
        for row in 0..<source.storedCount {
            let head = Int((strings[row].head &* 0x9E37_79B9_7F4A_7C15) &>> shift)
            let mayBe = (heads[head &>> 6] &>> UInt64(head & 63)) & 1 != 0
            mask[row] = mayBe && source.isValid(row) ? used[slot(for: strings[row])] : 0
        }
        return result.withNullsAndEncoding(of: source)
    }
}

/// Tells for each row whether its number is one of `values`: NaN is equal to NaN; NULL stays NULL.
package func mask(_ vector: Vector, in values: [Double]) -> Vector {
    let source = vector.decodedForLoops().convertedToFloating(.float64)
    let result = Vector(uninitialized: .int8, count: source.storedCount)
    let mask = result.pointer(to: UInt8.self)
    let rows = source.pointer(to: Double.self)
    mask.update(repeating: 0, count: source.storedCount)
    for value in values {
        if value.isNaN {
            for row in 0..<source.storedCount { mask[row] |= rows[row] != rows[row] ? 1 : 0 }
        } else {
            for row in 0..<source.storedCount { mask[row] |= rows[row] == value ? 1 : 0 }
        }
    }
    return result.withNullsAndEncoding(of: source)
}
