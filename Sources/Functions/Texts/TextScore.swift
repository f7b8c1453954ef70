// text_score(): how well a text fits what is sought, which score() asks with what is known of the whole
// table.

import StarlingAnalyzers
import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

enum TextScore {
    static let rows = [
        ScalarFunction(
            "text_score",
            summary: "Scores a text for what MATCH seeks by BM25; the list tells how many texts "
                + "there are, how many terms they have together, and how many texts have each of "
                + "the terms that are sought. score() makes the list of the table, and names "
                + "the function that seeks, text_match where none is named.",
            examples: [
                ("text_score('red fox', 'fox', 'standard', [2, 4, 1])", "0.6931471805599453")
            ],
            resolve: { arguments throws(StarlingError) in
                let signature = try arguments.textSignature(
                    "text_score",
                    [arguments.typeOfTexts, .string, .string, .array(.bigint), .string], 4...5,
                    returns: .double)
                _ = try arguments.analyzer(2, of: "text_score")
                return signature
            },
            evaluate: { invocation throws(StarlingError) in try scores(invocation) })
    ]

    private static func scores(
        _ invocation: FunctionInvocation
    ) throws(StarlingError) -> Vector {
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        let valid = RowsWithValues(invocation.arguments, count: count)
        let texts = TextRows([invocation.arguments[0]])
        let queries = DecodedVector(invocation.arguments[1])
        let analyzer = TextMatching.analyzer(of: invocation)
        let operation =
            invocation.arguments.count > 4
            ? MatchOperator(rawValue: invocation.arguments[4].value(at: 0).text ?? "") : nil
        var scorer: TextScorer?
        var result = Vector(zeroed: .float64, count: count)
        let output = result.pointer(to: Double.self)
        for row in 0..<count where valid.contains(row) {
            if scorer == nil || !queries.isConstant || !invocation.arguments[3].isConstant {
                let query = try TextQuery(operation ?? .match, queries.text(row).bytes, analyzer)
                scorer = TextScorer(
                    query, analyzer, numbers(invocation.arguments[3].value(at: row)))
            }
            output[row] = scorer?.score { texts.forEachText(of: row, $0) } ?? 0
        }
        withExtendedLifetime(invocation) {}
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }

    private static func numbers(_ list: Value) -> [Double] {
        guard case .list(let values) = list else { return [] }
        return values.map { $0.integer.map { Double($0) } ?? 0 }
    }
}
