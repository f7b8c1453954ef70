// How the text of a field becomes a value: eight digits at a time where it is a number. Each
// operation takes what is common and leaves the rest (blanks, signs where none is usual, many
// digits) to the readers of module Types.
//
// At least 64 bytes before and behind a field may be read.

import StarlingTypes
import StarlingVectors

/// Reads a field; the type says what it becomes.
protocol FieldOperation {
    associatedtype Output: BitwiseCopyable
    /// Stands under NULLs.
    static var filler: Output { get }
    /// Reads `count` bytes, at least one; false where they are no such value.
    static func parse(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ output: inout Output
    ) -> Bool
}

/// Reads up to eight digits that end at `end`; nil where one is none.
@inline(always)
func fewDigits(endingAt end: UnsafePointer<UInt8>, _ count: Int) -> UInt64? {
    let raw = UnsafeRawPointer(end - 8).loadUnaligned(as: UInt64.self)
    let shift = UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    // Bytes before the field become zeros.
    let kept = count == 8 ? UInt64.max : ~((1 &<< shift) &- 1)
    let zeros: UInt64 = 0x3030_3030_3030_3030
    let digits = (raw & kept) | (zeros & ~kept)
    let high: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
    let isDigits =
        ((digits & high) | (((digits &+ 0x0606_0606_0606_0606) & high) &>> 4))
        == 0x3333_3333_3333_3333
    guard isDigits else { return nil }
    let values = digits &- zeros
    let pairs = (values &* 10) &+ (values &>> 8)
    let low = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let rest = ((pairs &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return (low &+ rest) &>> 32
}

/// Reads up to sixteen digits.
@inline(always)
func digits(_ text: UnsafePointer<UInt8>, _ count: Int) -> UInt64? {
    if count <= 8 { return count > 0 ? fewDigits(endingAt: text + count, count) : nil }
    guard count <= 16, let low = fewDigits(endingAt: text + count, 8),
        let high = fewDigits(endingAt: text + (count &- 8), count &- 8)
    else { return nil }
    return high &* 100_000_000 &+ low
}

/// TINYINT to BIGINT.
enum IntegerField<Element: FixedWidthInteger & BitwiseCopyable & SignedInteger>: FieldOperation {
    static var filler: Element { 0 }

    @inline(always)
    static func parse(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ output: inout Element
    ) -> Bool {
        let isNegative = text[0] == UInt8(ascii: "-")
        let skip = isNegative ? 1 : 0
        guard let magnitude = digits(text + skip, count &- skip) else {
            return parseRest(text, count, &output)
        }
        let number = Int64(truncatingIfNeeded: magnitude)
        output = Element(truncatingIfNeeded: isNegative ? 0 &- number : number)
        return Int64(output) == (isNegative ? 0 &- number : number)
    }

    @inline(never)
    private static func parseRest(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ output: inout Element
    ) -> Bool {
        let bytes = UnsafeRawBufferPointer(start: text, count: count)
        guard let number = parseInteger(bytes), let element = Element(exactly: number) else {
            return false
        }
        output = element
        return true
    }
}

private let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
]

/// Reads a number without exponent and with at most 15 digits, as digits and the number of them
/// behind the point; nil where it is anything else.
@inline(always)
func plainNumber(
    _ text: UnsafePointer<UInt8>, _ count: Int
) -> (digits: UInt64, scale: Int)? {
    // Points are rare before the third last place and almost never missing behind it in money.
    var point = count &- 1
    let limit = max(-1, count &- 17)
    while point > limit, text[point] != UInt8(ascii: ".") { point &-= 1 }
    if point == limit {
        guard count <= 15, let all = digits(text, count) else { return nil }
        return (all, 0)
    }
    let scale = count &- 1 &- point
    guard count <= 16 else { return nil }
    let whole: UInt64
    if point == 0 {
        whole = 0
    } else {
        guard let read = digits(text, point) else { return nil }
        whole = read
    }
    guard scale > 0 else { return point > 0 ? (whole, 0) : nil }
    guard let fraction = digits(text + (point &+ 1), scale) else { return nil }
    var factor: UInt64 = 1
    for _ in 0..<scale { factor &*= 10 }
    return (whole &* factor &+ fraction, scale)
}

/// DOUBLE.
enum DoubleField: FieldOperation {
    static var filler: Double { 0 }

    @inline(always)
    static func parse(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ output: inout Double
    ) -> Bool {
        let isNegative = text[0] == UInt8(ascii: "-")
        let skip = isNegative ? 1 : 0
        guard let number = plainNumber(text + skip, count &- skip) else {
            return parseRest(text, count, &output)
        }
        // Both are exact, so that one rounding gives the nearest number.
        let magnitude = powersOfTen.withUnsafeBufferPointer {
            Double(number.digits) / $0[number.scale]
        }
        output = isNegative ? -magnitude : magnitude
        return true
    }

    @inline(never)
    private static func parseRest(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ output: inout Double
    ) -> Bool {
        guard let number = parseDouble(UnsafeRawBufferPointer(start: text, count: count)) else {
            return false
        }
        output = number
        return true
    }
}

/// DOUBLE that keeps all digits of its text, as a type has to that nobody asked for.
enum KeptDoubleField: FieldOperation {
    static var filler: Double { 0 }

    @inline(always)
    static func parse(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ output: inout Double
    ) -> Bool {
        guard DoubleField.parse(text, count, &output) else { return false }
        // Few characters are few digits; in five there is no exponent that leads to zero.
        if count <= 15, output.magnitude < 1e15, output != 0 || count <= 5 { return true }
        return isKept(text, count, output)
    }

    @inline(never)
    private static func isKept(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ number: Double
    ) -> Bool {
        keepsDigits(number, of: UnsafeRawBufferPointer(start: text, count: count))
    }
}

/// FLOAT.
enum FloatField: FieldOperation {
    static var filler: Float { 0 }

    @inline(always)
    static func parse(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ output: inout Float
    ) -> Bool {
        // Rounding twice would not always give the nearest number.
        let bytes = UnsafeRawBufferPointer(start: text, count: count)
        guard let wide = parseDouble(bytes) else { return false }
        output = Float(String(decoding: trimmingSpace(bytes), as: UTF8.self)) ?? Float(wide)
        return true
    }
}

/// BOOLEAN.
enum BooleanField: FieldOperation {
    static var filler: Int8 { 0 }

    @inline(always)
    static func parse(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ output: inout Int8
    ) -> Bool {
        let bytes = trimmingSpace(UnsafeRawBufferPointer(start: text, count: count))
        guard let flag = parseBoolean(bytes) else { return false }
        output = flag ? 1 : 0
        return true
    }
}

/// Reads YYYY-MM-DD as days since 1970; nil where it is anything else.
@inline(always)
func plainDays(_ text: UnsafePointer<UInt8>) -> Int32? {
    let raw = UnsafeRawPointer(text).loadUnaligned(as: UInt64.self)
    let dashes: UInt64 = 0xFF00_00FF_0000_0000
    guard raw & dashes == 0x2D00_002D_0000_0000 else { return nil }
    // YYYYMM of "YYYY-MM-" and DD behind it, as eight digits.
    let day = UInt64(UnsafeRawPointer(text + 8).loadUnaligned(as: UInt16.self))
    let packed = (raw & 0xFFFF_FFFF) | ((raw &>> 8) & 0x0000_FFFF_0000_0000) | day &<< 48
    let number = withUnsafeBytes(of: packed) { bytes in
        fewDigits(
            endingAt: bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self) + 8, 8
        )
    }
    guard let number else { return nil }
    let year = Int(number / 10_000)
    let month = Int(number / 100 % 100)
    let dayOfMonth = Int(number % 100)
    guard month >= 1, month <= 12, dayOfMonth >= 1, dayOfMonth <= 31 else { return nil }
    if dayOfMonth > 28 {
        return CivilDate(validYear: year, month: month, day: dayOfMonth)?.days
    }
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    let shifted = month > 2 ? year : year &- 1
    let era = (shifted >= 0 ? shifted : shifted &- 399) / 400
    let yearOfEra = shifted &- era &* 400
    let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ dayOfMonth &- 1
    let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
    return Int32(truncatingIfNeeded: era &* 146_097 &+ dayOfEra &- 719_468)
}

