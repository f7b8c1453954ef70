// highlight() and snippet(): a text with what was sought in it marked, all of it or the part where most of
// that stands.

import StarlingAnalyzers
import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

enum TextMarking {
    private static let snippetTokenCount = 30
    private static let ellipsis = Array("…".utf8)

    static let rows = [
        ScalarFunction(
            "highlight",
            summary:
                "Marks the terms of the second text in the first, by <em> and </em> or what the "
                + "fourth and fifth arguments say; the third names the analyzer.",
            examples: [
                (
                    "highlight('The quick brown fox', 'FOX qui*')",
                    "The <em>quick</em> brown <em>fox</em>"
                ),
                ("highlight('He runs', 'running', 'english:stem', '[', ']')", "He [runs]"),
            ],
            resolve: { arguments throws(StarlingError) in
                let signature = try arguments.textSignature(
                    "highlight", [.string, .string, .string, .string, .string], 2...5,
                    returns: .string)
                if arguments.types.count > 2 { _ = try arguments.analyzer(2, of: "highlight") }
                return signature
            },
            evaluate: { invocation throws(StarlingError) in
                try marked(invocation) { marker, arguments, row, output in
                    let texts = arguments.count
                    marker.mark(
                        all: true, tokenCount: 0,
                        before: texts > 3 ? arguments.fourth.text(row).bytes : nil,
                        after: texts > 4
                            ? DecodedVector(invocation.arguments[4]).text(row).bytes : nil,
                        to: &output)
                }
            }),
        ScalarFunction(
            "snippet",
            summary:
                "Gives the part of a text in which most terms of the second one stand, with these "
                + "marked; the third argument names the analyzer, the fourth says how many terms of "
                + "the text the part has, 30 where it says nothing.",
            examples: [
                (
                    "snippet('one two three four five six', 'five', 'standard', 3)",
                    "…four <em>five</em> six"
                )
            ],
            resolve: { arguments throws(StarlingError) in
                let signature = try arguments.textSignature(
                    "snippet", [.string, .string, .string, .bigint], 2...4, returns: .string)
                if arguments.types.count > 2 { _ = try arguments.analyzer(2, of: "snippet") }
                return signature
            },
            evaluate: { invocation throws(StarlingError) in
                try marked(invocation) { marker, arguments, row, output in
                    let count =
                        arguments.count > 3 ? arguments.fourth.number(row) : snippetTokenCount
                    marker.mark(
                        all: false, tokenCount: max(1, count), before: nil, after: nil,
                        to: &output)
                }
            }),
    ]

    private static func marked(
        _ invocation: FunctionInvocation,
        _ write: (Marker, TextArguments, Int, inout [UInt8]) -> Void
    ) throws(StarlingError) -> Vector {
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        let valid = RowsWithValues(invocation.arguments, count: count)
        let arguments = TextArguments(invocation.arguments)
        let analyzer = TextMatching.analyzer(of: invocation)
        let heap = StringHeap()
        var result = Vector(zeroed: .string, count: count)
        let output = result.pointer(to: StringReference.self)
        var marker: Marker?
        var bytes: [UInt8] = []
        var room = HeapRoom()
        for row in 0..<count where valid.contains(row) {
            try room.expect(for: heap, of: invocation)
            if marker == nil || !arguments.second.isConstant {
                let query = try TextQuery(.match, arguments.second.text(row).bytes, analyzer)
                marker = Marker(query.matchers, analyzer)
            }
            bytes.removeAll(keepingCapacity: true)
            marker?.read(arguments.first.text(row).bytes)
            if let marker { write(marker, arguments, row, &bytes) }
            output[row] = heap.add(bytes)
        }
        result.owner = heap
        withExtendedLifetime(invocation) {}
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }

    /// Finds what is sought in text after text.
    private struct Marker {
        private let matchers: [TermMatcher]
        private let analyzer: Analyzer
        private var tokens = TokenList()
        private var text: [UInt8] = []
        /// For each token whether it is sought.
        private var isSought: [Bool] = []

        init(_ matchers: [TermMatcher], _ analyzer: Analyzer) {
            self.matchers = matchers
            self.analyzer = analyzer
        }

        mutating func read(_ text: [UInt8]) {
            self.text = text
            isSought.removeAll(keepingCapacity: true)
            // What was replaced lies elsewhere than the tokens say.
            let isAsWritten = text.withUnsafeBytes { analyzer.keepsCharacters(of: $0) }
            guard isAsWritten else { return tokens.removeAll() }
            text.withUnsafeBytes { analyzer.analyze($0, into: &tokens) }
            for number in tokens.tokens.indices {
                let term = tokens.term(number)
                isSought.append(
                    term.withUnsafeBytes { bytes in matchers.contains { $0.matches(bytes) } })
            }
        }

        func mark(
            all: Bool, tokenCount: Int, before: [UInt8]?, after: [UInt8]?, to output: inout [UInt8]
        ) {
            let (before, after) = (before ?? Array("<em>".utf8), after ?? Array("</em>".utf8))
            let shown = all ? tokens.tokens.indices : bestTokens(tokenCount)
            let start = all || shown.lowerBound == 0 ? 0 : tokens.tokens[shown.lowerBound].start
            let isEnd = all || shown.upperBound == tokens.tokens.count
            let end = isEnd ? text.count : tokens.tokens[shown.upperBound - 1].end
            if start > 0 { output += ellipsis }
            var place = start
            var next = shown.lowerBound
            while next < shown.upperBound {
                let token = tokens.tokens[next]
                next += 1
                guard isSought[next - 1], token.start >= place else { continue }
                output += text[place..<token.start]
                var last = token.end
                // Tokens that overlap are marked together.
                while next < shown.upperBound, tokens.tokens[next].start < last {
                    if isSought[next] { last = max(last, tokens.tokens[next].end) }
                    next += 1
                }
                output += before + text[token.start..<last] + after
                place = last
            }
            if place < end { output += text[place..<end] }
            if end < text.count { output += ellipsis }
        }

        /// The run of tokens with the most that are sought, these in its middle.
        private func bestTokens(_ count: Int) -> Range<Int> {
            let all = tokens.tokens.count
            guard count < all else { return 0..<all }
            var (best, bestStart, current) = (0, 0, 0)
            for number in 0..<all {
                if isSought[number] { current += 1 }
                if number >= count, isSought[number - count] { current -= 1 }
                if current > best { (best, bestStart) = (current, max(0, number - count + 1)) }
            }
            guard best > 0 else { return 0..<count }
            let first = (bestStart..<(bestStart + count)).first { isSought[$0] } ?? bestStart
            let last = (bestStart..<(bestStart + count)).last { isSought[$0] } ?? first
            let start = min(max(0, (first + last + 1 - count) / 2), all - count)
            return start..<(start + count)
        }
    }
}
