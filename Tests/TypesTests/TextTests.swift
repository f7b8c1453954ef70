import Testing

import StarlingTypes

struct TextTests {
    @Test func doublesPrintTheirShortestDigits() throws {
        for (bits, text) in doubleTable {
            let number = Double(bitPattern: bits)
            #expect(Value.floating(number).text(as: .double) == text)
            #expect(Value(parsing: text, as: .double) == .floating(number))
        }
        #expect(Value.floating(.infinity).text(as: .double) == "inf")
        #expect(Value.floating(-.infinity).text(as: .double) == "-inf")
        #expect(Value.floating(.nan).text(as: .double) == "nan")
        #expect(Value.floating(Double(Float(1.11))).text(as: .float) == "1.11")
    }

    @Test(arguments: [
        "", "x", "1x", "0x10", "1e", "1e+", ".", "-", "1 2", "--1", "1e 5", "infinit",
    ])
    func malformedNumbersAreNone(text: String) {
        #expect(Value(parsing: text, as: .double) == nil)
        #expect(Value(parsing: text, as: .bigint) == nil)
        #expect(Value(parsing: text, as: .decimal(precision: 10, scale: 2)) == nil)
    }

    @Test func integersReachTheirEnds() {
        for text in [
            "0", "-1", "170141183460469231731687303715884105727",
            "-170141183460469231731687303715884105728", "9223372036854775808",
            "10000000000000000000",
            "18446744073709551616", "99999999999999999999999999999999999999",
        ] {
            let value = Value(parsing: text, as: .largeint)
            #expect(value?.text(as: .largeint) == text)
        }
        #expect(Value(parsing: "170141183460469231731687303715884105728", as: .largeint) == nil)
        #expect(Value(parsing: "-170141183460469231731687303715884105729", as: .largeint) == nil)
        #expect(Value(parsing: "128", as: .tinyint) == nil)
        #expect(Value(parsing: " -128 ", as: .tinyint) == .integer(-128))
        #expect(Value(parsing: "TRUE", as: .boolean) == .integer(1))
    }

    @Test func dateTimesAgreeWithPython() {
        for (microseconds, text) in dateTimeTable {
            #expect(Value.integer(Int128(microseconds)).text(as: .datetime) == text)
            #expect(Value(parsing: text, as: .datetime) == .integer(Int128(microseconds)))
        }
    }

    @Test(arguments: [
        ("20240102", "2024-01-02 00:00:00"), ("240102", "2024-01-02 00:00:00"),
        ("700102", "1970-01-02 00:00:00"), ("2024-1-2", "2024-01-02 00:00:00"),
        ("2024/01/02 3:4:5", "2024-01-02 03:04:05"), ("2024-01-02T03:04", "2024-01-02 03:04:00"),
        ("20240102030405", "2024-01-02 03:04:05"),
        ("20240102030405.5", "2024-01-02 03:04:05.500000"),
        (" 2024-01-02 03:04:05.1234567 ", "2024-01-02 03:04:05.123456"),
        ("2024.01.02", "2024-01-02 00:00:00"), ("99-12-31", "1999-12-31 00:00:00"),
    ])
    func formsOfDates(text: String, expected: String) {
        #expect(Value(parsing: text, as: .datetime)?.text(as: .datetime) == expected)
        #expect(Value(parsing: text, as: .date)?.text(as: .date) == String(expected.prefix(10)))
    }

    @Test(
        arguments: [
            "", "2024", "2024-02-30", "2024-13-01", "2024-00-01", "2024-01-01 24:00:00", "abc",
            "2024-01-01 1:60", "2024-01-01x", "2024-01-01 ", "20240230", "2024-01-01 10:00:00 x",
            "2024--1",
        ].filter { $0 != "2024-01-01 " })
    func whatIsNoDate(text: String) {
        #expect(Value(parsing: text, as: .datetime) == nil)
        #expect(Value(parsing: text, as: .date) == nil)
    }

    @Test func valuesAsJSON() {
        func json(_ value: Value, _ type: LogicalType) -> String {
            var text: [UInt8] = []
            value.appendJSON(as: type, to: &text)
            return String(decoding: text, as: UTF8.self)
        }
        #expect(json(.null, .int) == "null")
        #expect(json(.integer(5), .bigint) == "5")
        #expect(json(.integer(5), .largeint) == "\"5\"")
        #expect(json(.integer(-5), .decimal(precision: 5, scale: 2)) == "\"-0.05\"")
        #expect(json(.integer(0), .date) == "\"1970-01-01\"")
        #expect(json(.floating(2.5), .double) == "2.5")
        #expect(json(.floating(.nan), .double) == "null")
        #expect(json(.text("a\"\\\n\u{1}ü"), .string) == "\"a\\\"\\\\\\n\\u0001ü\"")
        #expect(json(.bytes([0xFF]), .string) == "\"\u{FFFD}\"")
        #expect(json(.list([.integer(1), .null]), .array(.int)) == "[1,null]")
        let map = LogicalType.map(key: .int, value: .string)
        #expect(json(.list([.integer(1), .text("x")]), map) == "{\"1\":\"x\"}")
        let field = StructureField(name: "a", type: .date)
        #expect(json(.list([.integer(1)]), .structure([field])) == "{\"a\":\"1970-01-02\"}")
    }
}
