// Cutting scripts into statements, and knowing when a typed statement is complete.

import StarlingErrors
import StarlingSyntax
import Testing

struct StatementSplitterTests {
    @Test func cutsAtSemicolonsOutsideOfQuotes() {
        let text = """
            -- first; comment
            SELECT ';' /* ; */ , ";" ;; SELECT `a;b` ; ;
            CREATE FUNCTION f(INT) RETURNS INT AS $$ a; b $$;
            SELECT 2 -- rest;
            """
        #expect(
            texts(text) == [
                "SELECT ';' /* ; */ , \";\"", "SELECT `a;b`",
                "CREATE FUNCTION f(INT) RETURNS INT AS $$ a; b $$", "SELECT 2",
            ])
        #expect(splitStatements(text).map(\.isTerminated) == [true, true, true, false])
    }

    @Test func strayCharactersStayInTheirStatement() {
        #expect(texts("SELECT # 1; ###; SELECT 2") == ["SELECT # 1", "###", "SELECT 2"])
    }

    @Test func modeDecidesAboutDoubleQuotes() {
        let text = #"SELECT "a\"; SELECT "b";"#
        let ansi = SyntaxOptions(ansiQuotes: true)
        #expect(splitStatements(text, options: ansi).count == 2)
        #expect(splitStatements(text).count == 1)
    }

    @Test(arguments: [
        ("", Completeness.empty), ("  -- x\n ; ;", .empty), ("SELECT 1;", .complete),
        ("SELECT 1; -- done", .complete), ("SELECT 1", .incomplete(open: nil)),
        ("SELECT (1", .incomplete(open: .parenthesis)), ("SELECT 'a;", .incomplete(open: .string)),
        ("SELECT `a;", .incomplete(open: .quotedName)),
        ("SELECT 1 /* ;", .incomplete(open: .comment)),
        ("/* x", .incomplete(open: .comment)), ("SELECT $$ ;", .incomplete(open: .attachment)),
        ("SELECT 1; SELECT", .incomplete(open: nil)), ("SELECT (1;", .complete),
    ])
    func knowsWhatIsMissing(text: String, expected: Completeness) {
        #expect(completeness(of: text) == expected)
    }

    @Test func givesStatementsOneByOne() {
        var splitter = StatementSplitter("SET sql_mode = 'ANSI_QUOTES'; SELECT \"a\\\"; SELECT 2;")
        #expect(splitter.next() != nil)
        let ansi = SyntaxOptions(ansiQuotes: true)
        #expect(splitter.next(options: ansi)?.range == TextRange(start: 30, end: 41))
        #expect(splitter.next(options: ansi)?.range == TextRange(start: 43, end: 51))
        #expect(splitter.next(options: ansi) == nil)
    }

    private func texts(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return splitStatements(text).map {
            String(decoding: bytes[$0.range.start..<$0.range.end], as: UTF8.self)
        }
    }
}
