// The type that keeps all digits of some numbers: DOUBLE where it does, DECIMAL where they have no more
// than 38 digits.

import StarlingTypes

/// Sees numbers as they are written.
package struct NumberDetection: Sendable {
    private var isDouble = true
    /// The digits before and behind the point; nil where a number is written with an exponent, or is
    /// none that has digits.
    private var digitCounts: (whole: Int, fraction: Int)? = (1, 0)

    package init() {}

    /// Takes a text that `parseDouble` reads.
    package mutating func add(_ text: UnsafeRawBufferPointer) {
        guard let number = parseDouble(text) else { return }
        if isDouble { isDouble = keepsDigits(number, of: text) }
        guard let counts = digitCounts else { return }
        digitCounts = Self.digitCounts(text).map {
            (max(counts.whole, $0.whole), max(counts.fraction, $0.fraction))
        }
    }

    private static func digitCounts(
        _ text: UnsafeRawBufferPointer
    ) -> (whole: Int, fraction: Int)? {
        let digits = text.first.map { $0 == 0x2B || $0 == 0x2D } == true ? text[1...] : text[0...]
        let whole = digits.prefix { isDigit($0) }
        var fraction = digits.dropFirst(whole.count)
        if fraction.first == UInt8(ascii: ".") { fraction = fraction.dropFirst() }
        guard fraction.allSatisfy({ isDigit($0) }) else { return nil }
        return (whole.drop { $0 == UInt8(ascii: "0") }.count, fraction.count)
    }

    /// Nil where no type of numbers keeps all digits.
    package var type: LogicalType? {
        if isDouble { return .double }
        guard let counts = digitCounts, counts.whole + counts.fraction <= 38 else { return nil }
        return .decimal(precision: counts.whole + counts.fraction, scale: counts.fraction)
    }
}
