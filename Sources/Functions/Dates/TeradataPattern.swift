// The patterns of to_tera_date() and to_tera_timestamp(): yyyy, mm, dd, hh24 and their like, in any
// case; punctuation between them means nothing.

import StarlingTypes
import StarlingVectors

/// Describes how a date or datetime is written.
struct TeradataPattern: Sendable {
    private enum Field: String, CaseIterable {
        case year = "yyyy"
        case shortYear = "yy"
        case month = "mm"
        case minute = "mi"
        case day = "dd"
        // Before hh, which it begins with.
        case hour = "hh24"
        case halfDayHour = "hh"
        case second = "ss"
        case forenoon = "am"
        case afternoon = "pm"
    }

    static var names: [String] { Field.allCases.map(\.rawValue) }

    private let fields: [Field]

    /// Takes a pattern apart; nil where it has something else than fields and punctuation.
    init?(_ pattern: [UInt8]) {
        let letters = Array(String(decoding: pattern, as: UTF8.self).lowercased().utf8)
        var fields: [Field] = []
        var place = 0
        while place < letters.count {
            if Self.isPunctuation(letters[place]) {
                place += 1
                continue
            }
            let rest = letters[place...]
            guard let field = Field.allCases.first(where: { rest.starts(with: $0.rawValue.utf8) })
            else { return nil }
            place += field.rawValue.utf8.count
            fields.append(field)
        }
        self.fields = fields
    }

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        isSpace(byte) || [0x2D, 0x2F, 0x2C, 0x2E, 0x3B, 0x3A].contains(byte)
    }

    /// Reads a moment; nil where the text does not follow the pattern or names none.
    func parse(_ text: Bytes, ignoringRest: Bool) -> Int64? {
        var reader = DateTimeReader(text, year: 1970)
        var isAfternoon: Bool?
        for field in fields {
            Self.skipPunctuation(&reader)
            switch field {
            case .year: guard Self.store(&reader, 4, \.year) else { return nil }
            case .shortYear:
                guard Self.store(&reader, 2, \.year) else { return nil }
                reader.year += reader.year < 70 ? 2_000 : 1_900
            case .month: guard Self.store(&reader, 2, \.month) else { return nil }
            case .minute: guard Self.store(&reader, 2, \.minute) else { return nil }
            case .day: guard Self.store(&reader, 2, \.day) else { return nil }
            case .hour: guard Self.store(&reader, 2, \.hour) else { return nil }
            case .halfDayHour:
                guard Self.store(&reader, 2, \.hour), (1...12).contains(reader.hour) else {
                    return nil
                }
                isAfternoon = isAfternoon ?? false
            case .second: guard Self.store(&reader, 2, \.second) else { return nil }
            case .forenoon, .afternoon:
                guard reader.name([field.rawValue]) != nil else { return nil }
                isAfternoon = field == .afternoon
            }
        }
        Self.skipPunctuation(&reader)
        guard ignoringRest || reader.isAtEnd else { return nil }
        if let isAfternoon, fields.contains(.halfDayHour) {
            reader.hour = reader.hour % 12 + (isAfternoon ? 12 : 0)
        }
        return reader.moment
    }

    private static func store(
        _ reader: inout DateTimeReader, _ limit: Int, _ field: WritableKeyPath<DateTimeReader, Int>
    ) -> Bool {
        guard let value = reader.number(limit) else { return false }
        reader[keyPath: field] = value
        return true
    }

    private static func skipPunctuation(_ reader: inout DateTimeReader) {
        while !reader.isAtEnd, isPunctuation(reader.text[reader.position]) { reader.position += 1 }
    }
}
