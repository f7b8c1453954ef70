// The shape of random documents: which paths there are, how often, and of what types.

import StarlingTestSupport

/// Describes an object's members.
struct DocumentShape {
    private indirect enum Kind {
        case integers, large, doubles, decimals, texts, days, moments, truths, mixed
        case list(Kind)
        case object(DocumentShape)
    }

    private struct Member {
        var key: String
        /// Of a hundred objects so many have it.
        var frequency: Int
        /// Of a hundred values so many are null.
        var nullShare: Int
        var kind: Kind
    }

    private static let keys = [
        "a", "b", "c", "A", "user", "id", "a.b", "x y", "select", "nulls", "remain", "é", "$",
        "[0]",
    ]

    private var members: [Member] = []

    init() {}

    init(_ chance: inout SeededGenerator, depth: Int) {
        for key in Self.keys.shuffled(using: &chance).prefix(1 + chance.below(5)) {
            members.append(
                Member(
                    key: key, frequency: chance.pick([100, 100, 95, 50, 5]),
                    nullShare: chance.pick([0, 0, 5, 60]), kind: Self.kind(&chance, depth: depth)))
        }
    }

    private static func kind(_ chance: inout SeededGenerator, depth: Int) -> Kind {
        switch chance.below(depth > 0 ? 14 : 9) {
        case 0: .integers
        case 1: .large
        case 2: .doubles
        case 3: .decimals
        case 4: .texts
        case 5: .days
        case 6: .moments
        case 7: .truths
        case 8: .mixed
        case 9, 10: .list(kind(&chance, depth: depth - 1))
        default: .object(DocumentShape(&chance, depth: depth - 1))
        }
    }

    /// Changes what later documents are like.
    mutating func drift(_ chance: inout SeededGenerator) {
        guard !members.isEmpty else { return }
        let place = chance.below(members.count)
        switch chance.below(3) {
        case 0: members[place].kind = Self.kind(&chance, depth: 2)
        case 1: members[place].frequency = chance.pick([100, 40, 2])
        default: members[place].nullShare = chance.pick([0, 30, 95])
        }
    }

    func document(_ chance: inout SeededGenerator) -> String {
        var parts: [String] = []
        for member in members where chance.below(100) < member.frequency {
            let value =
                chance.below(100) < member.nullShare
                ? "null" : Self.value(member.kind, &chance)
            parts.append("\"\(member.key)\": \(value)")
        }
        return "{\(parts.joined(separator: ", "))}"
    }

    private static func value(_ kind: Kind, _ chance: inout SeededGenerator) -> String {
        // What is rarely of another type makes a column of none.
        if chance.below(400) == 0 { return DocumentMaker.document(&chance, depth: 2) }
        switch kind {
        case .integers: return "\(chance.below(10))"
        case .large:
            return chance.pick([
                "9007199254740993", "-9223372036854775808", "18446744073709551615",
                "\(Int.random(in: Int.min...Int.max, using: &chance))", "5",
            ])
        case .doubles: return "\(Double(chance.below(4_000)) / 8)"
        case .decimals: return "\(chance.below(1_000)).\(10 + chance.below(90))"
        case .texts:
            return
                "\"\(chance.pick(["a", "b", "", "ab", "x\(chance.below(300))", "7", "true", "é"]))\""
        case .days: return "\"2024-0\(1 + chance.below(9))-\(10 + chance.below(19))\""
        case .moments:
            let end = chance.pick(["", ".5", ".250000", "Z"])
            return
                "\"2024-01-\(10 + chance.below(19))\(chance.pick(["T", " "]))10:20:3\(chance.below(10))\(end)\""
        case .truths: return chance.pick(["true", "false"])
        case .mixed:
            return chance.pick(["1", "\"1\"", "1.0", "true", "[1]", "{\"a\": 1}", "7", "\"a\""])
        case .list(let kind):
            let values = (0..<chance.below(4)).map { _ in
                chance.below(12) == 0 ? "null" : value(kind, &chance)
            }
            return "[\(values.joined(separator: ", "))]"
        case .object(let shape): return shape.document(&chance)
        }
    }

    /// A path to one of the members, or of theirs.
    func path(_ chance: inout SeededGenerator) -> String {
        guard !members.isEmpty else { return "a" }
        let member = chance.pick(members)
        let isPlain = member.key.allSatisfy { $0.isLetter || $0.isNumber }
        let key = isPlain ? member.key : "\"\(member.key)\""
        var kind = member.kind
        var suffix = ""
        if case .list(let inner) = kind, chance.below(2) == 0 {
            suffix = chance.pick(["[0]", "[1]", "[*]"])
            kind = inner
        }
        if case .object(let shape) = kind, chance.below(4) > 0 {
            return key + suffix + "." + shape.path(&chance)
        }
        return key + suffix
    }
}
