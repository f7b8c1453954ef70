// Columns with the shapes that encodings are made for.

import StarlingTypes
import StarlingTestSupport

/// Names what the values of a column look like.
enum ColumnShape: CaseIterable {
    case constant, small, sorted, jumping, linear, outliers, wide, extremes, repeating, runs, few
    case hugeIntegers, decimals, shortDecimals, noise, oddFloats
    case words, comments, randomTexts, zerosAndOnes, longTexts, emptyTexts, hashes, serials
    case lists, structures

    var logicalType: LogicalType {
        switch self {
        case .constant, .small, .few: .int
        case .sorted, .jumping, .linear, .outliers, .wide, .extremes, .repeating, .runs: .bigint
        case .hugeIntegers: .largeint
        case .decimals, .noise, .oddFloats: .double
        case .shortDecimals: .float
        case .words, .comments, .randomTexts, .zerosAndOnes, .longTexts, .emptyTexts, .hashes,
            .serials:
            .string
        case .lists: .array(.bigint)
        case .structures:
            .structure([
                StructureField(name: "number", type: .bigint),
                StructureField(name: "text", type: .string),
            ])
        }
    }

    var type: PhysicalType { logicalType.widestPhysicalType }

    func values(_ count: Int, nullRate: Double, seed: UInt64) -> [Value] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { row in
            generator.chance(nullRate) ? .null : value(row, &generator)
        }
    }

    private func value(_ row: Int, _ generator: inout SeededGenerator) -> Value {
        switch self {
        case .constant, .small, .sorted, .jumping, .linear, .outliers, .wide, .extremes, .repeating,
            .runs, .few, .hugeIntegers:
            .integer(integer(row, &generator))
        case .decimals, .shortDecimals, .noise, .oddFloats: .floating(number(&generator))
        case .randomTexts: .bytes((0..<13).map { _ in .random(in: 0...255, using: &generator) })
        case .zerosAndOnes:
            .bytes(
                (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                    .random(in: 0...1, using: &generator)
                })
        case .words, .comments, .longTexts, .emptyTexts, .hashes: .text(text(&generator))
        case .serials:
            .text("\(row % 2)row-\(10_000_000 + row)/\(generator.next() % 90_000 + 10_000)")
        case .lists:
            .list(
                (0..<Int.random(in: 0...4, using: &generator)).map { element in
                    element == 3 ? .null : .integer(Int128(row + element))
                })
        case .structures: .list([.integer(Int128(row)), .text("row \(row % 7)")])
        }
    }

    private func integer(_ row: Int, _ generator: inout SeededGenerator) -> Int128 {
        switch self {
        case .small: Int128(Int.random(in: -3...40, using: &generator))
        case .sorted: Int128(row * 5 + Int.random(in: 0...4, using: &generator))
        case .jumping: Int128(row / 4 + row / 128 * 100_000 - row / 2_000 * 5_000_000)
        case .linear: Int128(row * 7 - 1_000)
        case .outliers:
            generator.chance(0.01)
                ? Int128(Int64.random(in: .min ... .max, using: &generator))
                : Int128(Int.random(in: 0...100, using: &generator))
        case .wide: Int128(Int64.random(in: .min ... .max, using: &generator))
        case .extremes: generator.chance(0.5) ? Int128(Int64.min) : Int128(Int64.max)
        case .repeating: Int128(row / 900 * 1_000_000_007)
        case .runs: Int128(row / 37 % 11 * 123_456_789)
        case .few: [7, 1_000_000, -2_000_000_000, 12_345].randomElement(using: &generator)!
        case .hugeIntegers: (Int128(Int64.random(in: 1...9, using: &generator)) << 90) + Int128(row)
        default: 42
        }
    }

    private func number(_ generator: inout SeededGenerator) -> Double {
        switch self {
        case .decimals: Double(Int.random(in: -99_999...99_999, using: &generator)) / 100
        case .shortDecimals: Double(Float(Int.random(in: 0...999, using: &generator)) / 10)
        case .noise: Double.random(in: -1...1, using: &generator)
        default:
            [0.0, -0.0, .infinity, -.infinity, 1e300, .leastNonzeroMagnitude, 0.1].randomElement(
                using: &generator)!
        }
    }

    private func text(_ generator: inout SeededGenerator) -> String {
        let words = ["quick", "lazy fox", "ä", "", "carefully final deposits"]
        switch self {
        case .words: return words.randomElement(using: &generator)!
        case .comments:
            return (0..<6).map { _ in words.randomElement(using: &generator)! }
                .joined(separator: " ")
        case .longTexts:
            return String(repeating: String(generator.next(), radix: 2), count: 20)
        case .hashes:
            let halves = (0..<2).map { _ in
                String(UInt64.random(in: (1 << 63)...(.max), using: &generator), radix: 16)
            }
            return "sha:" + halves.joined(separator: "-")
        default: return ""
        }
    }
}
