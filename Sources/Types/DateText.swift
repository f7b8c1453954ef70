// Dates and datetimes as text and back. The forms read are StarRocks': fields apart by any
// punctuation (2024-1-2, 2024/01/02 3:4:5.678, 2024-01-02T03:04:05), or digits in one run
// (20240102, 240102, 20240102030405, 20240102T030405); years of two digits lie in 1970 … 2069. Casts
// pass over a Z behind a time that has a T.

package func appendDate(days: Int32, to text: inout [UInt8]) {
    let date = CivilDate(days: days)
    // No DATE lies before year 0; a damaged number may.
    if date.year < 0 { text.append(UInt8(ascii: "-")) }
    appendDigits(UInt128(date.year.magnitude), minimumCount: 4, to: &text)
    text.append(UInt8(ascii: "-"))
    appendTwoDigits(date.month, to: &text)
    text.append(UInt8(ascii: "-"))
    appendTwoDigits(date.day, to: &text)
}

/// Appends a DATETIME, with six digits of fraction where there is one.
package func appendDateTime(microseconds: Int64, to text: inout [UInt8]) {
    let day = dayNumber(ofMicroseconds: microseconds)
    appendDate(days: day, to: &text)
    text.append(UInt8(ascii: " "))
    appendTime(microseconds: microseconds - Int64(day) * microsecondsPerDay, to: &text)
}

/// Appends a TIME: hours (two digits or more), minutes, seconds and a fraction where there is one.
package func appendTime(microseconds: Int64, to text: inout [UInt8]) {
    if microseconds < 0 { text.append(UInt8(ascii: "-")) }
    let magnitude = microseconds.magnitude
    let seconds = magnitude / 1_000_000
    appendDigits(UInt128(seconds / 3_600), minimumCount: 2, to: &text)
    text.append(UInt8(ascii: ":"))
    appendTwoDigits(Int(seconds / 60 % 60), to: &text)
    text.append(UInt8(ascii: ":"))
    appendTwoDigits(Int(seconds % 60), to: &text)
    guard magnitude % 1_000_000 != 0 else { return }
    text.append(UInt8(ascii: "."))
    appendDigits(UInt128(magnitude % 1_000_000), minimumCount: 6, to: &text)
}

@inline(always)
package func appendTwoDigits(_ number: Int, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / 10))
    text.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number % 10))
}

/// Reads a DATE, or nil where the text is none. A time of day is read and dropped.
package func parseDate(_ text: UnsafeRawBufferPointer) -> Int32? {
    if let days = parsePlainDate(text) { return days }
    return parseCivilDateTime(text, mayEndInZ: true).map { $0.date.days }
}

/// Reads a DATETIME as microseconds since 1970, or nil where the text is none.
///
/// - Parameter mayEndInZ: whether a Z behind the time is passed over, as it is in SQL's casts. Readers
///   of files, which convert moments between zones, take such texts with `parseInstant`.
package func parseDateTime(
    _ text: UnsafeRawBufferPointer, mayEndInZ: Bool = false
) -> Int64? {
    parseCivilDateTime(text, mayEndInZ: mayEndInZ).map { $0.microseconds }
}

/// Reads the time of day of a DATETIME as microseconds; nil where the text is none.
package func parseTimeOfDay(_ text: UnsafeRawBufferPointer) -> Int64? {
    guard var moment = parseCivilDateTime(text, mayEndInZ: true) else { return nil }
    moment.date = CivilDate(days: 0)
    return moment.microseconds
}

/// Reads a date and time of day with the distance of their clock from UTC (`Z`, `+08:00`, `+0800`,
/// `-05`) as microseconds since 1970 in UTC; nil where the text is none, or has more than six digits of
/// a second.
package func parseInstant(_ text: UnsafeRawBufferPointer) -> Int64? {
    // Behind YYYY-MM-DDTHH:MM.
    let shortest = 16
    guard text.count > shortest, text[13] == UInt8(ascii: ":"), text[10] != UInt8(ascii: ":"),
        let end = text[shortest...].firstIndex(where: { !isDigit($0) && $0 != 0x2E && $0 != 0x3A }),
        let offset = offsetSeconds(UnsafeRawBufferPointer(rebasing: text[end...]))
    else { return nil }
    let clock = UnsafeRawBufferPointer(rebasing: text[..<end])
    guard keepsMicroseconds(clock), let time = parseDateTime(clock) else { return nil }
    return time - offset * 1_000_000
}

