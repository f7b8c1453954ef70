// Bytes of strings that are made rather than read: results of functions, rows of hash tables,
// literals. Blocks are only added, so addresses stay; all of it goes at once.

import StarlingMemory

/// Stores the bytes of strings and hands out references to them.
///
/// `@unchecked Sendable`: one worker writes it; others read after it has been handed on.
package final class StringHeap: @unchecked Sendable {
    private var blocks: [Buffer] = []
    /// What states refer to that lies elsewhere.
    private var kept: [AnyObject] = []
    private var next: UnsafeMutableRawPointer?
    /// Is less than nothing at first, so that room for no bytes has an address, too.
    private var roomLeft = -1
    private var nextBlockByteCount: Int
    package private(set) var byteCount = 0

    package init(firstBlockByteCount: Int = 16_384) {
        nextBlockByteCount = firstBlockByteCount
    }

    /// Gives room for `count` bytes that the caller fills.
    @inline(always)
    package func allocate(_ count: Int) -> UnsafeMutableRawPointer {
        if count > roomLeft { addBlock(atLeast: count) }
        let address = next.unsafelyUnwrapped
        next = address + count
        roomLeft &-= count
        return address
    }

    /// Gives room for many strings, of which the last may be written with bytes behind it.
    package func allocatePadded(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        // What is allocated next is written next, and blocks are padded.
        allocate(count).assumingMemoryBound(to: UInt8.self)
    }

    /// Keeps an object alive as long as the heap, which counts `byteCount` bytes for it.
    package func keep(_ object: AnyObject, byteCount: Int) {
        kept.append(object)
        self.byteCount += byteCount
    }

    /// Counts bytes that an object which is kept has taken since.
    package func count(moreBytes: Int) { byteCount += moreBytes }

    /// Copies the bytes unless they fit into the reference itself.
    @inline(always)
    package func add(_ bytes: UnsafeRawPointer, count: Int) -> StringReference {
        if count <= StringReference.inlineCapacity { return StringReference(bytes, count: count) }
        let copy = allocate(count)
        copy.copyMemory(from: bytes, byteCount: count)
        return StringReference(copy, count: count)
    }

    @inline(always)
    package func add(_ string: StringReference) -> StringReference {
        string.isInline ? string : add(string.address, count: string.count)
    }

    package func add(_ bytes: [UInt8]) -> StringReference {
        bytes.withUnsafeBytes { all in
            all.isEmpty ? .empty : add(all.baseAddress.unsafelyUnwrapped, count: all.count)
        }
    }

    @inline(never)
    private func addBlock(atLeast count: Int) {
        let block = Buffer(byteCount: max(count, nextBlockByteCount))
        nextBlockByteCount = min(nextBlockByteCount * 2, 1 << 20)
        blocks.append(block)
        byteCount += block.byteCount
        next = block.baseAddress
        roomLeft = block.byteCount
    }
}
