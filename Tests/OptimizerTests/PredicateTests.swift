import Testing

/// Where conditions go, and what they become on their way.
@Suite struct PredicateTests {
    private let queries: PlannedQueries

    init() throws { queries = try PlannedQueries() }

    @Test(arguments: [
        (
            "sales, customers WHERE s_customer = c_id AND c_nation = 7 AND s_price > 10",
            "inner[s_customer = c_id](sales[s_price > 10], customers[c_nation = 7])"
        ),
        (
            "(SELECT s_price AS x, s_id FROM sales ORDER BY s_id) AS q WHERE x > 10",
            "sort[s_id](sales[s_price > 10])"
        ),
        (
            "(SELECT s_price AS x FROM sales LIMIT 10) AS q WHERE x > 10",
            "filter[s_price > 10](limit[10](sales))"
        ),
        (
            "(SELECT s_price AS x FROM sales ORDER BY s_id LIMIT 10) AS q WHERE x > 10",
            "filter[s_price > 10](sort[s_id; 10](sales))"
        ),
        (
            "(SELECT s_customer AS k, max(s_price) AS m FROM sales GROUP BY s_customer) AS q "
                + "WHERE k = 5 AND m > 10",
            "filter[max > 10](group[s_customer, max(s_price)](sales[s_customer = 5]))"
        ),
        (
            "(SELECT s_id, s_price AS x, s_customer AS k, "
                + "rank() OVER (PARTITION BY s_customer ORDER BY s_id) AS r FROM sales) AS q "
                + "WHERE k = 5 AND x > 10 AND r = 1",
            "filter[s_price > 10 & rank = 1](window[s_customer](sales[s_customer = 5]))"
        ),
        (
            "(SELECT s_id AS i FROM sales UNION ALL SELECT c_id FROM customers) AS q WHERE i < 9",
            "union all(sales[s_id < 9], customers[c_id < 9])"
        ),
        (
            "(SELECT s_customer AS i FROM sales EXCEPT SELECT c_id FROM customers) AS q WHERE i < 9",
            "group[s_customer](anti[s_customer = c_id](sales[s_customer < 9], customers[c_id < 9]))"
        ),
    ])
    func conditionsSink(from: String, outline: String) throws {
        let planned = try queries.outline("SELECT * FROM \(from)")
        #expect(planned == outline)
    }

    /// Rows of the preserved side stay without a partner: only its own conditions above take them.
    @Test(arguments: [
        (
            "sales LEFT JOIN customers ON s_customer = c_id AND c_nation = 7 AND s_price > 10 "
                + "WHERE s_product = 3",
            "left[s_customer = c_id & s_price > 10](sales[s_product = 3], customers[c_nation = 7])"
        ),
        (
            "sales LEFT JOIN customers ON s_customer = c_id WHERE c_nation = 7",
            "inner[s_customer = c_id](sales, customers[c_nation = 7])"
        ),
        (
            "sales LEFT JOIN customers ON s_customer = c_id WHERE c_name IS NULL",
            "filter[c_name IS NULL](left[s_customer = c_id](sales, customers))"
        ),
        (
            "sales LEFT JOIN customers ON s_customer = c_id WHERE c_name <=> 'x'",
            "filter[c_name <=> 'x'](left[s_customer = c_id](sales, customers))"
        ),
        (
            "sales LEFT JOIN customers ON s_customer = c_id WHERE c_nation = 7 OR s_price > 10",
            "filter[(c_nation = 7) OR (s_price > 10)](left[s_customer = c_id](sales, customers))"
        ),
        (
            "customers RIGHT JOIN sales ON s_customer = c_id WHERE s_product = 3 AND c_id > 4",
            "inner[s_customer = c_id](sales[s_product = 3 & s_customer > 4], customers[c_id > 4])"
        ),
        (
            "sales FULL JOIN customers ON s_customer = c_id WHERE c_name IS NULL",
            "filter[c_name IS NULL](full[s_customer = c_id](sales, customers))"
        ),
        (
            "sales FULL JOIN customers ON s_customer = c_id AND c_nation = 7 WHERE s_price > 10",
            "left[s_customer = c_id](sales[s_price > 10], customers[c_nation = 7])"
        ),
        (
            "sales FULL JOIN customers ON s_customer = c_id WHERE c_name = 'x'",
            "left[s_customer = c_id](customers[c_name = 'x'], sales)"
        ),
        (
            "sales FULL JOIN customers ON s_customer = c_id WHERE c_name = 'x' AND s_price > 10",
            "inner[s_customer = c_id](sales[s_price > 10], customers[c_name = 'x'])"
        ),
    ])
    func outerJoinsKeepTheirRows(from: String, outline: String) throws {
        let planned = try queries.outline("SELECT * FROM \(from)")
        #expect(planned == outline)
    }