/// Tells whether YYYY-MM-DD HH:MM:SS with a fraction has no more than six digits behind the point.
package func keepsMicroseconds(_ text: UnsafeRawBufferPointer) -> Bool {
    text.count <= 26 || text[26...].allSatisfy { $0 == UInt8(ascii: "0") }
}

/// Reads `Z`, or a sign, two digits of hours and perhaps two of minutes.
private func offsetSeconds(_ text: UnsafeRawBufferPointer) -> Int64? {
    if text.count == 1, text[0] | 0x20 == UInt8(ascii: "z") { return 0 }
    let isNegative = text[0] == UInt8(ascii: "-")
    guard isNegative || text[0] == UInt8(ascii: "+") else { return nil }
    var digits = text.dropFirst().map { $0 }
    if digits.count == 5, digits[2] == UInt8(ascii: ":") { digits.remove(at: 2) }
    guard digits.count == 2 || digits.count == 4, digits.allSatisfy({ isDigit($0) }) else {
        return nil
    }
    let numbers = digits.map { Int64($0 - UInt8(ascii: "0")) }
    let hours = numbers[0] * 10 + numbers[1]
    let minutes = numbers.count == 4 ? numbers[2] * 10 + numbers[3] : 0
    guard hours <= 14, minutes < 60 else { return nil }
    return (hours * 3_600 + minutes * 60) * (isNegative ? -1 : 1)
}

/// Reads the one form that most texts have, YYYY-MM-DD, without detours.
private func parsePlainDate(_ text: UnsafeRawBufferPointer) -> Int32? {
    guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
        let year = fixedNumber(text, at: 0, count: 4),
        let month = fixedNumber(text, at: 5, count: 2),
        let day = fixedNumber(text, at: 8, count: 2)
    else { return nil }
    return CivilDate(validYear: year, month: month, day: day)?.days
}

/// Reads exactly `count` digits, or nil where there is another character.
@inline(always)
private func fixedNumber(_ text: UnsafeRawBufferPointer, at start: Int, count: Int) -> Int? {
    var number = 0
    for position in start..<(start &+ count) {
        guard isDigit(text[position]) else { return nil }
        number = number &* 10 &+ Int(text[position] &- UInt8(ascii: "0"))
    }
    return number
}

private func parseCivilDateTime(
    _ text: UnsafeRawBufferPointer, mayEndInZ: Bool
) -> CivilDateTime? {
    var reader = DateReader(trimmingSpace(text), mayEndInZ: mayEndInZ)
    return reader.read()
}

/// Reads the fields of a date and a time of day one after the other.
private struct DateReader {
    let bytes: UnsafeRawBufferPointer
    let mayEndInZ: Bool
    var position = 0
    /// Whether a T stands between the date and the time.
    private var hasLetter = false

    init(_ bytes: UnsafeRawBufferPointer, mayEndInZ: Bool) {
        self.bytes = bytes
        self.mayEndInZ = mayEndInZ
    }

    private var isAtEnd: Bool { position == bytes.count }

    private var isAtZ: Bool {
        mayEndInZ && hasLetter && !isAtEnd && bytes[position] | 0x20 == UInt8(ascii: "z")
    }

    /// Reads up to `limit` digits; nil where there is none.
    mutating func number(limit: Int) -> (value: Int, digitCount: Int)? {
        var value = 0
        let start = position
        while position < bytes.count, position - start < limit, isDigit(bytes[position]) {
            value = value * 10 + Int(bytes[position] - UInt8(ascii: "0"))
            position += 1
        }
        return position == start ? nil : (value, position - start)
    }

