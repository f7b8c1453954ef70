// Reads datetimes by a pattern, as MySQL's STR_TO_DATE does: numbers take as many digits as their
// field may have, white space in the pattern matches any, what the text has beyond the pattern is
// ignored.

extension DateTimePattern {
    /// Reads a DATETIME, or nil where the text does not follow the pattern or names no moment.
    package func parse(_ text: UnsafeRawBufferPointer) -> Int64? { reader(behind: text)?.moment }

    /// Reads a DATETIME from all of a text.
    package func parseWhole(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard let reader = reader(behind: text), reader.reader.isAtEnd else { return nil }
        return reader.moment
    }

    /// Follows the pattern; nil where the text does not.
    private func reader(behind text: UnsafeRawBufferPointer) -> PatternReader? {
        var reader = PatternReader(text)
        for part in parts {
            switch part {
            case .literal(let bytes):
                guard reader.skip(bytes) else { return nil }
            case .field(let letter):
                guard reader.read(letter) else { return nil }
            }
        }
        return reader
    }
}

/// Reads the fields that MySQL's letters name.
private struct PatternReader {
    var reader: DateTimeReader
    var isAfternoon: Bool?
    private var week: Week?
    /// 0 is Sunday.
    private var weekday: Int?

    /// A week of a year, which together with a weekday names a day.
    private struct Week {
        var number: Int
        var beginsOnMonday: Bool
    }

    init(_ text: UnsafeRawBufferPointer) { reader = DateTimeReader(text, year: 0) }

    var moment: Int64? {
        var reader = reader
        if let isAfternoon {
            guard (1...12).contains(reader.hour) else { return nil }
            reader.hour = reader.hour % 12 + (isAfternoon ? 12 : 0)
        }
        if let week {
            guard let day = day(of: week) else { return nil }
            reader.dayOfYear = nil
            (reader.year, reader.month, reader.day) = (day.year, day.month, day.day)
        }
        return reader.moment
    }

    /// Week 1 of weeks from Sunday begins with the year's first Sunday, of weeks from Monday it
    /// has January the 4th in it.
    private func day(of week: Week) -> CivilDate? {
        guard week.number <= 53, let weekday,
            let newYear = CivilDate(validYear: reader.year, month: 1, day: 1)?.days
        else { return nil }
        let monday = weekdayFromMonday(days: newYear)
        let sunday = (monday + 1) % 7
        let isFirst = week.beginsOnMonday ? monday <= 3 : sunday == 0
        let start = Int(newYear) + (isFirst ? 0 : 7) - (week.beginsOnMonday ? monday : sunday)
        let offset = week.beginsOnMonday ? (weekday + 6) % 7 : weekday
        let day = Int32(start + (week.number - 1) * 7 + offset)
        return CalendarRange.contains(day: day) ? CivilDate(days: day) : nil
    }

    /// Reads the number of a week, which may be 0 where days before week 1 are no other year's.
    private mutating func readWeek(beginsOnMonday: Bool, from least: Int) -> Bool {
        guard let number = reader.number(2), number >= least else { return false }
        week = Week(number: number, beginsOnMonday: beginsOnMonday)
        return true
    }

    mutating func skipSpace() {
        while !reader.isAtEnd, isSpace(reader.text[reader.position]) { reader.position += 1 }
    }

    mutating func skip(_ literal: [UInt8]) -> Bool {
        for byte in literal {
            if isSpace(byte) {
                skipSpace()
            } else {
                guard !reader.isAtEnd, reader.text[reader.position] == byte else { return false }
                reader.position += 1
            }
        }
        return true
    }

    mutating func store(_ limit: Int, _ field: WritableKeyPath<DateTimeReader, Int>) -> Bool {
        guard let value = reader.number(limit) else { return false }
        reader[keyPath: field] = value
        return true
    }

    mutating func read(_ letter: UInt8) -> Bool {
        skipSpace()
        switch letter {
        case UInt8(ascii: "Y"), UInt8(ascii: "X"), UInt8(ascii: "x"): return store(4, \.year)
        case UInt8(ascii: "U"): return readWeek(beginsOnMonday: false, from: 0)
        case UInt8(ascii: "u"): return readWeek(beginsOnMonday: true, from: 0)
        case UInt8(ascii: "V"): return readWeek(beginsOnMonday: false, from: 1)
        case UInt8(ascii: "v"): return readWeek(beginsOnMonday: true, from: 1)
        case UInt8(ascii: "w"):
            weekday = reader.number(1)
            return weekday.map { $0 < 7 } ?? false
        case UInt8(ascii: "y"):
            guard let value = reader.number(2) else { return false }
            reader.year = value + (value < 70 ? 2_000 : 1_900)
            return true
        case UInt8(ascii: "m"), UInt8(ascii: "c"): return store(2, \.month)
        case UInt8(ascii: "d"), UInt8(ascii: "e"): return store(2, \.day)
        case UInt8(ascii: "D"):
            guard store(2, \.day), reader.position + 2 <= reader.text.count else { return false }
            reader.position += 2
            return true
        case UInt8(ascii: "j"):
            reader.dayOfYear = reader.number(3)
            return reader.dayOfYear != nil
        case UInt8(ascii: "M"), UInt8(ascii: "b"):
            guard let index = reader.name(DateTimePattern.monthNames) else { return false }
            reader.month = index + 1
            return true
        case UInt8(ascii: "W"), UInt8(ascii: "a"):
            guard let index = reader.name(DateTimePattern.dayNames) else { return false }
            weekday = (index + 1) % 7
            return true
        default: return readTime(letter)
        }
    }

    private mutating func readTime(_ letter: UInt8) -> Bool {
        switch letter {
        case UInt8(ascii: "H"), UInt8(ascii: "k"): return store(2, \.hour)
        case UInt8(ascii: "h"), UInt8(ascii: "I"), UInt8(ascii: "l"):
            if isAfternoon == nil { isAfternoon = false }
            return store(2, \.hour)
        case UInt8(ascii: "i"): return store(2, \.minute)
        case UInt8(ascii: "s"), UInt8(ascii: "S"): return store(2, \.second)
        case UInt8(ascii: "f"): return reader.readMicroseconds()
        case UInt8(ascii: "p"):
            guard let index = reader.name(["AM", "PM"]) else { return false }
            isAfternoon = index == 1
            return true
        case UInt8(ascii: "T"):
            return store(2, \.hour) && skip([0x3A]) && store(2, \.minute) && skip([0x3A])
                && store(2, \.second)
        case UInt8(ascii: "r"):
            isAfternoon = false
            guard store(2, \.hour), skip([0x3A]), store(2, \.minute), skip([0x3A]),
                store(2, \.second)
            else { return false }
            return read(UInt8(ascii: "p"))
        default: return false
        }
    }
}
