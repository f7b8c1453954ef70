// Print → parse → print is stable, and the tree that comes back equals the first one.

import Foundation
import StarlingErrors
import StarlingSyntax
import StarlingTestSupport
import Testing

struct RoundTripTests {
    @Test(arguments: Corpus.all)
    func statementComesBack(text: String) throws {
        try expectRoundTrip(text, options: SyntaxOptions())
    }

    @Test(arguments: [
        "SELECT a || b || 'c' = d", "SELECT \"a b\".\"c\"\"d\" FROM \"t\"", "SELECT -a || b * c",
        "SELECT * FROM FILES(\"path\" = \"x\")", "SELECT a || (b || c)", "SELECT (a OR b) || c",
    ])
    func standardModeComesBack(text: String) throws {
        let options = SyntaxOptions(sqlMode: "ANSI_QUOTES,PIPES_AS_CONCAT")
        try expectRoundTrip(text, options: options)
    }

    @Test(arguments: 1...22)
    func queryOfTPCHComesBack(number: Int) throws {
        let file = number < 10 ? "q0\(number).sql" : "q\(number).sql"
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let path = root.appendingPathComponent("Queries/tpch/\(file)")
        let text = try String(contentsOf: path, encoding: .utf8)
        #expect(text.hasPrefix("-- "))
        try expectRoundTrip(text, options: SyntaxOptions())
    }

    @Test func concatenationIsACallWhereItsSignMeansOr() throws {
        let tree = try parseExpression("a || b", options: SyntaxOptions(pipesAsConcat: true))
        #expect(tree.sql() == "concat(a, b)")
        #expect(tree.sql(options: SyntaxOptions(pipesAsConcat: true)) == "a || b")
        #expect(try parseExpression("a || b").sql() == "a OR b")
    }

    @Test func canonicalTextIsAsExpected() throws {
        let text = """
            select a.x as y, count( * ) from t as a left join `u v` b using(k) -- comment
            where not (a.x > 1 and (b or c)) group by 1 order by y desc limit 3, 4;
            """
        #expect(
            try parseStatement(text).sql()
                == "SELECT a.x AS y, count(*) FROM t AS a LEFT OUTER JOIN `u v` AS b USING (k) "
                + "WHERE NOT (a.x > 1 AND (b OR c)) GROUP BY 1 ORDER BY y DESC LIMIT 4 OFFSET 3")
    }

    private func expectRoundTrip(_ text: String, options: SyntaxOptions) throws {
        let first = try parseStatement(text, options: options)
        let printed = first.sql(options: options)
        let second = try parseStatement(printed, options: options)
        #expect(first == second, "\(text)\n\(printed)")
        #expect(second.sql(options: options) == printed)
    }
}
