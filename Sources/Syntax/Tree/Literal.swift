// Constants, as exact as they are written: numbers stay text until a type is known.

/// Holds a constant of the text.
package enum Literal: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// Digits only, of any length; a sign is a unary operator.
    case integer(String)
    /// Digits and one point, as written: `.5`, `1.`, `3.140`.
    case decimal(String)
    /// A number with an exponent, as written.
    case double(String)
    /// The string's value, escapes resolved.
    case string(String)
    /// `x'00ff'`.
    case binary([UInt8])
    /// `DATE '2024-01-31'`.
    case date(String)
    /// `DATETIME '..'`, also written `TIMESTAMP '..'`.
    case datetime(String)
    /// `TIME '..'`.
    case time(String)
    /// `JSON '{"a": 1}'`.
    case json(String)
}

/// Names a unit of time in INTERVAL.
package enum IntervalUnit: String, Sendable, CaseIterable {
    case microsecond = "MICROSECOND"
    case millisecond = "MILLISECOND"
    case second = "SECOND"
    case minute = "MINUTE"
    case hour = "HOUR"
    case day = "DAY"
    case week = "WEEK"
    case month = "MONTH"
    case quarter = "QUARTER"
    case year = "YEAR"

    /// Finds the unit of that name, singular or plural, in any letter case.
    package init?(named name: String) {
        let upper = name.uppercased()
        if let unit = IntervalUnit(rawValue: upper) {
            self = unit
        } else if upper.hasSuffix("S"), let unit = IntervalUnit(rawValue: String(upper.dropLast()))
        {
            self = unit
        } else {
            return nil
        }
    }
}
