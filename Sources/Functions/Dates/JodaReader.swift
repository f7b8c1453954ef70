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

/// Reads the fields that Joda-Time's letters name.
private struct JodaReader {
    private var reader: DateTimeReader
    private var halfDayHour: Int?
    private var isAfternoon = false

    init(text: Bytes) { reader = DateTimeReader(text, year: 1970) }

    var isAtEnd: Bool { reader.isAtEnd }

    var moment: Int64? {
        var reader = reader
        if let halfDayHour { reader.hour = halfDayHour % 12 + (isAfternoon ? 12 : 0) }
        return reader.moment
    }

    mutating func skip(_ literal: [UInt8]) -> Bool {
        let (text, start) = (reader.text, reader.position)
        guard text.count - start >= literal.count,
            text[start..<(start + literal.count)].elementsEqual(literal)
        else { return false }
        reader.position += literal.count
        return true
    }

    mutating func read(_ letter: UInt8, _ count: Int, isFixed: Bool) -> Bool {
        switch letter {
        case UInt8(ascii: "y"), UInt8(ascii: "Y"):
            let start = reader.position
            guard let value = reader.number(isFixed ? count : 4) else { return false }
            // Two digits stand for a year within 1970 to 2069.
            let isShort = count == 2 && reader.position - start == 2
            reader.year = isShort ? value + (value < 70 ? 2_000 : 1_900) : value
            return true
        case UInt8(ascii: "M") where count > 2:
            guard let index = reader.name(DateTimePattern.monthNames) else { return false }
            reader.month = index + 1
            return true
        case UInt8(ascii: "E"): return reader.name(DateTimePattern.dayNames) != nil
        case UInt8(ascii: "a"):
            guard let index = reader.name(["AM", "PM"]) else { return false }
            isAfternoon = index == 1
            return true
        case UInt8(ascii: "S"):
            guard reader.readMicroseconds() else { return false }
            // What is finer than microseconds is cut off.
            if !isFixed { _ = reader.number(.max) }
            return true
        default:
            let widest = letter == UInt8(ascii: "D") ? 3 : 2
            guard let value = reader.number(isFixed ? count : max(count, widest)) else {
                return false
            }
            return store(value, letter)
        }
    }

    private mutating func store(_ value: Int, _ letter: UInt8) -> Bool {
        switch letter {
        case UInt8(ascii: "M"): reader.month = value
        case UInt8(ascii: "d"): reader.day = value
        case UInt8(ascii: "D"): reader.dayOfYear = value
        case UInt8(ascii: "H"): reader.hour = value
        case UInt8(ascii: "k"):
            guard (1...24).contains(value) else { return false }
            reader.hour = value % 24
        case UInt8(ascii: "K"):
            guard value < 12 else { return false }
            halfDayHour = value
        case UInt8(ascii: "h"):
            guard (1...12).contains(value) else { return false }
            halfDayHour = value
        case UInt8(ascii: "m"): reader.minute = value
        case UInt8(ascii: "s"): reader.second = value
        default: return false
        }
        return true
    }
}
