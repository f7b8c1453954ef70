import StarlingBinder
import StarlingErrors
import StarlingPlanSupport
import StarlingPlans
import StarlingTypes
import Testing

@Suite struct ColumnNameTests {
    private let environment: StubEnvironment

    init() throws { environment = try makeEnvironment() }

    private func names(_ text: String) throws -> [String] {
        try environment.bind(text).columns.map(\.name)
    }

    @Test(arguments: [
        ("SELECT a, B, t.c, main.t.d FROM t", ["a", "B", "c", "d"]),
        ("SELECT * FROM u", ["a", "key"]), ("SELECT u.*, a FROM u", ["a", "key", "a"]),
        ("SELECT x.KEY FROM u AS x", ["KEY"]),
        ("SELECT a one, a AS `two 2` FROM u", ["one", "two 2"]),
        ("SELECT * FROM (SELECT a AS x, b FROM t) AS q", ["x", "b"]),
        ("SELECT * FROM (SELECT a, b FROM t) AS q (y, z)", ["y", "z"]),
        ("SELECT * FROM v", ["va", "vb"]), ("SELECT * FROM w", ["va"]),
        ("WITH q AS (SELECT a AS x FROM t) SELECT * FROM q, u", ["x", "a", "key"]),
        ("WITH q (m) AS (SELECT a FROM t) SELECT * FROM q", ["m"]),
        ("SELECT * FROM u AS x JOIN u AS y ON x.a = y.a", ["a", "key", "a", "key"]),
        ("SELECT * FROM u AS x JOIN u AS y USING (a)", ["a", "key", "key"]),
        ("SELECT * FROM u AS x NATURAL JOIN u AS y", ["a", "key"]),
        ("SELECT * FROM u LEFT SEMI JOIN t ON u.a = t.a", ["a", "key"]),
        ("SELECT * FROM t RIGHT SEMI JOIN u ON u.a = t.a", ["a", "key"]),
        ("SELECT s.x, s.y.z, t.s.x FROM t", ["x", "z", "x"]),
        ("SELECT a FROM u UNION SELECT b FROM t", ["a"]),
        ("VALUES (1, 2)", ["column_0", "column_1"]),
    ])
    func columnsHaveNames(text: String, expected: [String]) throws {
        #expect(try names(text).map { $0.lowercased() } == expected.map { $0.lowercased() })
    }

    /// The innermost query that has the name is meant.
    @Test(arguments: [
        ("SELECT (SELECT max(a) FROM u) FROM t", []),
        ("SELECT (SELECT max(key) FROM u WHERE u.a = t.b) FROM t", ["b"]),
        ("SELECT (SELECT max(key) FROM u WHERE a = b) FROM t", ["b"]),
        ("SELECT (SELECT max(x.key) FROM u AS x WHERE x.a = u.key) FROM u", ["key"]),
        (
            "SELECT (SELECT count(*) FROM u WHERE EXISTS (SELECT 1 FROM v WHERE va = c)) FROM t",
            ["c"]
        ),
        ("SELECT (SELECT max(q.a) FROM (SELECT a FROM u WHERE key = d) AS q) FROM t", ["d"]),
    ])
    func namesOfInnerQueriesComeFirst(text: String, outside: [String]) throws {
        let bound = try environment.bind(text)
        var subqueries: [LogicalPlan] = []
        bound.plan.forEach { node in
            for expression in node.expressions {
                expression.forEach {
                    if case .subquery(let subquery) = $0 { subqueries.append(subquery.plan.plan) }
                }
            }
        }
        let subquery = try #require(subqueries.first)
        var given: [ColumnID: String] = [:]
        bound.plan.forEach { node in
            for column in node.definedColumns { given[column.id] = column.name }
        }
        #expect(subquery.freeColumns.map { given[$0] ?? "?" } == outside)
        #expect(bound.plan.freeColumns.isEmpty)
    }

    /// A common table hides a table of its name, from where it stands on and not in views.
    @Test func commonTablesHideOthers() throws {
        #expect(try names("WITH t AS (SELECT 1 AS one) SELECT * FROM t") == ["one"])
        #expect(try names("WITH t AS (SELECT 1 AS one) SELECT * FROM main.t").count == 7)
        #expect(try names("WITH t AS (SELECT 1 AS one) SELECT * FROM v") == ["va", "vb"])
        #expect(
            try names("WITH x AS (SELECT 1 AS m), y AS (SELECT m AS n FROM x) SELECT * FROM y")
                == ["n"])
        #expect(
            try names(
                "WITH x AS (SELECT 1 AS m) SELECT * FROM (WITH x AS (SELECT 2 AS n) SELECT * FROM x) AS q, x"
            ) == ["n", "m"])
    }

    @Test(arguments: [
        "SELECT a + b AS total FROM t ORDER BY total", "SELECT a AS z FROM t ORDER BY Z DESC",
        "SELECT a + b AS total, count(*) FROM t GROUP BY total",
        "SELECT a, sum(b) AS total FROM t GROUP BY a HAVING total > 1",
        "SELECT a, b FROM t ORDER BY 2, 1", "SELECT a, count(*) FROM t GROUP BY 1",
        "SELECT a FROM t ORDER BY c", "SELECT a FROM u UNION ALL SELECT b FROM t ORDER BY a",
        "SELECT q.x FROM t, LATERAL (SELECT t.a AS x) AS q",
        "SELECT max(a) AS m FROM t ORDER BY m + 1",
    ])
    func namesOfTheSelectListAreFound(text: String) throws {
        _ = try environment.bind(text)
    }

    /// Outer joins fill with NULLs, whatever the table says.
    @Test(arguments: [
        ("SELECT u.a FROM t JOIN u ON t.a = u.a", false),
        ("SELECT u.a FROM t LEFT JOIN u ON t.a = u.a", true),
        ("SELECT u.a FROM u LEFT JOIN t ON t.a = u.a", false),
        ("SELECT u.a FROM t RIGHT JOIN u ON t.a = u.a", false),
        ("SELECT t.b FROM t RIGHT JOIN u ON t.a = u.a", true),
        ("SELECT t.b FROM t FULL JOIN u ON t.a = u.a", true), ("SELECT b FROM t", false),
        ("SELECT a FROM t", true),
    ])
    func columnsMayBeNullWhereJoinsSaySo(text: String, isNullable: Bool) throws {
        #expect(try environment.bind(text).columns[0].isNullable == isNullable)
    }
}
