// Every predicate that indexes answer gives the same rows with and without them: over random texts with
// NULLs, in memory and in a folder, after updates and deletes, with indexes made before rows came and
// after, and after opening again. A condition that reads all rows says what is right.

import Starling
import StarlingMemory
import Testing

@Suite struct IndexDifferenceTests {
    private static let rowCount = 9_000

    /// Texts of few words, some of which are in nearly all rows and some in one.
    private static let rows = """
        SELECT i AS id,
            IF(h % 11 = 0, NULL, concat_ws(' ',
                IF(h % 3 = 0, 'Connection', 'connection'),
                IF(h DIV 7 % 5 = 0, 'refused by', 'reset'),
                concat('host', h % 37, '.example.com'),
                IF(h % 401 = 0, concat('needle', i), NULL),
                IF(h % 13 = 0, '中国人', '大学'), IF(h % 17 = 0, 'running late', NULL))) AS a,
            IF(h % 19 = 0, NULL, IF(h % 23 = 0, '', concat('k', h % 50))) AS k,
            IF(h % 29 = 0, NULL, h % 700 - 350) AS n,
            IF(h % 31 = 0, NULL, date_add('2024-01-01', INTERVAL h % 400 DAY)) AS d,
            CAST(h % 1000 AS DECIMAL(10, 2)) / 4 AS c
        FROM (SELECT generate_series AS i, murmur_hash3_32(generate_series + $SEED) + 2147483648 AS h
            FROM TABLE(generate_series(1, $COUNT))) AS numbers
        """

    private static let predicates = [
        "a MATCH 'connection'", "a MATCH 'refused host3.example.com'", "a MATCH 'needle*'",
        "a MATCH '%com'", "a MATCH_ANY 'late refused'", "a MATCH_ALL 'refused late'",
        "a MATCH_PHRASE 'connection reset'", "a MATCH_PHRASE 'reset connection ~2'",
        "a MATCH_PHRASE 'refused host5 ~1'", "a MATCH '国'", "a MATCH_PHRASE '中国'",
        "a MATCH 'runs'", "a MATCH_ANY 'by'", "a MATCH ''", "NOT a MATCH 'connection'",
        "NOT a MATCH 'refused'", "NOT (a MATCH 'reset' OR a MATCH 'late')",
        "NOT (a MATCH 'reset' AND n > 0)", "a MATCH 'late' AND n BETWEEN 10 AND 60",
        "a MATCH 'late' OR k = 'k7'", "a MATCH 'late' OR c > 200", "(a MATCH 'late') IS NULL",
        "a MATCH 'late' <=> NULL", "coalesce(a MATCH 'late', k = 'k1')",
        "a LIKE '%needle%'", "a LIKE '%host3_.ex%'", "a LIKE 'Connection ref%'", "a LIKE '%大学'",
        "a NOT LIKE '%reset%'", "a LIKE '%é%'", "a LIKE '%'", "a LIKE '%NEEDLE%'",
        "ngram_search(a, 'needle77', 3) > 0.4", "ngram_search(a, 'zzzz', 3) >= 0",
        "ngram_search_case_insensitive(a, 'NEEDLE77', 3) > 0.4",
        "k = 'k3'", "k = ''", "k <> 'k3'", "k IN ('k1', 'k49', 'none', NULL)", "k NOT IN ('k1')",
        "k LIKE 'k4%'", "k LIKE 'k_'", "k LIKE '%'", "k LIKE 'k4%9'", "k > 'k48'", "k <= 'k1'",
        "k IS NULL", "k IS NOT NULL", "k BETWEEN 'k2' AND 'k22'", "n = 5", "n = 5 OR n = -17",
        "n < -340", "n >= 349", "n BETWEEN -3 AND 3", "NOT n BETWEEN -300 AND 400", "n <=> NULL",
        "n IN (1, 2, 3, 1000)", "n <> 7", "d = '2024-02-29'", "d > '2025-01-30'",
        "d < '2024-01-03' OR d IS NULL", "c = 12.25", "c IN (0, 0.25, 249.75)", "c < 1",
        "n = 5 AND k = 'k5'", "NOT (n = 5 OR k IS NULL)", "n + 1 = 5", "k MATCH 'k3'",
    ]

    private static let columns =
        "id INT, a VARCHAR(300), k VARCHAR(20), n INT, d DATE, c DECIMAL(12, 2)"

    /// Lists the ids of the rows that a predicate finds.
    private func ids(_ predicate: String, _ session: Session) throws -> [Int64?] {
        try session.execute("SELECT id FROM t WHERE \(predicate) ORDER BY id").integers(0)
    }

    private func check(_ session: Session, _ note: String) throws {
        for predicate in Self.predicates {
            _ = try session.execute("SET enable_gin_filter = true")
            let found = try ids(predicate, session)
            let counted = try session.execute("SELECT count(*) FROM t WHERE \(predicate)")
            _ = try session.execute("SET enable_gin_filter = false")
            let wanted = try ids("coalesce(CAST((\(predicate)) AS INT), 0) = 1", session)
            #expect(found == wanted, "\(note): \(predicate)")
            #expect(try counted.integers(0) == [Int64(wanted.count)], "\(note): \(predicate)")
        }
        _ = try session.execute("SET enable_gin_filter = true")
    }

