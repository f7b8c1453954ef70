import Testing

/// When an outer join goes because nobody reads its right side.
@Suite struct UnusedJoinTests {
    private let queries: PlannedQueries

    init() throws { queries = try PlannedQueries() }

    @Test(arguments: [
        "SELECT s_id FROM sales LEFT JOIN (SELECT c_id, count(*) FROM customers GROUP BY c_id) AS c "
            + "ON s_customer = c_id",
        "SELECT max(s_id) FROM sales LEFT JOIN customers ON s_customer = c_id",
        "SELECT DISTINCT s_note FROM sales LEFT JOIN customers ON s_customer < c_id",
        "SELECT s_id FROM sales LEFT JOIN (SELECT max(c_id) AS m FROM customers) AS c ON m > s_id",
    ])
    func itGoes(_ query: String) throws {
        let planned = try queries.outline(query)
        #expect(!planned.contains("left["), "\(planned)")
    }

    @Test(arguments: [
        "SELECT s_id FROM sales LEFT JOIN customers ON s_customer = c_id",
        "SELECT max(c_name) FROM sales LEFT JOIN customers ON s_customer = c_id",
        "SELECT max(s_id), count(*) FROM sales LEFT JOIN customers ON s_customer = c_id",
        "SELECT DISTINCT s_note, rand() FROM sales LEFT JOIN customers ON s_customer < c_id",
        "SELECT s_id FROM sales LEFT JOIN (SELECT c_id, c_name FROM customers GROUP BY 1, 2) AS c "
            + "ON s_customer = c_id",
    ])
    func itStays(_ query: String) throws {
        let planned = try queries.outline(query)
        #expect(planned.contains("left["), "\(planned)")
    }
}
