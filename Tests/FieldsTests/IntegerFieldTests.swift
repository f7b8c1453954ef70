import StarlingTypes
import Testing

@Suite struct IntegerFieldTests {
    private static let limits: [(LogicalType, String, String, String, String)] = [
        (.tinyint, "-128", "127", "-129", "128"),
        (.smallint, "-32768", "32767", "-32769", "32768"),
        (.int, "-2147483648", "2147483647", "-2147483649", "2147483648"),
        (
            .bigint, "-9223372036854775808", "9223372036854775807", "-9223372036854775809",
            "9223372036854775808"
        ),
        (
            .largeint, "-170141183460469231731687303715884105728",
            "170141183460469231731687303715884105727",
            "-170141183460469231731687303715884105729",
            "170141183460469231731687303715884105728"
        ),
    ]

    @Test(arguments: limits)
    func typesEndWhereTheyEnd(
        type: LogicalType, low: String, high: String, below: String, above: String
    ) throws {
        #expect(parse(low, type) == .integer(try #require(Int128(low))))
        #expect(parse(high, type) == .integer(try #require(Int128(high))))
        for field in [below, above, high + "0", low + "0"] {
            #expect(parse(field, type) == nil, "\(field)")
        }
    }

    private static let types: [LogicalType] = [.tinyint, .smallint, .int, .bigint, .largeint]

    private static let numbers: [(text: String, number: Int128)] = [
        ("0", 0), ("7", 7), ("-7", -7), ("+7", 7), ("007", 7), ("-007", -7), ("-0", 0),
        (" 42 ", 42), ("\t42", 42), ("000000000000000000000000000000000000000000000042", 42),
        ("\"42\"", 42), ("\" -42 \"", -42),
    ]

    @Test(arguments: numbers, types)
    func formsOfNumbersAreRead(field: (text: String, number: Int128), type: LogicalType) {
        #expect(parse(field.text, type) == .integer(field.number))
    }

    @Test(
        arguments: [
            "-", "+", "--1", "+-1", "1-", "1 2", "1.0", "1e3", "0x10", "1_000", "1,000", "a", "1a",
            "a1", " ", "\"-\"", "１", "½", "12345678a", "1234567:", "/1234567", "1\u{0}",
        ], types)
    func otherTextsAreNone(field: String, type: LogicalType) {
        #expect(parse(field, type) == nil)
    }

    /// Digits are read eight at a time: every count of them, and every place of one that is none.
    @Test func everyCountOfDigitsIsRead() {
        let digits = Array("7319482650123456789")
        for count in 1...digits.count {
            let text = String(digits[..<count])
            #expect(parse(text, .largeint) == .integer(Int128(text)!))
            #expect(parse(text, .bigint) == Int64(text).map { .integer(Int128($0)) })
            #expect(parse("-" + text, .bigint) == Int64("-" + text).map { .integer(Int128($0)) })
            for place in 0..<count {
                for wrong in ["/", ":", "x", " ", "é"] where wrong != " " || place > 0 {
                    let broken =
                        String(digits[..<place]) + wrong + String(digits[(place + 1)..<count])
                    if wrong == " ", place == count - 1 { continue }
                    #expect(parse(broken, .bigint) == nil, "\(broken)")
                }
            }
        }
    }

    @Test(arguments: [
        ("true", true), ("FALSE", false), ("True", true), ("1", true), ("0", false), ("-1", true),
        ("2", true), (" true ", true), ("\"false\"", false),
    ])
    func truthIsRead(field: String, value: Bool) {
        #expect(parse(field, .boolean) == .boolean(value))
    }

    @Test(arguments: ["t", "yes", "on", "truee", "tru", "1.0", "nan", "-"])
    func otherTextsAreNoTruth(field: String) {
        #expect(parse(field, .boolean) == nil)
    }
}
