import StarlingTestSupport
import StarlingTypes
import Testing

@Suite struct NumberFieldTests {
    // MARK: DECIMAL

    @Test(
        arguments: [
            ("123.45", 12_345), ("-123.45", -12_345), ("0", 0), ("-0", 0), ("7", 700),
            ("007.10", 710),
            (".5", 50), ("5.", 500), ("+1.5", 150), (" 1.5 ", 150), ("1e2", 10_000),
            ("1E+2", 10_000),
            ("1.5e-1", 15), ("12345e-2", 12_345), ("999.99", 99_999), ("-999.99", -99_999),
            // Half of the last digit goes up, away from zero.
            ("0.004", 0), ("0.005", 1), ("-0.005", -1), ("0.0149999999999999999999999", 1),
            ("999.994999", 99_999), ("1e-400", 0), ("0e999999999999", 0),
            ("0.00000000000000000000000000000000000000000000000000005", 0),
        ] as [(String, Int128)])
    func decimalsAreRead(field: String, unscaled: Int128) {
        #expect(parse(field, .decimal(precision: 5, scale: 2)) == .integer(unscaled))
    }

    @Test(arguments: [
        "1000", "-1000", "999.995", "1e3", "1e400", "1e99999999999999999999999999999999999999999",
        ".", "-", "e5", "1e", "1e+", "1.2.3", "1,5", "--1", "nan", "inf", "1e 5", "a", "0x1",
    ])
    func whatDecimalsCannotHoldIsNone(field: String) {
        #expect(parse(field, .decimal(precision: 5, scale: 2)) == nil)
    }

    @Test func decimalsHaveThirtyEightDigits() {
        let nines = String(repeating: "9", count: 38)
        let all = LogicalType.decimal(precision: 38, scale: 0)
        #expect(parse(nines, all) == .integer(Int128(nines)!))
        #expect(parse("-" + nines, all) == .integer(-Int128(nines)!))
        #expect(parse("1" + String(repeating: "0", count: 38), all) == nil)
        #expect(parse(nines + ".5", all) == nil)
        #expect(parse(nines + ".4", all) == .integer(Int128(nines)!))
        let fraction = LogicalType.decimal(precision: 38, scale: 38)
        #expect(parse("0." + nines, fraction) == .integer(Int128(nines)!))
        #expect(parse("0." + nines + "5", fraction) == nil)
        #expect(parse("1", fraction) == nil)
    }

    // MARK: DOUBLE and FLOAT

    @Test(arguments: [
        "0", "-0", "0.0", "1", "0.1", "-0.1", "123456789012345", "1234567890123456",
        "999999999999999", "99999999999999.9", "0.123456789012345", "9007199254740993",
        "9007199254740992.5", "1e22", "1e23", "1.7976931348623157e308", "5e-324", "2.5e-324",
        "2.2250738585072011e-308", "4.35", "0.3", "1e-5", "12345.678E+10",
        "179769313486231570000000000000000000000000000000000000",
        "0.000000000000000000000000000000000000000000000123",
        "3.14159265358979323846264338327950288419716939937510582097494459",
    ])
    func doublesAreTheNearestOnes(field: String) throws {
        // The standard library reads correctly rounded.
        let number = try #require(Double(field))
        for text in [field, " \(field) ", "\"\(field)\""] {
            let value = try #require(parse(text, .double))
            guard case .floating(let read) = value else {
                Issue.record("\(value)")
                continue
            }
            #expect(read.bitPattern == number.bitPattern, "\(text)")
        }
    }

    @Test func randomDoublesAreTheNearestOnes() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<5_000 {
            let digits = String(UInt64.random(in: 0...9_999_999_999_999_999, using: &generator))
            let place = Int.random(in: 0...digits.count, using: &generator)
            var text = digits.prefix(place) + "." + digits.dropFirst(place)
            if generator.chance(0.5) { text = "-" + text }
            if generator.chance(0.3) {
                text += "e\(Int.random(in: -320...300, using: &generator))"
            }
            guard digits.count > 0, let number = Double(String(text)) else { continue }
            #expect(parse(String(text), .double) == .floating(number), "\(text)")
        }
    }

    @Test(
        arguments: [
            (".5", 0.5), ("5.", 5), ("-.5", -0.5), ("+1.5", 1.5), ("1E+05", 100_000),
            ("inf", .infinity),
            ("-inf", -.infinity), ("Infinity", .infinity), ("-INFINITY", -.infinity), ("007", 7),
        ] as [(String, Double)])
    func formsOfDoublesAreRead(field: String, number: Double) {
        #expect(parse(field, .double) == .floating(number))
        #expect(parse(field, .float) == .floating(number))
    }

    @Test(arguments: ["nan", "NaN", "NAN"])
    func notANumberIsRead(field: String) {
        for type in [LogicalType.double, .float] {
            guard case .floating(let number)? = parse(field, type) else {
                Issue.record("\(type)")
                continue
            }
            #expect(number.isNaN)
        }
    }

    @Test(arguments: [
        "1e", "e5", ".", "-", "-.", "1..2", "1.2.3", "1,5", "--1", "0x1p3", "infinit", "1e5.5",
        "1e5e5", "1 e5", "1f", "a", "１.５",
    ])
    func otherTextsAreNoDoubles(field: String) {
        #expect(parse(field, .double) == nil)
        #expect(parse(field, .float) == nil)
    }

    /// Read as DOUBLE and then rounded, the last but one would be a bit too large.
    @Test(
        arguments: [
            ("0.1", 0x3DCC_CCCD), ("16777217", 0x4B80_0000), ("3.4028235e38", 0x7F7F_FFFF),
            ("1.00000017881393432617187499", 0x3F80_0001), ("-0", 0x8000_0000),
        ] as [(String, UInt32)])
    func floatsAreTheNearestOnes(field: String, bits: UInt32) {
        guard case .floating(let number)? = parse(field, .float) else {
            Issue.record("no number")
            return
        }
        #expect(Float(number).bitPattern == bits)
    }
}
