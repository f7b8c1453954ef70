// text_match() and its relatives, which the operators MATCH, MATCH_ANY, MATCH_ALL, MATCH_PHRASE and
// MATCH_REGEXP are.

import StarlingAnalyzers
import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

package enum TextMatching {
    static let rows = [
        row(
            .match,
            "Tells whether a text, or an array of texts, has all terms of the second one, in which % "
                + "and * stand for any characters of a term; the third argument names the analyzer.",
            [
                ("text_match('The quick brown fox', 'QUICK fox')", "1"),
                ("'The quick brown fox' MATCH 'bro*'", "1"),
                ("text_match('running', 'runs', 'english:stem')", "1"),
                ("text_match(['quick fox', 'dog'], 'dog fox')", "1"),
            ]),
        row(
            .any, "Tells whether a text has any of the terms of the second one.",
            [
                ("text_match_any('The quick brown fox', 'dog fox')", "1"),
                ("'The quick brown fox' MATCH_ANY 'dog cat'", "0"),
            ]),
        row(
            .all, "Tells whether a text has all terms of the second one.",
            [
                ("text_match_all('The quick brown fox', 'fox brown')", "1"),
                ("'The quick brown fox' MATCH_ALL 'fox dog'", "0"),
            ]),
        row(
            .phrase,
            "Tells whether the terms of the second text stand in the first as they do there; ~n "
                + "behind them lets them be n places apart in all.",
            [
                ("text_match_phrase('The quick brown fox', 'quick fox')", "0"),
                ("'The quick brown fox' MATCH_PHRASE 'quick fox ~1'", "1"),
                ("text_match_phrase(['quick fox', 'dog'], 'fox dog')", "0"),
            ]),
        row(
            .expression,
            "Tells whether a regular expression finds something in one of the terms of a text.",
            [
                ("text_match_regexp('The quick brown fox', '^br.*n$')", "1"),
                ("'The quick brown fox' MATCH_REGEXP 'k b'", "0"),
            ]),
    ]

    /// Tells whether a function is one of these.
    package static func isMatch(_ function: ScalarFunction) -> Bool {
        rows.contains { $0 === function }
    }

    private static func row(
        _ operation: MatchOperator, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            operation.rawValue, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                let signature = try arguments.textSignature(
                    operation.rawValue, [arguments.typeOfTexts, .string, .string], 2...3,
                    returns: .boolean)
                if arguments.types.count > 2 {
                    _ = try arguments.analyzer(2, of: operation.rawValue)
                }
                return signature
            },
            evaluate: { invocation throws(StarlingError) in try matched(operation, invocation) })
    }

    private static func matched(
        _ operation: MatchOperator, _ invocation: FunctionInvocation
    ) throws(StarlingError) -> Vector {
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        let valid = RowsWithValues(invocation.arguments, count: count)
        let analyzer = analyzer(of: invocation)
        let texts = TextRows([invocation.arguments[0]])
        let queries = DecodedVector(invocation.arguments[1])
        var matcher: TextMatcher?
        var result = Vector(zeroed: .int8, count: count)
        let output = result.pointer(to: Int8.self)
        for row in 0..<count where valid.contains(row) {
            if matcher == nil || !queries.isConstant {
                let query = try TextQuery(operation, queries.text(row).bytes, analyzer)
                matcher = TextMatcher(query, analyzer)
            }
            let isFound = matcher?.matches { texts.forEachText(of: row, $0) } ?? false
            output[row] = isFound ? 1 : 0
        }
        withExtendedLifetime(invocation) {}
        if isConstant { result.makeConstant(count: invocation.count) }
        return result.withIntegerLayout(invocation.resultPhysicalType)
    }

    /// The analyzer that the third argument names, which is a constant.
    static func analyzer(of invocation: FunctionInvocation) -> Analyzer {
        guard invocation.arguments.count > 2, invocation.arguments[2].isValid(0) else {
            return .standard
        }
        let name = DecodedVector(invocation.arguments[2]).text(0).bytes
        return Analyzer(String(decoding: name, as: UTF8.self)) ?? .standard
    }
}

extension ArgumentList {
    /// What the first argument is searched as.
    var typeOfTexts: LogicalType { types.first?.typeOfTexts ?? .string }

    /// Reads the analyzer that an argument names; says what is wrong where it names none.
    func analyzer(_ position: Int, of function: String) throws(StarlingError) -> Analyzer {
        guard let name = constant(position)?.text else {
            throw StarlingError(
                .binding, "\(function)() takes the analyzer as a literal string")
        }
        if let analyzer = Analyzer(name) { return analyzer }
        let near = nearestName(to: name, among: Analyzer.names)
        throw StarlingError(
            .binding,
            "\(function)(): there is no analyzer '\(name)'"
                + (near.map { "; did you mean '\($0)'?" }
                    ?? "; there are \(Analyzer.names.joined(separator: ", "))"))
    }
}
