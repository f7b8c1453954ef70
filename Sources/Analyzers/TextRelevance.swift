// How well a text fits what is sought: BM25 (Robertson and Zaragoza, "The Probabilistic Relevance
// Framework: BM25 and Beyond", 2009), with k1 = 1.2 and b = 0.75.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Weighs how often a text has each of several terms by what is known of all texts.
package struct TextRelevance: Sendable {
    private static let saturation = 1.2
    private static let lengthShare = 0.75

    private let weights: [Double]
    private let meanLength: Double

    /// Takes how many texts there are, how many terms they have together, and how many texts have each
    /// of the terms.
    package init(_ numbers: [Double], termCount: Int) {
        let textCount = max(numbers.first ?? 0, 1)
        let tokenCount = numbers.count > 1 ? numbers[1] : 0
        meanLength = max(tokenCount / textCount, 1e-9)
        weights = (0..<termCount).map { number in
            let having = min(number + 2 < numbers.count ? numbers[number + 2] : 0, textCount)
            return log(1 + (textCount - having + 0.5) / (having + 0.5))
        }
    }

    /// What the length of a text takes from what its terms count.
    @inline(__always)
    package func norm(ofLength tokenCount: Int) -> Double {
        let length = Double(tokenCount) / meanLength
        return Self.saturation * (1 - Self.lengthShare + Self.lengthShare * length)
    }

    /// What a term adds to the score of a text that has it so often.
    @inline(__always)
    package func share(ofTerm number: Int, count: Double, norm: Double) -> Double {
        weights[number] * count * (Self.saturation + 1) / (count + norm)
    }
}

/// Scores text after text; belongs to one worker.
package struct TextScorer {
    private var counter: TermCounter
    private let relevance: TextRelevance

    package init(_ query: TextQuery, _ analyzer: Analyzer, _ numbers: [Double]) {
        counter = TermCounter(query.matchers, analyzer)
        relevance = TextRelevance(numbers, termCount: counter.matchers.count)
    }

    package mutating func score(_ text: UnsafeRawBufferPointer) -> Double {
        score(texts: { $0(text) })
    }

    /// Scores the texts of a row together.
    package mutating func score(texts: RowTexts) -> Double {
        counter.count(texts: texts)
        let norm = relevance.norm(ofLength: counter.tokenCount)
        var score = 0.0
        for (number, count) in counter.counts.enumerated() where count > 0 {
            score += relevance.share(ofTerm: number, count: Double(count), norm: norm)
        }
        return score
    }
}
