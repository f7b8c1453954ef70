// Dates and texts by patterns, names of days and months, and seconds since 1970.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private struct PatternFormat: TextOperation {
    /// The pattern where it is the same for all rows.
    let pattern: DateTimePattern?

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let moment = arguments.first.value(row, as: Int64.self)
        guard CalendarRange.contains(microsecond: moment) else { return false }
        let pattern = pattern ?? DateTimePattern(arguments.second.text(row).bytes)
        let start = output.count
        return pattern.append(microseconds: moment, to: &output)
            && output.count - start <= longestFormattedDate
    }
}

/// What is longer is NULL, as in StarRocks.
private let longestFormattedDate = 128

private struct PatternParse: TextMeasure {
    let pattern: DateTimePattern?

    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        let pattern = pattern ?? DateTimePattern(arguments.second.text(row).bytes)
        return arguments.first.text(row).withBytes { pattern.parse($0) }
    }
}

private struct CalendarName: TextOperation {
    let isMonth: Bool

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let days = arguments.first.value(row, as: Int32.self)
        output +=
            isMonth
            ? DateTimePattern.monthNames[CivilDate(days: days).month - 1].utf8
            : DateTimePattern.dayNames[weekdayFromMonday(days: days)].utf8
        return true
    }
}

enum DateFormats {
    static let rows = [
        ScalarFunction(
            "date_format", summary: "Writes a datetime by a pattern.",
            examples: [
                ("date_format('2009-10-04 22:23:00', '%W %M %Y')", "Sunday October 2009"),
                ("date_format('2009-10-04 22:23:00', '%H:%i:%s')", "22:23:00"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "date_format")
                _ = try arguments.temporal(0, "date_format")
                return FunctionSignature([.datetime, .string], returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                try writtenText(
                    PatternFormat(pattern: pattern(invocation.arguments[1])), invocation)
            }),
        ScalarFunction(
            "str_to_date", aliases: ["date_parse"],
            summary: "Reads a date, or a datetime where the pattern has a time of day.",
            examples: [
                ("str_to_date('21,3,2024', '%d,%m,%Y')", "2024-03-21"),
                ("str_to_date('2024-03-09 3:04 PM', '%Y-%m-%d %h:%i %p')", "2024-03-09 15:04:00"),
            ],
            resolve: { arguments throws(StarlingError) in
                let pattern = arguments.constant(1)?.text
                return try arguments.textSignature(
                    "str_to_date", [.string, .string], 2...2,
                    returns: pattern.map { hasTime($0) } ?? true ? .datetime : .date)
            },
            resultBounds: { signature, _ in signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in parsed(invocation) }),
        ScalarFunction(
            "str2date", summary: "Reads a date by a pattern; a time of day is dropped.",
            examples: [("str2date('2010-11-30 23:59:59', '%Y-%m-%d %H:%i:%s')", "2010-11-30")],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature("str2date", [.string, .string], 2...2, returns: .date)
            },
            resultBounds: { signature, _ in signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in parsed(invocation) }),
        name("dayname", isMonth: false, "Names the day of the week.", "Saturday"),
        name("monthname", isMonth: true, "Names the month.", "March"),
    ]

    private static func name(
        _ name: String, isMonth: Bool, _ summary: String, _ result: String
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: [("\(name)('2024-03-09')", result)],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: name)
                _ = try arguments.temporal(0, name)
                return FunctionSignature([.date], returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                try writtenText(CalendarName(isMonth: isMonth), invocation)
            })
    }

    /// Takes a constant pattern apart once.
    static func pattern(_ vector: Vector) -> DateTimePattern? {
        guard vector.isConstant, vector.isValid(0) else { return nil }
        return DateTimePattern(vector.pointer(to: StringReference.self)[0].bytes)
    }

    private static func hasTime(_ pattern: String) -> Bool {
        let bytes = Array(pattern.utf8)
        let letters = Set("HkhIlisSfpTr".utf8)
        return zip(bytes, bytes.dropFirst()).contains { $0 == 0x25 && letters.contains($1) }
            || pattern.contains("HH")
    }

    private static func parsed(_ invocation: FunctionInvocation) -> Vector {
        let moments = measured(
            PatternParse(pattern: pattern(invocation.arguments[1])), invocation, as: .int64)
        return settled(moments, invocation)
    }

    /// Turns moments into the DATEs or DATETIMEs that a function gives.
    static func settled(_ moments: Vector, _ invocation: FunctionInvocation) -> Vector {
        var result = moments
        if invocation.signature.resultType == .date {
            let values = result.pointer(to: Int64.self)
            for row in 0..<(result.isConstant ? 1 : result.count) {
                values[row] = Int64(dayNumber(ofMicroseconds: values[row]))
            }
        }
        let validity = result.validity
        result = result.withIntegerLayout(invocation.resultPhysicalType)
        result.validity = validity
        return result
    }
}
