import StarlingFields
import StarlingTypes
import Testing

@Suite struct TypeDetectionTests {
    private func detected(_ values: [String]) -> DetectedType {
        var detection = TypeDetection()
        for value in values { detection.add(Array(value.utf8)) }
        #expect(detection.count == values.count)
        return detection.result
    }

    @Test(
        arguments: [
            ([], LogicalType.string), (["true"], .boolean), (["TRUE", "false"], .boolean),
            (["0", "1"], .bigint), (["-5", "+5", "0", "-0"], .bigint),
            (["9223372036854775807", "-9223372036854775808"], .bigint),
            (["9223372036854775808"], .largeint), (["-9223372036854775809"], .largeint),
            (["170141183460469231731687303715884105727"], .largeint),
            (["170141183460469231731687303715884105728"], .string),
            (["12345678901234567890123456789012345678.5"], .string), (["1e400"], .string),
            (["1e-400"], .string), (["12345678901234567.89", "1.5"], Self.decimal(19, 2)),
            (["0.12345678901234567890", "-12"], Self.decimal(22, 20)),
            (["9007199254740993", "0.5"], Self.decimal(17, 1)), (["0.30000000000000004"], .double),
            (["1.5"], .double), ([".5"], .double), (["1e5"], .double),
            (["-1.5E-3", "nan"], .double),
            (["inf", "-inf"], .double), (["0.5"], .double), (["0"], .bigint),
            (["2024-02-29"], .date), (["2024-02-29 12:34:56"], .datetime),
            (["2024-02-29T12:34:56.789"], .datetime), (["2024-02-29 12:34"], .datetime),
            (["2024-02-29 12:34:56.123456000"], .datetime), (["abc"], .string), ([""], .string),
        ] as [([String], LogicalType)])
    func typesAreFound(values: [String], type: LogicalType) {
        #expect(detected(values) == DetectedType(type: type))
    }

    private static func decimal(_ precision: Int, _ scale: Int) -> LogicalType {
        .decimal(precision: precision, scale: scale)
    }

    /// Times that are all written with their distance from UTC are instants.
    @Test(arguments: [
        ["2024-01-01T00:00:00Z"], ["2024-01-01 00:00:00.123456+05:30", "2024-01-01T00:00-04"],
        ["2024-01-01T00:00:00z", "2024-12-31 23:59:59.5+0000"],
    ])
    func instantsAreFound(values: [String]) {
        #expect(detected(values) == DetectedType(type: .datetime, isInstant: true))
        #expect(detected(values + ["2024-01-01 00:00:00"]) == DetectedType(type: .string))
    }

    /// A type that would lose something of a value is not chosen.
    @Test(arguments: [
        "007", "-007", "00", "01.5", "+", "-", "1,000", "1_000", " 1", "1 ", "0x10", "t", "yes",
        "2023-02-29", "2024-1-2", "2024-02-29 12", "24:00:00", "2024-02-29 12:34:56.1234567",
        "2024-02-29Z", "2024-02-29 12:34:56 +01:00",
        "2024-02-29 12:34:56.1234567Z", "2024-02-29 12:34:56+15:00", "1.2.3", "12e", ".", "１",
    ])
    func whatIsInDoubtIsText(value: String) {
        #expect(detected([value]) == DetectedType(type: .string))
    }

    @Test(
        arguments: [
            (["1", "2.5"], LogicalType.double), (["2.5", "1"], .double),
            (["1", "9223372036854775808"], .largeint),
            (["9223372036854775808", "0.5"], .double),
            (["2024-02-29", "2024-02-29 12:34:56"], .datetime),
            (["2024-02-29 12:34:56", "2024-02-29"], .datetime),
            (["true", "1"], .string), (["1", "true"], .string), (["1", "a"], .string),
            (["2024-02-29", "1"], .string), (["2024-02-29", "29.02.2024"], .string),
            (["1.5", "2024-02-29"], .string), (["1", "007"], .string),
        ] as [([String], LogicalType)])
    func typesWiden(values: [String], type: LogicalType) {
        #expect(detected(values) == DetectedType(type: type))
        #expect(detected(values.reversed()) == DetectedType(type: type))
        #expect(detected(values + values) == DetectedType(type: type))
    }

    @Test(arguments: [
        (["31.12.2024"], "%d.%m.%Y"), (["1.2.2024"], "%d.%m.%Y"), (["2024/12/31"], "%Y/%m/%d"),
        (["31/12/2024"], "%d/%m/%Y"), (["12/31/2024"], "%m/%d/%Y"),
        (["11/12/2024", "31/12/2024"], "%d/%m/%Y"), (["11-12-2024", "12-31-2024"], "%m-%d-%Y"),
    ])
    func otherFormsOfDatesArePatterns(values: [String], pattern: String) {
        #expect(detected(values) == DetectedType(type: .date, pattern: pattern))
    }

    /// Day or month first: who can tell?
    @Test(arguments: [
        ["11/12/2024"], ["01-02-2024", "03-04-2024"], ["31/12/2024", "12/31/2024"], ["12/11/10"],
        ["31.02.2024"],
    ])
    func datesInDoubtAreTexts(values: [String]) {
        #expect(detected(values) == DetectedType(type: .string))
    }
}
