// text_score(): how well a text fits what is sought, which score() asks with what is known of the whole
// table. By BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
// 2009), with k1 = 1.2 and b = 0.75.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import StarlingAnalyzers
import StarlingErrors
import StarlingTypes
import StarlingVectors

enum TextScore {
    private static let saturation = 1.2
    private static let lengthShare = 0.75

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
                    "text_score", [.string, .string, .string, .array(.bigint), .string], 4...5,
                    returns: .double)
                _ = try arguments.analyzer(2, of: "text_score")
                return signature
            },
            evaluate: { invocation throws(StarlingError) in scores(invocation) })
    ]

    private static func scores(_ invocation: FunctionInvocation) -> Vector {
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        let valid = RowsWithValues(invocation.arguments, count: count)
        let (texts, queries) = (
            DecodedVector(invocation.arguments[0]), DecodedVector(invocation.arguments[1])
        )
        let analyzer = TextMatching.analyzer(of: invocation)
        let operation =
            invocation.arguments.count > 4
            ? MatchOperator(rawValue: invocation.arguments[4].value(at: 0).text ?? "") : nil
        var scorer: Scorer?
        var result = Vector(zeroed: .float64, count: count)
        let output = result.pointer(to: Double.self)
        for row in 0..<count where valid.contains(row) {
            if scorer == nil || !queries.isConstant || !invocation.arguments[3].isConstant {
                let query = TextQuery(operation ?? .match, queries.text(row).bytes, analyzer)
                scorer = Scorer(
                    query, analyzer, numbers(invocation.arguments[3].value(at: row)))
            }
            output[row] = texts.text(row).withBytes { scorer?.score($0) ?? 0 }
        }
        withExtendedLifetime(invocation) {}
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }

    private static func numbers(_ list: Value) -> [Double] {
        guard case .list(let values) = list else { return [] }
        return values.map { $0.integer.map { Double($0) } ?? 0 }
    }

    /// Scores text after text.
    private struct Scorer {
        private var counter: TermCounter
        private let weights: [Double]
        private let meanLength: Double

        init(_ query: TextQuery, _ analyzer: Analyzer, _ numbers: [Double]) {
            counter = TermCounter(query.matchers, analyzer)
            let textCount = max(numbers.first ?? 0, 1)
            let tokenCount = numbers.count > 1 ? numbers[1] : 0
            meanLength = max(tokenCount / textCount, 1e-9)
            weights = counter.matchers.indices.map { number in
                let having = min(number + 2 < numbers.count ? numbers[number + 2] : 0, textCount)
                return log(1 + (textCount - having + 0.5) / (having + 0.5))
            }
        }

        mutating func score(_ text: UnsafeRawBufferPointer) -> Double {
            counter.count(text)
            let length = Double(counter.tokenCount) / meanLength
            let norm = saturation * (1 - lengthShare + lengthShare * length)
            var score = 0.0
            for (number, weight) in weights.enumerated() {
                let count = Double(counter.counts[number])
                if count > 0 { score += weight * count * (saturation + 1) / (count + norm) }
            }
            return score
        }
    }
}
