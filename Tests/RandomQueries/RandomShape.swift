// Queries of shapes that no plain SELECT has: ASOF joins, joins over ranges, PIVOT, UNPIVOT, merged
// columns, lists and lambdas, LATERAL, recursion.

extension RandomQuery {
    /// Writes one of them.
    mutating func shape() -> String {
        let (left, right) = (pick(RandomTable.all).name, pick(RandomTable.all).name)
        switch number(in: 0..<8) {
        case 0: return asof(left, right)
        case 1: return ranges(pick(RandomTable.small).name, right)
        case 2: return pivot(left)
        case 3: return unpivot(left)
        case 4: return merged(left, right)
        case 5: return lists(left)
        case 6:
            return "SELECT l.id, q.n FROM `\(left)` AS l LEFT JOIN LATERAL (SELECT r.id AS n "
                + "FROM `\(right)` AS r WHERE r.few = l.few ORDER BY r.id \(pick(["", "DESC"])) "
                + "LIMIT \(number(in: 1..<4))) AS q ON TRUE"
        default:
            return "WITH RECURSIVE walk AS (SELECT id, few FROM `\(pick(RandomTable.small).name)` "
                + "UNION SELECT t.id, t.few FROM walk JOIN `\(pick(RandomTable.small).name)` AS t "
                + "ON t.id = walk.few + \(number(in: 0..<3))) SELECT id, few FROM walk"
        }
    }

    /// The numbers of the right side are unique, so that there is one nearest row.
    private mutating func asof(_ left: String, _ right: String) -> String {
        let keys = pick(["", "l.few = r.few AND ", "l.label = r.label AND "])
        let moment = pick(["l.id", "l.few * 5", "l.wide", "l.id + l.few"])
        return "SELECT l.id, r.id, r.note, r.price FROM `\(left)` AS l ASOF \(pick(["", "LEFT"])) "
            + "JOIN `\(right)` AS r ON \(keys)\(moment) \(pick([">=", ">", "<=", "<"])) r.id"
    }

    private mutating func ranges(_ left: String, _ right: String) -> String {
        let column = pick(["id", "few", "price", "ratio"])
        let other = pick(["id", "few", "price", "ratio"])
        let width = number(in: 0..<20)
        let condition = pick([
            "l.\(column) BETWEEN r.\(column) AND r.\(column) + \(width)",
            "l.\(column) > r.\(column) - \(width) AND l.\(column) < r.\(column) + \(width)",
            "l.\(column) <= r.\(column) + \(width) AND l.\(other) >= r.\(other)",
            "l.day BETWEEN r.day AND r.day + INTERVAL \(width) DAY",
            "l.\(column) < r.\(column)",
        ])
        if chance(1, of: 3) {
            return "SELECT l.id, l.note FROM `\(left)` AS l WHERE \(pick(["", "NOT "]))EXISTS "
                + "(SELECT 1 FROM `\(right)` AS r WHERE \(condition))"
        }
        return "SELECT count(*), sum(l.id), sum(r.id), max(r.note) FROM `\(left)` AS l "
            + "\(pick(["INNER", "LEFT", "RIGHT", "FULL"])) JOIN `\(right)` AS r ON \(condition)"
    }

    private mutating func pivot(_ table: String) -> String {
        let function = pick(["sum", "max", "min", "count"])
        return "SELECT * FROM (SELECT \(pick(["flag", "day", "label AS other"])), few, price "
            + "FROM `\(table)`) AS s PIVOT (\(function)(price) AS p, count(*) AS n "
            + "FOR few IN (0, 1, \(number(in: 2..<9)))) AS p"
    }

    private mutating func unpivot(_ table: String) -> String {
        "SELECT * FROM (SELECT id, few, wide, label FROM `\(table)`) AS s "
            + "UNPIVOT \(pick(["", "INCLUDE NULLS "]))(value FOR name IN (few, wide))"
    }

    private mutating func merged(_ left: String, _ right: String) -> String {
        let kind = pick(["INNER", "LEFT", "RIGHT", "FULL"])
        return pick([
            "SELECT * EXCLUDE (day) FROM (SELECT id, few, day FROM `\(left)`) AS l NATURAL \(kind) "
                + "JOIN (SELECT id, few, note FROM `\(right)`) AS r",
            "SELECT id, l.note, r.note FROM `\(left)` AS l \(kind) JOIN `\(right)` AS r USING (id)",
            "SELECT id, count(*), max(r.wide) FROM `\(left)` AS l \(kind) JOIN `\(right)` AS r "
                + "USING (id) GROUP BY ALL",
        ])
    }

    private mutating func lists(_ table: String) -> String {
        let low = number(in: 0..<4)
        return pick([
            "SELECT id, u.x FROM `\(table)` AS t, unnest([few, \(low), wide]) AS u(x)",
            "SELECT few, array_sort(array_agg(id)) FROM `\(table)` GROUP BY few",
            "SELECT id, array_filter(x -> x > \(low), [few, id]), map{id: label} FROM `\(table)`",
            "SELECT id, array_map((x, y) -> x + y, [few, 1], [id, \(low)]) FROM `\(table)`",
            "SELECT row(few, label), count(*) FROM `\(table)` GROUP BY row(few, label)",
        ])
    }
}
