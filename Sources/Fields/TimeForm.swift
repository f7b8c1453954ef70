// Dates and datetimes as a pattern describes them that a user writes, with strptime's letters.

import StarlingTypes

/// Reads texts that follow a pattern from their first character to the last.
package struct TimeForm: Sendable {
    private enum Reading: Sendable {
        case days(DateForm)
        case moment(DateTimePattern)
    }

    private let reading: Reading

    /// Reads a pattern; nil where it has no field.
    package init?(_ pattern: String) {
        if let form = DateForm(pattern) {
            reading = .days(form)
            return
        }
        guard let pattern = Self.sqlPattern(Array(pattern.utf8)) else { return nil }
        reading = .moment(DateTimePattern(pattern))
    }

    /// Brings strptime's letters into those of SQL's date_format(), which has others for minutes and
    /// names. `%-d` and its like take as many digits as there are, as all fields do.
    private static func sqlPattern(_ pattern: [UInt8]) -> [UInt8]? {
        let others: [UInt8: UInt8] = [
            UInt8(ascii: "M"): UInt8(ascii: "i"), UInt8(ascii: "B"): UInt8(ascii: "M"),
            UInt8(ascii: "A"): UInt8(ascii: "W"),
        ]
        var result: [UInt8] = []
        var hasField = false
        var index = 0
        while index < pattern.count {
            let byte = pattern[index]
            index += 1
            result.append(byte)
            guard byte == UInt8(ascii: "%"), index < pattern.count else { continue }
            if pattern[index] == UInt8(ascii: "-"), index + 1 < pattern.count { index += 1 }
            result.append(others[pattern[index]] ?? pattern[index])
            hasField = hasField || pattern[index] != UInt8(ascii: "%")
            index += 1
        }
        return hasField ? result : nil
    }

    /// Reads a text as microseconds since 1970; nil where it does not follow the pattern.
    package func moment(_ text: UnsafeRawBufferPointer) -> Int64? {
        switch reading {
        case .days(let form): form.days(text).map { Int64($0) * microsecondsPerDay }
        case .moment(let pattern): pattern.parseWhole(text)
        }
    }
}
