// Values of files as JSON, which has no form for all of them: numbers that are none, dates and times
// become strings, the latter as SQL writes them.

/// Writes values whole.
package enum LosslessJSON {
    package static func append(_ number: Double, to text: inout [UInt8]) {
        let isPlain = number.isFinite
        if !isPlain { text.append(UInt8(ascii: "\"")) }
        appendDouble(number, to: &text)
        if !isPlain { text.append(UInt8(ascii: "\"")) }
    }

    package static func append(_ number: Float, to text: inout [UInt8]) {
        let isPlain = number.isFinite
        if !isPlain { text.append(UInt8(ascii: "\"")) }
        appendFloat(number, to: &text)
        if !isPlain { text.append(UInt8(ascii: "\"")) }
    }

    /// Appends a date or time in quotes; false where it is out of the type's range.
    package static func append(
        _ number: Int128, as type: LogicalType, isInstant: Bool = false, to text: inout [UInt8]
    ) -> Bool {
        guard type.bounds?.contains(number) ?? false else { return false }
        text.append(UInt8(ascii: "\""))
        Value.integer(number).appendText(as: type, to: &text)
        if isInstant { text += Array("+00".utf8) }
        text.append(UInt8(ascii: "\""))
        return true
    }

    package static func append(
        nanoseconds: Int64, isInstant: Bool, to text: inout [UInt8]
    ) -> Bool {
        let second =
            Int128(nanoseconds) >= 0
            ? Int128(nanoseconds) / 1_000_000_000
            : (Int128(nanoseconds) - 999_999_999) / 1_000_000_000
        let rest = Int(Int128(nanoseconds) - second * 1_000_000_000)
        guard append(second * 1_000_000, as: .datetime, to: &text) else { return false }
        text.removeLast()
        if rest > 0 {
            text.append(UInt8(ascii: "."))
            appendDigits(UInt128(rest), minimumCount: 9, to: &text)
        }
        if isInstant { text += Array("+00".utf8) }
        text.append(UInt8(ascii: "\""))
        return true
    }
}
