// Strings that are days or moments, in forms in which each number has one text, so that the text comes
// back from the number: YYYY-MM-DD; behind it T or a space, hh:mm:ss, a fraction of three or six digits
// or none, Z or nothing.

import StarlingDocuments
import StarlingTypes

/// Is one way to write moments.
package struct MomentForm: Sendable, Hashable {
    /// True for a T between day and time, false for a space.
    private var hasLetter: Bool
    /// Digits behind the second: 0, 3 or 6.
    private var digitCount: Int
    private var hasZone: Bool

    private static let secondsEnd = 19

    /// Is the form in which SQL writes moments that are whole seconds.
    package static let plain = MomentForm(hasLetter: false, digitCount: 0, hasZone: false)

    private init(hasLetter: Bool, digitCount: Int, hasZone: Bool) {
        self.hasLetter = hasLetter
        self.digitCount = digitCount
        self.hasZone = hasZone
    }

    var code: UInt8 {
        UInt8(digitCount / 3) << 2 | (hasZone ? 2 : 0) | (hasLetter ? 1 : 0)
    }

    init?(code: UInt8) {
        guard code >> 2 <= 2 else { return nil }
        hasLetter = code & 1 != 0
        hasZone = code & 2 != 0
        digitCount = Int(code >> 2) * 3
    }

    /// Tells in which form a text is a moment; nil where it is none.
    init?(of text: UnsafeRawBufferPointer) {
        guard text.count >= Self.secondsEnd else { return nil }
        hasLetter = text[10] == UInt8(ascii: "T")
        hasZone = text[text.count - 1] == UInt8(ascii: "Z")
        let rest = text.count - Self.secondsEnd - (hasZone ? 1 : 0)
        guard rest == 0 || rest == 4 || rest == 7 else { return nil }
        digitCount = max(0, rest - 1)
        guard value(of: text) != nil else { return nil }
    }

    private var byteCount: Int {
        Self.secondsEnd + (digitCount > 0 ? digitCount + 1 : 0) + (hasZone ? 1 : 0)
    }

    /// Reads a text of this form as microseconds since 1970 on its own clock.
    func value(of text: UnsafeRawBufferPointer) -> Int64? {
        guard text.count == byteCount,
            text[10] == UInt8(ascii: hasLetter ? "T" : " "),
            text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
            !hasZone || text[text.count - 1] == UInt8(ascii: "Z"),
            let day = plainDay(UnsafeRawBufferPointer(rebasing: text[..<10])),
            let hour = plainNumber(text, 11, 2), hour < 24,
            let minute = plainNumber(text, 14, 2), minute < 60,
            let second = plainNumber(text, 17, 2), second < 60
        else { return nil }
        var fraction = 0
        if digitCount > 0 {
            guard text[Self.secondsEnd] == UInt8(ascii: "."),
                let digits = plainNumber(text, Self.secondsEnd + 1, digitCount)
            else { return nil }
            fraction = digitCount == 3 ? digits * 1_000 : digits
        }
        let seconds = (hour * 60 + minute) * 60 + second
        return Int64(day) * microsecondsPerDay + Int64(seconds * 1_000_000 + fraction)
    }

    /// Appends the text of a moment.
    func append(_ microseconds: Int64, to text: inout [UInt8]) {
        let day = dayNumber(ofMicroseconds: microseconds)
        appendDate(days: day, to: &text)
        text.append(UInt8(ascii: hasLetter ? "T" : " "))
        let time = Int(microseconds - Int64(day) * microsecondsPerDay)
        let second = time / 1_000_000
        appendTwoDigits(second / 3_600, to: &text)
        text.append(UInt8(ascii: ":"))
        appendTwoDigits(second / 60 % 60, to: &text)
        text.append(UInt8(ascii: ":"))
        appendTwoDigits(second % 60, to: &text)
        if digitCount > 0 {
            text.append(UInt8(ascii: "."))
            let fraction = time % 1_000_000
            appendDigits(
                UInt128(digitCount == 3 ? fraction / 1_000 : fraction), minimumCount: digitCount,
                to: &text)
        }
        if hasZone { text.append(UInt8(ascii: "Z")) }
    }

    /// Tells whether a cast of such a text to DATETIME gives the moment as it is stored.
    package var isReadAsDateTime: Bool {
        let sample: Int64 = 1_709_210_096_789_000
        var text: [UInt8] = []
        append(sample, to: &text)
        return text.withUnsafeBytes { parseDateTime($0, mayEndInZ: true) == value(of: $0) }
    }
}

/// Reads YYYY-MM-DD; nil where a text is anything else.
func plainDay(_ text: UnsafeRawBufferPointer) -> Int32? {
    guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
        let year = plainNumber(text, 0, 4), let month = plainNumber(text, 5, 2),
        let day = plainNumber(text, 8, 2)
    else { return nil }
    return CivilDate(validYear: year, month: month, day: day)?.days
}

/// Reads so many digits; nil where there is another character.
@inline(__always)
private func plainNumber(_ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int? {
    var number = 0
    for place in start..<(start &+ count) {
        guard isDigit(text[place]) else { return nil }
        number = number &* 10 &+ Int(text[place] &- UInt8(ascii: "0"))
    }
    return number
}

extension ShreddedType {
    /// Tells as what strings like one are stored, where that is a day or a moment.
    init?(temporal text: UnsafeRawBufferPointer) {
        if plainDay(text) != nil {
            self = .day
        } else if let form = MomentForm(of: text) {
            self = .moment(form)
        } else {
            return nil
        }
    }

    /// Tells whether a string is one of the type's days or moments.
    func hasTemporal(_ text: UnsafeRawBufferPointer) -> Bool {
        switch self {
        case .day: plainDay(text) != nil
        case .moment(let form): form.value(of: text) != nil
        default: false
        }
    }
}
