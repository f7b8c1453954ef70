// String references made without a branch a byte.

/// Makes the 16 bytes of a StringReference to bytes in a page, reading up to 12 of them at once:
/// pages are padded. It doesn't go through StringReference, whose initializer is another module's
/// and not inlined here.
@inline(__always)
func paddedReference(_ bytes: UnsafeRawPointer, count: Int) -> SixteenBytes {
    let first = UInt64(bytes.loadUnaligned(as: UInt32.self))
    let length = UInt64(UInt32(truncatingIfNeeded: count))
    if count > 12 {
        return SixteenBytes(low: length | first &<< 32, high: UInt64(UInt(bitPattern: bytes)))
    }
    let rest = bytes.loadUnaligned(fromByteOffset: 4, as: UInt64.self)
    let firstBits = UInt64(min(count, 4) &* 8)
    let restBits = UInt64(max(count &- 4, 0) &* 8)
    let firstMask = (UInt64(1) &<< firstBits) &- 1
    let restMask: UInt64 = restBits == 64 ? .max : (1 &<< restBits) &- 1
    return SixteenBytes(low: length | (first & firstMask) &<< 32, high: rest & restMask)
}
