// Values of literals, parameters and names as the tree holds them.

import StarlingSyntax
import Testing

struct LiteralTests {
    @Test(arguments: [
        ("'a''b'", Literal.string("a'b")), ("\"a\"\"b\"", .string("a\"b")),
        (#"'\n\t\r\b\0\Z\\\'\"\x'"#, .string("\n\t\r\u{8}\0\u{1A}\\'\"x")),
        (#"'100\%\_'"#, .string(#"100\%\_"#)), ("'名前'", .string("名前")), ("''", .string("")),
        (
            "12345678901234567890123456789012345678901",
            .integer("12345678901234567890123456789012345678901")
        ),
        ("1.10", .decimal("1.10")), (".5", .decimal(".5")), ("5.", .decimal("5.")),
        ("1e3", .double("1e3")), ("1.5E-7", .double("1.5E-7")), (".5e+1", .double(".5e+1")),
        ("x'0aFF'", .binary([0x0A, 0xFF])), ("X''", .binary([])),
        ("DATE '2024-01-31'", .date("2024-01-31")),
        ("TIMESTAMP '2024-01-31 1:2:3'", .datetime("2024-01-31 1:2:3")),
        ("null", .null), ("True", .boolean(true)), ("FALSE", .boolean(false)),
    ])
    func literalKeepsItsValue(text: String, expected: Literal) throws {
        #expect(try parseExpression(text).kind == .literal(expected))
    }

    @Test func parametersAreCountedPerStatement() throws {
        let statements = try parseStatements("SELECT ?, ?; SELECT ?")
        #expect(statements.map { $0.sql() } == ["SELECT ?, ?", "SELECT ?"])
        #expect(positions(statements[0]) == [.positional(1), .positional(2)])
        #expect(positions(statements[1]) == [.positional(1)])
        #expect(try parseExpression("$2").kind == .parameter(.numbered(2)))
        #expect(try parseExpression(":day").kind == .parameter(.named("day")))
        #expect(try parseExpression("$day").kind == .parameter(.named("day")))
    }

    @Test func namesKeepTheirSpelling() throws {
        guard case .column(let name) = try parseExpression("`My Table`.CamelCase.order").kind else {
            Issue.record("not a column")
            return
        }
        #expect(name.parts.map(\.text) == ["My Table", "CamelCase", "order"])
        #expect(name.parts.map(\.isQuoted) == [true, false, false])
    }

    @Test(arguments: [
        "key", "index", "json", "text", "date", "value", "rank", "range", "rows", "first", "data",
        "year", "type", "user", "status", "filter", "columns", "schema", "system", "current",
        "count", "float",
    ])
    func wordsThatArentReservedAreNames(word: String) throws {
        let text = "SELECT \(word), t.\(word) AS \(word) FROM \(word) AS t GROUP BY \(word)"
        #expect(try parseStatement(text).sql() == text)
    }

    @Test func ansiQuotesMakeNames() throws {
        let options = SyntaxOptions(sqlMode: "STRICT_TRANS_TABLES, ansi_quotes")
        #expect(try parseExpression("\"a b\"", options: options).sql() == "`a b`")
        #expect(try parseExpression("\"a b\"").sql() == "'a b'")
    }

    @Test func keywordsAreListedForCompletion() {
        let words = Keyword.completions
        #expect(words == words.sorted())
        #expect(Set(words).count == words.count)
        #expect(words.contains("SELECT") && words.contains("MATERIALIZED"))
        #expect(Keyword.select.isReserved && !Keyword.materialized.isReserved)
    }

    private func positions(_ statement: Statement) -> [Parameter] {
        guard case .query(let query, _) = statement.kind, case .select(let select) = query.body
        else { return [] }
        return select.items.compactMap { item in
            guard case .expression(let expression, _) = item,
                case .parameter(let parameter) = expression.kind
            else { return nil }
            return parameter
        }
    }
}
