// What reading a datetime by a pattern needs, whichever way the pattern is written.

/// Reads digits and names from a text and collects the fields of a datetime.
package struct DateTimeReader {
    package let text: UnsafeRawBufferPointer
    package var position = 0
    package var year: Int
    package var month = 1
    package var day = 1
    package var dayOfYear: Int?
    package var hour = 0
    package var minute = 0
    package var second = 0
    package var microsecond = 0

    /// Starts with a year that counts where the pattern has none.
    package init(_ text: UnsafeRawBufferPointer, year: Int) {
        self.text = text
        self.year = year
    }

    package var isAtEnd: Bool { position == text.count }

    /// No field reaches it; what has more digits stands for it.
    private static let numberMax = 1_000_000_000

    /// Reads the digits at the place, `limit` of them at most.
    package mutating func number(_ limit: Int) -> Int? {
        let start = position
        var value = 0
        while position < text.count, position - start < limit, isDigit(text[position]) {
            value = min(value * 10 + Int(text[position] - UInt8(ascii: "0")), Self.numberMax)
            position += 1
        }
        return position == start ? nil : value
    }

    /// Reads the microseconds behind a point, whose last digits may be left out.
    package mutating func readMicroseconds() -> Bool {
        let start = position
        guard var value = number(6) else { return false }
        for _ in (position - start)..<6 { value *= 10 }
        microsecond = value
        return true
    }

    /// Reads one of `names`, whole or its first three letters, in any case, and gives its index.
    package mutating func name(_ names: [String]) -> Int? {
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

    /// Makes the moment of the fields; nil where there is none.
    package var moment: Int64? {
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
}
