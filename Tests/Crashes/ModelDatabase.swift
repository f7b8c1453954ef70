// What a database must hold: the model that it is compared with after a crash.

import Starling
import StarlingTestSupport

/// Knows what is in a database: of each table the numbers of its rows, and the names of views.
package struct ModelDatabase: Equatable {
    var tables: [String: [Int64]] = [:]
    /// The value of column c, in tables that have it.
    var extras: [String: Int64] = [:]
    /// The tables whose primary key column a is.
    var keyed: Set<String> = []
    /// The tables that are partitioned by a mod 3.
    var partitioned: Set<String> = []
    var views: Set<String> = []
    /// Materialized views; `m_t` counts the rows of table t as long as it is there.
    var materialized: Set<String> = []
    /// What RECOVER TABLE would bring back.
    var remembered = Remembered()

    package init() {}

    /// Is the table that was dropped last, of which a database shows nothing.
    struct Remembered: Equatable {
        var table: (name: String, rows: [Int64], extra: Int64?, isKeyed: Bool, isCut: Bool)?

        static func == (left: Remembered, right: Remembered) -> Bool { true }
    }

    var rowCount: Int { tables.values.reduce(0) { $0 + $1.count } }

    /// Brings back the table that was dropped last, and says which; nil where its name is taken.
    mutating func recover() -> String? {
        guard let table = remembered.table, tables[table.name] == nil else { return nil }
        tables[table.name] = table.rows
        extras[table.name] = table.extra
        if table.isKeyed { keyed.insert(table.name) }
        if table.isCut { partitioned.insert(table.name) }
        remembered.table = nil
        return table.name
    }

    /// Forgets a table, which RECOVER brings back unless it goes for good.
    mutating func forget(_ table: String, forGood: Bool = false) {
        if let rows = tables[table], !forGood {
            remembered.table = (
                table, rows, extras[table], keyed.contains(table), partitioned.contains(table)
            )
        }
        tables[table] = nil
        extras[table] = nil
        keyed.remove(table)
        partitioned.remove(table)
    }

    /// Says what is here otherwise than in another.
    func difference(from other: ModelDatabase) -> String {
        let names = Set(tables.keys).union(other.tables.keys).sorted()
        let counts = names.compactMap { name -> String? in
            let isSame =
                tables[name] == other.tables[name] && extras[name] == other.extras[name]
                && keyed.contains(name) == other.keyed.contains(name)
                && partitioned.contains(name) == other.partitioned.contains(name)
            guard !isSame else { return nil }
            return "\(name): \(tables[name]?.count ?? -1) rows of "
                + "\(other.tables[name]?.count ?? -1)"
        }
        return "\(counts), views \(views.sorted()) of \(other.views.sorted()), materialized "
            + "\(materialized.sorted()) of \(other.materialized.sorted())"
    }
}

extension ModelDatabase {
    /// Reads what a database holds.
    package init(reading session: Session) throws {
        self.init()
        let names = try session.execute(
            "SELECT table_name, table_type FROM information_schema.tables "
                + "WHERE table_schema = 'main'")
        for (name, type) in zip(names.texts(0), names.texts(1)) {
            guard let name else { continue }
            if type == "VIEW" {
                views.insert(name)
            } else if type == "MATERIALIZED VIEW" {
                materialized.insert(name)
            } else {
                // Texts are what the numbers make them.
                let rows = try session.execute(
                    "SELECT a FROM \(name) WHERE b = concat('text ', a) OR b = \(Workload.text("a")) "
                        + "ORDER BY a")
                tables[name] = try rows.integers(0).map { $0 ?? -1 }
                let all = try session.execute("SELECT count(*) FROM \(name)").integers(0)[0]
                if all != Int64(rows.rowCount) { tables[name] = nil }
                try readExtra(of: name, session)
                try readIndexed(name, session)
                let definition = try session.execute("SHOW CREATE TABLE \(name)").texts(1)[0]
                if definition?.contains("JSON") == true { try readDocuments(of: name, session) }
                if definition?.contains("PRIMARY KEY") == true { keyed.insert(name) }
                if definition?.contains("PARTITION BY") == true {
                    partitioned.insert(name)
                    try readPartitions(of: name, session)
                }
            }
        }
        for name in materialized { try check(name, session) }
    }

