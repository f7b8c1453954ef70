// uuid() and its like: identifiers that no one else has.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Makes identifiers of 128 bits (RFC 9562).
private enum Identifier {
    /// Version 4: nothing but chance.
    static func random() -> UInt128 {
        var generator = SystemRandomNumberGenerator()
        let bits = UInt128(generator.next()) << 64 | UInt128(generator.next())
        return marked(bits, version: 4)
    }

    /// Version 7: the statement's time in milliseconds, then chance, so that later ones are
    /// greater.
    static func ordered(microseconds: Int64) -> UInt128 {
        var generator = SystemRandomNumberGenerator()
        let chance = UInt128(generator.next() & 0xFFFF) << 64 | UInt128(generator.next())
        let time = UInt128(UInt64(max(0, microseconds / 1_000)) & 0xFFFF_FFFF_FFFF)
        return marked(time << 80 | chance, version: 7)
    }

    private static func marked(_ bits: UInt128, version: UInt128) -> UInt128 {
        let cleared = bits & ~(UInt128(0xF) << 76) & ~(UInt128(0x3) << 62)
        return cleared | version << 76 | UInt128(2) << 62
    }

    static func append(_ bits: UInt128, to text: inout [UInt8]) {
        let digits: StaticString = "0123456789abcdef"
        for place in 0..<32 {
            if [8, 12, 16, 20].contains(place) { text.append(UInt8(ascii: "-")) }
            let digit = Int(truncatingIfNeeded: bits >> UInt128(124 - 4 * place)) & 15
            text.append(digits.utf8Start[digit])
        }
    }
}

package enum Identifiers {
    /// Makes the text of an identifier that no one else has.
    package static func makeText() -> String {
        var text: [UInt8] = []
        Identifier.append(Identifier.random(), to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    static let rows = [
        text("uuid", isOrdered: false, "Makes an identifier that no one else has."),
        text(
            "uuid_v7", ["uuidv7"], isOrdered: true,
            "Makes an identifier that begins with the time, so that later ones are greater."),
        number("uuid_numeric", isOrdered: false, "Makes an identifier as a number."),
        number("uuid_v7_numeric", isOrdered: true, "Makes an identifier of the time as a number."),
    ]

    private static func text(
        _ name: String, _ aliases: [String] = [], isOrdered: Bool, _ summary: String
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: [("length(\(name)())", "36")],
            isDeterministic: false,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, [], 0...0, returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in
                let heap = StringHeap()
                var result = Vector(zeroed: .string, count: invocation.count)
                var bytes: [UInt8] = []
                for row in 0..<invocation.count {
                    bytes.removeAll(keepingCapacity: true)
                    Identifier.append(bits(invocation, isOrdered), to: &bytes)
                    result.pointer(to: StringReference.self)[row] = heap.add(bytes)
                }
                result.owner = heap
                return result
            })
    }

    private static func number(
        _ name: String, isOrdered: Bool, _ summary: String
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: [("\(name)() IS NULL", "0")],
            isDeterministic: false,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, [], 0...0, returns: .largeint)
            },
            evaluate: { invocation throws(StarlingError) in
                let result = Vector(zeroed: .int128, count: invocation.count)
                for row in 0..<invocation.count {
                    result.pointer(to: Int128.self)[row] = Int128(
                        bitPattern: bits(invocation, isOrdered))
                }
                return result
            })
    }

    private static func bits(_ invocation: FunctionInvocation, _ isOrdered: Bool) -> UInt128 {
        isOrdered
            ? Identifier.ordered(microseconds: invocation.session.statementTime)
            : Identifier.random()
    }
}
