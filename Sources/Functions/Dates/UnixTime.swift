// Seconds since 1970 in UTC, and what the session's clock shows: from_unixtime(),
// unix_timestamp() and their like.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// The seconds that from_unixtime() takes: 1970-01-01 to 9999-12-30, as in StarRocks.
private let unixSeconds = Int64(0)...Int64(253_402_243_199)

private struct LocalSecondsText: TextOperation {
    let zone: ZoneRules
    let pattern: DateTimePattern?
    /// How many of the argument's units a second has.
    let unitsPerSecond: Int64

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let number = arguments.first.value(row, as: Int64.self)
        guard number >= 0 else { return false }
        let (seconds, rest) = number.quotientAndRemainder(dividingBy: unitsPerSecond)
        guard unixSeconds.contains(seconds) else { return false }
        let moment =
            zone.local(fromUTC: seconds) * microsecondsPerSecond
            + rest * (microsecondsPerSecond / unitsPerSecond)
        guard CalendarRange.contains(microsecond: moment) else { return false }
        guard arguments.count == 1 else {
            let pattern = pattern ?? DateTimePattern(arguments.second.text(row).bytes)
            return pattern.append(microseconds: moment, to: &output)
        }
        appendDateTime(microseconds: moment, to: &output)
        return true
    }
}

private struct UnixSeconds: UnaryOperation {
    let zone: ZoneRules

    func apply(_ microseconds: Int64) -> Int64 {
        let second = CalendarUnit.second.truncating(microseconds: microseconds)
        return max(0, zone.utc(fromLocal: second / microsecondsPerSecond))
    }
}

private struct UnixMilliseconds: UnaryOperation {
    let zone: ZoneRules

    func apply(_ microseconds: Int64) -> Int64 {
        let second = CalendarUnit.second.truncating(microseconds: microseconds)
        let universal = zone.utc(fromLocal: second / microsecondsPerSecond)
        return max(0, universal * 1_000 + (microseconds - second) / 1_000)
    }
}

private struct UnixSecondsOfText: TextMeasure {
    let zone: ZoneRules
    let pattern: DateTimePattern?

    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        let pattern = pattern ?? DateTimePattern(arguments.second.text(row).bytes)
        let moment = arguments.first.text(row).withBytes { pattern.parse($0) }
        return moment.map { UnixSeconds(zone: zone).apply($0) }
    }
}

private struct HourOfSeconds: PartialUnaryOperation {
    let zone: ZoneRules

    func apply(_ seconds: Int64) -> Int32? {
        guard unixSeconds.contains(seconds) else { return nil }
        return Int32(zone.local(fromUTC: seconds) / 3_600 % 24)
    }
}

/// Makes a DATETIME of seconds, or of thousandths or millionths of them.
private struct LocalMoment: TextMeasure {
    let zone: ZoneRules

    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        let scale = arguments.count > 1 ? arguments.second.value(row, as: Int64.self) : 0
        guard [0, 3, 6].contains(scale) else { return nil }
        let factor = Int64(powerOfTen(6 - Int(scale)))
        let (moment, overflow) = arguments.first.value(row, as: Int64.self)
            .multipliedReportingOverflow(by: factor)
        guard !overflow, CalendarRange.contains(microsecond: moment) else { return nil }
        let second = CalendarUnit.second.truncating(microseconds: moment)
        let local =
            moment + zone.offset(at: second / microsecondsPerSecond) * microsecondsPerSecond
        // 0001-01-01 is the first day that StarRocks gives.
        return CalendarRange.contains(microsecond: local)
            && local >= -719_162 * microsecondsPerDay ? local : nil
    }
}

/// Reads the clock of one zone as that of another.
private struct ZoneChange: TextMeasure {
    let source: ZoneRules?
    let target: ZoneRules?

    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        guard let source, let target else { return nil }
        let moment = arguments.first.value(row, as: Int64.self)
        let second = CalendarUnit.second.truncating(microseconds: moment)
        let universal = source.utc(fromLocal: second / microsecondsPerSecond)
        let result =
            target.local(fromUTC: universal) * microsecondsPerSecond + (moment - second)
        return CalendarRange.contains(microsecond: result) ? result : nil
    }
}

