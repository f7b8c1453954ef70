// Bytes of strings that are made rather than read: results of functions, rows of hash tables,
// literals. Blocks are only added, so addresses stay; all of it goes at once.

import StarlingMemory

/// Stores the bytes of strings and hands out references to them.
///
/// `@unchecked Sendable`: one worker writes it; others read after it has been handed on.
package final class StringHeap: @unchecked Sendable {
    private var blocks: [Buffer] = []
    private var next: UnsafeMutableRawPointer?
    private var roomLeft = 0
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

    /// Copies the bytes of many strings and writes references to the copies.
    package func add(
        _ strings: UnsafePointer<StringReference>, count: Int,
        into target: UnsafeMutablePointer<StringReference>
    ) {
        for index in 0..<count {
            var string = strings[index]
            if !string.isInline {
                let copy = allocate(string.count)
                copy.copyMemory(from: string.address, byteCount: string.count)
                string.tail = UInt64(UInt(bitPattern: copy))
            }
            target[index] = string
        }
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