/// DATE.
enum DateField: FieldOperation {
    static var filler: Int32 { 0 }

    @inline(always)
    static func parse(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ output: inout Int32
    ) -> Bool {
        if count == 10, let days = plainDays(text) {
            output = days
            return true
        }
        return parseRest(text, count, &output)
    }

    @inline(never)
    private static func parseRest(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ output: inout Int32
    ) -> Bool {
        let bytes = UnsafeRawBufferPointer(start: text, count: count)
        guard let moment = parseDateTime(bytes) else { return false }
        let days = moment / microsecondsPerDay - (moment % microsecondsPerDay < 0 ? 1 : 0)
        // A time of day would be lost.
        guard days * microsecondsPerDay == moment else { return false }
        output = Int32(truncatingIfNeeded: days)
        return true
    }
}

/// DATETIME.
enum DateTimeField: FieldOperation {
    static var filler: Int64 { 0 }

    @inline(always)
    static func parse(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ output: inout Int64
    ) -> Bool {
        if count == 19, text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
            text[10] == UInt8(ascii: " ") || text[10] == UInt8(ascii: "T"),
            let days = plainDays(text), let hour = fewDigits(endingAt: text + 13, 2),
            let minute = fewDigits(endingAt: text + 16, 2),
            let second = fewDigits(endingAt: text + 19, 2), hour < 24, minute < 60, second < 60
        {
            let seconds = Int64(hour &* 3_600 &+ minute &* 60 &+ second)
            output = Int64(days) &* microsecondsPerDay &+ seconds &* 1_000_000
            return true
        }
        guard let moment = parseDateTime(UnsafeRawBufferPointer(start: text, count: count)) else {
            return false
        }
        output = moment
        return true
    }
}

/// DATETIME that keeps all digits of its text.
enum KeptDateTimeField: FieldOperation {
    static var filler: Int64 { 0 }

    @inline(always)
    static func parse(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ output: inout Int64
    ) -> Bool {
        DateTimeField.parse(text, count, &output)
            && (count <= 26 || keepsMicroseconds(UnsafeRawBufferPointer(start: text, count: count)))
    }
}

/// DATETIME in UTC, of texts that say how far their clocks are from it.
enum InstantField: FieldOperation {
    static var filler: Int64 { 0 }

    @inline(always)
    static func parse(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ output: inout Int64
    ) -> Bool {
        // YYYY-MM-DDTHH:MM:SSZ.
        if count == 20, text[19] == UInt8(ascii: "Z") {
            return DateTimeField.parse(text, 19, &output)
        }
        let bytes = UnsafeRawBufferPointer(start: text, count: count)
        guard let moment = parseInstant(bytes) else { return false }
        output = moment
        return true
    }
}
