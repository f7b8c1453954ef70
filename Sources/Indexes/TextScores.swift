// The scores of texts, from the lists of what is sought and the lengths of texts alone. Skips bound what a
// block can add to a score, so that rows whose bound is too small are never scored (Ding and Suel,
// "Faster Top-k Document Retrieval Using Block-Max Indexes", SIGIR 2011).

import StarlingAnalyzers
import StarlingErrors
import StarlingTables

/// Scores the texts of a segment that have any of some terms.
package struct TextScores: Sendable {
    fileprivate let terms: [ScoredTerm]
    fileprivate let relevance: TextRelevance
    fileprivate let lengths: TextLengths
    package let nulls: [UInt32]
    private let rowCount: Int
    /// What each term adds to a score at most.
    private var maxima: [Double] = []

    /// Is a term whose blocks are read where they are needed, or the rows of several, all held.
    fileprivate enum ScoredTerm {
        case blocks(TermRows)
        case held(PostingBuffer)

        var byteCount: Int {
            switch self {
            case .blocks(let rows): rows.blocks.count * MemoryLayout<PostingBlock>.stride
            case .held(let buffer): buffer.rows.count * 8
            }
        }
    }

    package var byteCount: Int {
        terms.reduce(lengths.byteCount + nulls.count * 4) { $0 + $1.byteCount }
    }

    package init(
        _ index: InvertedIndex, _ matchers: [TermMatcher], _ relevance: TextRelevance
    ) throws(StarlingError) {
        self.relevance = relevance
        lengths = try index.lengths()
        nulls = index.nulls
        rowCount = index.rowCount
        var terms: [ScoredTerm] = []
        for matcher in matchers {
            let union = try index.union(of: matcher)
            if union.terms.count == 1, union.terms[0].whole == nil {
                terms.append(.blocks(union.terms[0]))
            } else {
                terms.append(.held(try Self.sum(of: union)))
            }
        }
        self.terms = terms
        maxima = terms.indices.map { number in
            Self.roundingFactor * shares(ofTerm: number).reduce(0) { max($0, $1.share) }
        }
    }

    /// Reads the rows of terms as if these were one.
    private static func sum(of union: TermUnion) throws(StarlingError) -> PostingBuffer {
        if union.terms.count == 1, let whole = union.terms[0].whole { return whole }
        var sums: [UInt32: UInt32] = [:]
        for term in union.terms {
            try term.forEachBlock(Array(term.blocks.indices)) {
                (buffer) throws(StarlingError) in
                for (row, count) in zip(buffer.rows, buffer.counts) {
                    sums[row, default: 0] &+= count
                }
            }
        }
        let rows = sums.keys.sorted()
        return PostingBuffer(rows: rows, counts: rows.map { sums[$0] ?? 0 })
    }

    fileprivate func share(ofTerm number: Int, row: UInt32, count: UInt32) -> Double {
        relevance.share(
            ofTerm: number, count: Double(count),
            norm: relevance.norm(ofLength: lengths.length(ofRow: Int(row))))
    }

    // MARK: Bounds

    /// Rounding may make a bound smaller than what it bounds, by less than this factor.
    private static let roundingFactor = 1 + 1e-12

    /// What a term adds to the scores of single rows, or at most to those of blocks.
    private func shares(ofTerm number: Int) -> [(rows: ClosedRange<Int>, share: Double)] {
        switch terms[number] {
        case .held(let buffer):
            zip(buffer.rows, buffer.counts).map { row, count in
                (Int(row)...Int(row), share(ofTerm: number, row: row, count: count))
            }
        case .blocks(let rows):
            rows.blocks.map { block in
                let norm = relevance.norm(ofLength: Int(block.lengthMin))
                return (
                    Int(block.first)...Int(block.last),
                    relevance.share(
                        ofTerm: number, count: Double(block.countMax), norm: norm)
                )
            }
        }
    }

    /// Bounds the scores in each run of so many rows.
    package func bounds(runRowCount: Int) -> [Double] {
        let runCount = (rowCount + runRowCount - 1) / runRowCount
        var bounds = [Double](repeating: 0, count: runCount)
        var best = bounds
        for number in terms.indices {
            for run in best.indices { best[run] = 0 }
            for (rows, share) in shares(ofTerm: number) {
                for run in (rows.lowerBound / runRowCount)...(rows.upperBound / runRowCount) {
                    best[run] = max(best[run], share)
                }
            }
            for run in bounds.indices { bounds[run] += best[run] }
        }
        return bounds.map { $0 * Self.roundingFactor }
    }

    // MARK: Candidates

    /// Lists the rows of some ranges, and perhaps some beside, that have terms which together may make
    /// a score that is wanted; nil where every single term may. What is wanted is so with any higher
    /// score, too (Turtle and Flood, "Query Evaluation: Strategies and Optimizations", 1995).
    package func rows(
        within ranges: RowRanges, _ isWanted: (Double) -> Bool
    ) throws(StarlingError) -> [UInt32]? {
        let order = terms.indices.sorted { maxima[$0] < maxima[$1] }
        // What the first so many of these terms add at most.
        var sums = [0.0]
        for number in order { sums.append(sums[sums.count - 1] + maxima[number]) }
        // A row that has none but the first of these terms is not wanted.
        var optionalCount = 0
        while optionalCount < order.count, !isWanted(sums[optionalCount + 1]) {
            optionalCount += 1
        }
        guard optionalCount > 0 else { return nil }
        var candidates = ScoreCandidates()
        for number in order[optionalCount...] {
            candidates.add(try rows(ofTerm: number, within: ranges), bound: maxima[number])
        }
        for place in (0..<optionalCount).reversed() {
            candidates.keep { isWanted($0 + sums[place + 1]) }
            let number = order[place]
            candidates.raise(
                try rows(ofTerm: number, among: candidates.rows), bound: maxima[number])
        }
        candidates.keep(isWanted)
        return candidates.rows
    }

    private func rows(
        ofTerm number: Int, within ranges: RowRanges
    ) throws(StarlingError) -> [UInt32] {
        switch terms[number] {
        case .held(let buffer): buffer.rows
        case .blocks(let rows): try rows.rows(within: ranges)
        }
    }

    private func rows(
        ofTerm number: Int, among wanted: [UInt32]
    ) throws(StarlingError) -> [UInt32] {
        switch terms[number] {
        case .held(let buffer): RowLists.intersection(buffer.rows, wanted)
        case .blocks(let rows): try rows.rows(among: wanted)
        }
    }
}

