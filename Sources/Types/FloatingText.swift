// DOUBLE and FLOAT as text: the shortest digits that read back as the same number, plain between
// 1e-4 and 1e16 and with an exponent of two digits or more outside, without a point where the
// number is whole. `inf`, `-inf` and `nan` are the rest.

/// Appends a DOUBLE.
package func appendDouble(_ number: Double, to text: inout [UInt8]) {
    if number.isFinite, number.magnitude < 1e15, number == number.rounded(.towardZero),
        number != 0 || number.sign == .plus
    {
        return appendInteger(Int128(Int64(number)), to: &text)
    }
    appendShortest(number.description, isFinite: number.isFinite, to: &text)
}

/// Appends a FLOAT with the digits that its 32 bits need.
package func appendFloat(_ number: Float, to text: inout [UInt8]) {
    appendShortest(number.description, isFinite: number.isFinite, to: &text)
}

/// Brings Swift's shortest form ("1e+16", "5e-324", "0.0001", "100.0") into ours.
private func appendShortest(_ description: String, isFinite: Bool, to text: inout [UInt8]) {
    guard isFinite else {
        let isNegative = description.hasPrefix("-")
        let isInfinite = description.hasSuffix("inf")
        text += Array((isInfinite ? (isNegative ? "-inf" : "inf") : "nan").utf8)
        return
    }
    var digits: [UInt8] = []
    var pointPosition: Int?
    var exponent = 0
    var bytes = Array(description.utf8)[...]
    if bytes.first == UInt8(ascii: "-") {
        text.append(UInt8(ascii: "-"))
        bytes.removeFirst()
    }
    while let byte = bytes.popFirst() {
        if byte == UInt8(ascii: ".") {
            pointPosition = digits.count
        } else if byte == UInt8(ascii: "e") {
            exponent = Int(String(decoding: bytes, as: UTF8.self)) ?? 0
            break
        } else {
            digits.append(byte)
        }
    }
    // The number is 0.digits times ten to the power of `pointPlace`.
    var pointPlace = (pointPosition ?? digits.count) + exponent
    while digits.count > 1, digits.first == UInt8(ascii: "0") {
        digits.removeFirst()
        pointPlace -= 1
    }
    while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if digits == [UInt8(ascii: "0")] { return text.append(UInt8(ascii: "0")) }
    appendPlaced(digits, pointPlace: pointPlace, to: &text)
}

private func appendPlaced(_ digits: [UInt8], pointPlace: Int, to text: inout [UInt8]) {
    let zero = UInt8(ascii: "0")
    let point = UInt8(ascii: ".")
    if pointPlace > 16 || pointPlace < -3 {
        text.append(digits[0])
        if digits.count > 1 {
            text.append(point)
            text += digits[1...]
        }
        let power = pointPlace - 1
        text += [UInt8(ascii: "e"), UInt8(ascii: power < 0 ? "-" : "+")]
        appendDigits(UInt128(power.magnitude), minimumCount: 2, to: &text)
    } else if pointPlace <= 0 {
        text += [zero, point] + [UInt8](repeating: zero, count: -pointPlace) + digits
    } else if pointPlace >= digits.count {
        text += digits + [UInt8](repeating: zero, count: pointPlace - digits.count)
    } else {
        text += digits[..<pointPlace] + [point] + digits[pointPlace...]
    }
}

let exactPowersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]

/// Reads a floating-point number with white space around it, or nil where it is anything else.
package func parseDouble(_ text: UnsafeRawBufferPointer) -> Double? {
    let bytes = trimmingSpace(text)
    guard let parts = DecimalParts(bytes) else { return parseSpecial(bytes) }
    // Both operands are exact here, so that one rounding gives the nearest number (Clinger, "How
    // to Read Floating Point Numbers Accurately", PLDI 1990).
    if parts.digits <= 1 << 53, parts.exponent.magnitude <= 22 {
        let digits = Double(UInt64(parts.digits))
        let power = exactPowersOfTen[Int(parts.exponent.magnitude)]
        let magnitude = parts.exponent < 0 ? digits / power : digits * power
        return parts.isNegative ? -magnitude : magnitude
    }
    return Double(String(decoding: bytes, as: UTF8.self))
}

private func parseSpecial(_ bytes: UnsafeRawBufferPointer) -> Double? {
    var rest = bytes
    var isNegative = false
    if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
        isNegative = first == UInt8(ascii: "-")
        rest = UnsafeRawBufferPointer(rebasing: bytes[1...])
    }
    if equalsIgnoringCase(rest, "nan") { return .nan }
    if equalsIgnoringCase(rest, "inf") || equalsIgnoringCase(rest, "infinity") {
        return isNegative ? -.infinity : .infinity
    }
    return nil
}
