// Which digits a DOUBLE keeps, by exact arithmetic in Python's fractions: the number and the text differ
// by no more than half a unit of the text's last place.

import StarlingTypes
import Testing

@Suite struct KeptDigitsTests {
    private func isKept(_ text: String) throws -> Bool {
        try Array(text.utf8).withUnsafeBytes { bytes in
            let number = try #require(parseDouble(bytes))
            return keepsDigits(number, of: bytes)
        }
    }

    @Test(arguments: [
        "0", "0.00", "nan", "-inf", "0.1", "9007199254740992", "0.10000000000000001",
        "0.1000000000000000055511151231257827", "0.1000000000000000000000",
        "0.30000000000000004", "123456789012345.67", "1.7976931348623157e308",
        "2.2250738585072014e-308", "1.2345678901234567e-30", "1e23", "6.02214076e23",
        "1.6021766340000001e-19",
    ])
    func digitsAreKept(text: String) throws {
        #expect(try isKept(text))
        #expect(try isKept(text.hasPrefix("-") ? text : "-" + text))
    }

    @Test(arguments: [
        "9007199254740993", "9007199254740993.0", "0.12345678901234567890",
        "12345678901234567.89", "100000000000000000000000", "123456789012345678",
        "1234567890123456.78", "1.23456789012345678e-30", "3.141592653589793238",
        "1234567890123456800e5", "1e400", "1e-400",
    ])
    func digitsAreLost(text: String) throws {
        #expect(try !isKept(text))
        #expect(try !isKept("-" + text))
    }
}
