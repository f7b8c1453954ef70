// What a path asks for against what is stored there.

import StarlingTables
import StarlingTypes

extension PathColumn {
    /// Tells whether values of a type, of which something is known, are what is asked for.
    package func isDirect(_ stored: ShreddedType, _ statistics: ColumnStatistics) -> Bool {
        switch (form, stored) {
        case (.value, .document), (.text, .text), (.floating, .floating), (.truth, .truth),
            (.day, .day):
            true
        case (.moment, .moment(let written)): written.isReadAsDateTime
        case (.elements, .list(let element)):
            type == stored.logicalType && element.isReadFromText
        case (.whole, .whole), (.whole, .wide):
            // Beyond the bounds of the type there is NULL.
            (stored == .whole && (type == .bigint || type == .largeint))
                || statistics.bounds.map { known in
                    type.bounds.map { $0.low <= known.low && known.high <= $0.high } ?? false
                } ?? false
        default: false
        }
    }
}

extension PathColumn.Form {
    /// True where JSON's null gives NULL, as nothing does.
    package var takesNullForNothing: Bool {
        switch self {
        case .text, .whole, .floating, .truth, .day, .moment, .elements: true
        case .value, .other: false
        }
    }
}

extension ColumnStatistics {
    /// Says what is known of a path that is 0 where documents lack it, which all do.
    package static let absent = ColumnStatistics(low: .integer(0), high: .integer(0))
}

extension ShreddedType {
    /// Tells whether a cast of what elements of arrays are written as gives them as they are stored.
    fileprivate var isReadFromText: Bool {
        switch self {
        case .list(let element): element.isReadFromText
        case .moment(let written): written.isReadAsDateTime
        default: true
        }
    }

    /// Says what statistics of days or moments say of their texts.
    package func textual(_ statistics: ColumnStatistics) -> ColumnStatistics {
        var result = ColumnStatistics(
            low: statistics.low.flatMap(text(of:)), high: statistics.high.flatMap(text(of:)),
            nullCount: statistics.nullCount)
        result.isLowExact = statistics.isLowExact && result.low != nil
        result.isHighExact = statistics.isHighExact && result.high != nil
        result.estimatedDistinctCount = statistics.estimatedDistinctCount
        return result
    }
}
