import Testing

/// When rows are grouped before they are joined with what describes their groups.
@Suite struct EagerAggregationTests {
    private let queries: PlannedQueries

    init() throws { queries = try PlannedQueries() }

    private func groupCount(_ text: String) throws -> Int {
        try queries.outline(text).split(separator: "group[", omittingEmptySubsequences: false)
            .count - 1
    }

    @Test func rowsAreGroupedByTheKeyOfTheJoin() throws {
        let planned = try queries.outline(
            "SELECT c_name, sum(s_price), count(*), max(s_id) FROM sales "
                + "JOIN customers ON s_customer = c_id GROUP BY c_name")
        #expect(
            planned.contains("group[s_customer, sum(s_price), count(), max(s_id)](sales)"),
            "\(planned)")
        #expect(planned.hasPrefix("group[c_name, "), "\(planned)")
    }

    /// An average is put together from sums and counts.
    @Test func averagesAreSumsAndCounts() throws {
        let planned = try queries.outline(
            "SELECT c_name, avg(s_price) FROM customers, sales WHERE s_customer = c_id "
                + "GROUP BY c_name")
        #expect(planned.contains("sum(s_price), count(s_price)](sales)"), "\(planned)")
    }

    /// The rows' own keys are grouped early too, where they are few.
    @Test func ownKeysStayKeys() throws {
        let planned = try queries.outline(
            "SELECT c_name, s_product > 5, count(*) FROM sales JOIN customers "
                + "ON s_customer = c_id GROUP BY c_name, s_product > 5")
        #expect(
            planned.contains("group[s_customer, s_product > 5, count()](sales)"), "\(planned)")
    }

    @Test(arguments: [
        // Small keys are as quickly hashed behind the join.
        "SELECT c_nation, sum(s_price) FROM sales JOIN customers ON s_customer = c_id GROUP BY 1",
        // What reads the other side cannot be computed before it is there.
        "SELECT c_name, sum(s_price + c_nation) FROM sales JOIN customers ON s_customer = c_id "
            + "GROUP BY 1",
        "SELECT c_name, sum(c_nation) FROM sales JOIN customers ON s_customer = c_id GROUP BY 1",
        // These have no parts.
        "SELECT c_name, array_agg(s_price) FROM sales JOIN customers ON s_customer = c_id GROUP BY 1",
        "SELECT c_name, group_concat(s_note) FROM sales JOIN customers ON s_customer = c_id "
            + "GROUP BY 1",
        // Outer joins give rows for what is not there.
        "SELECT c_name, sum(s_price) FROM sales LEFT JOIN customers ON s_customer = c_id GROUP BY 1",
        // Few rows are grouped in no time.
        "SELECT c_name, sum(f_price) FROM few JOIN customers ON f_customer = c_id GROUP BY 1",
        // Joins that drop most rows come first.
        "SELECT c_name, sum(s_price) FROM sales JOIN customers ON s_customer = c_id "
            + "WHERE c_nation = 7 GROUP BY 1",
        // Groups as many as rows spare nothing.
        "SELECT c_name, s_id, sum(s_price) FROM sales JOIN customers ON s_customer = c_id "
            + "GROUP BY 1, 2",
        // Chance is asked for each row of the join.
        "SELECT c_name, sum(s_price * rand()) FROM sales JOIN customers ON s_customer = c_id "
            + "GROUP BY 1",
        "SELECT c_name, s_product, sum(s_price) FROM sales JOIN customers ON s_customer = c_id "
            + "GROUP BY GROUPING SETS ((c_name), (c_name, s_product))",
    ])
    func otherwiseRowsAreGroupedOnce(text: String) throws {
        if text.contains("GROUPING SETS") {
            let planned = try queries.outline(text)
            #expect(!planned.contains("](sales)"), "\(planned)")
        } else {
            #expect(try groupCount(text) == 1)
        }
    }
}
