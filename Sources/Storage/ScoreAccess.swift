// How a segment scores texts: from the lists of an index, once for all rows that have any of the terms, or
// by reading the texts. Zones know the best score in each run of rows, so that a top-N passes over runs
// that have none it wants, as block-wise maxima do it in block-max WAND (Ding and Suel, "Faster Top-k
// Document Retrieval Using Block-Max Indexes", SIGIR 2011).

import StarlingAnalyzers
import StarlingBlocks
import StarlingErrors
import StarlingIndexes
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors
import Synchronization

/// Scores the texts of a column of a segment.
final class ScoreAccess: DerivedAccess {
    let score: ScoreColumn
    private let query: TextQuery
    private let analyzer: Analyzer
    private let index: ColumnIndex?
    private let held = Mutex<Held?>(nil)

    /// Is what the index has said, for as long as the query runs.
    private struct Held {
        var scores: TextScores
        var nulls: [UInt32]
        var reservation: Reservation
    }

    init(_ score: ScoreColumn, _ indexes: [ColumnIndex]) {
        self.score = score
        let analyzer = Analyzer(score.analyzer) ?? .standard
        self.analyzer = analyzer
        query = TextQuery(
            MatchOperator(rawValue: score.function) ?? .match, score.query, analyzer)
        index = indexes.first {
            guard case .terms(analyzer.description, _) = $0.kind else { return false }
            return true
        }
    }

    func summary(rowCount: Int) -> ColumnSummary { ColumnSummary(ColumnStatistics()) }
    func lacks(_ values: [Value]) throws(StarlingError) -> Bool { false }
    var indexes: [ColumnIndex] { [] }

    // MARK: By the index

    /// Asks the index, once; false where there is none, or none that can be read.
    func canAnswer(_ context: ScanContext) throws(StarlingError) -> Bool {
        guard let index else { return false }
        return try held.withLock { (held) throws(StarlingError) in
            if held != nil { return true }
            do throws(StarlingError) {
                let terms = try index.terms()
                let relevance = TextRelevance(score.numbers, termCount: query.matchers.count)
                let scores = try terms.scores(of: query.matchers, relevance)
                let reservation = Reservation(context.budget, purpose: "scores of texts")
                try reservation.resize(to: scores.byteCount)
                held = Held(scores: scores, nulls: terms.nulls, reservation: reservation)
                return true
            } catch {
                guard error.kind == .data || error.kind == .file else { throw error }
                return false
            }
        }
    }

    func zones(rowCount: Int, _ context: ScanContext) throws(StarlingError) -> [Zone]? {
        guard try canAnswer(context) else { return nil }
        return held.withLock { held in
            guard let held else { return nil }
            var best = [Double](repeating: 0, count: (rowCount + packedCount - 1) / packedCount)
            for (row, score) in zip(held.scores.rows, held.scores.scores) {
                best[Int(row) / packedCount] = max(best[Int(row) / packedCount], score)
            }
            return best.enumerated().map { run, score in
                var statistics = ColumnStatistics(low: .floating(0), high: .floating(score))
                statistics.excludesNaN = true
                return Zone(
                    rows: (run * packedCount)..<min((run + 1) * packedCount, rowCount),
                    statistics: statistics)
            }
        }
    }

    /// The scores of the rows of a window, or of those that are selected.
    func scores(_ window: Range<Int>, _ selection: Selection?) throws(StarlingError) -> Vector {
        let count = selection?.count ?? window.count
        return held.withLock { held in
            var result = Self.zeros(count)
            let target = result.pointer(to: Double.self)
            guard let held else { return result }
            var place = Self.place(of: window.lowerBound, in: held.scores.rows)
            var null = Self.place(of: window.lowerBound, in: held.nulls)
            let validity = Validity(count: count, allValid: true)
            var hasNulls = false
            for number in 0..<count {
                let row = window.lowerBound + (selection.map { Int($0.rows[number]) } ?? number)
                while place < held.scores.rows.count, Int(held.scores.rows[place]) < row {
                    place += 1
                }
                while null < held.nulls.count, Int(held.nulls[null]) < row { null += 1 }
                if null < held.nulls.count, Int(held.nulls[null]) == row {
                    validity.setNull(number)
                    hasNulls = true
                } else if place < held.scores.rows.count, Int(held.scores.rows[place]) == row {
                    target[number] = held.scores.scores[place]
                }
            }
            if hasNulls { result.validity = validity }
            return result
        }
    }

    /// Counts the rows of an ascending list below one.
    private static func place(of row: Int, in rows: [UInt32]) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(rows[middle]) < row { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func zeros(_ count: Int) -> Vector {
        Vector(.float64, count: count, buffer: .zeroed(byteCount: max(1, count) * 8))
    }

    // MARK: By reading

    func scores(ofTexts vector: Vector) -> Vector {
        let texts = DecodedVector(vector)
        defer { withExtendedLifetime(vector) {} }
        var scorer = TextScorer(query, analyzer, score.numbers)
        var result = Self.zeros(texts.count)
        let target = result.pointer(to: Double.self)
        let validity = Validity(count: texts.count, allValid: true)
        var hasNulls = false
        for row in 0..<texts.count {
            guard texts.isValid(row) else {
                validity.setNull(row)
                hasNulls = true
                continue
            }
            target[row] = texts.value(row, as: StringReference.self).withBytes {
                scorer.score($0)
            }
        }
        if hasNulls { result.validity = validity }
        return result
    }
}
