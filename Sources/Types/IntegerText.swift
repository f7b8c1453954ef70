// Integers of up to 128 bits as text and back.

/// Appends the decimal digits of `number`.
package func appendInteger(_ number: Int128, to text: inout [UInt8]) {
    if number < 0 { text.append(UInt8(ascii: "-")) }
    appendDigits(number.magnitude, minimumCount: 1, to: &text)
}

/// Appends digits, with zeros in front up to `minimumCount`.
package func appendDigits(
    _ magnitude: UInt128, minimumCount: Int, to text: inout [UInt8]
) {
    // 39 digits at most; parts of 19 digits are divided in 64 bits.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { digits in
        var start = 64
        var rest = magnitude
        while rest > UInt128(UInt64.max) {
            let (quotient, part) = rest.quotientAndRemainder(dividingBy: 10_000_000_000_000_000_000)
            var low = UInt64(truncatingIfNeeded: part)
            for _ in 0..<19 {
                start &-= 1
                digits[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: low % 10)
                low /= 10
            }
            rest = quotient
        }
        var low = UInt64(truncatingIfNeeded: rest)
        while low != 0 {
            start &-= 1
            digits[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: low % 10)
            low /= 10
        }
        while 64 &- start < minimumCount {
            start &-= 1
            digits[start] = UInt8(ascii: "0")
        }
        text.append(contentsOf: digits[start..<64])
    }
}

@inline(always)
package func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

@inline(always)
package func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

/// Returns the part without white space at both ends.
@inline(always)
package func trimmingSpace(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var start = 0
    var end = bytes.count
    while start < end, isSpace(bytes[start]) { start &+= 1 }
    while end > start, isSpace(bytes[end &- 1]) { end &-= 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
}

/// Reads an integer: sign and digits with white space around, or nil where it is anything else or
/// leaves 128 bits.
package func parseInteger(_ text: UnsafeRawBufferPointer) -> Int128? {
    let bytes = trimmingSpace(text)
    var position = 0
    var isNegative = false
    if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
        isNegative = first == UInt8(ascii: "-")
        position = 1
    }
    guard position < bytes.count else { return nil }
    if bytes.count &- position <= 18 {
        var small: Int64 = 0
        while position < bytes.count {
            guard isDigit(bytes[position]) else { return nil }
            small = small &* 10 &+ Int64(bytes[position] &- UInt8(ascii: "0"))
            position &+= 1
        }
        return Int128(isNegative ? -small : small)
    }
    // Negative numbers reach one further, so the sum runs downwards.
    var sum: Int128 = 0
    while position < bytes.count {
        guard isDigit(bytes[position]) else { return nil }
        let (product, overflow) = sum.multipliedReportingOverflow(by: 10)
        let digit = Int128(bytes[position] &- UInt8(ascii: "0"))
        let (next, digitOverflow) = product.subtractingReportingOverflow(digit)
        if overflow || digitOverflow { return nil }
        sum = next
        position &+= 1
    }
    if isNegative { return sum }
    return sum == .min ? nil : -sum
}

/// Reads a BOOLEAN: true, false, or an integer, of which 0 is false.
package func parseBoolean(_ text: UnsafeRawBufferPointer) -> Bool? {
    let bytes = trimmingSpace(text)
    if equalsIgnoringCase(bytes, "true") { return true }
    if equalsIgnoringCase(bytes, "false") { return false }
    return parseInteger(bytes).map { $0 != 0 }
}

/// Compares with an ASCII text in lower case.
package func equalsIgnoringCase(_ bytes: UnsafeRawBufferPointer, _ lowered: StaticString) -> Bool {
    guard bytes.count == lowered.utf8CodeUnitCount else { return false }
    for position in 0..<bytes.count {
        let byte = bytes[position]
        let isUpper = byte &- UInt8(ascii: "A") < 26
        if (isUpper ? byte | 0x20 : byte) != lowered.utf8Start[position] { return false }
    }
    return true
}
