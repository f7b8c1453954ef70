// The type TIME: timediff(), time_to_sec(), sec_to_time(), time_format(); and texts in ISO 8601.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// The longest TIME, 839:59:59 as in StarRocks; what is longer becomes it.
private let longestTime: Int64 = 3_023_999

private struct TimeDifference: BinaryOperation {
    @inline(__always)
    func apply(_ left: Int64, _ right: Int64) -> Int64 { left &- right }
}

private struct SecondsOfTime: UnaryOperation {
    func apply(_ microseconds: Int64) -> Int64 { microseconds / microsecondsPerSecond }
}

private struct TimeOfSeconds: UnaryOperation {
    func apply(_ seconds: Int64) -> Int64 {
        max(-longestTime, min(longestTime, seconds)) * microsecondsPerSecond
    }
}

private struct TimePattern: TextOperation {
    let pattern: DateTimePattern?

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let time = arguments.first.value(row, as: Int64.self)
        guard time >= 0, time <= longestTime * microsecondsPerSecond else { return false }
        let pattern = pattern ?? DateTimePattern(arguments.second.text(row).bytes)
        return pattern.append(microseconds: time % microsecondsPerDay, to: &output)
    }
}

private struct StandardDate: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        appendDate(days: arguments.first.value(row, as: Int32.self), to: &output)
        return true
    }
}

/// Writes a datetime with a T and six decimals.
private struct StandardDateTime: TextOperation {
    private static let pattern = DateTimePattern(Array("%Y-%m-%dT%H:%i:%s.%f".utf8))

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        Self.pattern.append(
            microseconds: arguments.first.value(row, as: Int64.self), to: &output)
    }
}

enum ClockTimes {
    static let rows = [
        ScalarFunction(
            "timediff", summary: "Gives the time from the second datetime to the first.",
            examples: [("timediff('2019-07-11 16:59:30', '2019-07-11 16:59:21')", "00:00:09")],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "timediff")
                _ = try arguments.temporal(0, "timediff")
                _ = try arguments.temporal(1, "timediff")
                return FunctionSignature([.datetime, .datetime], returns: .time)
            },
            evaluate: { invocation throws(StarlingError) in
                mapped(
                    TimeDifference(), invocation.arguments[0], invocation.arguments[1],
                    to: .int64
                ).withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "time_to_sec", summary: "Counts the seconds of a time.",
            examples: [("time_to_sec('12:13:14')", "43994")],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature("time_to_sec", [.time], 1...1, returns: .bigint)
            },
            evaluate: { invocation throws(StarlingError) in
                mapped(SecondsOfTime(), invocation.arguments[0], to: .int64)
                    .withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "sec_to_time", summary: "Makes a time of seconds.",
            examples: [
                ("sec_to_time(43994)", "12:13:14"), ("sec_to_time(9999999)", "839:59:59"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature("sec_to_time", [.bigint], 1...1, returns: .time)
            },
            evaluate: { invocation throws(StarlingError) in
                mapped(TimeOfSeconds(), invocation.arguments[0], to: .int64)
                    .withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "time_format", summary: "Writes a time by a pattern.",
            examples: [("time_format('19:30:10', '%h %i %s %p')", "07 30 10 PM")],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "time_format", [.time, .string], 2...2, returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                let pattern = DateFormats.pattern(invocation.arguments[1])
                return try writtenText(TimePattern(pattern: pattern), invocation)
            }),
        ScalarFunction(
            "to_iso8601", summary: "Writes a date or datetime in the form of ISO 8601.",
            examples: [
                ("to_iso8601(CAST('2020-01-01' AS DATE))", "2020-01-01"),
                ("to_iso8601('2020-01-01 00:00:00.01')", "2020-01-01T00:00:00.010000"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "to_iso8601")
                return FunctionSignature(
                    [try arguments.temporal(0, "to_iso8601")], returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                try invocation.signature.argumentTypes[0] == .date
                    ? writtenText(StandardDate(), invocation)
                    : writtenText(StandardDateTime(), invocation)
            }),
    ]
}
