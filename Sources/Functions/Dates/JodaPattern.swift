// Patterns of letters as Joda-Time reads them: yyyy-MM-dd, with text between quotes. A pattern is
// taken apart once and then used for many rows.

import StarlingTypes

/// Describes how a datetime is written by runs of letters.
struct JodaPattern: Sendable {
    enum Part: Sendable {
        case literal([UInt8])
        case field(letter: UInt8, count: Int)
    }

    let parts: [Part]

    init(_ pattern: [UInt8]) {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var position = 0
        let quote = UInt8(ascii: "'")
        while position < pattern.count {
            let byte = pattern[position]
            if byte == quote {
                position += 1
                if position < pattern.count, pattern[position] == quote {
                    literal.append(quote)
                    position += 1
                    continue
                }
                while position < pattern.count, pattern[position] != quote {
                    literal.append(pattern[position])
                    position += 1
                }
                position += 1
            } else if (0x61...0x7A).contains(byte | 0x20) {
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = []
                let start = position
                while position < pattern.count, pattern[position] == byte { position += 1 }
                parts.append(.field(letter: byte, count: position - start))
            } else {
                literal.append(byte)
                position += 1
            }
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        self.parts = parts
    }

    // MARK: Writing

    /// Appends a DATETIME as the pattern says; false where that asks for the year of a week, and it
    /// is the one before year 0.
    func append(microseconds: Int64, to text: inout [UInt8]) -> Bool {
        let moment = CivilDateTime(microseconds: microseconds)
        for part in parts {
            switch part {
            case .literal(let bytes): text += bytes
            case .field(let letter, let count):
                guard Self.append(letter, count, of: moment, to: &text) else { return false }
            }
        }
        return true
    }

    private static func append(
        _ letter: UInt8, _ count: Int, of moment: CivilDateTime, to text: inout [UInt8]
    ) -> Bool {
        let weekday = weekdayFromMonday(days: moment.date.days)
        switch letter {
        case UInt8(ascii: "G"): text += "AD".utf8
        case UInt8(ascii: "a"): text += (moment.hour < 12 ? "AM" : "PM").utf8
        case UInt8(ascii: "M") where count > 2:
            let name = DateTimePattern.monthNames[moment.date.month - 1]
            text += name.utf8.prefix(count == 3 ? 3 : .max)
        case UInt8(ascii: "E"):
            text += DateTimePattern.dayNames[weekday].utf8.prefix(count < 4 ? 3 : .max)
        case UInt8(ascii: "S"):
            var digits: [UInt8] = []
            appendDigits(UInt128(moment.microsecond), minimumCount: 6, to: &digits)
            text += digits.prefix(count)
            for _ in 6..<max(6, count) { text.append(0x30) }
        case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "x"):
            let isWeekYear = letter == UInt8(ascii: "x")
            let year =
                isWeekYear
                ? WeekNumber(days: moment.date.days, mode: 3).year : moment.date.year
            guard year >= 0 else { return false }
            appendDigits(
                UInt128(count == 2 ? year % 100 : year), minimumCount: count, to: &text)
        default:
            if let number = number(letter, of: moment) {
                appendDigits(UInt128(number), minimumCount: count, to: &text)
            }
        }
        return true
    }

    private static func number(_ letter: UInt8, of moment: CivilDateTime) -> Int? {
        switch letter {
        case UInt8(ascii: "C"): moment.date.year / 100
        case UInt8(ascii: "w"): WeekNumber(days: moment.date.days, mode: 3).week
        case UInt8(ascii: "e"): weekdayFromMonday(days: moment.date.days) + 1
        case UInt8(ascii: "D"): moment.date.dayOfYear
        case UInt8(ascii: "M"): moment.date.month
        case UInt8(ascii: "d"): moment.date.day
        case UInt8(ascii: "K"): moment.hour % 12
        case UInt8(ascii: "h"): (moment.hour + 11) % 12 + 1
        case UInt8(ascii: "H"): moment.hour
        case UInt8(ascii: "k"): (moment.hour + 23) % 24 + 1
        case UInt8(ascii: "m"): moment.minute
        case UInt8(ascii: "s"): moment.second
        default: nil
        }
    }
}
