// Lists of rows in blocks: what is asked of some rows is as what all rows say, scores are those that texts
// have, and bounds are never below them.

import StarlingAnalyzers
import StarlingIndexes
import StarlingMemory
import StarlingTables
import StarlingTestSupport
import Testing

@Suite struct PostingTests {
    /// Words of very different frequency, in stretches too, in 20,000 texts of different lengths.
    private static let texts: [String?] = {
        var random = SeededGenerator(seed: 20_261_123)
        return (0..<20_000).map { row in
            if row % 97 == 5 { return nil }
            var words = ["everywhere"]
            if row % 2 == 0 { words += Array(repeating: "even", count: row % 3 + 1) }
            if Int.random(in: 0..<3, using: &random) == 0 { words.append("third") }
            if Int.random(in: 0..<60, using: &random) == 0 { words.append("rare") }
            if Int.random(in: 0..<4_000, using: &random) == 0 { words.append("needle") }
            if (9_000..<9_700).contains(row) { words += ["stretch", "third"] }
            for _ in 0..<Int.random(in: 0..<12, using: &random) {
                words.append("w\(Int.random(in: 0..<500, using: &random))")
            }
            return words.joined(separator: " ")
        }
    }()

    private static let index: InvertedIndex? = {
        var builder = InvertedIndexBuilder(.standard, hasPositions: true)
        for text in texts {
            if var text {
                text.withUTF8 { builder.append(UnsafeRawBufferPointer($0)) }
            } else {
                builder.appendNull()
            }
        }
        return try? InvertedIndex(HeldIndexBytes(builder.finish()), rowCount: texts.count)
    }()

    private static func rows(_ query: TextQuery) -> [UInt32] {
        var matcher = TextMatcher(query, .standard)
        return texts.indices.filter { row in
            guard var text = texts[row] else { return false }
            return text.withUTF8 { matcher.matches(UnsafeRawBufferPointer($0)) }
        }.map(UInt32.init)
    }

    private static let questions: [(MatchOperator, String)] = [
        (.match, "everywhere"), (.match, "even"), (.match, "third"), (.match, "stretch"),
        (.all, "even third rare"), (.all, "needle everywhere"), (.any, "needle rare"),
        (.match, "w4* third"), (.phrase, "even third"), (.phrase, "even even third"),
        (.phrase, "third rare ~2"), (.all, "stretch everywhere"), (.phrase, "everywhere needle"),
    ]

    @Test(arguments: [
        [0..<20_000], [0..<1], [19_999..<20_000], [8_990..<9_010, 9_690..<9_800],
        [128..<256, 1_024..<2_048, 17_000..<17_001], [],
    ])
    func rowsOfRangesAreThoseOfAllRows(_ ranges: [Range<Int>]) throws {
        let index = try #require(Self.index)
        var wanted = RowRanges()
        for range in ranges { wanted.append(range) }
        for (operation, text) in Self.questions {
            let query = try TextQuery(operation, Array(text.utf8), .standard)
            let all = Self.rows(query)
            #expect(try index.answer(query).rows == all, "\(operation) \(text)")
            let found = try index.answer(query, within: wanted)
            let inside = { (row: UInt32) in ranges.contains { $0.contains(Int(row)) } }
            #expect(found.rows.filter(inside) == all.filter(inside), "\(operation) \(text)")
            #expect(found.isExact)
            #expect(Set(found.rows).isSubset(of: all), "\(operation) \(text)")
        }
    }

    @Test(arguments: ["even", "third rare", "needle third even", "w4* stretch", "nothing"])
    func scoresAreThoseOfTexts(_ text: String) throws {
        let index = try #require(Self.index)
        let query = try TextQuery(.any, Array(text.utf8), .standard)
        let numbers = [19_000.0, 150_000] + query.matchers.map { _ in 700 }
        let relevance = TextRelevance(numbers, termCount: query.matchers.count)
        let scores = try TextScores(index, query.matchers, relevance)
        let bounds = scores.bounds(runRowCount: 1_024)
        var scorer = TextScorer(query, .standard, numbers)
        var reader = TextScoreReader(scores)
        for start in stride(from: 0, to: Self.texts.count, by: 1_000) {
            // Every third window is passed over, as others do that have no rows.
            if start % 3_000 == 2_000 { continue }
            try reader.moveWindow(to: start..<(start + 1_000))
            for row in start..<(start + 1_000) {
                guard var text = Self.texts[row] else { continue }
                let wanted = text.withUTF8 { scorer.score(UnsafeRawBufferPointer($0)) }
                #expect(reader.score(ofRow: row) == wanted, "row \(row)")
                #expect(wanted <= bounds[row / 1_024], "row \(row)")
            }
        }
    }

    /// Stretches and halves cost next to nothing, and any list less than a bit a row.
    @Test func denseListsAreSmall() throws {
        func byteCount(_ rows: [Int], of rowCount: Int) -> Int {
            var builder = InvertedIndexBuilder(.none, hasPositions: false, isCounted: false)
            for row in 0..<rowCount {
                if rows.contains(row) { [UInt8(1)].withUnsafeBytes { builder.append(term: $0) } }
                builder.endRow()
            }
            return HeldIndexBytes(builder.finish()).byteCount
        }
        #expect(byteCount(Array(0..<6_400), of: 6_400) < 800)
        var random = SeededGenerator(seed: 7)
        let half = (0..<6_400).filter { _ in Int.random(in: 0..<2, using: &random) == 0 }
        #expect(byteCount(half, of: 6_400) < 6_400 / 8 + 600)
    }
}
