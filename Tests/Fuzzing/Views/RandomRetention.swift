// Makes a table with partitions, views that can tell by their first column of which partition a row came,
// and changes, among them partitions that are dropped and stay in the views.

import StarlingTestSupport

struct RandomRetention {
    private(set) var lines: [String] = []
    private let other: RandomTable
    private let isAutomatic: Bool
    private var manual: [String] = []

    init(_ tables: [RandomTable], _ chance: inout SeededGenerator) {
        other = chance.pick(tables)
        isAutomatic = chance.below(2) == 0
        let ranges = [("p0", Self.range(0)), ("p1", Self.range(1)), ("p2", Self.range(2))]
            .map { "PARTITION \($0.0) VALUES \($0.1)" }.joined(separator: ", ")
        lines.append(
            "CREATE TABLE w (b INT, a INT, c VARCHAR(10), d DECIMAL(10, 2)) PARTITION BY "
                + (isAutomatic ? "b" : "RANGE (b) (\(ranges))"))
        lines.append(insertion(&chance, count: 12))
        for number in 0...(1 + chance.below(4)) {
            let name = "kept\(number)"
            let isManual = chance.below(4) == 0
            lines.append("KEPT \(name) \(isManual ? "MANUAL" : "SYNC") | \(query(&chance))")
            guard isManual else { continue }
            manual.append(name)
            lines.append("REFRESH MATERIALIZED VIEW \(name)")
        }
        for _ in 0..<(8 + chance.below(14)) {
            change(&chance)
            let bound = "b \(chance.pick([">=", "<", "=", "<>"])) \(chance.below(6))"
            let condition = chance.pick(["", " WHERE \(bound)", " WHERE \(bound) AND a > 1"])
            lines.append(
                "QUERY "
                    + chance.pick([
                        "SELECT b, c, count(*), sum(a), min(d) FROM w\(condition) GROUP BY b, c",
                        "SELECT c, sum(a), count(*) FROM w\(condition) GROUP BY c",
                        "SELECT b, a, c FROM w\(condition)",
                    ]))
        }
    }

    private static func range(_ number: Int) -> String {
        ["LESS THAN ('2')", "[('2'), ('4'))", "[('4'), (MAXVALUE))"][number]
    }

    private func insertion(_ chance: inout SeededGenerator, count: Int) -> String {
        let rows = (0..<count).map { _ in
            let key = chance.below(6) == 0 ? "NULL" : RandomKind.int.value(&chance)
            let values = [RandomKind.int, .text, .decimal].map { kind in
                chance.below(6) == 0 ? "NULL" : kind.value(&chance)
            }
            return "(\(([key] + values).joined(separator: ", ")))"
        }
        return "INSERT INTO w (b, a, c, d) VALUES " + rows.joined(separator: ", ")
    }

    /// Makes a query whose rows begin with the key of the partitions that they are made of.
    private func query(_ chance: inout SeededGenerator) -> String {
        let bound = "a > \(chance.below(4))"
        let join = chance.pick(["INNER JOIN", "LEFT JOIN"])
        return chance.pick([
            "SELECT b, c, count(*) AS n, sum(a) AS s, min(d) AS lo, max(a) AS hi FROM w "
                + "GROUP BY b, c",
            "SELECT b, sum(a) AS s, count(*) AS n FROM w WHERE \(bound) GROUP BY b "
                + "HAVING count(*) > 1",
            "SELECT b, count(DISTINCT a) AS n FROM w GROUP BY b",
            "SELECT b, a, c FROM w", "SELECT b, a, c, d FROM w WHERE \(bound)",
            "SELECT DISTINCT b, a FROM w",
            "SELECT w.b, w.a, x.c FROM w \(join) \(other.name) AS x ON w.a = x.a",
            "SELECT w.b, x.c, count(*) AS n, max(x.b) AS hi FROM w \(join) \(other.name) AS x "
                + "ON w.a = x.a GROUP BY w.b, x.c",
            "SELECT b, a, rank() OVER (PARTITION BY b ORDER BY a) AS place FROM w",
            "SELECT b, a FROM w UNION ALL SELECT b, a FROM \(other.name)",
            "SELECT x.b, x.a, y.c FROM w AS x INNER JOIN w AS y ON x.b = y.b AND x.a < y.a",
            "SELECT x.b, x.a, q.n FROM \(other.name) AS x "
                + "LEFT JOIN (SELECT b, count(*) AS n FROM w GROUP BY b) AS q ON x.b = q.b",
            "SELECT x.b, x.a FROM \(other.name) AS x LEFT ANTI JOIN w ON x.b = w.b",
            "SELECT b FROM w EXCEPT SELECT b FROM \(other.name)",
        ])
    }

    private mutating func change(_ chance: inout SeededGenerator) {
        switch chance.below(16) {
        case 0...4: lines.append(insertion(&chance, count: 1 + chance.below(5)))
        case 5: lines.append("DELETE FROM w WHERE a = \(chance.below(6))")
        case 6: lines.append("UPDATE w SET a = \(chance.below(6)) WHERE b = \(chance.below(6))")
        case 7: lines.append("UPDATE \(other.name) SET b = \(chance.below(6)) WHERE a < 3")
        case 8: lines.append("DELETE FROM \(other.name) WHERE a = \(chance.below(6))")
        case 9: lines.append("REOPEN")
        case 10:
            let name = manual.isEmpty ? "kept0" : chance.pick(manual)
            lines.append(
                "REFRESH MATERIALIZED VIEW \(name)" + (chance.below(2) == 0 ? " FORCE" : ""))
        case 11:
            lines.append(chance.below(3) == 0 ? "TRUNCATE TABLE w" : "OPTIMIZE TABLE w")
        case 12 where !isAutomatic:
            let number = chance.below(3)
            lines.append("ALTER TABLE w ADD PARTITION p\(number) VALUES \(Self.range(number))")
        case 13: lines.append("ALTER TABLE w DROP PARTITION p\(chance.below(isAutomatic ? 6 : 3))")
        default:
            if chance.below(2) == 0 {
                lines += manual.map { "REFRESH MATERIALIZED VIEW \($0)" }
            }
            let number = chance.below(isAutomatic ? 6 : 3)
            let keys = isAutomatic ? "\(number)" : ["NULL 0 1", "2 3", "4 5"][number]
            lines.append("RETAIN w p\(number) \(keys)")
        }
    }
}
