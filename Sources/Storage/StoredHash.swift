// The hashes that sketches and bloom filters of segments see: XXH64 of the 8 bytes of an integer, or of
// 16 where 8 do not hold it, of the 8 bytes of a floating-point number, of the bytes of a string. The
// zeros are one value, and so are all NaNs.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Hashes values as the format says.
package enum StoredHash {
    @inline(__always)
    static func of<Number: FixedWidthInteger & BitwiseCopyable>(_ value: Number) -> UInt64 {
        let low = Int64(truncatingIfNeeded: value)
        if Number.bitWidth <= 64 || Number(truncatingIfNeeded: low) == value {
            return XXHash64.hash(word: UInt64(bitPattern: low))
        }
        return withUnsafeBytes(of: value) { XXHash64.hash($0) }
    }

    @inline(__always)
    static func of(_ value: Double) -> UInt64 {
        let bits = value == 0 ? 0 : value != value ? 0x7FF8_0000_0000_0000 : value.bitPattern
        return XXHash64.hash(word: bits)
    }

    static func of(_ string: StringReference) -> UInt64 {
        string.withBytes { XXHash64.hash($0) }
    }

    /// Hashes a value; nil where it is none that is hashed.
    package static func of(_ value: Value) -> UInt64? {
        switch value {
        case .integer(let number): of(number)
        case .floating(let number): of(number)
        case .bytes(let bytes): XXHash64.hash(bytes)
        case .null, .list: nil
        }
    }
}