    mutating func read() -> CivilDateTime? {
        var run = 0
        while run < bytes.count, isDigit(bytes[run]) { run += 1 }
        guard let date = run > 4 ? runDate(run) : separatedDate() else { return nil }
        var result = CivilDateTime(date: date)
        guard !isAtEnd else { return result }
        if run >= 12 {
            guard runTime(into: &result) else { return nil }
        } else {
            guard separatedTime(into: &result) else { return nil }
        }
        if isAtZ { position += 1 }
        guard isAtEnd, result.hour < 24, result.minute < 60, result.second < 60 else { return nil }
        return result
    }

    /// Reads YYYYMMDD or YYMMDD, of a run of `count` digits that may go on with the time.
    private mutating func runDate(_ count: Int) -> CivilDate? {
        let yearDigits: Int
        switch count {
        case 6, 12: yearDigits = 2
        case 8, 14: yearDigits = 4
        default: return nil
        }
        guard let year = number(limit: yearDigits), let month = number(limit: 2),
            let day = number(limit: 2)
        else { return nil }
        return CivilDate(
            validYear: Self.expanded(year.value, year.digitCount), month: month.value,
            day: day.value)
    }

    private mutating func separatedDate() -> CivilDate? {
        guard let year = number(limit: 4), separator(), let month = number(limit: 2), separator(),
            let day = number(limit: 2)
        else { return nil }
        return CivilDate(
            validYear: Self.expanded(year.value, year.digitCount), month: month.value,
            day: day.value)
    }

    private static func expanded(_ year: Int, _ digitCount: Int) -> Int {
        digitCount > 2 ? year : year + (year < 70 ? 2_000 : 1_900)
    }

    /// Steps over one character of punctuation.
    private mutating func separator() -> Bool {
        guard !isAtEnd, (0x21...0x2F).contains(bytes[position]) || bytes[position] == 0x3A else {
            return false
        }
        position += 1
        return true
    }

    private mutating func runTime(into result: inout CivilDateTime) -> Bool {
        guard let hour = number(limit: 2), let minute = number(limit: 2),
            let second = number(limit: 2)
        else { return false }
        (result.hour, result.minute, result.second) = (hour.value, minute.value, second.value)
        return fraction(into: &result)
    }

    /// Reads hours, and minutes, seconds and a fraction where they follow.
    private mutating func separatedTime(into result: inout CivilDateTime) -> Bool {
        let start = position
        if bytes[position] | 0x20 == UInt8(ascii: "t") {
            hasLetter = true
            position += 1
        } else {
            while !isAtEnd, isSpace(bytes[position]) { position += 1 }
        }
        guard position > start, let hour = number(limit: 2) else { return false }
        result.hour = hour.value
        guard !isAtEnd, !isAtZ else { return true }
        guard let minute = clockField(behind: hour.digitCount) else { return false }
        result.minute = minute.value
        guard !isAtEnd, !isAtZ else { return true }
        guard let second = clockField(behind: minute.digitCount) else { return false }
        result.second = second.value
        return fraction(into: &result)
    }

    /// Reads minutes or seconds behind a separator; behind a T two digits can follow two others
    /// without one: T010203.
    private mutating func clockField(
        behind digitCount: Int
    ) -> (value: Int, digitCount: Int)? {
        if separator() { return number(limit: 2) }
        guard hasLetter, digitCount == 2, let field = number(limit: 2), field.digitCount == 2 else {
            return nil
        }
        return field
    }

    /// Reads a point and digits, of which six count.
    private mutating func fraction(into result: inout CivilDateTime) -> Bool {
        guard !isAtEnd, bytes[position] == UInt8(ascii: ".") else { return true }
        position += 1
        guard var fraction = number(limit: 6) else { return true }
        while fraction.digitCount < 6 {
            fraction.value *= 10
            fraction.digitCount += 1
        }
        result.microsecond = fraction.value
        while !isAtEnd, isDigit(bytes[position]) { position += 1 }
        return true
    }
}
