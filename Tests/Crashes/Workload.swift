// Random statements that are right for what a database holds.

import StarlingTestSupport

/// Makes statements that are right for what there is.
package struct Workload {
    private var generator: SeededGenerator
    private var lastNumber: Int64 = 0
    /// Times more rows than fill a block of the log.
    private let rowFactor: Int

    package init(seed: UInt64, rowFactor: Int = 1) {
        generator = SeededGenerator(seed: seed)
        self.rowFactor = rowFactor
    }

    /// Returns a statement that drops the largest table.
    static func clearing(_ model: ModelDatabase) -> (sql: String, after: ModelDatabase) {
        let largest = model.tables.max { ($0.value.count, $0.key) < ($1.value.count, $1.key) }
        var after = model
        after.forget(largest!.key, forGood: true)
        return ("DROP TABLE \(largest!.key) FORCE", after)
    }

    /// Returns a statement and what there is once it is done.
    package mutating func next(in model: ModelDatabase) -> (sql: String, after: ModelDatabase) {
        var after = model
        let names = model.tables.keys.sorted()
        guard let table = names.randomElement(using: &generator), !generator.chance(0.12) else {
            let name = "t\(Int.random(in: 0..<1_000, using: &generator))"
            guard model.tables[name] == nil else { return next(in: model) }
            after.tables[name] = []
            return (creation(of: name), after)
        }
        switch Int.random(in: 0..<160, using: &generator) {
        case 145...: return (nextRepacking(of: table), model)
        case 135...: return nextPartitions(of: table, in: model)
        case 125...: return nextKeyedTable(in: model)
        case 115...: return nextTransaction(on: table, in: model)
        case 100...: return nextAlteration(of: table, in: model)
        case 89..<93 where model.keyed.contains(table): return next(in: model)
        case 0..<45 where model.keyed.contains(table): return nextUpsert(into: table, in: model)
        case 0..<45:
            let rows = numbers(Int.random(in: 1...4, using: &generator))
            after.tables[table]! += rows
            let values = rows.map { "(\($0), 'text \($0)')" }.joined(separator: ", ")
            if generator.chance(0.2) {
                let label = "WITH LABEL l\(rows[0])"
                return ("INSERT INTO \(table) \(label) (a, b) VALUES \(values)", after)
            }
            return ("INSERT INTO \(table) (a, b) VALUES \(values)", after)
        case 45..<65:
            // More than fits the log: these rows get a file.
            let rows = numbers(3_000 * rowFactor)
            after.tables[table]! += rows
            return ("INSERT INTO \(table) (a, b) \(Self.query(rows))", after)
        case 65..<75:
            let rows = numbers(Int.random(in: 1...3_000 * rowFactor, using: &generator))
            after.tables[table] = rows
            return ("INSERT OVERWRITE \(table) (a, b) \(Self.query(rows))", after)
        case 75..<80:
            after.tables[table] = []
            return ("TRUNCATE TABLE \(table)", after)
        case 80..<84:
            if generator.chance(0.5), let name = after.recover() {
                return ("RECOVER TABLE \(name)", after)
            }
            let forGood = generator.chance(0.3)
            after.forget(table, forGood: forGood)
            return ("DROP TABLE \(table)\(forGood ? " FORCE" : "")", after)
        case 84..<89:
            after.tables[table]!.removeAll { $0 % 3 == 0 }
            return ("DELETE FROM \(table) WHERE a % 3 = 0", after)
        case 89..<93:
            after.tables[table]!.indices.forEach { place in
                if after.tables[table]![place] % 50 == 0 { after.tables[table]![place] = -1 }
            }
            after.tables[table]!.sort()
            return ("UPDATE \(table) SET a = -1, b = 'text -1' WHERE a % 50 = 0", after)
        case 93..<96:
            let rows = numbers(2_500 * rowFactor)
            let name = "c\(rows[0])"
            after.tables[name] = rows
            return ("CREATE TABLE \(name) AS \(Self.query(rows))", after)
        default:
            return nextDescription(of: table, in: model)
        }
    }

    private mutating func creation(of name: String) -> String {
        let orders = ["", " ORDER BY (b)", " ORDER BY zorder(a, b)"]
        let order = orders.randomElement(using: &generator)!
        let filtered = name.hasSuffix("3") ? " PROPERTIES ('bloom_filter_columns' = 'b')" : ""
        // Documents whose paths are columns.
        let documents =
            name.hasSuffix("5")
            ? ", j JSON AS (json_object('a', a, 'o', json_object('b', b)))" : ""
        return "CREATE TABLE \(name) (a BIGINT, b STRING\(documents))\(order)\(filtered)"
    }

    /// Makes statistics or a view of a table.
    private mutating func nextDescription(
        of table: String, in model: ModelDatabase
    ) -> (sql: String, after: ModelDatabase) {
        var after = model
        if lastNumber % 3 == 0 { return ("ANALYZE TABLE \(table)", after) }
        if lastNumber % 3 == 1, !model.materialized.contains("m_\(table)") {
            after.materialized.insert("m_\(table)")
            return (
                "CREATE MATERIALIZED VIEW m_\(table) AS "
                    + "SELECT mod(a, 100) AS k, count(*) AS n, max(a) AS last FROM \(table) "
                    + "GROUP BY mod(a, 100)", after
            )
        }
        let name = "v\(Int.random(in: 0..<5, using: &generator))"
        after.views.insert(name)
        return ("CREATE OR REPLACE VIEW \(name) AS SELECT a FROM \(table)", after)
    }

    /// Makes a table that has each key once.
    private mutating func nextKeyedTable(
        in model: ModelDatabase
    ) -> (sql: String, after: ModelDatabase) {
        var after = model
        let name = "p\(numbers(1)[0])"
        let rows = numbers(2_000 * rowFactor)
        after.tables[name] = rows
        after.keyed.insert(name)
        return ("CREATE TABLE \(name) PRIMARY KEY (a) AS \(Self.query(rows))", after)
    }

    /// Makes a table with partitions, or changes one.
    private mutating func nextPartitions(
        of table: String, in model: ModelDatabase
    ) -> (sql: String, after: ModelDatabase) {
        var after = model
        guard let other = model.partitioned.sorted().first else {
            let name = "q\(numbers(1)[0])"
            let rows = numbers(2_600 * rowFactor)
            after.tables[name] = rows
            after.partitioned.insert(name)
            return (
                "CREATE TABLE \(name) PARTITION BY mod(a + 3, 3) AS \(Self.query(rows))", after
            )
        }
        let part = Int64.random(in: 0..<3, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0:
            after.tables[other]!.removeAll { ($0 + 3) % 3 == part }
            return ("ALTER TABLE \(other) DROP PARTITIONS IF EXISTS (p\(part))", after)
        case 1:
            let rows = numbers(4)
            let parts = Set(rows.map { $0 % 3 })
            after.tables[other]!.removeAll { parts.contains(($0 + 3) % 3) }
            after.tables[other]! += rows
            let values = rows.map { "(\($0), 'text \($0)')" }.joined(separator: ", ")
            return (
                "INSERT /*+ SET_VAR(dynamic_overwrite = true) */ OVERWRITE \(other) (a, b) "
                    + "VALUES \(values)", after
            )
        default:
            let rows = numbers(2_700 * rowFactor)
            after.tables[other]! += rows
            return ("INSERT INTO \(other) (a, b) \(Self.query(rows))", after)
        }
    }

    /// Lets rows come again, and more: each is there once.
    private mutating func nextUpsert(
        into table: String, in model: ModelDatabase
    ) -> (sql: String, after: ModelDatabase) {
        var after = model
        let old = model.tables[table]!.filter { $0 > 0 }.prefix(5)
        let rows = old + numbers(3)
        after.tables[table] = Set(model.tables[table]! + rows).sorted()
        let values = rows.map { "(\($0), 'text \($0)')" }.joined(separator: ", ")
        return ("INSERT INTO \(table) (a, b) VALUES \(values)", after)
    }

    /// Changes rows of two tables at once.
    private mutating func nextTransaction(
        on table: String, in model: ModelDatabase
    ) -> (sql: String, after: ModelDatabase) {
        var after = model
        let other = model.tables.keys.sorted().randomElement(using: &generator)!
        let small = numbers(Int.random(in: 1...3, using: &generator))
        let large = numbers(2_800 * rowFactor)
        after.tables[table]! += small
        after.tables[other]! += large
        after.tables[other]!.removeAll { $0 % 7 == 0 }
        let values = small.map { "(\($0), 'text \($0)')" }.joined(separator: ", ")
        return (
            "BEGIN; INSERT INTO \(table) (a, b) VALUES \(values); "
                + "INSERT INTO \(other) (a, b) \(Self.query(large)); "
                + "DELETE FROM \(other) WHERE a % 7 = 0; COMMIT", after
        )
    }

    /// Changes the columns of a table, or its name.
    private mutating func nextAlteration(
        of table: String, in model: ModelDatabase
    ) -> (sql: String, after: ModelDatabase) {
        var after = model
        switch Int.random(in: 0..<5, using: &generator) {
        case 4:
            let name = "k\(numbers(1)[0])"
            after.tables[name] = model.tables[table]
            after.extras[name] = model.extras[table]
            if model.keyed.contains(table) { after.keyed.insert(name) }
            if model.partitioned.contains(table) { after.partitioned.insert(name) }
            return ("CREATE TABLE \(name) CLONE \(table)", after)
        case 0:
            let name = "r\(numbers(1)[0])"
            after.tables[name] = after.tables.removeValue(forKey: table)
            after.extras[name] = after.extras.removeValue(forKey: table)
            if after.keyed.remove(table) != nil { after.keyed.insert(name) }
            if after.partitioned.remove(table) != nil { after.partitioned.insert(name) }
            return ("ALTER TABLE \(table) RENAME \(name)", after)
        case 1:
            let other = model.tables.keys.sorted().randomElement(using: &generator)!
            after.tables[table] = model.tables[other]
            after.tables[other] = model.tables[table]
            after.extras[table] = model.extras[other]
            after.extras[other] = model.extras[table]
            after.keyed = Set(
                model.keyed.map { $0 == table ? other : $0 == other ? table : $0 })
            after.partitioned = Set(
                model.partitioned.map { $0 == table ? other : $0 == other ? table : $0 })
            return ("ALTER TABLE \(table) SWAP WITH \(other)", after)
        default:
            guard model.extras[table] == nil else {
                after.extras[table] = nil
                return ("ALTER TABLE \(table) DROP COLUMN c", after)
            }
            let value = numbers(1)[0]
            after.extras[table] = value
            return ("ALTER TABLE \(table) ADD COLUMN c BIGINT DEFAULT '\(value)' FIRST", after)
        }
    }

    /// Packs rows anew, or gives them indexes, which changes none.
    private mutating func nextRepacking(of table: String) -> String {
        if generator.chance(0.3) {
            let statements = [
                "CREATE INDEX IF NOT EXISTS words ON \(table) (b) USING GIN ('parser' = 'standard')",
                "CREATE INDEX IF NOT EXISTS numbers ON \(table) (a) USING BITMAP",
                "CREATE INDEX IF NOT EXISTS runs ON \(table) (b) USING NGRAMBF ('gram_num' = '3')",
                "DROP INDEX IF EXISTS numbers ON \(table)",
            ]
            return statements.randomElement(using: &generator)!
        }
        let clauses = [
            "", " FINAL", " CLUSTER BY (b)", " CLUSTER BY hilbert(b, a)",
            " FINAL CLUSTER BY (b, a)",
        ]
        return "OPTIMIZE TABLE \(table)\(clauses.randomElement(using: &generator)!)"
    }

    private mutating func numbers(_ count: Int) -> [Int64] {
        defer { lastNumber += Int64(count) }
        return (1...Int64(count)).map { lastNumber + $0 }
    }

    /// Makes a text of a number that is hard to compress.
    static func text(_ number: String) -> String {
        let parts = (0..<5).map { "xx_hash3_64(concat(\(number), '-\($0)'))" }
        return "concat_ws(' ', \(parts.joined(separator: ", ")))"
    }

    private static func query(_ rows: [Int64]) -> String {
        "SELECT generate_series AS a, \(text("generate_series")) AS b "
            + "FROM TABLE(generate_series(\(rows[0]), \(rows[rows.count - 1])))"
    }
}
