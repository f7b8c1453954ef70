// Makes scripts of tables, views and changes. Values come from small domains, so that keys meet, rows
// repeat and groups become empty.

import StarlingTestSupport

struct ViewScriptMaker {
    var chance: SeededGenerator
    private var tables: [RandomTable] = []
    private var viewNames: [(name: String, isSynchronous: Bool)] = []
    /// The views that are partitioned, and what by.
    private var partitioned: [(name: String, column: RandomColumn)] = []
    private var sources: [RandomRelation] = []
    private var nextName = 0
    /// The queries of views, and a column of each.
    private var queries: [(sql: String, column: RandomColumn?)] = []
    /// Is read from files.
    private var lake: RandomTable?
    /// True where the disk may end at any statement.
    private var crashes = false

    init(_ chance: SeededGenerator) { self.chance = chance }

    mutating func lines() -> [String] {
        var lines: [String] = []
        crashes = chance.below(4) == 0
        if crashes {
            lines.append("DISK")
        } else if chance.below(3) == 0 {
            lines.append("STORED")
        }
        lines += settings()
        for number in 0..<3 {
            let table = RandomTable(number, &chance)
            tables.append(table)
            sources.append(table.relation)
            lines.append(table.definition)
            lines.append(insertion(into: table, count: 12))
        }
        // Files would be on the disk that fails.
        if !crashes, chance.below(3) == 0 {
            let lake = RandomTable(named: "lake", &chance)
            self.lake = lake
            sources += [lake.relation, lake.relation]
            lines.append(file(of: lake, as: "FILE"))
            if chance.below(2) == 0 { lines.append(viewByFolders(of: lake)) }
        }
        for number in 0...chance.below(4) { lines.append(view("mv\(number)")) }
        if chance.below(3) == 0 { lines += RandomFedTable(tables, &chance).lines }
        var rollUps: [RandomRollUp] = []
        for number in 0..<chance.below(4) {
            let relations = (tables + [lake].compactMap(\.self)).map(\.relation)
            rollUps.append(RandomRollUp(relations, &chance))
            let isSynchronous = !readsFiles(rollUps[number].view) && chance.below(2) == 0
            if !isSynchronous { viewNames.append(("r\(number)", false)) }
            lines.append(
                "VIEW r\(number) \(isSynchronous ? "SYNC" : "MANUAL") | \(rollUps[number].view)")
            if !isSynchronous { lines.append("REFRESH MATERIALIZED VIEW r\(number)") }
        }
        for _ in 0..<(6 + chance.below(14)) {
            lines += change().map { crashing($0) }
            for place in rollUps.indices {
                lines.append("QUERY \(rollUps[place].query(&chance))")
            }
            if chance.below(3) == 0 { lines.append("QUERY \(query())") }
        }
        if chance.below(3) == 0 { lines += RandomRetention(tables, &chance).lines }
        return lines
    }

    private mutating func settings() -> [String] {
        var lines: [String] = []
        if chance.below(4) == 0 { lines.append("SET batch_size = 3") }
        if !crashes, chance.below(8) == 0 { lines.append("SET force_spill = true") }
        if chance.below(8) == 0 { lines.append("SET hash_zero = true") }
        if chance.below(6) == 0 { lines.append("SET enable_optimizer = false") }
        if chance.below(6) == 0 { lines.append("SET enable_automatic_compaction = false") }
        return lines
    }

    private mutating func view(_ name: String) -> String {
        var query = RandomViewQuery(sources, chance)
        let (sql, columns) = query.make(depth: 2)
        chance = query.chance
        queries.append((sql, columns.first))
        let isSynchronous = !readsFiles(sql) && chance.below(5) > 0
        viewNames.append((name, isSynchronous))
        // A view that is refreshed later is no source, since what it has is not what its query gives.
        if isSynchronous { sources.append(RandomRelation(name: name, columns: columns)) }
        let scheme = isSynchronous ? "SYNC" : "MANUAL"
        guard chance.below(3) == 0, let column = columns.first else {
            return "VIEW \(name) \(scheme) | \(sql)"
        }
        partitioned.append((name, column))
        return "VIEW \(name) \(scheme) BY \(column.name) | \(sql)"
    }

