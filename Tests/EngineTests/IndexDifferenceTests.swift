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

    private func check(
        _ session: Session, _ note: String, _ predicates: [String] = Self.predicates,
        text: String = "a"
    ) throws {
        try checkScores(session, note, text)
        for predicate in predicates {
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

    /// Scores that scans read from an index are those that are computed of each text, and the best of
    /// them are the best.
    private func checkScores(_ session: Session, _ note: String, _ text: String) throws {
        for (search, rest) in [
            ("MATCH_ANY 'late refused host3.example.com needle77'", ""), ("MATCH 'needle*'", ""),
            ("MATCH_PHRASE 'reset host7'", ""), ("MATCH 'connection'", "AND id % 3 = 0"),
            ("MATCH 'late'", "OR id % 50 = 0"), ("MATCH_ANY '中国 大学'", ""),
        ] {
            let query =
                "SELECT id, score() FROM t WHERE \(text) \(search) \(rest) "
                + "ORDER BY score() DESC, id LIMIT 20"
            let found = try session.execute(query).rows
            _ = try session.execute("SET enable_optimizer = false")
            let wanted = try session.execute(query).rows
            _ = try session.execute("SET enable_optimizer = true")
            #expect(found == wanted, "\(note): \(search) \(rest)")
        }
    }

    private func insert(
        _ seed: Int, _ session: Session, _ rows: String = Self.rows
    ) throws {
        let query = rows.split(separator: "$").enumerated().map { place, part in
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

    // MARK: Documents and arrays

    /// Documents with texts, numbers, a rare path and one of two types, and arrays with NULLs in them.
    private static let documents = """
        SELECT id, IF(h % 41 = 0, NULL, parse_json(concat(
                '{"msg": ', IF(a IS NULL, 'null', concat('"', a, '"')),
                ', "user": {"id": ', h % 3000, ', "name": "u', h % 97, '"}',
                IF(h % 701 = 0, concat(', "error": {"code": ', h % 5, '}'), ''),
                ', "mixed": ', IF(h % 3 = 0, '"7"', '7'), IF($ODD AND h % 5 = 0, ', "msg": 1', ''),
                IF($ODD AND h % 7 = 0, ', "user": 5', ''), '}'))) AS e,
            IF(h % 17 = 0, NULL, IF(h % 13 = 0, [], [h % 400, IF(h % 3 = 0, NULL, h % 7), id])) AS g,
            [concat('t', h % 50), concat('t', h % 9)] AS w
        FROM (SELECT *, murmur_hash3_32(id) + 2147483648 AS h FROM ($ROWS) AS texts) AS hashed
        """

    private static let documentPredicates = [
        "e ->> 'msg' MATCH 'connection'", "e ->> 'msg' MATCH 'needle*'",
        "e ->> '$.msg' MATCH_PHRASE 'reset host7'", "NOT e ->> 'msg' MATCH 'refused'",
        "e -> 'msg' MATCH 'runs'", "get_json_string(e, 'msg') LIKE '%needle%'",
        "e ->> 'msg' IS NULL", "e -> 'msg' IS NULL", "(e ->> 'msg' MATCH 'late') IS NULL",
        "get_json_int(e, 'user.id') = 77", "get_json_int(e, 'user.id') IN (1, 2, 2999)",
        "get_json_int(e, '$.user.id') < 9", "get_json_double(e, 'user.id') = 77",
        "e ->> 'user.id' = '77'", "NOT get_json_int(e, 'user.id') = 77",
        "get_json_int(e, 'user.id') = 5 OR e ->> 'user.name' = 'u5'",
        "e ->> 'user.name' IN ('u1', 'u96', 'x')", "e ->> 'user.name' LIKE 'u9%'",
        "e ->> 'user.name' > 'u95'", "get_json_int(e, 'error.code') = 3",
        "get_json_int(e, 'error.code') IS NULL", "get_json_int(e, 'mixed') = 7",
        "e ->> 'mixed' = '7'", "json_exists(e, 'error')", "e -> 'user' IS NULL",
        "array_contains(g, 77)", "array_contains(g, 3)", "NOT array_contains(g, 3)",
        "array_contains(g, NULL)", "array_contains_all(g, [3, 77])", "array_contains_all(g, [])",
        "array_contains_all(g, [77, NULL])", "array_contains_all([77, 3], g)",
        "arrays_overlap(g, [7, 9000])", "arrays_overlap([7, NULL], g)",
        "NOT arrays_overlap(g, [5, 6])", "array_contains(w, 't49')",
        "array_contains_all(w, ['t1', 't10'])", "arrays_overlap(w, ['t40', 'none'])",
        "array_contains(w, concat('t', id % 50))", "g IS NULL", "g = [1, 2, 3]",
    ]

    private func insertDocuments(_ seed: Int, areOdd: Bool, _ session: Session) throws {
        let parts = Self.documents.split(separator: "$").enumerated().map { place, part in
            place == 0
                ? String(part)
                : part.hasPrefix("ODD")
                    ? (areOdd ? "TRUE" : "FALSE") + part.dropFirst(3)
                    : Self.rows + part.dropFirst(4)
        }
        try insert(seed, session, parts.joined())
    }

    @Test(arguments: [
        (#""parser" = "english", "stemming" = "true""#, false), (#""parser" = "standard""#, true),
        (#""parser" = "ngram", "min_gram" = "3", "max_gram" = "3""#, true),
    ])
    func indexesOfPathsAndElementsChangeNoAnswer(parser: String, isStored: Bool) throws {
        let folder = temporaryFolder() + "/starling-index-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        do {
            let session = try (isStored ? Database(path: folder) : Database()).makeSession()
            _ = try session.execute(
                """
                CREATE TABLE t (id INT, e JSON, g ARRAY<INT>, w ARRAY<VARCHAR(20)>,
                    INDEX words (e -> 'msg') USING GIN (\(parser)), INDEX gs (g) USING BITMAP,
                    INDEX users (e -> '$.user.id') USING BITMAP)
                PROPERTIES ('bloom_filter_columns' = 'e -> user.name, id')
                """)
            try insertDocuments(1, areOdd: false, session)
            try check(session, "indexes before rows", Self.documentPredicates, text: "e ->> 'msg'")
            for index in [
                "ws (w) USING BITMAP", "names (e -> 'user.name') USING BITMAP",
                "runs (e -> 'msg') USING NGRAMBF ('gram_num' = '3')",
                "codes (e -> 'error.code') USING BITMAP", "mixed (e -> 'mixed') USING BITMAP",
            ] { _ = try session.execute("ALTER TABLE t ADD INDEX \(index)") }
            try check(session, "indexes behind rows", Self.documentPredicates, text: "e ->> 'msg'")
            _ = try session.execute("DELETE FROM t WHERE e ->> 'msg' MATCH 'refused' AND id > 4000")
            _ = try session.execute(
                "UPDATE t SET e = parse_json('{\"msg\": \"late\"}'), g = [3, NULL] WHERE array_contains(w, 't8')"
            )
            try insertDocuments(99, areOdd: true, session)
            try check(session, "changes", Self.documentPredicates, text: "e ->> 'msg'")
            _ = try session.execute("OPTIMIZE TABLE t FINAL")
            try check(session, "OPTIMIZE", Self.documentPredicates, text: "e ->> 'msg'")
            #expect(try session.execute("CHECK TABLE t").texts(5) == ["OK"])
        }
        guard isStored else { return }
        let session = try Database(path: folder).makeSession()
        try check(session, "opened again", Self.documentPredicates, text: "e ->> 'msg'")
        _ = try session.execute("DROP INDEX users ON t")
        try check(session, "an index dropped", Self.documentPredicates, text: "e ->> 'msg'")
        #expect(try session.execute("CHECK TABLE t").texts(5) == ["OK"])
    }

    @Test func explainTellsOfPathsAndElements() throws {
        let session = Database().makeSession()
        _ = try session.execute(
            """
            CREATE TABLE t (id INT, e JSON, g ARRAY<INT>, w ARRAY<VARCHAR(20)>,
                INDEX words (e -> 'msg') USING GIN ('parser' = 'standard'), INDEX gs (g) USING BITMAP,
                INDEX users (e -> 'user.id') USING BITMAP, INDEX codes (e -> 'error.code') USING BITMAP,
                INDEX runs (e -> 'msg') USING NGRAMBF ('gram_num' = '3'))
            PROPERTIES ('bloom_filter_columns' = "e -> 'user.name'")
            """)
        try insertDocuments(1, areOdd: false, session)
        for (predicate, kind) in [
            ("e ->> 'msg' MATCH 'needle*'", "text index"),
            ("get_json_int(e, 'user.id') = 77", "value index"),
            ("get_json_int(e, 'error.code') = 3", "value index"),
            ("e ->> 'msg' LIKE '%zzz%'", "n-gram index"), ("array_contains(g, 77)", "value index"),
            ("e ->> 'user.name' = 'u777'", "bloom filter"),
        ] {
            let text = try session.execute(
                "EXPLAIN ANALYZE SELECT count(*) FROM t WHERE \(predicate)"
            ).texts(0).compactMap { $0 }.joined(separator: "\n")
            #expect(text.contains(kind), "\(predicate): \(text)")
        }
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