    /// A materialized view that is kept has the groups that its table has.
    private mutating func check(_ view: String, _ session: Session) throws {
        let active = try session.execute(
            "SELECT count(*) FROM information_schema.materialized_views "
                + "WHERE TABLE_NAME = '\(view)' AND IS_ACTIVE = 'true'")
        guard try active.integers(0) == [1] else { return }
        let table = String(view.dropFirst(2))
        let groups =
            "SELECT mod(a, 100) AS k, count(*) AS n, max(a) AS last FROM \(table) "
            + "GROUP BY mod(a, 100)"
        _ = try session.execute("SET enable_materialized_view_rewrite = false")
        for (some, others) in [
            (groups, "SELECT * FROM \(view)"), ("SELECT * FROM \(view)", groups),
        ] {
            let differing = try session.execute("\(some) EXCEPT ALL \(others)")
            if differing.rowCount > 0 { tables[table] = nil }
        }
    }

    /// All documents have the values of their rows.
    private mutating func readDocuments(of name: String, _ session: Session) throws {
        let same = try session.execute(
            "SELECT count(*) FROM \(name) WHERE get_json_int(j, 'a') = a AND j ->> 'o.b' = b "
                + "AND json_length(j) = 2"
        ).integers(0)[0]
        if same != Int64(tables[name]?.count ?? -1) { tables[name] = nil }
    }

    /// Each partition has the rows that it is of, and all of them.
    private mutating func readPartitions(of name: String, _ session: Session) throws {
        let all = try session.execute(
            "SELECT PARTITION_NAME, ROW_COUNT FROM information_schema.partitions_meta "
                + "WHERE TABLE_NAME = '\(name)'")
        for (partition, count) in try zip(all.texts(0), all.integers(1)) {
            let part = Int64((partition ?? "p0").dropFirst()) ?? 0
            let found = try session.execute(
                "SELECT count(*) FROM \(name) PARTITION (\(partition ?? "")) "
                    + "WHERE mod(a + 3, 3) = \(part)"
            ).integers(0)[0]
            if found != count { tables[name] = nil }
        }
        if try all.integers(1).reduce(0, { $0 + ($1 ?? 0) }) != Int64(tables[name]?.count ?? -1) {
            tables[name] = nil
        }
    }

    /// Indexes find the rows that are there.
    private mutating func readIndexed(_ name: String, _ session: Session) throws {
        let counts = try ["b MATCH 'text'", "b LIKE 'text %'", "b LIKE '%ext %'"].map {
            try session.execute("SELECT count(*) FROM \(name) WHERE \($0)").integers(0)[0]
        }
        let sums = try ["a = -1", "a + 0 = -1"].map {
            try session.execute("SELECT count(*) FROM \(name) WHERE \($0)").integers(0)[0]
        }
        if Set(counts).count > 1 || Set(sums).count > 1 { tables[name] = nil }
    }

    /// All rows of a table have the DEFAULT of column c, which came to the first of them later.
    private mutating func readExtra(of name: String, _ session: Session) throws {
        let found = try session.execute(
            "SELECT column_default FROM information_schema.columns "
                + "WHERE table_schema = 'main' AND table_name = '\(name)' AND column_name = 'c'")
        guard found.rowCount == 1, let text = found.texts(0)[0] else { return }
        extras[name] = Int64(text)
        let others = try session.execute(
            "SELECT count(*) FROM \(name) WHERE c <> \(text) OR c IS NULL"
        ).integers(0)[0]
        if others != 0 { tables[name] = nil }
    }
}
