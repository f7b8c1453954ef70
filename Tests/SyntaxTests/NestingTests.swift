// Hostile nesting ends in an error, not in a full stack; long flat texts are fine.

import StarlingErrors
import StarlingSyntax
import Testing

struct NestingTests {
    private static let count = 100_000

    @Test(arguments: [
        ("(", "1", ")"), ("- ", "1", ""), ("NOT ", "1", ""), ("(SELECT ", "1", ")"),
        ("f(", "1", ")"), ("[", "1", "]"), ("CASE WHEN 1 THEN ", "1", " END"),
        ("CAST(", "1", " AS INT)"), ("INTERVAL ", "1", " DAY"), ("x -> ", "1", ""),
        ("1 + (", "1", ")"), ("{1: ", "1", "}"), ("EXISTS (SELECT ", "1", ")"),
        ("f(x) OVER (ORDER BY ", "1", ")"), ("a IN (", "1", ")"), ("ARRAY<", "INT", ">[]"),
    ])
    func deepNestingIsAnError(opening: String, middle: String, closing: String) {
        let text =
            "SELECT " + String(repeating: opening, count: Self.count) + middle
            + String(repeating: closing, count: Self.count)
        expectError(text)
        expectError("SELECT " + String(repeating: opening, count: Self.count))
    }

    @Test(arguments: [
        (" + 1"), ("[1]"), ("::INT"), (" IS NULL"), (" UNION ALL SELECT 1"), (" JOIN t"),
        (".a -> 'x'"),
        (" BETWEEN 1 AND 2"), (" = 1"), (" COLLATE x"), (" NATURAL JOIN t"),
        (" INTERSECT SELECT 1"),
    ])
    func longChainIsAnError(link: String) {
        let start = link.contains("JOIN") ? "SELECT a FROM t" : "SELECT a"
        expectError(start + String(repeating: link, count: Self.count))
    }

    @Test(arguments: [
        (" AND a"), (" OR a"), (", a"), (" XOR a"),
    ])
    func flatListIsFine(link: String) throws {
        let text = "SELECT a" + String(repeating: link, count: Self.count)
        let statement = try parseStatement(text)
        #expect(try parseStatement(statement.sql()) == statement)
    }

    @Test func nestingThatPeopleWriteIsFine() throws {
        let depth = 150
        let text =
            "SELECT " + String(repeating: "if(a = 1, 'x', (", count: depth) + "1"
            + String(repeating: "))", count: depth)
        #expect(try parseStatement(text).sql().isEmpty == false)
        let sum = "SELECT 1" + String(repeating: " + a", count: 900)
        #expect(try parseStatement(sum).sql() == sum)
    }

    @Test(arguments: [
        "((SELECT 1) x JOIN (SELECT 2) y ON true)", "(((a)))", "((SELECT 1) UNION (SELECT 2)) AS z",
    ])
    func nestedParenthesesTakeLinearTime(inner: String) {
        // Each level could be a query or sources in parentheses; guessing would take forever.
        let depth = 60
        let text =
            "SELECT * FROM " + String(repeating: "(", count: depth) + inner
            + String(repeating: ")", count: depth)
        _ = try? parseStatement(text)
        #expect(Bool(true))
    }

    private func expectError(_ text: String) {
        let error = #expect(throws: StarlingError.self) { try parseStatement(text) }
        #expect(error?.kind == .syntax)
    }
}
