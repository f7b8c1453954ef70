// Writes datetimes by a pattern.

extension DateTimePattern {
    /// Appends a DATETIME as the pattern says; false where that asks for the year of a week, and it
    /// is the one before year 0.
    package func append(microseconds: Int64, to text: inout [UInt8]) -> Bool {
        let moment = CivilDateTime(microseconds: microseconds)
        for part in parts {
            switch part {
            case .literal(let bytes): text += bytes
            case .field(let letter):
                guard Self.append(letter, of: moment, to: &text) else { return false }
            }
        }
        return true
    }

    private static func append(
        _ letter: UInt8, of moment: CivilDateTime, to text: inout [UInt8]
    ) -> Bool {
        let date = moment.date
        switch letter {
        case UInt8(ascii: "Y"): appendNumber(date.year, 4, &text)
        case UInt8(ascii: "y"): appendNumber(date.year % 100, 2, &text)
        case UInt8(ascii: "m"): appendNumber(date.month, 2, &text)
        case UInt8(ascii: "c"): appendNumber(date.month, 1, &text)
        case UInt8(ascii: "d"): appendNumber(date.day, 2, &text)
        case UInt8(ascii: "e"): appendNumber(date.day, 1, &text)
        case UInt8(ascii: "D"): appendOrdinal(date.day, &text)
        case UInt8(ascii: "j"): appendNumber(date.dayOfYear, 3, &text)
        case UInt8(ascii: "M"): text += monthNames[date.month - 1].utf8
        case UInt8(ascii: "b"): text += monthNames[date.month - 1].utf8.prefix(3)
        case UInt8(ascii: "W"): text += dayNames[weekdayFromMonday(days: date.days)].utf8
        case UInt8(ascii: "a"):
            text += dayNames[weekdayFromMonday(days: date.days)].utf8.prefix(3)
        case UInt8(ascii: "w"):
            appendNumber((weekdayFromMonday(days: date.days) + 1) % 7, 1, &text)
        case UInt8(ascii: "U"): appendWeek(date, mode: 0, &text)
        case UInt8(ascii: "u"): appendWeek(date, mode: 1, &text)
        case UInt8(ascii: "V"): appendWeek(date, mode: 2, &text)
        case UInt8(ascii: "v"): appendWeek(date, mode: 3, &text)
        case UInt8(ascii: "X"): return appendYearOfWeek(date, mode: 2, &text)
        case UInt8(ascii: "x"): return appendYearOfWeek(date, mode: 3, &text)
        default: appendTimeField(letter, of: moment, to: &text)
        }
        return true
    }

    private static func appendTimeField(
        _ letter: UInt8, of moment: CivilDateTime, to text: inout [UInt8]
    ) {
        let hour12 = (moment.hour + 11) % 12 + 1
        switch letter {
        case UInt8(ascii: "H"): appendNumber(moment.hour, 2, &text)
        case UInt8(ascii: "k"): appendNumber(moment.hour, 1, &text)
        case UInt8(ascii: "h"), UInt8(ascii: "I"): appendNumber(hour12, 2, &text)
        case UInt8(ascii: "l"): appendNumber(hour12, 1, &text)
        case UInt8(ascii: "i"): appendNumber(moment.minute, 2, &text)
        case UInt8(ascii: "s"), UInt8(ascii: "S"): appendNumber(moment.second, 2, &text)
        case UInt8(ascii: "f"): appendNumber(moment.microsecond, 6, &text)
        case UInt8(ascii: "p"): text += (moment.hour < 12 ? "AM" : "PM").utf8
        case UInt8(ascii: "T"): appendTime(hour: moment.hour, of: moment, to: &text)
        case UInt8(ascii: "r"):
            appendTime(hour: hour12, of: moment, to: &text)
            text += (moment.hour < 12 ? " AM" : " PM").utf8
        default: break
        }
    }

    private static func appendTime(hour: Int, of moment: CivilDateTime, to text: inout [UInt8]) {
        appendTwoDigits(hour, to: &text)
        text.append(UInt8(ascii: ":"))
        appendTwoDigits(moment.minute, to: &text)
        text.append(UInt8(ascii: ":"))
        appendTwoDigits(moment.second, to: &text)
    }

    private static func appendNumber(_ number: Int, _ width: Int, _ text: inout [UInt8]) {
        appendDigits(UInt128(max(0, number)), minimumCount: width, to: &text)
    }

    private static func appendYearOfWeek(
        _ date: CivilDate, mode: Int, _ text: inout [UInt8]
    ) -> Bool {
        let year = WeekNumber(days: date.days, mode: mode).year
        guard year >= 0 else { return false }
        appendNumber(year, 4, &text)
        return true
    }

    private static func appendWeek(_ date: CivilDate, mode: Int, _ text: inout [UInt8]) {
        appendNumber(WeekNumber(days: date.days, mode: mode).week, 2, &text)
    }

    /// Appends 1st, 2nd, 3rd, 4th … 11th, 12th, 13th … 21st.
    private static func appendOrdinal(_ number: Int, _ text: inout [UInt8]) {
        appendNumber(number, 1, &text)
        let isTeen = (11...13).contains(number % 100)
        switch number % 10 {
        case 1 where !isTeen: text += "st".utf8
        case 2 where !isTeen: text += "nd".utf8
        case 3 where !isTeen: text += "rd".utf8
        default: text += "th".utf8
        }
    }
}
