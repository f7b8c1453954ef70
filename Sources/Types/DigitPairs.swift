// Decimal digits by twos, from a table.

/// Writes numbers by two digits at a time.
package enum DigitPairs {
    private static let table: StaticString = """
        0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243\
        4445464748495051525354555657585960616263646566676869707172737475767778798081828384858687\
        888990919293949596979899
        """

    /// Returns the two digits of a number below 100, as they stand in memory.
    @inline(__always)
    package static func pair(_ number: Int) -> UInt16 {
        UnsafeRawPointer(table.utf8Start).loadUnaligned(
            fromByteOffset: 2 &* number, as: UInt16.self)
    }

    /// Writes digits that end at 24, with a point before the last `scale` (18 at most), and returns
    /// where they begin.
    @inline(__always)
    package static func write(
        _ magnitude: UInt64, scale: Int, to digits: UnsafeMutableRawPointer
    ) -> Int {
        var rest = magnitude
        var place = 24
        if scale > 0 {
            for _ in 0..<scale {
                let next = rest / 10
                place &-= 1
                digits.storeBytes(
                    of: 48 &+ UInt8(truncatingIfNeeded: rest &- next &* 10), toByteOffset: place,
                    as: UInt8.self)
                rest = next
            }
            place &-= 1
            digits.storeBytes(of: UInt8(ascii: "."), toByteOffset: place, as: UInt8.self)
        }
        while rest >= 100 {
            let next = rest / 100
            place &-= 2
            digits.storeBytes(
                of: pair(Int(truncatingIfNeeded: rest &- next &* 100)), toByteOffset: place,
                as: UInt16.self)
            rest = next
        }
        if rest >= 10 {
            place &-= 2
            digits.storeBytes(
                of: pair(Int(truncatingIfNeeded: rest)), toByteOffset: place, as: UInt16.self)
        } else {
            place &-= 1
            digits.storeBytes(
                of: 48 &+ UInt8(truncatingIfNeeded: rest), toByteOffset: place, as: UInt8.self)
        }
        return place
    }

    /// Copies what ends at 24, and returns the place behind; 24 bytes are overwritten.
    @inline(__always)
    package static func copy(
        _ digits: UnsafeMutableRawPointer, from place: Int,
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        let raw = UnsafeMutableRawPointer(target)
        raw.storeBytes(
            of: digits.loadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self),
            as: SIMD16<UInt8>.self)
        raw.storeBytes(
            of: digits.loadUnaligned(fromByteOffset: place &+ 16, as: UInt64.self),
            toByteOffset: 16, as: UInt64.self)
        return target + (24 &- place)
    }
}
