import Testing

/// What is not read, not computed and not sorted.
@Suite struct PruningTests {
    private let queries: PlannedQueries

    init() throws { queries = try PlannedQueries() }

    @Test(arguments: [
        ("SELECT s_id FROM sales", ["s_id"]),
        ("SELECT s_id FROM sales WHERE s_price > 1", ["s_id,s_price"]),
        ("SELECT 1 FROM sales", [""]),
        ("SELECT i FROM (SELECT s_id AS i, s_note || 'x' AS n FROM sales) AS q", ["s_id"]),
        ("SELECT s_id FROM sales ORDER BY s_price", ["s_id,s_price"]),
        (
            "SELECT c_name FROM sales JOIN customers ON s_customer = c_id",
            ["s_customer", "c_id,c_name"]
        ),
        (
            "SELECT k FROM (SELECT s_customer AS k, sum(s_price) AS x FROM sales GROUP BY 1) AS q",
            ["s_customer"]
        ),
        (
            "SELECT i FROM (SELECT s_id AS i, sum(s_price) OVER (ORDER BY s_note) AS x FROM sales) "
                + "AS q", ["s_id"]
        ),
        (
            "SELECT i FROM (SELECT s_id AS i, s_price AS p FROM sales UNION ALL "
                + "SELECT c_id, c_nation FROM customers) AS q", ["s_id", "c_id"]
        ),
        // Equal rows are told by all columns.
        (
            "SELECT i FROM (SELECT s_id AS i, s_price AS p FROM sales UNION "
                + "SELECT c_id, c_nation FROM customers) AS q", ["s_id,s_price", "c_id,c_nation"]
        ),
        (
            "SELECT s_id FROM sales WHERE EXISTS (SELECT * FROM customers WHERE c_id = s_customer)",
            ["s_id,s_customer", "c_id"]
        ),
        ("SELECT s_parts.x FROM sales", ["s_parts.x"]),
        ("SELECT s_parts.x FROM sales WHERE s_parts.y > 1", ["s_parts.x,s_parts.y"]),
        ("SELECT s_parts.x, s_parts FROM sales", ["s_parts"]),
    ])
    func columnsThatNobodyReadsAreLeft(text: String, columns: [String]) throws {
        let reads = try queries.reads(text)
        #expect(
            reads.map { Set($0.split(separator: ",")) }
                == columns.map { Set($0.split(separator: ",")) })
    }

    @Test(arguments: [
        ("SELECT s_id FROM sales ORDER BY s_price LIMIT 5", "sort[s_price; 5](sales)"),
        ("SELECT s_id FROM sales ORDER BY s_price LIMIT 5 OFFSET 2", "sort[s_price; 5+2](sales)"),
        (
            "SELECT s_id + 1 FROM (SELECT * FROM sales ORDER BY s_price) AS q LIMIT 5",
            "sort[s_price; 5](sales)"
        ),
        ("SELECT s_id FROM sales LIMIT 5 OFFSET 2", "limit[5+2](sales)"),
        (
            "SELECT s_id FROM sales UNION ALL SELECT c_id FROM customers LIMIT 5 OFFSET 2",
            "limit[5+2](union all(limit[7](sales), limit[7](customers)))"
        ),
        (
            "SELECT s_id FROM sales UNION SELECT c_id FROM customers LIMIT 5",
            "limit[5](union(sales, customers))"
        ),
        (
            "SELECT * FROM (SELECT s_id FROM sales ORDER BY s_price LIMIT 9) AS q LIMIT 5",
            "limit[5](sort[s_price; 9](sales))"
        ),
        (
            "SELECT s_id FROM sales UNION ALL SELECT c_id FROM customers "
                + "LIMIT 9223372036854775807 OFFSET 1",
            "limit[9223372036854775807+1](union all(sales, customers))"
        ),
    ])
    func limitsGoWhereRowsComeFrom(text: String, outline: String) throws {
        let planned = try queries.outline(text)
        #expect(planned == outline)
    }

    /// What exact statistics say needs no rows.
    @Test(
        arguments: [
            ("SELECT count(*) FROM sales", "values[200000]"),
            ("SELECT min(s_id), max(s_id), count(s_id) FROM sales", "values[1 & 200000 & 200000]"),
            ("SELECT count(*) FROM sales WHERE s_price > 5", "group[count()](sales[s_price > 5])"),
            ("SELECT max(s_price) FROM sales", "group[max(s_price)](sales)"),
            ("SELECT count(s_price) FROM sales", "group[count(s_price)](sales)"),
            (
                "SELECT count(DISTINCT s_price) FROM sales",
                "group[count(value)](group[s_price](sales))"
            ),
            ("SELECT count(*) FROM sales GROUP BY s_product", "group[s_product, count()](sales)"),
        ])
    func statisticsAnswer(text: String, outline: String) throws {
        let planned = try queries.outline(text)
        #expect(planned == outline)
    }

    @Test(arguments: [
        (
            "WITH q AS (SELECT s_id AS i, s_price AS p FROM sales) SELECT i FROM q WHERE p > 5",
            "sales[s_price > 5]"
        ),
        ("WITH q AS (SELECT s_id FROM sales) SELECT c_id FROM customers", "customers"),
        (
            "WITH q AS (SELECT s_product AS k, count(*) AS n FROM sales GROUP BY s_product) "
                + "SELECT a.n FROM q AS a JOIN q AS b ON a.k = b.n",
            "with q(group[s_product, count()](sales), inner[k = n](q, q))"
        ),
    ])
    func commonTablesAreComputedOnceOrNotAtAll(text: String, outline: String) throws {
        let planned = try queries.outline(text)
        if outline.hasPrefix("with") {
            // How the columns compare is no matter of sharing.
            #expect(planned.hasPrefix("with q(group["), "\(planned)")
            #expect(planned.hasSuffix("(q, q))"), "\(planned)")
        } else {
            #expect(planned == outline)
        }
    }

    @Test(arguments: [
        (
            "SELECT s_customer, count(DISTINCT s_product) FROM sales GROUP BY s_customer",
            "group[s_customer, count(value)](group[s_customer, s_product](sales))"
        ),
        (
            "SELECT s_customer, max(DISTINCT s_product) FROM sales GROUP BY s_customer",
            "group[s_customer, max(s_product)](sales)"
        ),
        ("SELECT DISTINCT s_customer FROM sales", "group[s_customer](sales)"),
    ])
    func distinctValuesAreGrouped(text: String, outline: String) throws {
        let planned = try queries.outline(text)
        #expect(planned == outline)
    }
}
