// Random documents of JSON, and paths that may lead somewhere in them.

import StarlingTestSupport

/// Makes texts of JSON by its grammar, with every spelling that it allows.
struct DocumentMaker {
    private var chance: SeededGenerator
    private static let keys = ["a", "b", "c", "key", "a.b", "", "é", "\\u0061", "a\\\"b", "\\\\"]
    private static let numbers = [
        "0", "-0", "1", "-1", "1.0", "1e2", "1E+2", "25e-1", "0.1", "1.50", "-2.5e-3", "1e21",
        "1e22", "9007199254740993", "-9223372036854775808", "18446744073709551616",
        "170141183460469231731687303715884105727", "0.000001", "1e-7", "123456789012345678.5",
    ]
    private static let strings = [
        "", "a", "12", "-1.5", "true", "2024-02-29", "2024-01-01 10:20:30", "é", "日本", "😀",
        "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", "{}", "[1, 2]", " ", "a'b",
        "a string that is longer than the twelve bytes which lie in its reference",
    ]

    init(_ chance: SeededGenerator) { self.chance = chance }

    /// Makes a document with the next random numbers.
    static func document(_ chance: inout SeededGenerator, depth: Int) -> String {
        var maker = DocumentMaker(chance)
        defer { chance = maker.chance }
        return maker.document(depth: depth)
    }

    mutating func document(depth: Int) -> String {
        let space = chance.below(3) == 0 ? chance.pick([" ", "\n\t", "  "]) : ""
        return space + value(depth: depth) + space
    }

    private mutating func value(depth: Int) -> String {
        switch chance.below(depth > 0 ? 9 : 5) {
        case 0, 1: return chance.pick(Self.numbers)
        case 2: return "\(Int.random(in: -300...300, using: &chance))"
        case 3: return "\"\(chance.pick(Self.strings))\""
        case 4: return chance.pick(["true", "false", "null"])
        case 5, 6:
            let elements = (0..<chance.below(5)).map { _ in document(depth: depth - 1) }
            return "[\(elements.joined(separator: ","))]"
        default:
            let members = (0..<chance.below(5)).map { _ in
                "\"\(chance.pick(Self.keys))\":\(document(depth: depth - 1))"
            }
            return "{\(members.joined(separator: chance.pick([",", ", ", " , "])))}"
        }
    }

    mutating func path() -> String {
        var path = chance.pick(["$", "$", ""])
        for _ in 0..<chance.below(4) {
            switch chance.below(10) {
            case 0...4: path += (path.isEmpty ? "" : ".") + chance.pick(["a", "b", "c", "key"])
            case 5, 6: path += "[\(chance.below(4))]"
            case 7: path += chance.pick(["[*]", ".*", "[1:3]", "[:2]", "[-1]"])
            case 8: path += chance.pick([".\"a.b\"", ".\"\"", "a\\.b", ".é"])
            default: path += chance.pick(["[?(@.a > 1)]", "[?(@.a = 'a' && @.b)]", "[", ".", "\""])
            }
        }
        return path
    }
}
