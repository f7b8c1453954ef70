// Bytes that a state gathers: texts, packed values, numbers one after the other. They lie in the
// aggregation's heap, whose blocks never move; a list that is full moves to a larger place.

import StarlingErrors
import StarlingVectors

/// Holds bytes that grow at the end; of zero bytes it is empty.
struct ByteList: BitwiseCopyable {
    private var address: UInt64
    private(set) var byteCount: Int64
    private var capacity: Int64

    static let empty = ByteList(address: 0, byteCount: 0, capacity: 0)

    private init(address: UInt64, byteCount: Int64, capacity: Int64) {
        self.address = address
        self.byteCount = byteCount
        self.capacity = capacity
    }

    var isEmpty: Bool { byteCount == 0 }

    /// Where the bytes begin; aligned to 8. Only for lists that are not empty.
    @inline(__always)
    var start: UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(bitPattern: UInt(address)).unsafelyUnwrapped
    }

    /// Adds `count` bytes at the end that the caller writes, and returns where they are.
    @inline(__always)
    mutating func extend(by count: Int, _ heap: StringHeap) -> UnsafeMutableRawPointer {
        if byteCount &+ Int64(count) > capacity { grow(by: count, heap) }
        let place = start + Int(byteCount)
        byteCount &+= Int64(count)
        return place
    }

    @inline(never)
    private mutating func grow(by count: Int, _ heap: StringHeap) {
        let grown = (max(Int(byteCount) + count, Int(capacity) * 2, 32) + 7) / 8 * 8
        let copy = heap.allocate(grown + 8).alignedUp(toMultipleOf: 8)
        if byteCount > 0 { copy.copyMemory(from: start, byteCount: Int(byteCount)) }
        address = UInt64(UInt(bitPattern: copy))
        capacity = Int64(grown)
    }

    mutating func append(_ string: StringReference, _ heap: StringHeap) {
        let count = string.count
        if count == 0 { return }
        let place = extend(by: count, heap)
        string.withBytes { bytes in
            place.copyMemory(from: bytes.baseAddress.unsafelyUnwrapped, byteCount: count)
        }
    }

    /// Appends what another list has from its byte `position` on.
    mutating func append(_ other: ByteList, from position: Int = 0, _ heap: StringHeap) {
        let count = Int(other.byteCount) - position
        if count <= 0 { return }
        extend(by: count, heap).copyMemory(from: other.start + position, byteCount: count)
    }

    mutating func shorten(to count: Int) { byteCount = Int64(count) }

    /// Refers to the bytes from `position` on as a string.
    func string(from position: Int = 0, of name: String) throws(StarlingError) -> StringReference {
        guard byteCount <= Int64(Int32.max) else {
            throw StarlingError(.resource, "\(name)(): a result exceeds 2 GiB")
        }
        if Int(byteCount) <= position { return .empty }
        return StringReference(start + position, count: Int(byteCount) - position)
    }
}
