// Reads datetimes by a pattern, as MySQL's STR_TO_DATE does: numbers take as many digits as their
// field may have, white space in the pattern matches any, what the text has beyond the pattern is
// ignored.

extension DateTimePattern {
    /// Reads a DATETIME, or nil where the text does not follow the pattern or names no moment.
    package func parse(_ text: UnsafeRawBufferPointer) -> Int64? {
        var reader = PatternReader(text)
        for part in parts {
            switch part {
            case .literal(let bytes):
                guard reader.skip(bytes) else { return nil }
            case .field(let letter):
                guard reader.read(letter) else { return nil }
            }
        }
        return reader.moment
    }
}

/// Collects the fields of a datetime.
private struct PatternReader {
    let text: UnsafeRawBufferPointer
    var position = 0
    var year = 0
    var month = 1
    var day = 1
    var dayOfYear: Int?
    var hour = 0
    var minute = 0
    var second = 0
    var microsecond = 0
    var isAfternoon: Bool?

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    var moment: Int64? {
        var hour = hour
        if let isAfternoon {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (isAfternoon ? 12 : 0)
        }
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

    mutating func skipSpace() {
        while position < text.count, isSpace(text[position]) { position += 1 }
    }

    mutating func skip(_ literal: [UInt8]) -> Bool {
        for byte in literal {
            if isSpace(byte) {
                skipSpace()
            } else {
                guard position < text.count, text[position] == byte else { return false }
                position += 1
            }
        }
        return true
    }

    mutating func number(_ limit: Int) -> Int? {
        let start = position
        var value = 0
        while position < text.count, position - start < limit, isDigit(text[position]) {
            value = value * 10 + Int(text[position] - UInt8(ascii: "0"))
            position += 1
        }
        return position == start ? nil : value
    }

    /// Reads one of `names`, or its first three letters, and gives its index.
    mutating func name(_ names: [String]) -> Int? {
        for length in [nil, 3] as [Int?] {
            for (index, name) in names.enumerated() {
                let letters = Array(name.lowercased().utf8.prefix(length ?? .max))
                guard position + letters.count <= text.count else { continue }
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

    mutating func store(_ limit: Int, _ field: WritableKeyPath<PatternReader, Int>) -> Bool {
        guard let value = number(limit) else { return false }
        self[keyPath: field] = value
        return true
    }

    mutating func read(_ letter: UInt8) -> Bool {
        skipSpace()
        switch letter {
        case UInt8(ascii: "Y"): return store(4, \.year)
        case UInt8(ascii: "y"):
            guard let value = number(2) else { return false }
            year = value + (value < 70 ? 2_000 : 1_900)
            return true
        case UInt8(ascii: "m"), UInt8(ascii: "c"): return store(2, \.month)
        case UInt8(ascii: "d"), UInt8(ascii: "e"): return store(2, \.day)
        case UInt8(ascii: "D"):
            guard store(2, \.day), position + 2 <= text.count else { return false }
            position += 2
            return true
        case UInt8(ascii: "j"):
            dayOfYear = number(3)
            return dayOfYear != nil
        case UInt8(ascii: "M"), UInt8(ascii: "b"):
            guard let index = name(DateTimePattern.monthNames) else { return false }
            month = index + 1
            return true
        case UInt8(ascii: "W"), UInt8(ascii: "a"): return name(DateTimePattern.dayNames) != nil
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
        case UInt8(ascii: "f"):
            let start = position
            guard var value = number(6) else { return false }
            for _ in (position - start)..<6 { value *= 10 }
            microsecond = value
            return true
        case UInt8(ascii: "p"):
            guard let index = name(["AM", "PM"]) else { return false }
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
