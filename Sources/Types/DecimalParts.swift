/// Splits the text of a number into sign, significant digits and a power of ten.
struct DecimalParts {
    var isNegative = false
    /// The digits up to the 38th significant one.
    var digits: UInt128 = 0
    /// The number is `digits` times ten to this power.
    var exponent = 0
    /// The first digit that `digits` has no room for, 0 … 9.
    var nextDigit: UInt8 = 0
    var digitCount = 0
    /// True where digits before the point have no room.
    private(set) var isTooLong = false
    private var isFull = false

    /// Reads sign, digits, point and exponent, or nil where the text is anything else.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            isNegative = first == UInt8(ascii: "-")
            position = 1
        }
        var hasPoint = false
        var hasDigit = false
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else if isDigit(byte) {
                hasDigit = true
                append(byte &- UInt8(ascii: "0"), isFraction: hasPoint)
            } else {
                break
            }
            position += 1
        }
        guard hasDigit else { return nil }
        guard position < bytes.count else { return }
        guard bytes[position] | 0x20 == UInt8(ascii: "e"),
            let power = parseInteger(UnsafeRawBufferPointer(rebasing: bytes[(position + 1)...])),
            !isSpace(bytes[position + 1])
        else { return nil }
        exponent += Int(max(-100_000, min(100_000, power)))
    }

    private mutating func append(_ digit: UInt8, isFraction: Bool) {
        if digitCount == 38 {
            if !isFull { nextDigit = digit }
            isFull = true
            if !isFraction {
                exponent += 1
                isTooLong = true
            }
            return
        }
        digits = digits &* 10 &+ UInt128(digit)
        if digits != 0 { digitCount += 1 }
        if isFraction { exponent -= 1 }
    }

    /// Gives the number with `scale` digits behind the point, or nil where it needs more than
    /// `precision` digits.
    func unscaled(precision: Int, scale: Int) -> Int128? {
        if digits == 0 { return 0 }
        let shift = exponent + scale
        var magnitude = digits
        if shift >= 0 {
            guard shift + digitCount <= 38 else { return nil }
            magnitude *= powerOfTen(shift).magnitude
            // Here the digit behind the 38th is the first to be cut.
            if shift == 0, nextDigit >= 5 { magnitude += 1 }
        } else if -shift > 38 {
            return 0
        } else {
            let divisor = powerOfTen(-shift).magnitude
            let (quotient, rest) = magnitude.quotientAndRemainder(dividingBy: divisor)
            magnitude = quotient + (rest >= divisor - rest ? 1 : 0)
        }
        guard magnitude < powerOfTen(precision).magnitude else { return nil }
        return isNegative ? -Int128(magnitude) : Int128(magnitude)
    }
}
