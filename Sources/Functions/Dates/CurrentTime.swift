// now() and its like, and seconds since 1970. Zones are UTC or a fixed offset such as +08:00.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

extension SessionValues {
    /// The session's distance from UTC; names of zones but UTC count as none.
    var zoneOffsetMicroseconds: Int64 {
        let bytes = Array(timeZone.utf8)
        guard bytes.count >= 5, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let hours = Int64(String(decoding: bytes[1..<colon], as: UTF8.self)),
            let minutes = Int64(String(decoding: bytes[(colon + 1)...], as: UTF8.self)),
            hours <= 14, minutes < 60
        else { return 0 }
        let magnitude = (hours * 60 + minutes) * 60 * microsecondsPerSecond
        return bytes[0] == UInt8(ascii: "-") ? -magnitude : magnitude
    }
}

private struct FromUnixSeconds: PartialUnaryOperation {
    let offset: Int64

    func apply(_ seconds: Int64) -> Int64? {
        guard seconds >= 0, seconds <= 253_402_243_199 else { return nil }
        return seconds * microsecondsPerSecond + offset
    }
}

private struct ToUnixSeconds: UnaryOperation {
    let offset: Int64

    func apply(_ microseconds: Int64) -> Int64 {
        max(0, (microseconds &- offset) / microsecondsPerSecond)
    }
}

private struct FormatUnixSeconds: TextOperation {
    let offset: Int64
    let pattern: DateTimePattern?

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let operation = FromUnixSeconds(offset: offset)
        guard let moment = operation.apply(arguments.first.value(row, as: Int64.self)) else {
            return false
        }
        if arguments.count == 1 {
            appendDateTime(microseconds: moment, to: &output)
        } else {
            let pattern = pattern ?? DateTimePattern(arguments.second.text(row).bytes)
            pattern.append(microseconds: moment, to: &output)
        }
        return true
    }
}

enum CurrentTime {
    static let rows = [
        moment(
            "now", ["current_timestamp", "localtime", "localtimestamp", "sysdate"], .datetime,
            "Gives the time at which the statement began, to the second."),
        moment("utc_timestamp", [], .datetime, "Gives the statement's time in UTC."),
        moment("curdate", ["current_date"], .date, "Gives the day on which the statement began."),
        moment("curtime", ["current_time"], .time, "Gives the statement's time of day."),
        ScalarFunction(
            "from_unixtime", summary: "Writes seconds since 1970 as a datetime, or by a pattern.",
            examples: [
                ("from_unixtime(1196440219)", "2007-11-30 16:30:19"),
                ("from_unixtime(1196440219, '%Y')", "2007"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "from_unixtime", [.bigint, .string], 1...2, returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                let pattern =
                    invocation.arguments.count > 1
                    ? DateFormats.pattern(invocation.arguments[1]) : nil
                let offset = invocation.session.zoneOffsetMicroseconds
                return writtenText(FormatUnixSeconds(offset: offset, pattern: pattern), invocation)
            }),
        ScalarFunction(
            "unix_timestamp",
            summary: "Counts the seconds from 1970 to a datetime, or to the statement's time.",
            examples: [("unix_timestamp('2007-11-30 16:30:19')", "1196440219")],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(0...1, of: "unix_timestamp")
                if arguments.types.isEmpty { return FunctionSignature([], returns: .bigint) }
                _ = try arguments.temporal(0, "unix_timestamp")
                return FunctionSignature([.datetime], returns: .bigint)
            },
            evaluate: { invocation throws(StarlingError) in
                guard let argument = invocation.arguments.first else {
                    let seconds = invocation.session.statementTime / microsecondsPerSecond
                    return Vector(
                        constant: .integer(Int128(seconds)), .int64, count: invocation.count)
                }
                return mapped(
                    ToUnixSeconds(offset: invocation.session.zoneOffsetMicroseconds), argument,
                    to: .int64
                ).withIntegerLayout(invocation.resultPhysicalType)
            }),
    ]

    /// Makes a function of the statement's time. It is the same throughout a statement, so that
    /// it may be folded whenever a statement is planned anew.
    private static func moment(
        _ name: String, _ aliases: [String], _ type: LogicalType, _ summary: String
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: [("\(name)() IS NULL", "0")],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, [], 0...0, returns: type)
            },
            evaluate: { invocation throws(StarlingError) in
                let session = invocation.session
                let offset = name == "utc_timestamp" ? 0 : session.zoneOffsetMicroseconds
                let moment = session.statementTime + offset
                let day = Int64(dayNumber(ofMicroseconds: moment))
                // MySQL and StarRocks give whole seconds.
                let second = CalendarUnit.second.truncating(microseconds: moment)
                let value =
                    switch type {
                    case .date: day
                    case .time: second - day * microsecondsPerDay
                    default: second
                    }
                return Vector(
                    constant: .integer(Int128(value)), invocation.resultPhysicalType,
                    count: invocation.count)
            })
    }
}
