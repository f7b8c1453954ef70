// The tables that random queries are about: no rows, one, a few, and more than a chunk holds; with
// NULLs, repeated values and keys that other tables lack.

import StarlingTestSupport

/// Names the kinds of values that a column or an expression can have.
enum ValueKind: CaseIterable {
    case integer, decimal, real, text, date, flag
}

/// Names a column that a query can refer to.
struct RandomColumn {
    var name: String
    var kind: ValueKind
}

/// Describes a table and writes its rows.
struct RandomTable {
    let name: String
    let rowCount: Int
    static let columns = [
        RandomColumn(name: "id", kind: .integer), RandomColumn(name: "few", kind: .integer),
        RandomColumn(name: "wide", kind: .integer), RandomColumn(name: "price", kind: .decimal),
        RandomColumn(name: "ratio", kind: .real), RandomColumn(name: "label", kind: .text),
        RandomColumn(name: "note", kind: .text), RandomColumn(name: "day", kind: .date),
        RandomColumn(name: "flag", kind: .flag),
    ]

    static let all = [
        RandomTable(name: "none", rowCount: 0), RandomTable(name: "single", rowCount: 1),
        RandomTable(name: "some", rowCount: 40), RandomTable(name: "more", rowCount: 60),
        RandomTable(name: "many", rowCount: 3_000),
    ]

    /// Those that may be joined without a key.
    static let small = all.filter { $0.rowCount <= 60 }

    /// The statements that make the table.
    func statements(_ generator: inout SeededGenerator) -> [String] {
        var result = [
            """
            CREATE TABLE `\(name)` (id INT NOT NULL, few TINYINT, wide BIGINT, \
            price DECIMAL(9,2), ratio DOUBLE, label VARCHAR, note VARCHAR, day DATE, flag BOOLEAN)
            """
        ]
        for start in stride(from: 0, to: rowCount, by: 500) {
            let rows = (start..<min(rowCount, start + 500)).map { row(Int($0), &generator) }
            result.append("INSERT INTO `\(name)` VALUES " + rows.joined(separator: ", "))
        }
        return result
    }

    private func row(_ id: Int, _ generator: inout SeededGenerator) -> String {
        let letters = ["a", "b", "ab", "", "ä", "zebra", "a_b%"]
        var values = [
            "\(Int.random(in: 0...5, using: &generator))",
            "\(Int64.random(in: -4_000_000_000...4_000_000_000, using: &generator))",
            "\(Int.random(in: -99...99, using: &generator)).\(id % 2 == 0 ? "25" : "50")",
            "\(Double(Int.random(in: -40...40, using: &generator)) / 4)",
            "'\(letters.randomElement(using: &generator)!)'",
            "'note \(Int.random(in: 0...rowCount * 2, using: &generator))'",
            "DATE '2024-0\(Int.random(in: 1...9, using: &generator))-1\(id % 10)'",
            Bool.random(using: &generator) ? "TRUE" : "FALSE",
        ]
        for position in values.indices where Int.random(in: 0..<8, using: &generator) == 0 {
            values[position] = "NULL"
        }
        return "(" + (["\(id)"] + values).joined(separator: ", ") + ")"
    }
}
