import Testing

import StarlingTypes

struct DecimalTests {
    private func number(_ text: String) -> Int128 { Int128(text)! }

    @Test func quotientsAgreeWithPython() {
        for row in quotientTable {
            let result = multiplyDivide(
                number(row.number), number(row.factor), by: number(row.divisor))
            #expect(result == row.result.map { number($0) }, "\(row)")
        }
        #expect(multiplyDivide(1, 1, by: 0) == nil)
    }

    @Test func textsAgreeWithPython() {
        for row in decimalTable {
            let type = LogicalType.decimal(precision: row.precision, scale: row.scale)
            let value = Value(parsing: row.text, as: type)
            #expect(value?.integer == row.unscaled.map { number($0) }, "\(row)")
        }
    }

    @Test(arguments: [
        ("0", 0, "0"), ("5", 2, "0.05"), ("-5", 2, "-0.05"), ("12345", 2, "123.45"),
        ("-100", 2, "-1.00"),
        (
            "99999999999999999999999999999999999999", 38,
            "0.99999999999999999999999999999999999999"
        ),
    ])
    func format(unscaled: String, scale: Int, text: String) {
        let type = LogicalType.decimal(precision: 38, scale: scale)
        #expect(Value.integer(number(unscaled)).text(as: type) == text)
    }

    @Test func rescalingRoundsHalvesAway() {
        #expect(rescale(125, from: 2, to: 1) == 13)
        #expect(rescale(-125, from: 2, to: 1) == -13)
        #expect(rescale(124, from: 2, to: 1) == 12)
        #expect(rescale(12, from: 1, to: 3) == 1_200)
        #expect(rescale(999, from: 0, to: 1, precision: 3) == nil)
        #expect(rescale(.max, from: 0, to: 1) == nil)
        #expect(rescale(Int128.max, from: 38, to: 0) == 2)
    }
}
