import StarlingPlans
import Testing

/// Subqueries become joins, and no join depends on its other side.
@Suite struct UnnestingTests {
    private let queries: PlannedQueries

    init() throws { queries = try PlannedQueries() }

    @Test(arguments: [
        (
            "SELECT c_id FROM customers WHERE EXISTS (SELECT 1 FROM sales WHERE s_customer = c_id "
                + "AND s_price > 5)", "semi[s_customer = c_id](customers, sales[s_price > 5])"
        ),
        (
            "SELECT c_id FROM customers WHERE NOT EXISTS (SELECT 1 FROM sales WHERE "
                + "s_customer = c_id)", "anti[s_customer = c_id](customers, sales)"
        ),
        (
            "SELECT c_id FROM customers WHERE c_id IN (SELECT s_customer FROM sales)",
            "semi[c_id = s_customer](customers, sales)"
        ),
        (
            "SELECT c_id FROM customers WHERE c_id NOT IN (SELECT s_customer FROM sales)",
            "anti[c_id = s_customer](customers, sales)"
        ),
        // Of what may be NULL, NOT IN is more than no match.
        (
            "SELECT c_id FROM customers WHERE c_id NOT IN (SELECT s_price FROM sales)",
            "not in[c_id = s_price](customers, sales)"
        ),
        (
            "SELECT c_id FROM customers LEFT JOIN sales ON s_customer = c_id WHERE s_id IS NULL",
            "anti[s_customer = c_id](customers, sales)"
        ),
        (
            "SELECT c_id FROM customers LEFT SEMI JOIN sales ON s_customer = c_id",
            "semi[s_customer = c_id](customers, sales)"
        ),
        (
            "SELECT c_id, EXISTS (SELECT 1 FROM sales WHERE s_customer = c_id) FROM customers",
            "mark[s_customer = c_id](customers, sales)"
        ),
    ])
    func subqueriesBecomeJoins(text: String, outline: String) throws {
        let planned = try queries.outline(text)
        #expect(planned == outline)
    }

    /// A correlated aggregate is grouped by what it is correlated with, once for all rows.
    @Test func correlatedAggregatesAreGrouped() throws {
        let planned = try queries.outline(
            "SELECT c_id FROM customers WHERE c_nation < "
                + "(SELECT max(s_price) FROM sales WHERE s_customer = c_id)")
        #expect(planned.contains("group[s_customer, max(s_price)](sales)"), "\(planned)")
        #expect(planned.contains("customers"), "\(planned)")
        #expect(!planned.contains("(subquery)"), "\(planned)")
    }

    /// The innermost query is computed once for every nation, not for every customer.
    @Test func innerDomainsHaveOnlyWhatIsReferredTo() throws {
        let planned = try queries.outline(
            "SELECT c_id, (SELECT count(*) FROM sales WHERE s_price < c_id AND s_id > ALL "
                + "(SELECT max(p_id) FROM products, few WHERE p_id + c_nation > f_price)) "
                + "FROM customers")
        #expect(planned.contains("group[c_nation, max(p_id)]"), "\(planned)")
    }

    /// Of every shape, with rules that improve and without.
    @Test(
        arguments: [
            "SELECT (SELECT max(s_price) FROM sales WHERE s_customer = c_id) FROM customers",
            "SELECT (SELECT count(*) FROM sales WHERE s_customer < c_id) FROM customers",
            "SELECT (SELECT s_price FROM sales WHERE s_customer = c_id ORDER BY s_id LIMIT 1) "
                + "FROM customers",
            "SELECT c_id FROM customers WHERE c_id > ALL (SELECT s_price FROM sales "
                + "WHERE s_customer = c_id)",
            "SELECT c_id FROM customers WHERE c_id IN (SELECT s_price FROM sales "
                + "WHERE s_customer = c_nation) OR c_nation = 3",
            "SELECT c_id FROM customers WHERE EXISTS (SELECT 1 FROM sales WHERE s_customer = c_id "
                + "AND EXISTS (SELECT 1 FROM products WHERE p_id = s_product AND p_id < c_nation))",
            "SELECT c_id, q.m FROM customers, LATERAL (SELECT max(s_price) AS m FROM sales "
                + "WHERE s_customer = c_id) AS q",
            "SELECT (SELECT sum(x) FROM (SELECT s_price AS x FROM sales WHERE s_customer = c_id "
                + "UNION ALL SELECT f_price FROM few WHERE f_customer = c_id) AS u) FROM customers",
            "SELECT c_nation, (SELECT max(n_name) FROM nations WHERE n_id = c_nation), count(*) "
                + "FROM customers GROUP BY c_nation",
            "SELECT (SELECT count(DISTINCT s_product) FROM sales WHERE s_customer = c_id), "
                + "(SELECT avg(s_price) FROM sales) FROM customers",
            "SELECT c_id FROM customers ORDER BY (SELECT max(s_id) FROM sales "
                + "WHERE s_customer = c_id)",
            "WITH q AS (SELECT s_customer AS k, sum(s_price) AS t FROM sales GROUP BY 1) "
                + "SELECT k FROM q WHERE t > (SELECT avg(t) FROM q AS r WHERE r.k < q.k)",
            "SELECT (SELECT row_number() OVER (ORDER BY n_id) FROM nations WHERE n_id = c_nation) "
                + "FROM customers",
        ], [true, false])
    func nothingStaysDependent(text: String, isEnabled: Bool) throws {
        let plan = try queries.plan(text, isEnabled: isEnabled)
        #expect(plan.freeColumns.isEmpty)
        var numbers: [Int] = []
        plan.forEach { node in
            numbers.append(node.number)
            #expect(node.expressions.filter(\.containsSubquery).isEmpty)
            if case .join(let join) = node.node {
                #expect(!join.isDependent)
                #expect(join.right.freeColumns.isDisjoint(with: join.left.outputColumnIDs))
            }
            // Each expression reads what the inputs give.
            let given = node.children.reduce(into: Set<ColumnID>()) {
                $0.formUnion($1.outputColumnIDs)
            }
            let isScan = node.children.isEmpty
            for expression in node.expressions where !isScan {
                #expect(expression.referencedColumns.isSubset(of: given))
            }
            #expect(node.estimatedRowCount != nil)
        }
        #expect(numbers == Array(0..<numbers.count))
    }
}
