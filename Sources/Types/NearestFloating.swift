// Integers of 128 bits as floating-point numbers; the standard library's conversion goes bit by bit.

extension Double {
    /// The number that is nearest to an integer, the even one of two.
    @inline(always)
    package init(nearest number: Int128) {
        if let narrow = Int64(exactly: number) {
            self.init(narrow)
        } else {
            self = Double(rounding: number)
        }
    }

    /// The same for an integer of more than 64 bits.
    @inline(never)
    @usableFromInline package init(rounding number: Int128) {
        let (bits, exponent) = number.magnitude.leadingBits
        let magnitude = Double(bits) * Double(bitPattern: UInt64(1_023 + exponent) &<< 52)
        self = number < 0 ? -magnitude : magnitude
    }
}

extension Float {
    /// The number that is nearest to an integer, the even one of two.
    @inline(always)
    package init(nearest number: Int128) {
        if let narrow = Int64(exactly: number) {
            self.init(narrow)
        } else {
            self = Float(rounding: number)
        }
    }

    /// The same for an integer of more than 64 bits.
    @inline(never)
    @usableFromInline package init(rounding number: Int128) {
        let (bits, exponent) = number.magnitude.leadingBits
        let magnitude = Float(bits) * Float(bitPattern: UInt32(127 + exponent) &<< 23)
        self = number < 0 ? -magnitude : magnitude
    }
}

extension UInt128 {
    /// The first 64 bits of a number that has more, and how many follow. The last of them is set
    /// where one of those is, so that they round as the whole does.
    fileprivate var leadingBits: (bits: UInt64, exponent: Int) {
        let exponent = Swift.max(0, 64 - leadingZeroBitCount)
        let bits = UInt64(truncatingIfNeeded: self >> UInt128(exponent))
        let hasMore = self != UInt128(bits) << UInt128(exponent)
        return (hasMore ? bits | 1 : bits, exponent)
    }
}
