// from_iso8601_date(): the four forms in which ISO 8601 writes a day. convert_interval(): one unit
// of time in another.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Reads YYYY-MM-DD, YYYY-DDD, YYYY-Www and YYYY-Www-D.
private struct ISODateParse: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Int32? {
        arguments.first.text(row).withBytes { Self.days($0) }
    }

    private static func days(_ text: Bytes) -> Int32? {
        let parts = trimmingSpace(text).split(
            separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let year = number(parts[0], digits: 4) else {
            return nil
        }
        if parts[1].first.map({ $0 | 0x20 == UInt8(ascii: "w") }) == true {
            guard let week = number(parts[1].dropFirst(), digits: 2) else { return nil }
            let weekday = parts.count > 2 ? number(parts[2], digits: 1) : 1
            return weekday.flatMap { days(year: year, week: week, weekday: $0) }
        }
        if parts.count == 3 {
            guard let month = number(parts[1], digits: 2), let day = number(parts[2], digits: 2)
            else { return nil }
            return CivilDate(validYear: year, month: month, day: day)?.days
        }
        guard let day = number(parts[1], digits: 3), day >= 1,
            day <= (CivilDate.isLeap(year) ? 366 : 365)
        else { return nil }
        return CivilDate(validYear: year, month: 1, day: 1).map { $0.days + Int32(day) - 1 }
    }

    private static func number(
        _ digits: some Collection<UInt8>, digits count: Int
    ) -> Int? {
        guard digits.count == count, digits.allSatisfy({ isDigit($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// Week 1 is the one with January the 4th; a year has 52 or 53 of them.
    private static func days(year: Int, week: Int, weekday: Int) -> Int32? {
        guard (1...53).contains(week), (1...7).contains(weekday),
            let fourth = CivilDate(validYear: year, month: 1, day: 4)?.days
        else { return nil }
        let monday = fourth - Int32(weekdayFromMonday(days: fourth)) + Int32(7 * (week - 1))
        let found = WeekNumber(days: monday, mode: 3)
        guard found.year == year, found.week == week else { return nil }
        let day = monday + Int32(weekday - 1)
        return CalendarRange.contains(day: day) ? day : nil
    }
}

/// Converts a count of one unit of time to another one.
private struct UnitChange: PartialUnaryOperation {
    let source: Int64
    let target: Int64

    func apply(_ count: Int64) -> Int64? {
        let (product, overflow) = count.multipliedReportingOverflow(by: source)
        if !overflow { return product / target }
        return Int64(exactly: Int128(count) * Int128(source) / Int128(target))
    }
}

enum ISODates {
    static let rows: [ScalarFunction] = [
        ScalarFunction(
            "from_iso8601_date",
            summary: "Reads a day as ISO 8601 writes it: by month, by week or by day of the year.",
            examples: [
                ("from_iso8601_date('2020-05-11')", "2020-05-11"),
                ("from_iso8601_date('2020-W10-3')", "2020-03-04"),
                ("from_iso8601_date('2020-123')", "2020-05-02"),
                ("from_iso8601_date('2021-W53')", "NULL"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "from_iso8601_date", [.string], 1...1, returns: .date)
            },
            resultBounds: { signature, _ in signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in
                measured(ISODateParse(), invocation, as: .int32)
                    .withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "convert_interval",
            summary: "Gives an interval of days or less in another unit; what is left is cut off.",
            examples: [
                ("convert_interval(INTERVAL 10 DAY, MILLISECOND)", "864000000"),
                ("convert_interval(INTERVAL 1 SECOND, DAY)", "0"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(3...3, of: "convert_interval")
                for position in 1...2 { _ = try unitLength(arguments.constant(position)) }
                return try arguments.textSignature(
                    "convert_interval", [.bigint, .string, .string], 3...3, returns: .bigint)
            },
            evaluate: { invocation throws(StarlingError) in
                let change = UnitChange(
                    source: try unitLength(invocation.arguments[1].value(at: 0)),
                    target: try unitLength(invocation.arguments[2].value(at: 0)))
                return mapped(change, invocation.arguments[0], to: .int64)
                    .withIntegerLayout(invocation.resultPhysicalType)
            }),
    ]

    private static func unitLength(_ name: Value?) throws(StarlingError) -> Int64 {
        guard let text = name?.text, let unit = CalendarUnit(name: text),
            unit.microsecondCount > 0
        else {
            throw StarlingError(
                .binding,
                "convert_interval() takes an INTERVAL of days or less and the unit that it is "
                    + "wanted in: convert_interval(INTERVAL 10 DAY, SECOND)")
        }
        return unit.microsecondCount
    }
}