    private func insert(_ seed: Int, _ session: Session) throws {
        let query = Self.rows.split(separator: "$").enumerated().map { place, part in
            place == 0
                ? String(part)
                : part.hasPrefix("SEED")
                    ? "\(seed)" + part.dropFirst(4) : "\(Self.rowCount)" + part.dropFirst(5)
        }.joined()
        _ = try session.execute("INSERT INTO t \(query)")
    }

    private static func indexes(_ parser: String, grams: String) -> [String] {
        [
            "INDEX words (a) USING GIN (\(parser))", "INDEX runs (a) USING NGRAMBF (\(grams))",
            "INDEX ks (k) USING BITMAP", "INDEX ns (n) USING BITMAP", "INDEX ds (d) USING BITMAP",
            "INDEX cs (c) USING BITMAP",
        ]
    }

    private func change(_ session: Session) throws {
        _ = try session.execute("DELETE FROM t WHERE a MATCH 'refused' AND n > 100")
        _ = try session.execute("UPDATE t SET a = 'late refused needle', n = 5 WHERE k = 'k3'")
        _ = try session.execute("UPDATE t SET k = NULL, a = NULL WHERE n BETWEEN 20 AND 30")
    }

    @Test(arguments: [
        (#""parser" = "english", "stemming" = "true""#, #""gram_num" = "3""#, false),
        (#""parser" = "standard""#, #""gram_num" = "3", "case_sensitive" = "false""#, true),
        (#""parser" = "cjk""#, #""gram_num" = "2""#, true), (#""parser" = "none""#, "", true),
        (#""parser" = "ngram", "min_gram" = "2", "max_gram" = "2""#, #""gram_num" = "4""#, false),
        (#""parser" = "standard", "support_phrase" = "false""#, #""gram_num" = "1""#, true),
    ])
    func indexesChangeNoAnswer(parser: String, grams: String, isStored: Bool) throws {
        let folder = temporaryFolder() + "/starling-index-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        let grams = grams.isEmpty ? #""gram_num" = "2""# : grams
        do {
            let database = try isStored ? Database(path: folder) : Database()
            let session = database.makeSession()
            let all = Self.indexes(parser, grams: grams)
            _ = try session.execute(
                "CREATE TABLE t (\(Self.columns), \(all.prefix(2).joined(separator: ", ")))")
            try insert(1, session)
            _ = try session.execute(
                "INSERT INTO t VALUES (0, 'few rows come late', 'k1', 1, NULL, 1)")
            try check(session, "indexes before rows")
            for index in all.dropFirst(2) { _ = try session.execute("ALTER TABLE t ADD \(index)") }
            try check(session, "indexes behind rows")
            try change(session)
            try insert(77_777, session)
            try check(session, "changes")
            _ = try session.execute("OPTIMIZE TABLE t FINAL")
            try check(session, "OPTIMIZE")
            #expect(try session.execute("CHECK TABLE t").texts(5) == ["OK"])
        }
        guard isStored else { return }
        let session = try Database(path: folder).makeSession()
        try check(session, "opened again")
        _ = try session.execute("DROP INDEX ks ON t")
        try check(session, "an index dropped")
        #expect(try session.execute("CHECK TABLE t").texts(5) == ["OK"])
    }

    /// Scores are the same whether an index or the texts tell of the table.
    @Test func scoresComeFromIndexesOrTexts() throws {
        let session = Database().makeSession()
        _ = try session.execute(
            "CREATE TABLE t (\(Self.columns), INDEX words (a) USING GIN ('parser' = 'standard'))")
        try insert(1, session)
        _ = try session.execute("DELETE FROM t WHERE n > 200 OR id % 7 = 0")
        let queries = ["MATCH_ANY 'late refused 中'", "MATCH 'host1*'", "MATCH_PHRASE 'by host3'"]
            .map {
                "SELECT count(*), round(sum(score()), 6), round(max(score()), 9) FROM t WHERE a \($0)"
            }
        func answers() throws -> [[[SQLValue]]] { try queries.map { try session.execute($0).rows } }
        let indexed = try answers()
        _ = try session.execute("DROP INDEX words ON t")
        #expect(try answers() == indexed)
    }

    /// Scans say how many rows each kind of index left out.
    @Test func explainTells() throws {
        let session = Database().makeSession()
        let all = Self.indexes(#""parser" = "standard""#, grams: #""gram_num" = "3""#)
        _ = try session.execute(
            "CREATE TABLE t (\(Self.columns), \(all.joined(separator: ", ")))")
        try insert(1, session)
        for (predicate, kind) in [
            ("a MATCH 'needle*'", "text index"), ("n = 5", "value index"),
            ("a LIKE '%zzz%'", "n-gram index"),
        ] {
            let text = try session.execute(
                "EXPLAIN ANALYZE SELECT count(*) FROM t WHERE \(predicate)"
            ).texts(0).compactMap { $0 }.joined(separator: "\n")
            #expect(text.contains(kind), "\(predicate): \(text)")
        }
    }
}
