// Indexes of terms against cutting every text: the rows are the same, whatever is asked, and damaged
// bytes are errors.

import StarlingAnalyzers
import StarlingErrors
import StarlingIndexes
import StarlingMemory
import Testing

@Suite struct InvertedIndexTests {
    private static let words = [
        "alpha", "beta", "gamma", "delta", "the", "running", "runs", "中国", "国人", "x1", "x2",
        "foo.bar", "Größe",
    ]

    private func texts(_ count: Int) -> [[UInt8]?] {
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { row in
            if Int.random(in: 0..<10, using: &random) == 0 { return nil }
            let wordCount = Int.random(in: 0...9, using: &random)
            var words = (0..<wordCount).map { _ in Self.words.randomElement(using: &random)! }
            if row % 700 == 3 { words.append("needle\(row)") }
            return Array(words.joined(separator: " ").utf8)
        }
    }

    private func index(
        _ texts: [[UInt8]?], _ analyzer: Analyzer, hasPositions: Bool = true
    ) -> HeldIndexBytes {
        var builder = InvertedIndexBuilder(analyzer, hasPositions: hasPositions)
        for text in texts {
            if let text {
                text.withUnsafeBytes { builder.append($0) }
            } else {
                builder.appendNull()
            }
        }
        return HeldIndexBytes(builder.finish())
    }

    private static let questions: [(MatchOperator, String)] = [
        (.match, "alpha"), (.match, "alpha beta"), (.match, "a*"), (.match, "*a gam*"),
        (.match, "needle3"), (.match, "needle*"), (.match, "nothing"), (.any, "x1 x2 nothing"),
        (.all, "x1 x2"), (.phrase, "alpha beta"), (.phrase, "alpha beta gamma ~3"),
        (.phrase, "alpha alpha"), (.phrase, "alpha alpha ~4"), (.phrase, "the 国"),
        (.phrase, "run alpha ~1"), (.match, "国"), (.match, ""), (.all, "größe"),
    ]

    @Test(arguments: ["standard", "english:stem", "cjk", "ngram:2:3", "none"])
    func findsWhatCuttingFinds(_ description: String) throws {
        let analyzer = try #require(Analyzer(description))
        let texts = texts(3_000)
        let bytes = index(texts, analyzer)
        let opened = try InvertedIndex(bytes, rowCount: texts.count)
        let bare = try InvertedIndex(
            index(texts, analyzer, hasPositions: false), rowCount: texts.count)
        #expect(opened.nulls == texts.indices.filter { texts[$0] == nil }.map(UInt32.init))
        for (operation, text) in Self.questions {
            let query = try TextQuery(operation, Array(text.utf8), analyzer)
            var matcher = TextMatcher(query, analyzer)
            let wanted = texts.indices.filter { row in
                texts[row]?.withUnsafeBytes { matcher.matches($0) } ?? false
            }.map(UInt32.init)
            let answer = try opened.answer(query)
            #expect(answer.rows == wanted && answer.isExact, "\(operation) \(text)")
            let wider = try bare.answer(query)
            #expect(Set(wider.rows).isSuperset(of: wanted), "\(operation) \(text)")
            #expect(!wider.isExact || wider.rows == wanted, "\(operation) \(text)")
        }
    }

    /// Whatever byte is flipped, the answer is the same or there is an error.
    @Test func damageIsFoundOrHarmless() throws {
        let texts = texts(300)
        let analyzer = Analyzer.standard
        let whole = try index(texts, analyzer).read(0..<index(texts, analyzer).byteCount)
        let head = try InvertedIndex(held(whole) { _ in }, rowCount: texts.count).headByteCount
        let checksum = try whole.part(0..<head).checksum
        let query = try TextQuery(.phrase, Array("alpha beta ~2".utf8), analyzer)
        let wanted = try InvertedIndex(held(whole) { _ in }, rowCount: texts.count)
            .answer(query).rows
        for place in 0..<whole.count {
            let damaged = held(whole) { $0[place] ^= 1 << UInt8(place % 8) }
            do {
                let opened = try InvertedIndex(
                    damaged, rowCount: texts.count, headByteCount: head, headChecksum: checksum)
                #expect(try opened.answer(query).rows == wanted, "byte \(place)")
            } catch {
                #expect(error.kind == .data)
            }
            // Without a checksum of the head nothing traps either.
            _ = try? InvertedIndex(damaged, rowCount: texts.count).answer(query)
        }
    }

    private func held(
        _ slice: IndexSlice, _ change: (inout [UInt8]) -> Void
    ) -> HeldIndexBytes {
        var bytes = slice.withBytes { Array($0) }
        change(&bytes)
        let writer = ByteWriter()
        writer.append(bytes)
        return HeldIndexBytes(writer)
    }

    @Test func valuesLieBetweenBounds() throws {
        var builder = InvertedIndexBuilder(.none, hasPositions: false, isCounted: false)
        let values = (0..<5_000).map { ($0 * 7_919) % 997 }
        for value in values {
            [UInt8(value >> 8), UInt8(value & 255)].withUnsafeBytes { builder.append(term: $0) }
            builder.endRow()
        }
        let bytes = HeldIndexBytes(builder.finish())
        let opened = try InvertedIndex(bytes, rowCount: values.count)
        func key(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }
        let all = ListingLimit(rowCount: 5_000, listCount: 5_000)
        for (low, high) in [(0, 10), (990, 1_200), (500, 500), (300, 299)] {
            let found = try opened.rows(from: key(low), to: key(high), limit: all)
            let wanted = values.indices.filter { low <= values[$0] && values[$0] <= high }
            #expect(found == wanted.map(UInt32.init))
            let open = try opened.rows(
                from: key(low), to: key(high), isLowIncluded: false, isHighIncluded: false,
                limit: all)
            let inside = values.indices.filter { low < values[$0] && values[$0] < high }
            #expect(open == inside.map(UInt32.init))
        }
        #expect(
            try opened.rows(
                from: nil, to: nil, limit: ListingLimit(rowCount: 4_999, listCount: 5_000)) == nil)
        #expect(
            try opened.rows(
                from: key(0), to: key(9), limit: ListingLimit(rowCount: 5_000, listCount: 9)) == nil
        )
        let some = try opened.rows(having: [key(3), key(996), key(5_000)], limit: all)
        #expect(some == values.indices.filter { [3, 996].contains(values[$0]) }.map(UInt32.init))
    }

    @Test func runsOfCharactersAreNeverMissed() throws {
        let texts = texts(4_000)
        for (size, ignoresCase) in [(2, false), (3, true), (1, false)] {
            var builder = GramIndexBuilder(size: size, ignoresCase: ignoresCase, error: 0.05)
            for text in texts {
                text?.withUnsafeBytes { builder.append($0) }
                builder.endRow()
            }
            let bytes = HeldIndexBytes(builder.finish())
            let opened = try GramIndex(
                try bytes.read(0..<bytes.byteCount), rowCount: texts.count)
            for piece in ["needle703", "needle", "国人", "zzz", "lph"] where piece.count >= size {
                let found = try #require(opened.rows(containing: [Array(piece.utf8)]))
                for row in texts.indices {
                    let text = texts[row].map { String(decoding: $0, as: UTF8.self) } ?? ""
                    guard text.contains(piece) else { continue }
                    #expect(found.overlaps(row..<(row + 1)), "\(piece) in row \(row)")
                }
            }
            #expect(
                try #require(opened.rows(containing: [Array("needle703".utf8)])).rowCount <= 3_072)
        }
    }
}
