// Makes a table that two views feed, and the query whose rows it is to have.

import StarlingTestSupport

struct RandomFedTable {
    private(set) var lines: [String]

    init(_ tables: [RandomTable], _ chance: inout SeededGenerator) {
        let (first, second) = (chance.pick(tables), chance.pick(tables))
        let condition = "b \(chance.pick(["<", ">=", "<>"])) \(RandomKind.int.value(&chance))"
        let columns: String
        let views: [String]
        let query: String
        switch chance.below(3) {
        case 0:
            columns = "(k INT, x BIGINT, y INT DEFAULT 5)"
            views = [
                "SELECT a AS k, b AS x FROM \(first.name)",
                "SELECT b AS k, a AS y FROM \(second.name) WHERE \(condition)",
            ]
            query =
                "SELECT a, b, 5 FROM \(first.name) UNION ALL "
                + "SELECT b, NULL, a FROM \(second.name) WHERE \(condition)"
        case 1:
            columns = "(k INT NOT NULL, x BIGINT, y INT, z INT DEFAULT 5) PRIMARY KEY (k)"
            views = [
                "SELECT a AS k, count(*) AS x FROM \(first.name) WHERE a IS NOT NULL GROUP BY a",
                "SELECT b AS k, max(a) AS y FROM \(second.name) WHERE \(condition) GROUP BY b",
            ]
            query =
                "SELECT coalesce(p.k, q.k), p.x, q.y, 5 FROM (\(views[0])) AS p "
                + "FULL JOIN (\(views[1])) AS q ON p.k = q.k"
        default:
            columns = "(k INT, x BIGINT SUM, y INT MAX) AGGREGATE KEY (k)"
            views = [
                "SELECT a AS k, b AS x FROM \(first.name)",
                "SELECT b AS k, a AS x, a AS y FROM \(second.name) WHERE \(condition)",
            ]
            query =
                "SELECT k, sum(x), max(y) FROM (SELECT a AS k, b AS x, NULL AS y FROM \(first.name) "
                + "UNION ALL \(views[1])) AS every GROUP BY k"
        }
        lines = ["CREATE TABLE fed \(columns)"]
        for (number, view) in views.enumerated() {
            lines.append("CREATE MATERIALIZED VIEW feeder\(number) INTO fed AS \(view)")
        }
        lines.append("COMPARE fed | \(query)")
    }
}
