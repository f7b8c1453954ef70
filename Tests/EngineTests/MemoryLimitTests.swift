// Under a limit a query ends right or in an error that says what to raise, whatever it gathers.

import Starling
import Testing

struct MemoryLimitTests {
    /// The number of processors must not decide on whether a query fits.
    private static let threadCounts = [2, 16]

    private func session(threadCount: Int, byteLimit: Int) throws -> Session {
        let session = Database(configuration: Configuration(threadCount: threadCount)).makeSession()
        _ = try session.execute("SET query_mem_limit = \(byteLimit)")
        return session
    }

    private static let numbers = "TABLE(generate_series(1, 2000000))"

    @Test(
        arguments: [
            "SELECT cardinality(array_agg(generate_series)) FROM \(numbers)",
            "SELECT length(group_concat(CAST(generate_series AS VARCHAR))) FROM \(numbers)",
            "SELECT g, cardinality(array_agg(x)) FROM (SELECT generate_series % 2 AS g, "
                + "generate_series AS x FROM \(numbers)) AS t GROUP BY g",
            "SELECT sum(cardinality(array_generate(1, generate_series % 100 * 1000))) FROM \(numbers)",
            "SELECT sum(cardinality(array_repeat(generate_series, 10000))) FROM \(numbers)",
            "SELECT sum(length(repeat('ab', 100000 + generate_series))) FROM \(numbers)",
            "SELECT sum(length(lpad('ab', 100000 + generate_series, 'x'))) FROM \(numbers)",
            "SELECT cardinality(array_generate(1, 100000000))",
            "SELECT sum(c) FROM (SELECT cardinality(array_agg(generate_series) OVER ()) AS c "
                + "FROM \(numbers)) AS t",
        ])
    func whatDoesNotFitSaysWhatToRaise(_ query: String) throws {
        let session = try session(threadCount: 2, byteLimit: 16 << 20)
        do {
            _ = try session.execute(query)
            Issue.record("\(query) fits")
        } catch {
            #expect(error.kind == .resource, "\(query): \(error)")
            #expect(error.message.contains("query_mem_limit"), "\(query): \(error)")
        }
    }

    /// Sums of 1 to 2,000,000 and their like, by arithmetic.
    @Test(
        arguments: [
            ("sum(r)", "row_number() OVER (ORDER BY x) AS r", "2000001000000"),
            ("sum(r % 1000)", "sum(1) OVER (ORDER BY x) AS r", "999000000"),
            ("min(r)", "sum(x) OVER () AS r", "2000001000000"),
            ("sum(r)", "lag(x, 1, 0) OVER (ORDER BY x) AS r", "1999999000000"),
            ("sum(r)", "first_value(x) OVER (ORDER BY x DESC) AS r", "4000000000000"),
            ("count(DISTINCT r)", "rank() OVER (ORDER BY x % 1000) AS r", "1000"),
            (
                "max(r)", "sum(1) OVER (ORDER BY x ROWS BETWEEN 9 PRECEDING AND 5 FOLLOWING) AS r",
                "15"
            ),
        ], threadCounts)
    func onePartitionLargerThanMemory(
        _ sum: (outer: String, inner: String, expected: String), threadCount: Int
    ) throws {
        let session = try session(threadCount: threadCount, byteLimit: 16 << 20)
        let result = try session.execute(
            "SELECT \(sum.outer) FROM (SELECT \(sum.inner) FROM (SELECT generate_series AS x "
                + "FROM \(Self.numbers)) AS t) AS u")
        #expect(result.texts(0) == [sum.expected])
    }

    @Test(arguments: threadCounts)
    func distinctValuesOfSeveralArgumentsSpill(threadCount: Int) throws {
        let session = try session(threadCount: threadCount, byteLimit: 32 << 20)
        let result = try session.execute(
            "SELECT count(DISTINCT x), count(DISTINCT x % 1000007), avg(x) "
                + "FROM (SELECT generate_series AS x FROM \(Self.numbers)) AS t")
        #expect(result.texts(0) == ["2000000"])
        #expect(result.texts(1) == ["1000007"])
        #expect(result.texts(2) == ["1000000.5"])
    }

    /// Sums by arithmetic. What is computed once is several times as large as the limit, and two
    /// readers go through all of it.
    @Test(arguments: [false, true], threadCounts)
    func commonTablesSpill(forcesSpill: Bool, threadCount: Int) throws {
        let session = try session(threadCount: threadCount, byteLimit: 32 << 20)
        if forcesSpill { _ = try session.execute("SET force_spill = true") }
        let result = try session.execute(
            "WITH c AS (SELECT generate_series AS x, generate_series * 1000003 AS y, "
                + "concat('the number ', generate_series, ' in words') AS s "
                + "FROM \(Self.numbers)) "
                + "SELECT sum(x), count(s), min(s) FROM c UNION ALL "
                + "SELECT sum(y), count(DISTINCT s), max(s) FROM c WHERE y % 2 = 0 ORDER BY 2 DESC")
        #expect(result.texts(0) == ["2000001000000", "1000004000003000000"])
        #expect(result.texts(1) == ["2000000", "1000000"])
        #expect(result.texts(2) == ["the number 1 in words", "the number 999998 in words"])
    }

    @Test(arguments: threadCounts) func recursionsSpill(threadCount: Int) throws {
        let session = try session(threadCount: threadCount, byteLimit: 8 << 20)
        let result = try session.execute(
            "WITH RECURSIVE r AS (SELECT generate_series AS x, 1 AS depth FROM "
                + "TABLE(generate_series(1, 100000)) UNION ALL "
                + "SELECT x + 1, depth + 1 FROM r WHERE depth < 40) "
                + "SELECT count(*), sum(x), max(depth) FROM r")
        #expect(result.texts(0) == ["4000000"])
        #expect(result.texts(1) == ["200080000000"])
        #expect(result.texts(2) == ["40"])
    }

    @Test(arguments: threadCounts) func joinsSpill(threadCount: Int) throws {
        let session = try session(threadCount: threadCount, byteLimit: 32 << 20)
        let result = try session.execute(
            "SELECT count(*), sum(a.x), sum(b.y) FROM "
                + "(SELECT generate_series AS x, concat('left ', generate_series) AS s "
                + "FROM \(Self.numbers)) AS a JOIN "
                + "(SELECT generate_series * 2 AS y, concat('right ', generate_series) AS t "
                + "FROM \(Self.numbers)) AS b ON a.x = b.y WHERE length(s) > 0 AND length(t) > 0")
        #expect(result.texts(0) == ["1000000"])
        #expect(result.texts(1) == ["1000001000000"])
        #expect(result.texts(2) == ["1000001000000"])
    }
}
