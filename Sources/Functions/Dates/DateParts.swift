// Numbers taken out of dates and times: year() to microsecond(), and counts of days.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Computes a number from a day.
protocol DayOperation: Sendable {
    static func apply(_ days: Int32) -> Int32
}

private struct FromDays<Operation: DayOperation>: UnaryOperation {
    @inline(__always)
    func apply(_ days: Int32) -> Int32 { Operation.apply(days) }
}

private struct FromMicroseconds<Operation: DayOperation>: UnaryOperation {
    @inline(__always)
    func apply(_ microseconds: Int64) -> Int32 {
        Operation.apply(dayNumber(ofMicroseconds: microseconds))
    }
}

private enum Year: DayOperation {
    @inline(__always)
    static func apply(_ days: Int32) -> Int32 {
        Int32(truncatingIfNeeded: CivilDate(days: days).year)
    }
}

private enum Quarter: DayOperation {
    @inline(__always)
    static func apply(_ days: Int32) -> Int32 {
        Int32(truncatingIfNeeded: (CivilDate(days: days).month &+ 2) / 3)
    }
}

private enum Month: DayOperation {
    @inline(__always)
    static func apply(_ days: Int32) -> Int32 {
        Int32(truncatingIfNeeded: CivilDate(days: days).month)
    }
}

private enum Day: DayOperation {
    @inline(__always)
    static func apply(_ days: Int32) -> Int32 {
        Int32(truncatingIfNeeded: CivilDate(days: days).day)
    }
}

private enum DayOfYear: DayOperation {
    static func apply(_ days: Int32) -> Int32 { Int32(CivilDate(days: days).dayOfYear) }
}

private enum DayOfWeek: DayOperation {
    @inline(__always)
    static func apply(_ days: Int32) -> Int32 {
        Int32(truncatingIfNeeded: (weekdayFromMonday(days: days) &+ 1) % 7 &+ 1)
    }
}

private enum WeekdayFromMonday: DayOperation {
    @inline(__always)
    static func apply(_ days: Int32) -> Int32 {
        Int32(truncatingIfNeeded: weekdayFromMonday(days: days))
    }
}

private enum DayOfWeekISO: DayOperation {
    @inline(__always)
    static func apply(_ days: Int32) -> Int32 {
        Int32(truncatingIfNeeded: weekdayFromMonday(days: days) &+ 1)
    }
}

private enum WeekOfYear: DayOperation {
    static func apply(_ days: Int32) -> Int32 { Int32(WeekNumber(days: days, mode: 3).week) }
}

private enum DaysSinceYearZero: DayOperation {
    @inline(__always)
    static func apply(_ days: Int32) -> Int32 { days &+ 719_528 }
}

enum DateParts {
    static let rows = [
        row(
            "year", Year.self, .smallint, 0...9_999, summary: "Gives the year of a date.",
            examples: [("year('2024-03-09')", "2024")],
            narrowing: { bounds in
                Bounds(low: Int128(Year.apply(bounds.0)), high: Int128(Year.apply(bounds.1)))
            }),
        row(
            "quarter", Quarter.self, .tinyint, 1...4, summary: "Gives the quarter, 1 to 4.",
            examples: [("quarter('2024-03-09')", "1")]),
        row(
            "month", Month.self, .tinyint, 1...12, summary: "Gives the month, 1 to 12.",
            examples: [("month('2024-03-09')", "3")]),
        row(
            "day", aliases: ["dayofmonth"], Day.self, .tinyint, 1...31,
            summary: "Gives the day of the month.", examples: [("day('2024-03-09')", "9")]),
        row(
            "dayofyear", DayOfYear.self, .smallint, 1...366,
            summary: "Gives the day of the year, from 1.",
            examples: [("dayofyear('2024-03-01')", "61")]),
        row(
            "dayofweek", DayOfWeek.self, .int, 1...7,
            summary: "Gives the day of the week from Sunday (1) to Saturday (7).",
            examples: [("dayofweek('2024-03-09')", "7")]),
        row(
            "dayofweek_iso", DayOfWeekISO.self, .int, 1...7,
            summary: "Gives the day of the week from Monday (1) to Sunday (7).",
            examples: [("dayofweek_iso('2024-03-09')", "6")]),
        row(
            "weekday", WeekdayFromMonday.self, .int, 0...6,
            summary: "Gives the day of the week from Monday (0) to Sunday (6).",
            examples: [("weekday('2024-03-09')", "5")]),
        row(
            "weekofyear", aliases: ["week_iso"], WeekOfYear.self, .int, 1...53,
            summary: "Gives the ISO week: from Monday, the first with four days in the year.",
            examples: [("weekofyear('2024-12-30')", "1")]),
        row(
            "to_days", DaysSinceYearZero.self, .int, 0...3_652_424,
            summary: "Counts the days since year 0.",
            examples: [("to_days('1970-01-01')", "719528")]
        ),
    ]

    @inline(__always)
    private static func row<Operation: DayOperation>(
        _ name: String, aliases: [String] = [], _ operation: Operation.Type,
        _ resultType: LogicalType, _ range: ClosedRange<Int>, summary: String,
        examples: [(expression: String, result: String)],
        narrowing: (@Sendable ((Int32, Int32)) -> Bounds)? = nil
    ) -> ScalarFunction {
        let whole = Bounds(low: Int128(range.lowerBound), high: Int128(range.upperBound))
        return ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: name)
                return FunctionSignature([try arguments.temporal(0, name)], returns: resultType)
            },
            resultBounds: { signature, bounds in
                guard let narrowing, let days = dayBounds(signature.argumentTypes[0], bounds[0])
                else { return whole }
                return narrowing(days).intersection(whole) ?? whole
            },
            evaluate: { invocation throws(StarlingError) in
                let argument = invocation.arguments[0]
                let isDate = invocation.signature.argumentTypes[0] == .date
                let result =
                    isDate
                    ? mapped(FromDays<Operation>(), argument, to: .int32)
                    : mapped(FromMicroseconds<Operation>(), argument, to: .int32)
                return result.withIntegerLayout(invocation.resultPhysicalType)
            })
    }

    /// Converts the bounds of a DATE or DATETIME to days.
    static func dayBounds(_ type: LogicalType, _ bounds: Bounds?) -> (Int32, Int32)? {
        guard let bounds, let range = type.bounds, range.contains(bounds) else { return nil }
        if type == .date { return (Int32(bounds.low), Int32(bounds.high)) }
        return (
            dayNumber(ofMicroseconds: Int64(bounds.low)),
            dayNumber(ofMicroseconds: Int64(bounds.high))
        )
    }
}
