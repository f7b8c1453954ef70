// Strings as 16 bytes that answer most comparisons by themselves (Neumann and Freitag, "Umbra: A
// Disk-Based System with In-Memory Performance", CIDR 2020): 4 bytes of length, then 12 bytes of
// text, or 4 bytes of prefix and a pointer to all of it.

import StarlingMemory

/// Refers to the bytes of a string; short ones lie inside.
///
/// `@unchecked Sendable`: the bytes don't change any more, and whoever made the vector that a
/// reference lies in keeps them alive (`Vector.owner`).
@frozen
package struct StringReference: BitwiseCopyable, @unchecked Sendable {
    package static let inlineCapacity = 12

    /// Length in the low half, the first four bytes in the high half.
    package var head: UInt64
    /// The next eight bytes, or the address of all bytes.
    package var tail: UInt64

    @inline(always)
    package init(head: UInt64, tail: UInt64) {
        self.head = head
        self.tail = tail
    }

    package static let empty = StringReference(head: 0, tail: 0)

    /// Refers to `count` bytes at `bytes`; copies them where they fit inside.
    @inline(always)
    package init(_ bytes: UnsafeRawPointer, count: Int) {
        var words: (UInt64, UInt64) = (UInt64(UInt32(truncatingIfNeeded: count)), 0)
        if count <= Self.inlineCapacity {
            withUnsafeMutableBytes(of: &words) { target in
                for i in 0..<count {
                    target[4 &+ i] = bytes.load(fromByteOffset: i, as: UInt8.self)
                }
            }
        } else {
            words.0 |= UInt64(bytes.loadUnaligned(as: UInt32.self)) &<< 32
            words.1 = UInt64(UInt(bitPattern: bytes))
        }
        self.init(head: words.0, tail: words.1)
    }

    @inline(always)
    package var count: Int { Int(UInt32(truncatingIfNeeded: head)) }

    @inline(always)
    package var isInline: Bool { count <= Self.inlineCapacity }

    /// The bytes outside of the reference; only meaningful where it is not inline.
    @inline(always)
    package var address: UnsafeRawPointer {
        UnsafeRawPointer(bitPattern: UInt(tail)).unsafelyUnwrapped
    }

    /// Lends the bytes to `body`.
    @inline(always)
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        if isInline {
            return withUnsafeBytes(of: self) { all in
                body(UnsafeRawBufferPointer(rebasing: all[4..<(4 &+ count)]))
            }
        }
        return body(UnsafeRawBufferPointer(start: address, count: count))
    }

    package var bytes: [UInt8] { withBytes { Array($0) } }
}

extension StringReference {
    @inline(always)
    package static func == (left: StringReference, right: StringReference) -> Bool {
        if left.head != right.head { return false }
        if left.tail == right.tail { return true }
        if left.isInline { return false }
        return bytesAreEqual(left.address, right.address, left.count)
    }

    /// Orders by bytes as memcmp does, a prefix before the longer string.
    @inline(always)
    package static func < (left: StringReference, right: StringReference) -> Bool {
        let leftPrefix = UInt32(truncatingIfNeeded: left.head &>> 32).byteSwapped
        let rightPrefix = UInt32(truncatingIfNeeded: right.head &>> 32).byteSwapped
        if leftPrefix != rightPrefix { return leftPrefix < rightPrefix }
        return compareInFull(left, right) < 0
    }

    /// Returns a negative number, 0 or a positive number as `left` orders against `right`.
    @inline(never)
    package static func compareInFull(_ left: StringReference, _ right: StringReference) -> Int {
        left.withBytes { leftBytes in
            right.withBytes { rightBytes in
                let shared = min(leftBytes.count, rightBytes.count)
                if shared > 0 {
                    let order = compareBytes(
                        leftBytes.baseAddress.unsafelyUnwrapped,
                        rightBytes.baseAddress.unsafelyUnwrapped, shared)
                    if order != 0 { return order }
                }
                return leftBytes.count - rightBytes.count
            }
        }
    }
}

extension StringReference {
    /// Refers to bytes that are followed by some that may be read, and so without a branch a byte.
    @inline(always)
    package init(padded bytes: UnsafeRawPointer, count: Int) {
        let first = UInt64(bytes.loadUnaligned(as: UInt32.self))
        let length = UInt64(UInt32(truncatingIfNeeded: count))
        if count > Self.inlineCapacity {
            self.init(head: length | first &<< 32, tail: UInt64(UInt(bitPattern: bytes)))
            return
        }
        let rest = bytes.loadUnaligned(fromByteOffset: 4, as: UInt64.self)
        let firstMask = (UInt64(1) &<< UInt64(min(count, 4) &* 8)) &- 1
        let restBits = UInt64(max(count &- 4, 0) &* 8)
        let restMask: UInt64 = restBits == 64 ? .max : (1 &<< restBits) &- 1
        self.init(head: length | (first & firstMask) &<< 32, tail: rest & restMask)
    }
}
