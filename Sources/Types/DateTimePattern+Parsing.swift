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

    init(_ text: UnsafeRawBufferPointer) { reader = DateTimeReader(text, year: 0) }

    var moment: Int64? {
        var reader = reader
        if let isAfternoon {
            guard (1...12).contains(reader.hour) else { return nil }
            reader.hour = reader.hour % 12 + (isAfternoon ? 12 : 0)
        }
        return reader.moment
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
        case UInt8(ascii: "Y"): return store(4, \.year)
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
            return reader.name(DateTimePattern.dayNames) != nil
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
