import StarlingBinder
import StarlingErrors
import StarlingPlanSupport
import Testing

@Suite struct BindingErrorTests {
    private let environment: StubEnvironment

    init() throws { environment = try makeEnvironment() }

    /// The marks stand around the place that the error names.
    private func check(_ marked: String, _ parts: [String]) {
        let pieces = marked.split(separator: "|", omittingEmptySubsequences: false)
        let text = pieces.joined()
        let error = #expect(throws: StarlingError.self) { try environment.bind(text) }
        #expect(error?.kind == .binding, "\(text): \(error?.message ?? "")")
        for part in parts {
            #expect(error?.message.contains(part) == true, "\(text): \(error?.message ?? "")")
        }
        let start = pieces[0].utf8.count
        let place = TextRange(start: start, end: start + pieces[1].utf8.count)
        #expect(error?.range == place, "\(text)")
    }

    @Test(arguments: [
        ("SELECT |aa| FROM t", ["no column 'aa'", "did you mean 'a'"]),
        ("SELECT 1 + |keyy| FROM u", ["no column 'keyy'", "did you mean 'key'"]),
        ("SELECT |x.a| FROM t", ["no table 'x'"]), ("SELECT |t.key| FROM t, u", ["'t.key'"]),
        ("SELECT b, |a| FROM t, u", ["'a' is ambiguous", "t.a", "u.a"]),
        ("SELECT |a| FROM u AS x JOIN u AS y ON true", ["'a' is ambiguous", "x.a", "y.a"]),
        ("SELECT (SELECT max(key) FROM u WHERE |z| = 1) FROM t", ["no column 'z'"]),
        ("SELECT |key| FROM t WHERE EXISTS (SELECT key FROM u)", ["no column 'key'"]),
        ("SELECT 1 FROM u, (SELECT |key| FROM t) AS q", ["no column 'key'"]),
        ("SELECT s.|w| FROM t", ["w"]), ("SELECT l.|x| FROM t", ["x"]),
    ])
    func columnsThatAreNotThereAreNamed(marked: String, parts: [String]) {
        check(marked, parts)
    }

    @Test(arguments: [
        ("SELECT 1 FROM |tt|", ["'tt'", "did you mean 't'"]),
        ("SELECT 1 FROM |main.nowhere|", ["no table or view 'nowhere'"]),
        ("SELECT 1 FROM |mian.t|", ["no database 'mian'", "did you mean 'main'"]),
        ("SELECT 1 FROM |other|.main.t", ["catalog"]),
        ("SELECT 1 FROM t, |t|", ["'t' is used twice", "alias"]),
        ("SELECT 1 FROM t JOIN |u AS t| ON true", ["'t' is used twice"]),
        ("WITH x AS (SELECT 1), |x| AS (SELECT 2) SELECT 1", ["'x' twice"]),
        ("SELECT 1 FROM (WITH q AS (SELECT 1) SELECT 2) AS z, |q|", ["'q'"]),
    ])
    func tablesThatAreNotThereAreNamed(marked: String, parts: [String]) {
        check(marked, parts)
    }

    @Test(arguments: [
        ("SELECT |summ(a)| FROM t", ["'summ'", "did you mean 'sum'"]),
        ("SELECT CAST(a AS |INTT|) FROM t", ["no type 'INTT'", "did you mean 'int'"]),
        ("SELECT |@@batch_siez|", ["'batch_siez'", "did you mean 'batch_size'"]),
        ("SELECT |?|", ["no value"]), ("SELECT |abs(a, b)| FROM t", ["abs()"]),
        ("SELECT |@@nothing|", ["'nothing'"]),
    ])
    func whatIsNotKnownIsNamed(marked: String, parts: [String]) {
        check(marked, parts)
    }

    @Test(arguments: [
        ("SELECT |b|, sum(a) FROM t", []), ("SELECT a, |b| FROM t GROUP BY a", []),
        ("SELECT sum(|sum(a)|) FROM t", []), ("SELECT a FROM t WHERE |sum(a)| > 1", []),
        ("SELECT a FROM t WHERE |row_number() OVER ()| > 1", []),
        ("SELECT a FROM t GROUP BY |sum(b)|", []), ("SELECT a FROM t ORDER BY |9|", ["9"]),
        ("SELECT a FROM t GROUP BY |2|", ["2"]),
        ("SELECT a FROM t WHERE |l|", ["a condition is BOOLEAN"]),
        ("SELECT a FROM t JOIN u ON |t.l|", ["a condition is BOOLEAN"]),
    ])
    func whatHasNoPlaceThereIsRefused(marked: String, parts: [String]) {
        check(marked, parts)
    }

    /// What fails and where is plain; of which words the place consists is not.
    @Test(arguments: [
        ("SELECT (SELECT a, b FROM t)", "column"), ("SELECT a IN (SELECT a, b FROM t) FROM t", "2"),
        ("SELECT a, b FROM t UNION SELECT a FROM u", "columns"),
        ("SELECT * FROM t JOIN u USING (key)", "'key'"), ("SELECT l = s FROM t", "compared"),
        ("SELECT * FROM t AS x (a, b, c, d, e, f, g, h)", "8"),
        ("SELECT CASE WHEN a = 1 THEN l ELSE s END FROM t", "no common type"),
        ("SELECT DATE '2023-02-29'", "2023-02-29"),
        ("SELECT 170141183460469231731687303715884105728", "LARGEINT"),
        ("SELECT 1e309", "DOUBLE"), ("SELECT INTERVAL 1 DAY", "INTERVAL"),
        (
            "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1, 2 FROM r) SELECT * FROM r",
            "column"
        ),
    ])
    func whatDoesNotFitIsRefused(text: String, part: String) {
        let error = #expect(throws: StarlingError.self) { try environment.bind(text) }
        #expect(error?.kind == .binding, "\(error?.message ?? "")")
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
        #expect(error?.range != nil)
    }

    @Test func viewsOfViewsAreLimited() throws {
        let views = (1...250).map { number in
            ("v\(number)", number == 1 ? "SELECT 1 AS x" : "SELECT x FROM v\(number - 1)")
        }
        let environment = try StubEnvironment([], views: views)
        _ = try environment.bind("SELECT x FROM v150")
        let error = #expect(throws: StarlingError.self) {
            try environment.bind("SELECT x FROM v250")
        }
        #expect(error?.kind == .binding && error?.message.contains("200 levels") == true)
    }
}