enum UnixTime {
    static let rows = [
        ScalarFunction(
            "from_unixtime",
            summary:
                "Writes seconds since 1970 as a datetime, or by a pattern, and in a time zone.",
            examples: [
                ("from_unixtime(1196440219)", "2007-11-30 16:30:19"),
                ("from_unixtime(1196440219, '%Y')", "2007"),
                (
                    "from_unixtime(1196440219, '%Y-%m-%d %H:%i:%s', 'Asia/Shanghai')",
                    "2007-12-01 00:30:19"
                ),
            ],
            readsZone: true,
            resolve: { arguments throws(StarlingError) in
                if let name = arguments.constant(2)?.text { try ZoneDatabase.check(name) }
                return try arguments.textSignature(
                    "from_unixtime", [.bigint, .string, .string], 1...3, returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                try text(invocation, unitsPerSecond: 1)
            }),
        ScalarFunction(
            "from_unixtime_ms", aliases: ["from_unixtime_milliseconds"],
            summary: "Writes thousandths of seconds since 1970 as a datetime, or by a pattern.",
            examples: [
                ("from_unixtime_ms(1196440219000)", "2007-11-30 16:30:19"),
                ("from_unixtime_ms(9999123, '%Y-%m-%d %H:%i:%s.%f')", "1970-01-01 02:46:39.123000"),
            ],
            readsZone: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "from_unixtime_ms", [.bigint, .string], 1...2, returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                try text(invocation, unitsPerSecond: 1_000)
            }),
        ScalarFunction(
            "to_unixtime_milliseconds",
            summary: "Counts the thousandths of seconds from 1970 to a datetime; 0 for one before.",
            examples: [
                ("to_unixtime_milliseconds('2000-12-01 12:30:01.1002')", "975673801100")
            ],
            readsZone: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "to_unixtime_milliseconds")
                _ = try arguments.temporal(0, "to_unixtime_milliseconds")
                return FunctionSignature([.datetime], returns: .bigint)
            },
            evaluate: { invocation throws(StarlingError) in
                let zone = try invocation.session.zone()
                return mapped(UnixMilliseconds(zone: zone), invocation.arguments[0], to: .int64)
                    .withIntegerLayout(invocation.resultPhysicalType)
            }),
        ScalarFunction(
            "unix_timestamp",
            summary: "Counts the seconds from 1970 to a datetime, to a text by a pattern, or to "
                + "the statement's time.",
            examples: [
                ("unix_timestamp('2007-11-30 16:30:19')", "1196440219"),
                ("unix_timestamp('2007-11-30 10:30-19', '%Y-%m-%d %H:%i-%s')", "1196418619"),
            ],
            readsZone: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(0...2, of: "unix_timestamp")
                if arguments.types.isEmpty { return FunctionSignature([], returns: .bigint) }
                if arguments.types.count == 2 {
                    return try arguments.textSignature(
                        "unix_timestamp", [.string, .string], 2...2, returns: .bigint)
                }
                _ = try arguments.temporal(0, "unix_timestamp")
                return FunctionSignature([.datetime], returns: .bigint)
            },
            evaluate: { invocation throws(StarlingError) in try seconds(invocation) }),
        ScalarFunction(
            "hour_from_unixtime", summary: "Gives the hour of seconds since 1970.",
            examples: [("hour_from_unixtime(1196440219)", "16")],
            readsZone: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "hour_from_unixtime", [.bigint], 1...1, returns: .tinyint)
            },
            resultBounds: { _, _ in Bounds(low: 0, high: 23) },
            evaluate: { invocation throws(StarlingError) in
                let operation = HourOfSeconds(zone: try invocation.session.zone())
                return mapped(operation, invocation.arguments[0], to: .int32)
                    .withIntegerLayout(invocation.resultPhysicalType)
            }),
        momentRow(
            "to_datetime", ["unixtime_to_datetime"], isUniversal: false,
            "Makes a datetime of seconds since 1970, or of their 3rd or 6th decimals.",
            [
                ("to_datetime(1598306400)", "2020-08-24 22:00:00"),
                ("to_datetime(1598306400123, 3)", "2020-08-24 22:00:00.123000"),
            ]),
        momentRow(
            "to_datetime_ntz", ["unixtime_to_datetime_ntz"], isUniversal: true,
            "Is to_datetime() in UTC, whatever the session's zone.",
            [("to_datetime_ntz(1598306400)", "2020-08-24 22:00:00")]),
        ScalarFunction(
            "convert_tz",
            summary: "Gives what clocks of the third argument's zone show when those of the "
                + "second's show a time; NULL for zones that there are not.",
            examples: [
                (
                    "convert_tz('2019-08-01 13:21:03', 'Asia/Shanghai', 'America/Los_Angeles')",
                    "2019-07-31 22:21:03"
                ), ("convert_tz('2019-08-01', '+08:00', 'UTC')", "2019-07-31 16:00:00"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(3...3, of: "convert_tz")
                _ = try arguments.temporal(0, "convert_tz")
                return FunctionSignature([.datetime, .string, .string], returns: .datetime)
            },
            resultBounds: { signature, _ in signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in try changed(invocation) }),
    ]

    private static func momentRow(
        _ name: String, _ aliases: [String], isUniversal: Bool, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples,
            readsZone: !isUniversal,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, [.bigint, .bigint], 1...2, returns: .datetime)
            },
            resultBounds: { signature, _ in signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in
                let zone = isUniversal ? ZoneRules(offset: 0) : try invocation.session.zone()
                return measured(LocalMoment(zone: zone), invocation, as: .int64)
                    .withIntegerLayout(invocation.resultPhysicalType)
            })
    }

    private static func text(
        _ invocation: FunctionInvocation, unitsPerSecond: Int64
    ) throws(StarlingError) -> Vector {
        let arguments = invocation.arguments
        let pattern = arguments.count > 1 ? DateFormats.pattern(arguments[1]) : nil
        var zone = try invocation.session.zone()
        if arguments.count > 2 {
            guard arguments[2].isConstant, let name = arguments[2].value(at: 0).text,
                let rules = try ZoneDatabase.rules(named: name)
            else {
                throw StarlingError(.data, "from_unixtime() takes the zone as a literal string")
            }
            zone = rules
        }
        let operation = LocalSecondsText(
            zone: zone, pattern: pattern, unitsPerSecond: unitsPerSecond)
        return try writtenText(operation, invocation)
    }

    private static func seconds(_ invocation: FunctionInvocation) throws(StarlingError) -> Vector {
        guard let argument = invocation.arguments.first else {
            let seconds = invocation.session.statementTime / microsecondsPerSecond
            return Vector(constant: .integer(Int128(seconds)), .int64, count: invocation.count)
        }
        let zone = try invocation.session.zone()
        if invocation.arguments.count == 2 {
            let pattern = DateFormats.pattern(invocation.arguments[1])
            return measured(
                UnixSecondsOfText(zone: zone, pattern: pattern), invocation, as: .int64
            ).withIntegerLayout(invocation.resultPhysicalType)
        }
        return mapped(UnixSeconds(zone: zone), argument, to: .int64)
            .withIntegerLayout(invocation.resultPhysicalType)
    }

    /// Changes zones: at once where both are the same for all rows, else row by row.
    private static func changed(_ invocation: FunctionInvocation) throws(StarlingError) -> Vector {
        let names = [
            DecodedVector(invocation.arguments[1]), DecodedVector(invocation.arguments[2]),
        ]
        if invocation.arguments[1].isConstant, invocation.arguments[2].isConstant {
            let operation = ZoneChange(
                source: try rules(names[0], 0), target: try rules(names[1], 0))
            return measured(operation, invocation, as: .int64)
                .withIntegerLayout(invocation.resultPhysicalType)
        }
        let valid = RowsWithValues(invocation.arguments, count: invocation.count)
        let arguments = TextArguments(invocation.arguments)
        var result = Vector(zeroed: .int64, count: invocation.count)
        for row in 0..<invocation.count where valid.contains(row) {
            let operation = ZoneChange(
                source: try rules(names[0], row), target: try rules(names[1], row))
            if let moment = operation.measure(arguments, row) {
                result.pointer(to: Int64.self)[row] = moment
            } else {
                result.setNull(row)
            }
        }
        withExtendedLifetime(invocation) {}
        return result.withIntegerLayout(invocation.resultPhysicalType)
    }

    private static func rules(
        _ names: DecodedVector, _ row: Int
    ) throws(StarlingError) -> ZoneRules? {
        try ZoneDatabase.rules(named: String(decoding: names.text(row).bytes, as: UTF8.self))
    }
}
