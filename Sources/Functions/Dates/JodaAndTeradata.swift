// Dates by patterns that are not MySQL's: Joda-Time's and Teradata's.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

private struct JodaFormat: TextOperation {
    let pattern: JodaPattern?

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let moment = arguments.first.value(row, as: Int64.self)
        guard CalendarRange.contains(microsecond: moment) else { return false }
        let pattern = pattern ?? JodaPattern(arguments.second.text(row).bytes)
        // Longer ones are NULL in StarRocks.
        return pattern.append(microseconds: moment, to: &output) && output.count <= 128
    }
}

private struct JodaParse: TextMeasure {
    let pattern: JodaPattern?

    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        let pattern = pattern ?? JodaPattern(arguments.second.text(row).bytes)
        return arguments.first.text(row).withBytes { pattern.parse($0) }
    }
}

private struct TeradataParse: TextMeasure {
    let pattern: TeradataPattern?
    /// Whether text may be left behind what the pattern reads.
    let ignoresRest: Bool

    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        let pattern = pattern ?? TeradataPattern(arguments.second.text(row).bytes)
        return arguments.first.text(row).withBytes {
            pattern?.parse($0, ignoringRest: ignoresRest)
        }
    }
}

enum JodaAndTeradata {
    static let rows = [
        ScalarFunction(
            "jodatime_format", summary: "Writes a datetime by a pattern of Joda-Time.",
            examples: [
                ("jodatime_format('2020-06-25 15:58:51', 'yyyy-MM-dd')", "2020-06-25"),
                (
                    "jodatime_format('2020-06-25 15:58:51', 'MMMM dd ee EEEE')",
                    "June 25 04 Thursday"
                ), ("jodatime_format('2023-06-25 12:00:00', 'KK:mm:ss a')", "00:00:00 PM"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "jodatime_format")
                _ = try arguments.temporal(0, "jodatime_format")
                return FunctionSignature([.datetime, .string], returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                try writtenText(JodaFormat(pattern: pattern(invocation.arguments[1])), invocation)
            }),
        ScalarFunction(
            "str_to_jodatime", aliases: ["parse_jodatime"],
            summary:
                "Reads a datetime by a pattern of Joda-Time; NULL for what does not follow it.",
            examples: [
                (
                    "str_to_jodatime('21/December/23 12:34:56.123', 'dd/MMMM/yy HH:mm:ss.SSS')",
                    "2023-12-21 12:34:56.123000"
                )
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "str_to_jodatime", [.string, .string], 2...2, returns: .datetime)
            },
            resultBounds: { signature, _ in signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in
                measured(
                    JodaParse(pattern: pattern(invocation.arguments[1])), invocation, as: .int64
                ).withIntegerLayout(invocation.resultPhysicalType)
            }),
        teradata(
            "to_tera_date", .date, "Reads a date by a pattern of Teradata.",
            [("to_tera_date('1988/04/08', 'yyyy/mm/dd')", "1988-04-08")]),
        teradata(
            "to_tera_timestamp", .datetime, "Reads a datetime by a pattern of Teradata.",
            [
                (
                    "to_tera_timestamp('1988/04/08 2:3:4', 'yyyy/mm/dd hh24:mi:ss')",
                    "1988-04-08 02:03:04"
                )
            ]),
    ]

    private static func teradata(
        _ name: String, _ type: LogicalType, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                if let format = arguments.constant(1)?.text,
                    TeradataPattern(Array(format.utf8)) == nil
                {
                    throw StarlingError(
                        .binding,
                        "\(name)(): '\(format)' is no pattern; it is made of "
                            + TeradataPattern.names.joined(separator: ", ") + " and punctuation")
                }
                return try arguments.textSignature(
                    name, [.string, .string], 2...2, returns: type)
            },
            resultBounds: { signature, _ in signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in
                let format = invocation.arguments[1]
                let constant = format.isConstant && format.isValid(0)
                let pattern =
                    constant
                    ? TeradataPattern(format.pointer(to: StringReference.self)[0].bytes) : nil
                let operation = TeradataParse(pattern: pattern, ignoresRest: type == .date)
                return DateFormats.settled(
                    measured(operation, invocation, as: .int64), invocation)
            })
    }

    private static func pattern(_ vector: Vector) -> JodaPattern? {
        guard vector.isConstant, vector.isValid(0) else { return nil }
        return JodaPattern(vector.pointer(to: StringReference.self)[0].bytes)
    }
}
