// Conditions that need a value at a path leave out segments and row groups in which no document has it,
// whatever is made of the value.

import Starling
import Testing

@Suite struct AbsentPathTests {
    private static let conditions = [
        "j -> 'nope' = 1", "get_json_int(j, 'nope') = 1", "j ->> 'nope' IN ('1', 'x')",
        "json_exists(j, 'nope')", "j -> 'nope' > j -> 'a'", "length(j ->> 'nope') > 3",
        "j -> 'nope' IS NOT NULL", "j ->> 'nope' LIKE '%x%'",
        "abs(get_json_int(j, 'nope')) + get_json_int(j, 'a') < 5", "json_length(j, 'nope') > 0",
    ]

    @Test(arguments: conditions)
    func segmentsWithoutThePathAreLeftOut(condition: String) throws {
        let session = Database().makeSession()
        _ = try session.execute("CREATE TABLE t (j JSON)")
        _ = try session.execute(
            """
            INSERT INTO t SELECT parse_json(concat('{"a":', generate_series, '}'))
            FROM TABLE(generate_series(1, 1000))
            """)
        let text = try session.execute("EXPLAIN ANALYZE SELECT count(*) FROM t WHERE \(condition)")
            .texts(0).compactMap { $0 }.joined(separator: " ")
        #expect(text.contains("pruned 1 (statistics 1)"), "\(text)")
    }

    /// What holds for NULL, too, leaves nothing out.
    @Test(arguments: [
        "j -> 'nope' IS NULL", "coalesce(get_json_int(j, 'nope'), 1) = 1",
        "NOT json_exists(j, 'nope')", "get_json_int(j, 'nope') <=> NULL",
        "get_json_int(j, 'nope') = 1 OR get_json_int(j, 'a') > 0", "json_length(j, 'nope') = 0",
    ])
    func conditionsThatHoldWithoutItKeepAllRows(condition: String) throws {
        let session = Database().makeSession()
        _ = try session.execute("CREATE TABLE t (j JSON)")
        _ = try session.execute(
            """
            INSERT INTO t SELECT parse_json(concat('{"a":', generate_series, '}'))
            FROM TABLE(generate_series(1, 1000))
            """)
        let result = try session.execute("SELECT count(*) FROM t WHERE \(condition)")
        #expect(try result.integers(0) == [1000])
    }
}