    /// Makes a query that has that of a view in it.
    private mutating func query() -> String {
        let (sql, column) = chance.pick(queries)
        guard let column, chance.below(3) > 0 else { return sql }
        let condition =
            "q.\(column.name) \(chance.pick(["=", ">", "<>"])) \(value(of: column, isNull: false))"
        switch chance.below(3) {
        case 0: return "SELECT * FROM (\(sql)) AS q WHERE \(condition)"
        case 1:
            return "SELECT q.\(column.name), count(*) FROM (\(sql)) AS q GROUP BY q.\(column.name)"
        default: return "SELECT DISTINCT q.\(column.name) FROM (\(sql)) AS q WHERE \(condition)"
        }
    }

    /// Makes a view whose partitions are made of the rows of a folder each.
    private mutating func viewByFolders(of lake: RandomTable) -> String {
        partitioned.append(("folders", lake.columns[1]))
        viewNames.append(("folders", false))
        let (filter, join) = (chance.pick(["", " WHERE l.a > 1"]), chance.below(3) == 0)
        let other = chance.pick(tables).name
        let query =
            join
            ? "SELECT l.b, l.c, x.a FROM \(lake.name) AS l LEFT JOIN \(other) AS x ON l.a = x.a"
            : "SELECT l.b, count(*) AS n, sum(l.a) AS s, max(l.c) AS hi FROM \(lake.name) AS l"
        return "VIEW folders MANUAL BY b | \(query)\(filter)\(join ? "" : " GROUP BY l.b")"
    }

    private func readsFiles(_ query: String) -> Bool {
        lake.map { query.contains("\($0.name) AS") } ?? false
    }

    // MARK: Changes

    /// Has the disk end at some statements.
    private mutating func crashing(_ line: String) -> String {
        let isOfDatabase = [
            "INSERT", "DELETE", "UPDATE", "MERGE", "COMMIT", "TRUNCATE", "OPTIMIZE", "ALTER",
            "REFRESH",
        ].contains { line.hasPrefix($0) }
        guard crashes, isOfDatabase, chance.below(3) == 0 else { return line }
        return "CRASH \(chance.below(30)) \(line)"
    }

    private mutating func change() -> [String] {
        let table = chance.pick(tables)
        if chance.below(6) == 0, !partitioned.isEmpty {
            let (name, column) = chance.pick(partitioned)
            return ["PARTITION \(name) \(value(of: column))"]
        }
        if let lake, chance.below(3) == 0 {
            if chance.below(8) == 0 { return ["LOSE \(lake.name)"] }
            return [file(of: lake, as: chance.below(6) == 0 ? "REWRITE" : "FILE")]
                + (refresh().map { [$0] } ?? [])
        }
        switch chance.below(22) {
        case 0...6: return [insertion(into: table, count: 1 + chance.below(6))]
        case 7...10: return [deletion(from: table)]
        case 11...13: return [update(of: table)]
        case 14: return [merge(into: table)]
        case 15:
            let rows = "SELECT * FROM \(table.name) WHERE \(condition(on: table))"
            return table.hasKey ? [] : ["INSERT INTO \(table.name) \(rows)"]
        case 16:
            var lines = ["BEGIN"]
            for _ in 0...chance.below(4) {
                let other = chance.pick(tables)
                switch chance.below(3) {
                case 0: lines.append(insertion(into: other, count: 2))
                case 1: lines.append(deletion(from: other))
                default: lines.append(update(of: other))
                }
            }
            return lines + [chance.below(4) == 0 ? "ROLLBACK" : "COMMIT"]
        case 17: return ["REOPEN"]
        case 18:
            return chance.below(4) == 0
                ? ["TRUNCATE TABLE \(table.name)"]
                : ["INSERT OVERWRITE \(table.name) \(values(of: table, count: 3))"]
        case 19: return ["OPTIMIZE TABLE \(table.name)"]
        case 20:
            nextName += 1
            return ["ALTER TABLE \(table.name) ADD COLUMN z\(nextName) INT DEFAULT 7"]
        default:
            return [refresh() ?? insertion(into: table, count: 3)]
        }
    }

