import Starling
import Testing

/// Conditions as programs write them, with thousands of terms. Expected values are counted by hand;
/// what takes time that grows with the square of the terms does not end within the limit.
@Suite struct LongConditionsTests {
    private static let termCount = 20_000

    private let session = Database(configuration: Configuration(threadCount: 1)).makeSession()

    private func terms(_ separator: String, _ term: (Int) -> String) -> String {
        (0..<Self.termCount).map(term).joined(separator: separator)
    }

    private func count(where condition: String) throws -> SQLValue {
        try session.execute(
            "SELECT count(*) FROM TABLE(generate_series(1, 1000)) AS t(n) WHERE " + condition
        ).rows[0][0]
    }

    @Test(.timeLimit(.minutes(1))) func equalities() throws {
        #expect(try count(where: terms(" OR ") { "n = \($0 * 3)" }) == 333)
        #expect(try count(where: terms(" AND ") { "n <> \($0 * 3)" }) == 667)
    }

    @Test(.timeLimit(.minutes(1))) func termsThatAreNoList() throws {
        // n + i = 3i holds for n = 2i.
        #expect(try count(where: terms(" OR ") { "n + \($0) = \($0 * 3)" }) == 500)
        #expect(try count(where: terms(" AND ") { "n + \($0) <> \($0 * 3)" }) == 500)
        #expect(try count(where: terms(" OR ") { "(n = \($0) AND n < 500)" }) == 499)
    }

    @Test(.timeLimit(.minutes(1))) func lists() throws {
        #expect(try count(where: "n IN (\(terms(", ") { "\($0 * 3)" }))") == 333)
        #expect(try count(where: "n IN (\(terms(", ") { "'\($0 * 3)'" }))") == 333)
        // 2n = 3i where 3 divides n.
        #expect(try count(where: "n IN (\(terms(", ") { "3 * \($0) - n" }))") == 333)
        #expect(try count(where: "(n, n) IN (\(terms(", ") { "(\($0), \($0))" }))") == 1000)
    }

    @Test(.timeLimit(.minutes(1))) func branches() throws {
        let result = try session.execute(
            "SELECT sum(CASE \(terms(" ") { "WHEN n = \($0) THEN \($0)" }) END) "
                + "FROM TABLE(generate_series(1, 1000)) AS t(n)")
        #expect(result.rows == [[500_500]])
    }
}
