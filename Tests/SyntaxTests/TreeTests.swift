// Shapes of trees that binders rely on.

import StarlingErrors
import StarlingSyntax
import Testing

struct TreeTests {
    private func select(_ text: String) throws -> Select {
        let query = try parseQuery(text)
        guard case .select(let select) = query.body else {
            throw StarlingError(.internal, "not a SELECT")
        }
        return select
    }

    @Test func joinsGroupToTheLeft() throws {
        let source = try select("SELECT 1 FROM a JOIN b ON 1 LEFT JOIN c USING (x), d").from
        #expect(source.count == 2)
        guard case .join(let outer) = source[0].kind, case .join(let inner) = outer.left.kind else {
            Issue.record("not joins")
            return
        }
        #expect(outer.kind == .leftOuter)
        #expect(inner.kind == .inner)
        guard case .using(let columns)? = outer.condition else {
            Issue.record("no USING")
            return
        }
        #expect(columns.map(\.text) == ["x"])
    }

    @Test func specialFormsAreCalls() throws {
        for (text, call) in [
            ("substring(a FROM 2 FOR 3)", "substring(a, 2, 3)"),
            ("trim(BOTH 'x' FROM a)", "trim_both(a, 'x')"),
            ("trim(LEADING FROM a)", "ltrim(a)"),
            ("trim(TRAILING 'y' FROM a)", "trim_trailing(a, 'y')"),
            ("position('x' IN a)", "locate('x', a)"), ("CURRENT_DATE", "CURRENT_DATE()"),
            ("a COLLATE utf8_bin", "a"), ("CONVERT(a, INT)", "CAST(a AS INT)"),
            ("a::INT", "CAST(a AS INT)"),
            ("INTERVAL '3 days'", "INTERVAL '3' DAY"), ("{fn now()}", "now()"),
            ("a MOD b", "a % b"),
        ] {
            #expect(try parseExpression(text).sql() == call)
        }
    }

    @Test func filesHaveProperties() throws {
        let from = try select("SELECT * FROM FILES('path' = 'x/*', 'format' = 'parquet')").from
        guard case .function(let function) = from[0].kind else {
            Issue.record("not a function")
            return
        }
        #expect(function.name.simpleText == "FILES")
        #expect(
            function.properties == [
                Property(key: "path", value: "x/*"), Property(key: "format", value: "parquet"),
            ])
    }

    @Test func treesAreEqualWhereverTheyStand() throws {
        #expect(try parseExpression("a+b") == parseExpression("  a  +  b"))
        #expect(try parseExpression("a+b") != parseExpression("a-b"))
        #expect(try parseStatement("select 1") == parseStatement("/* x */ SELECT 1;"))
    }

    @Test func arrowsAreJSONOrLambdas() throws {
        #expect(
            try parseExpression("j->'$.a'").kind
                == .binary(
                    .jsonValue, parseExpression("j"), parseExpression("'$.a'")))
        guard case .lambda(let names, _) = try parseExpression("(x, y) -> x + y").kind else {
            Issue.record("not a lambda")
            return
        }
        #expect(names.map(\.text) == ["x", "y"])
    }

    @Test func administrationIsRecognised() throws {
        let statement = try parseStatement("GRANT SELECT ON t TO USER u;")
        #expect(statement.kind == .other(name: "GRANT SELECT", text: "GRANT SELECT ON t TO USER u"))
    }

    @Test func typesKeepTheirParameters() throws {
        let type = try parseTypeName("map<varchar(10), array<struct<a decimal(10, 2), b: json>>>")
        #expect(type.sql == "MAP<VARCHAR(10), ARRAY<STRUCT<a DECIMAL(10, 2), b JSON>>>")
        #expect(type.elements[1].elements[0].fields[0].type.parameters == [10, 2])
    }
}