    /// What is known of one side of an equality is known of the other.
    @Test(arguments: [
        (
            "sales, customers WHERE s_customer = c_id AND c_id < 5",
            "inner[s_customer = c_id](sales[s_customer < 5], customers[c_id < 5])"
        ),
        (
            "customers LEFT JOIN sales ON s_customer = c_id WHERE c_id IN (3, 4)",
            "left[s_customer = c_id](customers[c_id IN (3, 4)], sales[s_customer IN (3, 4)])"
        ),
        (
            "customers LEFT JOIN sales ON s_customer = c_id AND s_customer < 5",
            "left[s_customer = c_id](customers, sales[s_customer < 5])"
        ),
    ])
    func conditionsSpreadOverEqualities(from: String, outline: String) throws {
        let planned = try queries.outline("SELECT * FROM \(from)")
        #expect(planned == outline)
    }

    /// A condition is asked once for each row that it is written for.
    @Test(arguments: [
        (
            "(SELECT s_customer AS k, count(*) AS n FROM sales GROUP BY s_customer) AS q "
                + "WHERE k > rand() AND k > 5",
            "group[s_customer, count()](sales[s_customer > 5])"
        ),
        (
            "(SELECT s_id AS i FROM sales EXCEPT SELECT c_id FROM customers) AS q "
                + "WHERE i > rand()", "group[s_id](anti[s_id = c_id](sales, customers))"
        ),
        (
            "sales, customers WHERE s_customer = c_id AND s_price > rand()",
            "inner[s_customer = c_id](sales, customers)"
        ),
        (
            "(SELECT s_customer AS k, count(*) OVER (PARTITION BY s_customer) AS n FROM sales) "
                + "AS q WHERE k > rand()", "window[s_customer](sales)"
        ),
    ])
    func chanceStaysWhereItIsWritten(from: String, below: String) throws {
        let outline = try queries.outline("SELECT * FROM \(from)")
        #expect(outline.hasPrefix("filter[") && outline.contains("rand()"), "\(outline)")
        #expect(outline.hasSuffix("](\(below))"), "\(outline)")
        let twice = try queries.outline("SELECT * FROM sales WHERE rand() < 1 AND rand() < 1")
        #expect(twice.split(separator: "rand()").count == 3, "\(twice)")
    }

    @Test(arguments: [
        ("5 < s_price", "s_price > 5"), ("NOT (s_price > 5)", "s_price <= 5"),
        ("NOT (s_price <> 5)", "s_price = 5"), ("NOT NOT (s_price = 5)", "s_price = 5"),
        ("s_price = 1 OR s_price = 2", "s_price IN (1, 2)"),
        ("s_price IN (1, 2) OR s_price = 3 OR s_price = 2", "s_price IN (1, 2, 3)"),
        ("s_price > 5 AND s_price > 5", "s_price > 5"), ("s_price > 5 AND true", "s_price > 5"),
        ("s_price > 5 OR false", "s_price > 5"), ("s_price > 2 + 3", "s_price > 5"),
        ("NOT (s_price > 5 OR s_product = 2)", "s_price <= 5 & s_product <> 2"),
        (
            "(s_product = 1 AND s_price > 5) OR (s_product = 1 AND s_price < 2)",
            "s_product = 1 & (s_price > 5) OR (s_price < 2)"
        ),
        ("(s_product = 1 AND s_price > 5) OR s_product = 1", "s_product = 1"),
        (
            "s_note = upper('x')", "s_note = 'X'"
        ),
    ])
    func conditionsAreSimplified(condition: String, outline: String) throws {
        let planned = try queries.outline("SELECT s_id FROM sales WHERE \(condition)")
        #expect(planned == "sales[\(outline)]")
    }

    /// Nothing is read, whatever is done with the rows.
    @Test(arguments: [
        "1 = 2", "s_price > 5 AND false", "NULL", "s_price = NULL", "s_price > 5 AND NULL",
        "NOT (s_price > 5 OR true)", "s_price IN (NULL)",
    ])
    func whatNoRowSatisfiesIsKnown(condition: String) throws {
        for query in [
            "SELECT s_id FROM sales WHERE \(condition)",
            "SELECT s_price, count(*) FROM sales WHERE \(condition) GROUP BY s_price ORDER BY 1",
            "SELECT c_id FROM customers JOIN sales ON s_customer = c_id WHERE \(condition)",
        ] {
            let plan = try queries.plan(query)
            #expect(Outline.of(plan) == "values", "\(query)")
            #expect(try #require(plan.estimatedRowCount) < 1)
        }
    }

    /// Each branch bounds a table, so that its rows can be left out before they join.
    @Test func branchesOfDisjunctionsBoundEachSide() throws {
        let planned = try queries.outline(
            "SELECT s_id FROM sales, customers WHERE s_customer = c_id AND "
                + "((s_price = 1 AND c_nation = 2) OR (s_price = 2 AND c_nation = 1))")
        #expect(planned.contains("sales[s_price IN (1, 2)]"), "\(planned)")
        #expect(planned.contains("customers[c_nation IN (2, 1)]"), "\(planned)")
        #expect(planned.contains("OR"), "\(planned)")
    }
}
