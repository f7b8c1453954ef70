// 64-bit hashes of single values. Integers are hashed by their value and not by their layout, so
// that a column that travels as int16 on one side of a join meets an int64 on the other.

import StarlingVectors

/// Names the hash that NULL has.
let hashOfNull: UInt64 = 0x9AE1_6A3B_2F90_404F

/// Mixes 64 bits so that every bit of the result depends on every bit given.
@inline(__always)
func mixedBits(_ bits: UInt64) -> UInt64 {
    var hash = bits ^ (bits &>> 32)
    hash = hash &* 0xD6E8_FEB8_6659_FD93
    hash ^= hash &>> 32
    hash = hash &* 0xD6E8_FEB8_6659_FD93
    return hash ^ (hash &>> 32)
}

/// Adds the hash of one more column; the order of columns matters.
@inline(__always)
func combinedHash(_ hash: UInt64, _ next: UInt64) -> UInt64 {
    (((hash &<< 5) | (hash &>> 59)) ^ next) &* 0x9E37_79B9_7F4A_7C15
}

@inline(__always)
func hashValue<Element: KernelInteger>(ofInteger value: Element) -> UInt64 {
    if Element.self == Int128.self {
        let low = UInt64(truncatingIfNeeded: value)
        let high = Int64(truncatingIfNeeded: value &>> (Element.bitWidth == 128 ? 64 : 0))
        let hash = mixedBits(low)
        if high == Int64(bitPattern: low) &>> 63 { return hash }
        return combinedHash(hash, mixedBits(UInt64(bitPattern: high)))
    }
    return mixedBits(UInt64(bitPattern: Int64(truncatingIfNeeded: value)))
}

/// Hashes by value: the zeros are equal, and so are all NaNs.
@inline(__always)
func hashValue<Element: KernelFloat>(ofFloat value: Element) -> UInt64 {
    let wide = Double(value)
    if wide == 0 { return mixedBits(0) }
    if wide != wide { return mixedBits(0x7FF8_0000_0000_0000) }
    return mixedBits(wide.bitPattern)
}

@inline(__always)
private func foldedProduct(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
}

/// Hashes a string: the reference itself where the text lies inside, else all bytes.
@inline(__always)
package func hashValue(of string: StringReference) -> UInt64 {
    if string.isInline {
        return foldedProduct(
            string.head ^ 0xA076_1D64_78BD_642F, string.tail ^ 0xE703_7ED1_A0B4_28DB)
    }
    return hashBytes(string.address, count: string.count)
}

/// Hashes 13 bytes or more, 16 a step, after the manner of wyhash.
@inline(never)
func hashBytes(_ bytes: UnsafeRawPointer, count: Int) -> UInt64 {
    var state = UInt64(truncatingIfNeeded: count) &* 0xA076_1D64_78BD_642F
    var position = 0
    while position &+ 16 < count {
        let first = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        let second = bytes.loadUnaligned(fromByteOffset: position &+ 8, as: UInt64.self)
        state = foldedProduct(first ^ 0xE703_7ED1_A0B4_28DB ^ state, second ^ 0x8EBC_6AF0_9C88_C6E3)
        position &+= 16
    }
    // The last 16 bytes; for 13 to 15 bytes two words that overlap.
    let lastStart = max(0, count &- 16)
    let first = bytes.loadUnaligned(fromByteOffset: lastStart, as: UInt64.self)
    let second = bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
    let product = foldedProduct(first ^ 0x5896_5CC7_5374_CC01, second ^ state)
    return foldedProduct(product ^ 0x1D8E_4E27_C47D_124F, UInt64(truncatingIfNeeded: count) ^ state)
}
