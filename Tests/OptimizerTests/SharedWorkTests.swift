import StarlingPlans
import Testing

/// What is computed once although it is written several times.
@Suite struct SharedWorkTests {
    private let queries: PlannedQueries

    init() throws { queries = try PlannedQueries() }

    private func count(_ part: String, in text: String) throws -> Int {
        try queries.outline(text).split(separator: part, omittingEmptySubsequences: false).count - 1
    }

    /// What all readers of a common table ask, it is filtered by.
    @Test func readersFilterWhatTheyShare() throws {
        let planned = try queries.outline(
            "WITH q AS (SELECT s_product AS k, s_customer AS c, count(*) AS n FROM sales "
                + "GROUP BY 1, 2) "
                + "SELECT a.n + b.n FROM q AS a JOIN q AS b ON a.c = b.c WHERE a.k = 1 AND b.k = 2")
        #expect(planned.contains("sales[s_product IN (1, 2)]"), "\(planned)")
        let all = try queries.outline(
            "WITH q AS (SELECT s_product AS k, s_customer AS c, count(*) AS n FROM sales "
                + "GROUP BY 1, 2) SELECT a.n + b.n FROM q AS a JOIN q AS b ON a.c = b.c WHERE a.k = 1"
        )
        #expect(all.contains("](sales)"), "\(all)")
    }

    /// Several values of one table are one pass over it.
    @Test func valuesOfOneTableAreComputedTogether() throws {
        let text =
            "SELECT (SELECT max(s_price) FROM sales), (SELECT min(s_price) FROM sales), "
            + "(SELECT avg(s_price) FROM sales) FROM nations"
        #expect(try count("(sales)", in: text) == 1)
        #expect(try count("group[", in: text) == 1)
    }

    /// The same text is the same value.
    @Test func equalSubqueriesAreOne() throws {
        let text =
            "SELECT c_id, (SELECT sum(s_price) FROM sales WHERE s_customer = c_id) AS t "
            + "FROM customers WHERE (SELECT sum(s_price) FROM sales WHERE s_customer = c_id) > 5"
        #expect(try count("(sales)", in: text) == 1)
    }

    /// Of three sets the largest is grouped from rows, the others from its groups.
    @Test func rollupsGroupGroups() throws {
        let text =
            "SELECT s_customer, s_product, sum(s_price) FROM sales "
            + "GROUP BY ROLLUP (s_product, s_customer)"
        #expect(try queries.reads(text).count == 1)
        #expect(try count("group[", in: text) == 3)
        #expect(try queries.outline(text).contains("union all("))
    }

    /// Whatever the rules do, the columns of the result are those that the query shows, in order.
    @Test(arguments: [
        ("SELECT s_id AS a, s_price AS b, s_id AS c FROM sales", ["a", "b", "c"]),
        (
            "SELECT c_name AS x, sum(s_price) AS y FROM sales "
                + "JOIN customers ON s_customer = c_id GROUP BY c_name", ["x", "y"]
        ),
        ("SELECT count(*) AS n, min(s_id) AS m FROM sales", ["n", "m"]),
        (
            "SELECT x.c_id AS p, y.c_id AS q FROM customers AS x "
                + "JOIN customers AS y ON x.c_id = y.c_id", ["p", "q"]
        ),
        (
            "WITH q AS (SELECT s_product AS k, count(*) AS n FROM sales GROUP BY 1) "
                + "SELECT a.n AS m, b.k AS l FROM q AS a, q AS b WHERE a.k = b.k", ["m", "l"]
        ),
        (
            "SELECT s_id AS u FROM sales UNION ALL SELECT c_id FROM customers ORDER BY u LIMIT 3",
            ["u"]
        ),
        ("SELECT count(DISTINCT s_product) AS d, avg(s_price) AS e FROM sales", ["d", "e"]),
        (
            "SELECT s_product AS k, s_customer AS c, sum(s_price) AS t FROM sales "
                + "GROUP BY CUBE (s_product, s_customer)", ["k", "c", "t"]
        ),
    ])
    func resultsKeepTheirColumns(text: String, names: [String]) throws {
        for isEnabled in [true, false] {
            let plan = try queries.plan(text, isEnabled: isEnabled)
            #expect(plan.outputColumns.map(\.name) == names)
        }
    }
}