    /// Refreshes one of the views that are not kept in commits; nil where there is none.
    private mutating func refresh() -> String? {
        let manual = viewNames.filter { !$0.isSynchronous }
        guard !manual.isEmpty else { return nil }
        return "REFRESH MATERIALIZED VIEW \(chance.pick(manual).name)"
            + (chance.below(4) == 0 ? " FORCE" : "")
    }

    private mutating func values(of table: RandomTable, count: Int) -> String {
        let rows = (0..<count).map { _ in
            "(" + table.columns.map { value(of: $0) }.joined(separator: ", ") + ")"
        }
        return "VALUES " + rows.joined(separator: ", ")
    }

    /// Makes a file of a few rows.
    private mutating func file(of lake: RandomTable, as line: String) -> String {
        let rows = (0...chance.below(6)).map { _ in
            "SELECT "
                + lake.columns.map { "CAST(\(value(of: $0)) AS \($0.kind.name)) AS \($0.name)" }
                .joined(separator: ", ")
        }
        return "\(line) \(lake.name) \(rows.joined(separator: " UNION ALL "))"
    }

    private mutating func insertion(into table: RandomTable, count: Int) -> String {
        let names = table.columns.map(\.name).joined(separator: ", ")
        return "INSERT INTO \(table.name) (\(names)) \(values(of: table, count: count))"
    }

    private mutating func deletion(from table: RandomTable) -> String {
        if chance.below(12) == 0 { return "DELETE FROM \(table.name) WHERE TRUE" }
        return "DELETE FROM \(table.name) WHERE \(condition(on: table))"
    }

    private mutating func update(of table: RandomTable) -> String {
        let column = chance.pick(table.columns.dropFirst(table.hasKey ? 1 : 0))
        return "UPDATE \(table.name) SET \(column.name) = \(value(of: column)) "
            + "WHERE \(condition(on: table))"
    }

    private mutating func merge(into table: RandomTable) -> String {
        let names = table.columns.map(\.name)
        let set = chance.pick(table.columns.dropFirst(1)).name
        let rows = (0..<3).map { _ in
            "SELECT "
                + table.columns.map { "\(value(of: $0)) AS \($0.name)" }
                .joined(separator: ", ")
        }
        return
            "MERGE INTO \(table.name) AS w USING (\(rows.joined(separator: " UNION ALL "))) AS n "
            + "ON w.\(names[0]) = n.\(names[0]) "
            + "WHEN MATCHED AND w.\(names[1]) > 2 THEN DELETE "
            + "WHEN MATCHED THEN UPDATE SET \(set) = n.\(set) "
            + "WHEN NOT MATCHED THEN INSERT (\(names.joined(separator: ", "))) "
            + "VALUES (\(names.map { "n.\($0)" }.joined(separator: ", ")))"
    }

    private mutating func condition(on table: RandomTable) -> String {
        let column = chance.pick(table.columns)
        switch chance.below(4) {
        case 0: return "\(column.name) = \(value(of: column, isNull: false))"
        case 1: return "\(column.name) > \(value(of: column, isNull: false))"
        case 2: return "\(column.name) IS NULL"
        default: return "\(column.name) <= \(value(of: column, isNull: false))"
        }
    }

    private mutating func value(of column: RandomColumn, isNull: Bool? = nil) -> String {
        if column.isNullable, isNull ?? (chance.below(6) == 0) { return "NULL" }
        return column.kind.value(&chance)
    }
}
