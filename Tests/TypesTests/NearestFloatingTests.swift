// The nearest floating-point numbers, against the reader of decimal digits.

import StarlingTestSupport
import StarlingTypes
import Testing

@Suite struct NearestFloatingTests {
    @Test func numbersOfAllWidthsAreNearest() throws {
        var random = SeededGenerator(seed: 7)
        for width in 1...127 {
            for _ in 0..<50 {
                let bits =
                    UInt128(UInt64.random(in: 0 ... .max, using: &random)) << 64
                    | UInt128(UInt64.random(in: 0 ... .max, using: &random))
                let number = Int128(bits >> UInt128(128 - width))
                try check(number)
                try check(-number)
            }
        }
    }

    @Test func halvesGoToTheEvenNumber() throws {
        for exponent in 53...126 {
            let unit = Int128(1) << Int128(exponent - 53)
            for step in 0..<8 {
                let half = (Int128(1) << Int128(exponent)) + Int128(step) * unit
                try check(half)
                try check(half + 1)
                try check(half - 1)
            }
        }
        try check(.max)
        try check(.min)
    }

    @Test func decimalsOfAllScalesAreNearest() throws {
        var random = SeededGenerator(seed: 8)
        for scale in 0...38 {
            for width in 1...126 {
                let bits =
                    UInt128(UInt64.random(in: 0 ... .max, using: &random)) << 64
                    | UInt128(UInt64.random(in: 0 ... .max, using: &random))
                let number = Int128(bits >> UInt128(128 - width))
                for number in [number, -number, 0] {
                    let read = Double("\(number)e-\(scale)")
                    #expect(Double(nearest: number, scale: scale) == read, "\(number)e-\(scale)")
                }
            }
        }
        #expect(Double(nearest: 778_099_902_940_074_426, scale: 6) == 778099902940.074426)
    }

    private func check(_ number: Int128) throws {
        #expect(Double(nearest: number) == Double("\(number)"))
        #expect(Float(nearest: number) == Float("\(number)"))
    }
}
