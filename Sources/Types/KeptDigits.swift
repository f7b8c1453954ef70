// Whether a DOUBLE says what the digits of a number said: rounded to as many places as they have, it is
// that number again. Up to fifteen digits always come back; of more some do, such as the seventeen
// that programs print to be sure.

/// Tells whether a number keeps all digits of the text that it was read from.
package func keepsDigits(_ number: Double, of text: UnsafeRawBufferPointer) -> Bool {
    guard let parts = DecimalParts(trimmingSpace(text)) else { return true }
    if parts.isTooLong { return false }
    let last: UInt128 = parts.nextDigit >= 5 ? 1 : 0
    return keepsDigits(number, of: parts.digits + last, exponent: parts.exponent)
}

/// Tells whether a number keeps all of `digits`, times ten to the power of `exponent`; of whole
/// numbers also those behind the last one that is no zero.
package func keepsDigits(_ number: Double, of digits: UInt128, exponent: Int) -> Bool {
    if digits == 0 { return true }
    guard number.isFinite, number != 0 else { return false }
    if digits < 1_000_000_000_000_000 { return true }
    var (digits, exponent) = (digits, exponent)
    while exponent < 0, digits % 10 == 0 {
        digits /= 10
        exponent += 1
    }
    // The number is `significand` times two to the power of `power`. Both sides are multiplied until
    // they are whole.
    let power = Int(number.exponent) - 52
    let significand = UInt128(number.significandBitPattern | 1 << 52)
    let (tens, twos) = (max(exponent, 0), max(-power, 0))
    if let value = scaled(significand, tens: max(-exponent, 0), twos: max(power, 0)),
        let written = scaled(digits, tens: tens, twos: twos),
        let unit = scaled(1, tens: tens, twos: twos)
    {
        let distance = value > written ? value - written : written - value
        return distance <= unit / 2
    }
    let value = Magnitude(2 * significand, tens: max(-exponent, 0), twos: max(power, 0))
    let written = Magnitude(2 * digits, tens: tens, twos: twos)
    let unit = Magnitude(1, tens: tens, twos: twos)
    return value <= written + unit && written <= value + unit
}

/// Multiplies by powers of ten and two; nil where the product has more than 128 bits.
private func scaled(_ number: UInt128, tens: Int, twos: Int) -> UInt128? {
    guard tens <= 38 else { return nil }
    let (product, overflows) = number.multipliedReportingOverflow(by: powerOfTen(tens).magnitude)
    return overflows || product.leadingZeroBitCount < twos ? nil : product << UInt128(twos)
}

/// Is a whole number of any length.
private struct Magnitude {
    /// From the lowest on.
    private var limbs: [UInt32]

    init(_ number: UInt128, tens: Int, twos: Int) {
        limbs = (0..<4).map { UInt32(truncatingIfNeeded: number >> UInt128(32 * $0)) }
        for _ in 0..<tens { multiply(by: 10) }
        for _ in 0..<(twos / 31) { multiply(by: 1 << 31) }
        multiply(by: 1 << UInt32(twos % 31))
    }

    private mutating func multiply(by factor: UInt32) {
        var carry: UInt64 = 0
        for index in limbs.indices {
            let product = UInt64(limbs[index]) * UInt64(factor) + carry
            limbs[index] = UInt32(truncatingIfNeeded: product)
            carry = product >> 32
        }
        if carry > 0 { limbs.append(UInt32(carry)) }
    }

    static func + (left: Magnitude, right: Magnitude) -> Magnitude {
        var sum = left
        var carry: UInt64 = 0
        for index in 0..<max(left.limbs.count, right.limbs.count) + 1 {
            if index == sum.limbs.count { sum.limbs.append(0) }
            let other = index < right.limbs.count ? right.limbs[index] : 0
            let total = UInt64(sum.limbs[index]) + UInt64(other) + carry
            sum.limbs[index] = UInt32(truncatingIfNeeded: total)
            carry = total >> 32
        }
        return sum
    }

    static func <= (left: Magnitude, right: Magnitude) -> Bool {
        for index in (0..<max(left.limbs.count, right.limbs.count)).reversed() {
            let one = index < left.limbs.count ? left.limbs[index] : 0
            let other = index < right.limbs.count ? right.limbs[index] : 0
            if one != other { return one < other }
        }
        return true
    }
}
