// Dates of day, month and year in another order than ISO's, as '%d.%m.%Y' describes them.

import StarlingTypes

/// Reads dates whose fields are apart by a character.
package struct DateForm: Sendable, Hashable {
    private enum Field { case year, month, day }

    private let fields: [Field]
    private let separator: UInt8

    /// Reads a pattern of %Y, %m and %d with one character between them; nil for other patterns.
    package init?(_ pattern: String) {
        let bytes = Array(pattern.utf8)
        guard bytes.count == 8, bytes[2] == bytes[5] else { return nil }
        var fields: [Field] = []
        for start in [0, 3, 6] {
            guard bytes[start] == UInt8(ascii: "%") else { return nil }
            switch bytes[start + 1] {
            case UInt8(ascii: "Y"): fields.append(.year)
            case UInt8(ascii: "m"): fields.append(.month)
            case UInt8(ascii: "d"): fields.append(.day)
            default: return nil
            }
        }
        guard Set(fields).count == 3 else { return nil }
        self.fields = fields
        separator = bytes[2]
    }

    /// Reads a date as days since 1970; nil where the text is none.
    package func days(_ text: UnsafeRawBufferPointer) -> Int32? {
        var numbers = (year: 0, month: 0, day: 0)
        var position = 0
        for (index, field) in fields.enumerated() {
            if index > 0 {
                guard position < text.count, text[position] == separator else { return nil }
                position += 1
            }
            var number = 0
            let start = position
            while position < text.count, isDigit(text[position]), position - start < 4 {
                number = number * 10 + Int(text[position] - UInt8(ascii: "0"))
                position += 1
            }
            let digitCount = position - start
            switch field {
            case .year:
                guard digitCount == 4 else { return nil }
                numbers.year = number
            case .month:
                guard digitCount == 1 || digitCount == 2 else { return nil }
                numbers.month = number
            case .day:
                guard digitCount == 1 || digitCount == 2 else { return nil }
                numbers.day = number
            }
        }
        guard position == text.count else { return nil }
        return CivilDate(validYear: numbers.year, month: numbers.month, day: numbers.day)?.days
    }
}