/// Scores rows, ascending; belongs to one worker.
package struct TextScoreReader {
    private let scores: TextScores
    private var places: [Place]

    /// Is how far the rows of a term were read.
    fileprivate struct Place {
        /// Rows between these bounds are held.
        var known: Range<Int> = 0..<0
        var rows: [UInt32] = []
        var counts: [UInt32] = []
        /// No row before this one is asked for.
        var next = 0
    }

    /// So many blocks are read at least, since more of them cost little more.
    private static let blockCountMin = 8

    package init(_ scores: TextScores) {
        self.scores = scores
        places = scores.terms.map { term in
            guard case .held(let buffer) = term else { return Place() }
            return Place(known: 0..<Int.max, rows: buffer.rows, counts: buffer.counts)
        }
    }

    /// Prepares to score rows of a window.
    package mutating func moveWindow(to window: Range<Int>) throws(StarlingError) {
        for (number, term) in scores.terms.enumerated() {
            if case .blocks(let rows) = term, !places[number].covers(window) {
                try places[number].load(rows, window, blockCountMin: Self.blockCountMin)
            }
            places[number].seek(window.lowerBound)
        }
    }

    /// Scores a row of the window, behind those that were asked for before.
    package mutating func score(ofRow row: Int) -> Double {
        var score = 0.0
        // The terms of a text add up in the order in which text_score() adds them.
        for number in places.indices {
            let count = places[number].count(ofRow: UInt32(truncatingIfNeeded: row))
            guard count > 0 else { continue }
            score += scores.share(
                ofTerm: number, row: UInt32(truncatingIfNeeded: row), count: count)
        }
        return score
    }
}

extension TextScoreReader.Place {
    func covers(_ window: Range<Int>) -> Bool {
        known.lowerBound <= window.lowerBound && window.upperBound <= known.upperBound
    }

    /// Reads the blocks that reach into a window, and some behind them.
    mutating func load(
        _ term: TermRows, _ window: Range<Int>, blockCountMin: Int
    ) throws(StarlingError) {
        let first = term.block(reaching: UInt32(truncatingIfNeeded: window.lowerBound), from: 0)
        var end = first
        while end < term.blocks.count,
            end < first + blockCountMin || Int(term.blocks[end].first) < window.upperBound
        {
            end += 1
        }
        rows.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        var (loadedRows, loadedCounts) = (rows, counts)
        try term.forEachBlock(Array(first..<end)) { (buffer) throws(StarlingError) in
            loadedRows += buffer.rows
            loadedCounts += buffer.counts
        }
        (rows, counts) = (loadedRows, loadedCounts)
        let upper = end < term.blocks.count ? Int(term.blocks[end].first) : Int.max
        known = window.lowerBound..<max(upper, window.upperBound)
        next = 0
    }

    /// Goes to the first row at a place or behind it.
    mutating func seek(_ row: Int) {
        next = RowLists.place(of: row, in: rows)
    }

    /// How often a row has the term.
    @inline(__always)
    mutating func count(ofRow row: UInt32) -> UInt32 {
        while next < rows.count, rows[next] < row { next += 1 }
        return next < rows.count && rows[next] == row ? counts[next] : 0
    }
}
