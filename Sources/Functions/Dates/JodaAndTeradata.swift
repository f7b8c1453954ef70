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
        pattern.append(microseconds: moment, to: &output)
        // Longer ones are NULL in StarRocks.
        return output.count <= 128
    }
}

private struct JodaParse: TextMeasure {
    let pattern: JodaPattern?

    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        let pattern = pattern ?? JodaPattern(arguments.second.text(row).bytes)
        return arguments.first.text(row).withBytes { pattern.parse($0) }
    }
}

/// Reads digits for yyyy, mm, dd, hh24 and their like; punctuation means nothing.
private struct TeradataParse: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        arguments.first.text(row).withBytes { text in
            arguments.second.text(row).withBytes { Self.moment(text, $0) }
        }
    }

    private static let fields: [(name: String, width: Int)] = [
        ("yyyy", 4), ("yy", 2), ("mm", 2), ("mi", 2), ("dd", 2), ("hh24", 2), ("hh", 2),
        ("ss", 2), ("am", 2), ("pm", 2),
    ]

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        isSpace(byte) || [0x2D, 0x2F, 0x2C, 0x2E, 0x3B, 0x3A].contains(byte)
    }

    private static func moment(_ text: Bytes, _ format: Bytes) -> Int64? {
        var values: [String: Int] = [:]
        var (place, position) = (0, 0)
        let letters = Array(String(decoding: format, as: UTF8.self).lowercased().utf8)
        while place < letters.count {
            if isPunctuation(letters[place]) {
                place += 1
                continue
            }
            while position < text.count, isPunctuation(text[position]) { position += 1 }
            guard
                let field = fields.first(where: { letters[place...].starts(with: $0.name.utf8) })
            else { return nil }
            place += field.name.utf8.count
            if field.name == "am" || field.name == "pm" {
                guard position + 2 <= text.count, text[position + 1] | 0x20 == 0x6D,
                    let half = ["a", "p"].firstIndex(
                        of: String(UnicodeScalar(text[position] | 0x20)))
                else { return nil }
                values["half"] = half
                position += 2
                continue
            }
            let start = position
            var value = 0
            while position < text.count, position - start < field.width, isDigit(text[position]) {
                value = value * 10 + Int(text[position] - 0x30)
                position += 1
            }
            guard position > start else { return nil }
            values[field.name] = value
        }
        while position < text.count, isPunctuation(text[position]) { position += 1 }
        return position == text.count ? moment(values) : nil
    }

    private static func moment(_ values: [String: Int]) -> Int64? {
        var hour = values["hh24"] ?? 0
        if let half = values["hh"] {
            guard (1...12).contains(half) else { return nil }
            hour = half % 12 + (values["half"] == 1 ? 12 : 0)
        }
        let year = values["yyyy"] ?? values["yy"].map { $0 + ($0 < 70 ? 2_000 : 1_900) } ?? 1970
        let (minute, second) = (values["mi"] ?? 0, values["ss"] ?? 0)
        guard hour < 24, minute < 60, second < 60,
            let date = CivilDate(
                validYear: year, month: values["mm"] ?? 1, day: values["dd"] ?? 1)
        else { return nil }
        return CivilDateTime(date: date, hour: hour, minute: minute, second: second).microseconds
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
                try arguments.textSignature(name, [.string, .string], 2...2, returns: type)
            },
            resultBounds: { signature, _ in signature.resultType.bounds },
            evaluate: { invocation throws(StarlingError) in
                DateFormats.settled(
                    measured(TeradataParse(), invocation, as: .int64), invocation)
            })
    }

    private static func pattern(_ vector: Vector) -> JodaPattern? {
        guard vector.isConstant, vector.isValid(0) else { return nil }
        return JodaPattern(vector.pointer(to: StringReference.self)[0].bytes)
    }
}
