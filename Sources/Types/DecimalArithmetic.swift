// DECIMAL as unscaled 128-bit integers: rescaling, division and rounding, all exact, halves away
// from zero as StarRocks rounds.

/// The largest unscaled magnitude of 38 digits.
package let decimalMagnitudeMaximum = powerOfTen(38) - 1

/// Divides and rounds halves away from zero; `divisor` is not 0.
@inline(always)
package func dividingRounded(_ dividend: Int128, by divisor: Int128) -> Int128 {
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    // Twice the remainder may leave 128 bits, half the divisor may not.
    let rest = remainder.magnitude
    let isUp = rest >= divisor.magnitude &- rest
    guard isUp else { return quotient }
    return (dividend < 0) == (divisor < 0) ? quotient &+ 1 : quotient &- 1
}

/// Moves an unscaled number to another scale, rounding where digits go, or nil where the result
/// has more than `precision` digits.
package func rescale(_ number: Int128, from: Int, to: Int, precision: Int = 38) -> Int128? {
    var result = number
    if to > from {
        guard to - from <= 38 else { return number == 0 ? 0 : nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: powerOfTen(to - from))
        if overflow { return nil }
        result = product
    } else if to < from {
        result = from - to > 38 ? 0 : dividingRounded(number, by: powerOfTen(from - to))
    }
    return result.magnitude < powerOfTen(precision).magnitude ? result : nil
}

/// Computes `number` × `factor` ÷ `divisor`, rounded, through 256 bits; nil where the result
/// leaves 128 bits or `divisor` is 0.
package func multiplyDivide(_ number: Int128, _ factor: Int128, by divisor: Int128) -> Int128? {
    if divisor == 0 { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    if !overflow { return dividingRounded(product, by: divisor) }
    let isNegative = ((number < 0) != (factor < 0)) != (divisor < 0)
    let wide = number.magnitude.multipliedFullWidth(by: factor.magnitude)
    let bound = divisor.magnitude
    guard wide.high < bound else { return nil }
    var (quotient, rest) = bound.dividingFullWidth(wide)
    if rest >= bound &- rest {
        if quotient == .max { return nil }
        quotient += 1
    }
    guard quotient <= Int128.max.magnitude else { return nil }
    return isNegative ? -Int128(quotient) : Int128(quotient)
}

/// Reads a decimal number, exponent allowed, as an unscaled number with `scale` digits behind the
/// point, rounding further digits; nil where it is malformed or has more than `precision` digits.
package func parseDecimal(
    _ text: UnsafeRawBufferPointer, precision: Int, scale: Int
) -> Int128? {
    guard let parts = DecimalParts(trimmingSpace(text)) else { return nil }
    return parts.unscaled(precision: precision, scale: scale)
}

/// Reads a decimal number as `parseDecimal` does; nil where it has more digits behind the point.
package func parseWholeDecimal(
    _ text: UnsafeRawBufferPointer, precision: Int, scale: Int
) -> Int128? {
    guard let parts = DecimalParts(trimmingSpace(text)),
        let number = parts.unscaled(precision: precision, scale: scale)
    else { return nil }
    let cut = -(parts.exponent + scale)
    let isWhole =
        cut <= 0 || parts.digits == 0
        || (cut <= 38 && parts.digits % powerOfTen(cut).magnitude == 0)
    return isWhole && parts.nextDigit == 0 ? number : nil
}

/// Appends an unscaled number with its point: `scale` digits behind it.
package func appendDecimal(_ number: Int128, scale: Int, to text: inout [UInt8]) {
    if number < 0 { text.append(UInt8(ascii: "-")) }
    appendDigits(number.magnitude, minimumCount: scale + 1, to: &text)
    if scale > 0 { text.insert(UInt8(ascii: "."), at: text.count - scale) }
}
