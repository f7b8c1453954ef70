// How a segment scores texts: from the lists of an index, of which the blocks of those rows are read that
// are asked for, or by reading the texts. Zones bound the scores in each run of rows, so that a top-N
// passes over runs that have none it wants.

import StarlingAnalyzers
import StarlingBlocks
import StarlingErrors
import StarlingIndexes
import StarlingKernels
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
    private let held = Mutex(Knowledge.nothing)

    /// Is what the index has said, for as long as the query runs.
    private enum Knowledge {
        case nothing
        case scores(TextScores, Reservation)
        /// The index cannot be read.
        case damaged
    }

    init(_ score: ScoreColumn, _ indexes: [ColumnIndex]) {
        self.score = score
        let analyzer = Analyzer(score.analyzer) ?? .standard
        self.analyzer = analyzer
        // The binder has read it before.
        let query = try? TextQuery(
            MatchOperator(rawValue: score.function) ?? .match, score.query, analyzer)
        self.query = query ?? .nothing
        index = indexes.ofTerms(cutBy: analyzer.description)
    }

    func summary(rowCount: Int) -> ColumnSummary { ColumnSummary(ColumnStatistics()) }
    func lacks(_ values: [Value]) throws(StarlingError) -> Bool { false }
    var indexes: [ColumnIndex] { [] }

    /// What the index says of scores; nil where there is none, or none that can be read.
    func scores(_ context: ScanContext) throws(StarlingError) -> TextScores? {
        guard let index else { return nil }
        return try held.withLock { (held) throws(StarlingError) in
            switch held {
            case .damaged: return nil
            case .scores(let scores, _): return scores
            case .nothing: break
            }
            do throws(StarlingError) {
                let relevance = TextRelevance(score.numbers, termCount: query.matchers.count)
                let scores = try TextScores(try index.terms(), query.matchers, relevance)
                let reservation = Reservation(context.budget, purpose: "scores of texts")
                try reservation.resize(to: scores.byteCount)
                held = .scores(scores, reservation)
                return scores
            } catch {
                guard error.kind == .data || error.kind == .file else { throw error }
                held = .damaged
                return nil
            }
        }
    }

    /// Has texts read from now on.
    func noteDamage() { held.withLock { $0 = .damaged } }

    func zones(rowCount: Int, _ context: ScanContext) throws(StarlingError) -> [Zone]? {
        guard let scores = try scores(context) else { return nil }
        return scores.bounds(runRowCount: packedCount).enumerated().map { run, bound in
            Zone(
                rows: (run * packedCount)..<min((run + 1) * packedCount, rowCount),
                statistics: Self.statistics(upTo: bound))
        }
    }

    /// Lists the rows of some ranges whose terms may make a score that is wanted.
    func rows(
        within ranges: RowRanges, _ context: ScanContext, _ areWanted: (ColumnStatistics) -> Bool
    ) throws(StarlingError) -> [UInt32]? {
        guard let scores = try scores(context) else { return nil }
        do throws(StarlingError) {
            return try scores.rows(within: ranges) { areWanted(Self.statistics(upTo: $0)) }
        } catch {
            guard error.kind == .data || error.kind == .file else { throw error }
            noteDamage()
            return nil
        }
    }

    private static func statistics(upTo bound: Double) -> ColumnStatistics {
        var statistics = ColumnStatistics(low: .floating(0), high: .floating(bound))
        statistics.excludesNaN = true
        return statistics
    }

    /// Scores texts by reading them.
    func scores(ofTexts vector: Vector) -> Vector {
        let texts = TextRows([vector])
        var scorer = TextScorer(query, analyzer, score.numbers)
        var result = Vector.zeroScores(texts.count)
        let target = result.pointer(to: Double.self)
        let validity = Validity(count: texts.count, allValid: true)
        var hasNulls = false
        for row in 0..<texts.count {
            guard texts.isValid(row) else {
                validity.setNull(row)
                hasNulls = true
                continue
            }
            target[row] = scorer.score { texts.forEachText(of: row, $0) }
        }
        if hasNulls { result.validity = validity }
        return result
    }
}

extension Vector {
    static func zeroScores(_ count: Int) -> Vector {
        Vector(.float64, count: count, buffer: .zeroed(byteCount: max(1, count) * 8))
    }
}
