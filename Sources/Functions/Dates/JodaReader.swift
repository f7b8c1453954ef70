// Reads datetimes by the patterns of Joda-Time.

import StarlingTypes

extension JodaPattern {
    /// Reads a DATETIME, or nil where the text does not follow the pattern or names no moment.
    func parse(_ text: Bytes) -> Int64? {
        var reader = JodaReader(text: text)
        for (index, part) in parts.enumerated() {
            switch part {
            case .literal(let bytes):
                guard reader.skip(bytes) else { return nil }
            case .field(let letter, let count):
                // Digits that follow at once belong to the next field.
                var isFixed = false
                if index + 1 < parts.count, case .field = parts[index + 1] { isFixed = true }
                guard reader.read(letter, count, isFixed: isFixed) else { return nil }
            }
        }
        return reader.isAtEnd ? reader.moment : nil
    }
}

/// Collects the fields of a datetime.
private struct JodaReader {
    let text: Bytes
    private var position = 0
    private var year = 1970
    private var month = 1
    private var day = 1
    private var dayOfYear: Int?
    private var hour = 0
    private var halfDayHour: Int?
    private var isAfternoon = false
    private var minute = 0
    private var second = 0
    private var microsecond = 0

    init(text: Bytes) { self.text = text }

    var isAtEnd: Bool { position == text.count }

    var moment: Int64? {
        let hour = halfDayHour.map { $0 % 12 + (isAfternoon ? 12 : 0) } ?? hour
        guard hour < 24, minute < 60, second < 60 else { return nil }
        var date = CivilDate(validYear: year, month: month, day: day)
        if let dayOfYear {
            guard (1...(CivilDate.isLeap(year) ? 366 : 365)).contains(dayOfYear),
                let first = CivilDate(validYear: year, month: 1, day: 1)
            else { return nil }
            date = CivilDate(days: first.days + Int32(dayOfYear) - 1)
        }
        return date.map {
            CivilDateTime(
                date: $0, hour: hour, minute: minute, second: second, microsecond: microsecond
            ).microseconds
        }
    }

    mutating func skip(_ literal: [UInt8]) -> Bool {
        guard text.count - position >= literal.count,
            text[position..<(position + literal.count)].elementsEqual(literal)
        else { return false }
        position += literal.count
        return true
    }

    private mutating func number(_ limit: Int) -> Int? {
        let start = position
        var value = 0
        while position < text.count, position - start < limit, isDigit(text[position]) {
            value = value * 10 + Int(text[position] - 0x30)
            position += 1
        }
        return position == start ? nil : value
    }

    /// Reads a name, whole or its first three letters, in any case.
    private mutating func name(_ names: [String]) -> Int? {
        for length in [Int.max, 3] {
            for (index, name) in names.enumerated() {
                let letters = Array(name.lowercased().utf8.prefix(length))
                guard text.count - position >= letters.count else { continue }
                let matches = letters.indices.allSatisfy {
                    text[position + $0] | 0x20 == letters[$0]
                }
                if matches {
                    position += letters.count
                    return index
                }
            }
        }
        return nil
    }

    mutating func read(_ letter: UInt8, _ count: Int, isFixed: Bool) -> Bool {
        switch letter {
        case UInt8(ascii: "y"), UInt8(ascii: "Y"):
            let start = position
            guard let value = number(isFixed ? count : 4) else { return false }
            // Two digits stand for a year within 1970 to 2069.
            let isShort = count == 2 && position - start == 2
            year = isShort ? value + (value < 70 ? 2_000 : 1_900) : value
            return true
        case UInt8(ascii: "M") where count > 2:
            guard let index = name(DateTimePattern.monthNames) else { return false }
            month = index + 1
            return true
        case UInt8(ascii: "E"): return name(DateTimePattern.dayNames) != nil
        case UInt8(ascii: "a"):
            guard let index = name(["AM", "PM"]) else { return false }
            isAfternoon = index == 1
            return true
        case UInt8(ascii: "S"):
            let start = position
            guard var value = number(6) else { return false }
            for _ in (position - start)..<6 { value *= 10 }
            microsecond = value
            // What is finer than microseconds is cut off.
            while position < text.count, isDigit(text[position]), !isFixed { position += 1 }
            return true
        default:
            let widest = letter == UInt8(ascii: "D") ? 3 : 2
            guard let value = number(isFixed ? count : max(count, widest)) else { return false }
            return store(value, letter)
        }
    }

    private mutating func store(_ value: Int, _ letter: UInt8) -> Bool {
        switch letter {
        case UInt8(ascii: "M"): month = value
        case UInt8(ascii: "d"): day = value
        case UInt8(ascii: "D"): dayOfYear = value
        case UInt8(ascii: "H"): hour = value
        case UInt8(ascii: "k"):
            guard (1...24).contains(value) else { return false }
            hour = value % 24
        case UInt8(ascii: "K"):
            guard value < 12 else { return false }
            halfDayHour = value
        case UInt8(ascii: "h"):
            guard (1...12).contains(value) else { return false }
            halfDayHour = value
        case UInt8(ascii: "m"): minute = value
        case UInt8(ascii: "s"): second = value
        default: return false
        }
        return true
    }
}
