// What a person reads when a text is not SQL: what was found, what was expected, the nearest
// keyword, and the place.

import StarlingErrors
import StarlingSyntax
import Testing

struct SyntaxErrorTests {
    @Test(arguments: [
        ("SELEC 1", "expected a statement, found 'SELEC'; did you mean SELECT?", 0, 5),
        (
            "SELECT a FORM t", "unexpected 't' after 'FORM'; did you mean FROM instead of FORM?", 9,
            13
        ),
        (
            "SELECT a FROM t WERE a = 1",
            "unexpected 'a' after 'WERE'; did you mean WHERE instead of WERE?", 16, 20
        ),
        (
            "SELECT a FROM t GRUOP BY a",
            "unexpected 'BY' after 'GRUOP'; did you mean GROUP instead of GRUOP?", 16, 21
        ),
        (
            "SELECT a FROM t x ODER BY a",
            "unexpected 'ODER'; did you mean ORDER?", 18, 22
        ),
        ("SELECT a FROM t GROUP YB a", "expected BY, found 'YB'; did you mean BY?", 22, 24),
        ("SELECT a, FROM t", "expected an expression to select, found 'FROM'", 10, 14),
        ("SELECT FROM t", "expected an expression to select, found 'FROM'", 7, 11),
        ("SELECT (1 + 2", "expected ')', found the end of the text", 13, 13),
        ("SELECT 1 +", "expected an expression, found the end of the text", 10, 10),
        (
            "SELECT a FROM",
            "expected a table, a file, a function or a subquery, found the end of the text", 13, 13
        ),
        ("SELECT 'abc", "the string that begins here has no closing quote", 7, 8),
        ("SELECT /* abc", "the comment that begins here has no closing '*/'", 7, 9),
        ("SELECT `abc", "the quoted name that begins here has no closing quote", 7, 8),
        ("SELECT a # b", "unexpected character '#'", 9, 10),
        ("SELECT 1 2", "unexpected number 2; expected the end of the statement", 9, 10),
        (
            "CREATE TABLE order (a INT)",
            "expected a name for the table, found the reserved word ORDER; "
                + "write `order` to use it as a name", 13, 18
        ),
        (
            "CREATE TABEL t (a INT)",
            "expected what to create, such as TABLE or VIEW, found 'TABEL'; did you mean TABLE?", 7,
            12
        ),
        ("SHOW TABELS", "SHOW TABELS is not known; did you mean SHOW TABLES?", 5, 11),
        (
            "SELECT * FROM a LEFT JION b ON 1", "expected JOIN, found 'JION'; did you mean JOIN?",
            21, 25
        ),
        (
            "SELECT * FROM a LEFT JOIN b",
            "expected ON or USING after LEFT OUTER JOIN, found the end of the text", 27, 27
        ),
        ("SELECT CASE WHEN 1 THEN 2", "expected END, found the end of the text", 25, 25),
        ("SELECT x'0'", "x'…' takes an even number of hexadecimal digits", 7, 11),
        ("SELECT a IS 5", "expected NULL, NOT NULL, TRUE or FALSE, found number 5", 12, 13),
        ("INSERT INTO t", "expected a query, found the end of the text", 13, 13),
        ("UPDATE t a = 1", "expected SET, found '='", 11, 12),
        ("", "expected a statement, found the end of the text", 0, 0),
        ("SELECT CAST(1 AS)", "expected a type, found ')'", 16, 17),
        (
            "SELECT sum(a) OVER (PARTITON BY b) FROM t",
            "expected PARTITION BY, ORDER BY, a frame or ')', found 'BY' after 'PARTITON'; "
                + "did you mean PARTITION instead of PARTITON?", 20, 28
        ),
        ("SELECT $0", "there is no parameter $0", 7, 9),
        ("DROP TABLE", "expected the table's name, found the end of the text", 10, 10),
    ])
    func tellsWhatWasExpected(text: String, message: String, start: Int, end: Int) {
        let error = #expect(throws: StarlingError.self) { try parseStatement(text) }
        #expect(error?.kind == .syntax)
        #expect(error?.message == message)
        #expect(error?.range == TextRange(start: start, end: end))
    }

    @Test func rendersTheLineWithCarets() {
        let text = "SELECT a,\n\tb\nFROM t\nWERE a = 1"
        let error = #expect(throws: StarlingError.self) { try parseStatement(text) }
        #expect(
            error?.rendered(in: text) == """
                syntax error: unexpected 'a' after 'WERE'; did you mean WHERE instead of WERE?
                line 4, column 1
                WERE a = 1
                ^^^^
                """)
    }

    @Test func rangesAreThoseOfTheWholeText() throws {
        let text = "SELECT 1; SELECT foo FROM bar"
        let piece = splitStatements(text)[1]
        let statement = try parseStatement(text, in: piece.range)
        #expect(statement.range == TextRange(start: 10, end: 29))
        guard case .query(let query, _) = statement.kind, case .select(let select) = query.body,
            case .expression(let item, _) = select.items[0]
        else {
            Issue.record("not a query")
            return
        }
        #expect(item.range == TextRange(start: 17, end: 20))
        #expect(select.from[0].range == TextRange(start: 26, end: 29))
    }
}
