import StarlingPlans
import Testing

/// Which tables join first, which side is built, and what is believed of their rows.
@Suite struct JoinOrderTests {
    private let queries: PlannedQueries

    init() throws { queries = try PlannedQueries() }

    @Test(arguments: [
        // The small table is built, wherever it is written.
        (
            "customers, sales WHERE c_id = s_customer",
            "inner[c_id = s_customer](sales, customers)"
        ),
        (
            "sales JOIN customers ON c_id = s_customer",
            "inner[c_id = s_customer](sales, customers)"
        ),
        // A chain: one nation leaves few customers, which leave few sales.
        (
            "sales, customers, nations WHERE s_customer = c_id AND c_nation = n_id "
                + "AND n_name = 'x'",
            "inner[s_customer = c_id](sales, "
                + "inner[c_nation = n_id](customers, nations[n_name = 'x']))"
        ),
        // A star: the dimension that leaves the fewest rows comes first.
        (
            "sales, products, customers WHERE s_customer = c_id AND s_product = p_id "
                + "AND c_name = 'x'",
            "inner[s_product = p_id](inner[s_customer = c_id](sales, customers[c_name = 'x']), "
                + "products)"
        ),
        (
            "sales, customers, products WHERE s_customer = c_id AND s_product = p_id "
                + "AND p_name = 'x'",
            "inner[s_customer = c_id](inner[s_product = p_id](sales, products[p_name = 'x']), "
                + "customers)"
        ),
    ])
    func smallResultsComeFirst(from: String, outline: String) throws {
        let planned = try queries.outline("SELECT 1 FROM \(from)")
        #expect(planned == outline)
    }

    private func joins(in plan: LogicalPlan) -> [(node: JoinNode, rowCount: Double)] {
        var joins: [(JoinNode, Double)] = []
        plan.forEach {
            if case .join(let join) = $0.node { joins.append((join, $0.estimatedRowCount ?? -1)) }
        }
        return joins
    }

    /// However the tables are written, no two are crossed that a condition leads between, and the
    /// smaller side of each join is built.
    @Test func noOrderOfWritingCrossesTables() throws {
        let tables = ["sales", "customers", "nations", "products"]
        for rotation in 0..<4 {
            let rotated = Array(tables[rotation...] + tables[..<rotation])
            for list in [rotated, rotated.reversed()] {
                let plan = try queries.plan(
                    "SELECT 1 FROM \(list.joined(separator: ", ")) WHERE n_id = c_nation "
                        + "AND s_product = p_id AND c_id = s_customer AND p_name = 'x'")
                let joins = joins(in: plan)
                #expect(joins.count == 3)
                for (join, _) in joins {
                    #expect(join.kind == .inner && !join.conditions.isEmpty)
                    #expect(join.buildSide == .right)
                    let left = try #require(join.left.estimatedRowCount)
                    let right = try #require(join.right.estimatedRowCount)
                    #expect(left >= right)
                }
            }
        }
    }

    /// Tables that nothing leads to are crossed once, and no condition is lost over it.
    @Test func whatNothingLeadsToIsCrossed() throws {
        let plan = try queries.plan(
            "SELECT 1 FROM products, sales, customers WHERE s_customer = c_id AND c_name = 'x'")
        let joins = joins(in: plan).map(\.node)
        #expect(joins.map(\.conditions.count).sorted() == [0, 1])
        #expect(joins.filter { $0.kind != .inner }.isEmpty)
        #expect(Outline.of(plan).contains("[s_customer = c_id]"))
        #expect(Outline.of(plan).contains("customers[c_name = 'x']"))
    }

    /// Left joins keep their sides; a small preserved side may be built.
    @Test func preservedSidesMayBeBuilt() throws {
        let plan = try queries.plan(
            "SELECT 1 FROM nations LEFT JOIN sales ON n_id = s_product")
        let join = try #require(joins(in: plan).first).node
        #expect(join.kind == .left && join.buildSide == .left)
        let other = try queries.plan(
            "SELECT 1 FROM sales LEFT JOIN nations ON n_id = s_product")
        #expect(try #require(joins(in: other).first).node.buildSide == .right)
    }

    /// System R's formulas: an equality keeps one of the distinct values, a range its share, a join
    /// as many pairs as the larger side has keys.
    @Test(arguments: [
        ("SELECT s_id FROM sales", 200_000), ("SELECT s_id FROM sales WHERE s_customer = 5", 200),
        ("SELECT s_id FROM sales WHERE s_customer IN (5, 6, 7)", 600),
        ("SELECT s_id FROM sales WHERE s_id <= 50000", 50_000),
        ("SELECT 1 FROM sales JOIN customers ON s_customer = c_id", 200_000),
        ("SELECT 1 FROM customers JOIN nations ON c_nation = n_id", 1_000),
        ("SELECT s_customer, count(*) FROM sales GROUP BY s_customer", 1_000),
        ("SELECT sum(s_price) FROM sales", 1), ("SELECT s_id FROM sales LIMIT 10", 10),
        ("SELECT s_id FROM sales ORDER BY s_price LIMIT 10", 10),
        ("SELECT s_id FROM sales UNION ALL SELECT c_id FROM customers", 201_000),
        ("SELECT c_id FROM customers LEFT JOIN nations ON c_nation = n_id", 1_000),
        ("SELECT c_id FROM customers WHERE c_nation IN (SELECT n_id FROM nations)", 1_000),
        ("VALUES (1), (2), (3)", 3),
    ])
    func rowsAreEstimated(text: String, rowCount: Double) throws {
        let estimate = try #require(try queries.plan(text).estimatedRowCount)
        #expect(abs(estimate - rowCount) <= rowCount * 0.02, "\(estimate)")
    }
}
