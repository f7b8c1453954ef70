// The rule at the end of a time zone's file, in the form of POSIX's variable TZ: "CET-1CEST,M3.5.0,
// M10.5.0/3" is an hour before UTC's clocks, two from the last Sunday of March until that of October.

import StarlingTypes

/// Knows by how much clocks differ from UTC in any year.
struct TimeZoneRule: Sendable {
    private enum Day {
        /// The `week`th (5 is the last) `weekday` (0 is Sunday) of a month.
        case weekday(month: Int, week: Int, weekday: Int)
        /// The day of the year from 1 on; the 29th of February is never counted.
        case julian(Int)
        /// The day of the year from 0 on.
        case ordinal(Int)
    }

    private struct Turn {
        var day: Day
        var seconds: Int64
    }

    private var standard: Int64 = 0
    private var summer: Int64 = 0
    private var turns: (toSummer: Turn, toStandard: Turn)?

    /// Reads a rule; nil where there is none.
    init?(_ text: [UInt8]) {
        var reader = RuleReader(text[...])
        guard reader.name(), let west = reader.time() else { return nil }
        standard = -west
        guard !reader.isAtEnd else { return }
        guard reader.name() else { return nil }
        summer = standard + 3_600
        if !reader.isNext(UInt8(ascii: ",")), let west = reader.time() { summer = -west }
        guard let toSummer = Self.turn(&reader), let toStandard = Self.turn(&reader),
            reader.isAtEnd
        else { return nil }
        turns = (toSummer, toStandard)
    }

    private static func turn(_ reader: inout RuleReader) -> Turn? {
        guard reader.take(UInt8(ascii: ",")) else { return nil }
        let day: Day
        if reader.take(UInt8(ascii: "M")) {
            guard let month = reader.number(), reader.take(UInt8(ascii: ".")),
                let week = reader.number(), reader.take(UInt8(ascii: ".")),
                let weekday = reader.number(), (1...12).contains(month), (1...5).contains(week),
                weekday < 7
            else { return nil }
            day = .weekday(month: month, week: week, weekday: weekday)
        } else if reader.take(UInt8(ascii: "J")) {
            guard let number = reader.number(), (1...365).contains(number) else { return nil }
            day = .julian(number)
        } else {
            guard let number = reader.number(), number <= 365 else { return nil }
            day = .ordinal(number)
        }
        var seconds: Int64 = 7_200
        if reader.take(UInt8(ascii: "/")) {
            guard let time = reader.time() else { return nil }
            seconds = time
        }
        return Turn(day: day, seconds: seconds)
    }

    func offset(at second: Int64) -> Int64 {
        guard let turns else { return standard }
        let days = (Double(second + standard) / 86_400).rounded(.down)
        let year = CivilDate(days: Int32(max(-10_000_000, min(10_000_000, days)))).year
        let start = Self.moment(turns.toSummer, year) - standard
        let end = Self.moment(turns.toStandard, year) - summer
        let isSummer =
            start < end ? start <= second && second < end : !(end <= second && second < start)
        return isSummer ? summer : standard
    }

    private static func moment(_ turn: Turn, _ year: Int) -> Int64 {
        let firstDay = CivilDate(year: year, month: 1, day: 1).days
        let day: Int32
        switch turn.day {
        case .julian(let number):
            let isBehind = CivilDate.isLeap(year) && number >= 60
            day = firstDay + Int32(number - 1 + (isBehind ? 1 : 0))
        case .ordinal(let number): day = firstDay + Int32(number)
        case .weekday(let month, let week, let weekday):
            let first = CivilDate(year: year, month: month, day: 1).days
            // 1970-01-01 was a Thursday.
            let firstWeekday = Int((first % 7 + 7 + 4) % 7)
            var number = (weekday - firstWeekday + 7) % 7 + 7 * (week - 1)
            while number >= CivilDate.dayCount(ofMonth: month, year: year) { number -= 7 }
            day = first + Int32(number)
        }
        return Int64(day) * 86_400 + turn.seconds
    }
}

/// Takes the pieces of a rule from its text.
private struct RuleReader {
    private var rest: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) { rest = text }

    var isAtEnd: Bool { rest.isEmpty }

    func isNext(_ byte: UInt8) -> Bool { rest.first == byte }

    mutating func take(_ byte: UInt8) -> Bool {
        guard isNext(byte) else { return false }
        rest.removeFirst()
        return true
    }

    /// Passes over a name: letters, or anything in angle brackets.
    mutating func name() -> Bool {
        if take(UInt8(ascii: "<")) {
            while let byte = rest.popFirst() {
                if byte == UInt8(ascii: ">") { return true }
            }
            return false
        }
        let letters = rest.prefix {
            ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z")
        }
        rest = rest.dropFirst(letters.count)
        return letters.count >= 3
    }

    mutating func number() -> Int? {
        let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        guard (1...4).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// Reads hours, perhaps with minutes and seconds, as seconds.
    mutating func time() -> Int64? {
        let isNegative = take(UInt8(ascii: "-"))
        if !isNegative { _ = take(UInt8(ascii: "+")) }
        guard let hours = number(), hours <= 200 else { return nil }
        var seconds = hours * 3_600
        for unit in [60, 1] where take(UInt8(ascii: ":")) {
            guard let number = number() else { return nil }
            seconds += number * unit
        }
        return Int64(isNegative ? -seconds : seconds)
    }
}
