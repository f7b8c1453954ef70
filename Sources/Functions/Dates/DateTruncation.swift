// date_trunc(), to_date(), last_day(), makedate() and from_days(): dates from dates.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private struct DayTruncation: UnaryOperation {
    let unit: CalendarUnit
    @inline(__always)
    func apply(_ days: Int32) -> Int32 { unit.truncating(days: days) }
}

private struct MomentTruncation: UnaryOperation {
    let unit: CalendarUnit
    @inline(__always)
    func apply(_ microseconds: Int64) -> Int64 { unit.truncating(microseconds: microseconds) }
}

// The week that the calendar begins in has its Monday before the first day.

private struct WeekOfDay: PartialUnaryOperation {
    func apply(_ days: Int32) -> Int32? {
        let monday = CalendarUnit.week.truncating(days: days)
        return CalendarRange.contains(day: monday) ? monday : nil
    }
}

private struct WeekOfMoment: PartialUnaryOperation {
    func apply(_ microseconds: Int64) -> Int64? {
        let monday = CalendarUnit.week.truncating(microseconds: microseconds)
        return CalendarRange.contains(microsecond: monday) ? monday : nil
    }
}

private struct LastDay: UnaryOperation {
    let unit: CalendarUnit

    func apply(_ days: Int32) -> Int32 {
        var date = CivilDate(days: days)
        if unit == .year { date.month = 12 }
        if unit == .quarter { date.month = (date.month + 2) / 3 * 3 }
        return date.lastDayOfMonth.days
    }
}

private struct MakeDate: PartialBinaryOperation {
    func apply(_ year: Int32, _ dayOfYear: Int32) -> Int32? {
        guard (0...9_999).contains(year), dayOfYear >= 1,
            dayOfYear <= (CivilDate.isLeap(Int(year)) ? 366 : 365)
        else { return nil }
        return CivilDate(year: Int(year), month: 1, day: 1).days + dayOfYear - 1
    }
}

private struct FromDays: PartialUnaryOperation {
    func apply(_ days: Int32) -> Int32? {
        guard days >= 0, days <= 3_652_424 else { return nil }
        return days - 719_528
    }
}

enum DateTruncation {
    static let rows = [
        ScalarFunction(
            "date_trunc", summary: "Cuts a date or datetime to the beginning of a unit.",
            examples: [
                ("date_trunc('month', '2024-03-09 14:05:06')", "2024-03-01 00:00:00"),
                ("date_trunc('week', CAST('2024-03-09' AS DATE))", "2024-03-04"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "date_trunc")
                _ = try unit(arguments.constant(0), "date_trunc")
                let type = try arguments.temporal(1, "date_trunc")
                return FunctionSignature([.string, type], returns: type)
            },
            resultBounds: { signature, _ in signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in
                let unit = try unit(invocation.arguments[0].value(at: 0), "date_trunc")
                let value = invocation.arguments[1]
                let result =
                    switch (invocation.signature.resultType, unit) {
                    case (.date, .week): mapped(WeekOfDay(), value, to: .int32)
                    case (.date, _): mapped(DayTruncation(unit: unit), value, to: .int32)
                    case (_, .week): mapped(WeekOfMoment(), value, to: .int64)
                    default: mapped(MomentTruncation(unit: unit), value, to: .int64)
                    }
                return result.withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "last_day", summary: "Gives the last day of the month, or of a quarter or year.",
            examples: [
                ("last_day('2024-02-10')", "2024-02-29"),
                ("last_day('2024-02-10', 'quarter')", "2024-03-31"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...2, of: "last_day")
                _ = try arguments.temporal(0, "last_day")
                if arguments.types.count == 1 { return FunctionSignature([.date], returns: .date) }
                let unit = try unit(arguments.constant(1), "last_day")
                guard unit.monthCount > 0 else {
                    throw StarlingError(.binding, "last_day() takes 'month', 'quarter' or 'year'")
                }
                return FunctionSignature([.date, .string], returns: .date)
            },
            resultBounds: { signature, _ in signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in
                let unit =
                    invocation.arguments.count > 1
                    ? try unit(invocation.arguments[1].value(at: 0), "last_day") : .month
                return mapped(LastDay(unit: unit), invocation.arguments[0], to: .int32)
                    .withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "to_date", aliases: ["date"], summary: "Drops the time of day.",
            examples: [("to_date('2024-03-09 14:05:06')", "2024-03-09")],
            takesNarrowIntegers: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "to_date")
                _ = try arguments.temporal(0, "to_date")
                return FunctionSignature([.date], returns: .date)
            },
            resultBounds: { signature, bounds in bounds[0] ?? signature.resultType.bounds },
            // The cast to the argument's type does all the work.
            evaluate: { invocation throws(StarlingError) in
                invocation.arguments[0].withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "timestamp", summary: "Makes a datetime of a date or of its text.",
            examples: [("timestamp('2019-05-27')", "2019-05-27 00:00:00")],
            takesNarrowIntegers: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "timestamp")
                _ = try arguments.temporal(0, "timestamp")
                return FunctionSignature([.datetime], returns: .datetime)
            },
            resultBounds: { signature, bounds in bounds[0] ?? signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in
                invocation.arguments[0].withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "makedate", summary: "Makes a date of a year and a day of the year.",
            examples: [("makedate(2024, 60)", "2024-02-29"), ("makedate(2023, 366)", "NULL")],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "makedate")
                return FunctionSignature([.int, .int], returns: .date)
            },
            resultBounds: { signature, _ in signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in
                mapped(MakeDate(), invocation.arguments[0], invocation.arguments[1], to: .int32)
                    .withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "from_days", summary: "Makes a date of days since year 0.",
            examples: [("from_days(719528)", "1970-01-01")],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "from_days")
                return FunctionSignature([.int], returns: .date)
            },
            resultBounds: { signature, _ in signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in
                mapped(FromDays(), invocation.arguments[0], to: .int32)
                    .withIntegerLayout(invocation.resultPhysicalType)
            }),
    ]

    /// Reads a unit that must be a literal.
    static func unit(_ value: Value?, _ function: String) throws(StarlingError) -> CalendarUnit {
        guard let name = value?.text else {
            throw StarlingError(.binding, "\(function)() takes the unit as a literal string")
        }
        guard let unit = CalendarUnit(name: name) else {
            let near = nearestName(to: name, among: CalendarUnit.allCases.map(\.rawValue))
            throw StarlingError(
                .binding,
                "\(function)() knows no unit '\(name)'"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""))
        }
        return unit
    }
}
