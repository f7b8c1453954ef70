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

extension Double {
    /// The number that is nearest to a decimal: an integer over ten to the power of `scale`.
    package init(nearest unscaled: Int128, scale: Int) {
        let magnitude = unscaled.magnitude
        if magnitude <= Self.exactIntegerMax, scale <= Self.exactPowerMax {
            self = Double(Int64(unscaled)) / exactPowersOfTen[scale]
            return
        }
        let divisor = powerOfTen(scale).magnitude
        // As many binary digits behind the point as 64 leading ones need.
        var (quotient, rest) = magnitude.quotientAndRemainder(dividingBy: divisor)
        let missing =
            quotient > 0
            ? quotient.leadingZeroBitCount - 64
            : 64 + rest.leadingZeroBitCount - divisor.leadingZeroBitCount
        let digitCount = rest == 0 ? 0 : Swift.max(0, missing)
        if digitCount > 0 {
            let scaled = rest.shiftedFullWidth(by: digitCount)
            let (digits, remainder) = divisor.dividingFullWidth(scaled)
            quotient = quotient << UInt128(digitCount) | digits
            rest = remainder
        }
        // What is left decides only between two that are as near.
        let (bits, exponent) = (rest == 0 ? quotient : quotient | 1).leadingBits
        let result = Double(sign: .plus, exponent: exponent - digitCount, significand: Double(bits))
        self = unscaled < 0 ? -result : result
    }

    /// Integers up to this, and powers of ten up to the 22nd, are floating-point numbers.
    package static let exactIntegerMax: UInt128 = 1 << 53
    package static let exactPowerMax = 22
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

    /// The number times two to the power of `count`, below the 192nd.
    fileprivate func shiftedFullWidth(by count: Int) -> (high: UInt128, low: UInt128) {
        if count >= 128 { return (self << UInt128(count - 128), 0) }
        return (self >> UInt128(128 - count), self << UInt128(count))
    }
}
