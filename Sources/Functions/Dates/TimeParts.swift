// Numbers taken out of the time of day, and the week in MySQL's modes.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private struct TimePart: UnaryOperation {
    /// The unit's length in microseconds, and how many of them the next unit has.
    let unit: Int64
    let modulus: Int64

    @inline(__always)
    func apply(_ microseconds: Int64) -> Int32 {
        let day = dayNumber(ofMicroseconds: microseconds)
        let time = microseconds &- Int64(day) &* microsecondsPerDay
        return Int32(truncatingIfNeeded: time / unit % modulus)
    }
}

private struct Week: PartialBinaryOperation {
    let withYear: Bool

    func apply(_ days: Int32, _ mode: Int32) -> Int32? {
        let mode = Int(mode) & 7
        let number = WeekNumber(days: days, mode: withYear ? mode | 2 : mode)
        guard withYear else { return Int32(number.week) }
        // The first days of year 0 may lie in a week of the year before, which has no number.
        return number.year < 0 ? nil : Int32(number.year * 100 + number.week)
    }
}

enum TimeParts {
    static let rows = [
        row("hour", 3_600 * microsecondsPerSecond, 24, "14"),
        row("minute", 60 * microsecondsPerSecond, 60, "5"),
        row("second", microsecondsPerSecond, 60, "6"),
        row("microsecond", 1, microsecondsPerSecond, "250000"),
        week(
            "week", withYear: false,
            summary: "Gives the week of the year, counted by MySQL's mode (0: from Sunday).",
            examples: [("week('2024-01-01')", "0"), ("week('2024-01-01', 1)", "1")]),
        week(
            "yearweek", withYear: true,
            summary:
                "Gives year and week as one number, counted by MySQL's mode; NULL for a week of "
                + "the year before year 0.",
            examples: [("yearweek('2024-01-07')", "202401"), ("yearweek('0000-01-01')", "NULL")]),
    ]

    private static func row(
        _ name: String, _ unit: Int64, _ modulus: Int64, _ result: String
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: "Gives the \(name) of a time.",
            examples: [("\(name)('2024-03-09 14:05:06.25')", result)],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: name)
                _ = try arguments.temporal(0, name)
                return FunctionSignature(
                    [.datetime], returns: name == "microsecond" ? .int : .tinyint)
            },
            resultBounds: { _, _ in Bounds(low: 0, high: Int128(modulus - 1)) },
            evaluate: { invocation throws(StarlingError) in
                mapped(TimePart(unit: unit, modulus: modulus), invocation.arguments[0], to: .int32)
                    .withIntegerLayout(invocation.resultPhysicalType)
            })
    }

    private static func week(
        _ name: String, withYear: Bool, summary: String,
        examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...2, of: name)
                _ = try arguments.temporal(0, name)
                let types: [LogicalType] = arguments.types.count == 1 ? [.date] : [.date, .int]
                return FunctionSignature(types, returns: .int)
            },
            resultBounds: { _, _ in Bounds(low: 0, high: withYear ? 999_953 : 53) },
            evaluate: { invocation throws(StarlingError) in
                let mode =
                    invocation.arguments.count > 1
                    ? invocation.arguments[1]
                    : Vector(constant: .integer(0), .int32, count: invocation.count)
                return mapped(
                    Week(withYear: withYear), invocation.arguments[0], mode, to: .int32
                ).withIntegerLayout(invocation.resultPhysicalType)
            })
    }
}
