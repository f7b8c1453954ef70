// Which indexes a table is worth to have, going by the filters of its queries.
//
// 1. Each recorded condition says which index might answer it. Those on the same values that one index
//    answers are one candidate.
// 2. Each candidate is made of a sample of the rows, and asked for what the filters seek: that tells its
//    size, and how many rows it leaves of those that bounds let a filter read now.
// 3. What the table's own indexes leave comes first. Then the candidate is taken that saves the most
//    rows, then the one that saves the most of what is left, until none saves enough.

import StarlingAnalyzers
import StarlingErrors
import StarlingKernels
import StarlingStorage
import StarlingTables
import StarlingTypes

/// Weighs indexes of a table by what its recorded filters would read.
struct IndexAdvisor {
    /// Is an index that the table might have, and what it does for the filters that ask it.
    struct Proposal {
        var position: Int
        var target: RecordedTarget
        var kind: IndexKind
        /// The share of the queries that ask it.
        var share: Double
        /// Rows that one of these reads, without it and with it.
        var rowsBefore: Double
        var rowsAfter: Double
        var byteCount: Int
        var conditionKinds: Set<RecordedCondition.Kind>

        /// An index that leaves more of the rows than this is not worth its bytes.
        private static let keptShareMax = 0.8
        /// Fewer rows than this are read as fast as an index.
        private static let savedRowCountMin = 8_192.0

        var isWorthIt: Bool {
            rowsAfter < rowsBefore * Self.keptShareMax
                && rowsBefore - rowsAfter >= Self.savedRowCountMin
        }
    }

    /// Is an index that is tried.
    private struct Candidate {
        var position: Int
        var target: RecordedTarget
        var kind: IndexKind
        var conditionKinds: Set<RecordedCondition.Kind>
        var isThere: Bool
        var byteCount = 0
        /// The rows that it leaves of those that each filter reads; nil where that does not ask it.
        var left: [Int?] = []
    }

    /// The runs of characters that a pattern's text is long enough for, at most.
    private static let gramSizeMax = 4
    private static let gramError = 0.05

    private let table: NativeTable
    private let sample: IndexSample
    private let filters: [(filter: RecordedFilter, weight: Double)]

    /// Reads what was recorded of a table; nil where no filter tells anything.
    init?(_ table: NativeTable) {
        let usages = table.filters.usages
        let total = usages.reduce(0) { $0 + $1.count }
        guard total > 0 else { return nil }
        self.table = table
        sample = IndexSample(table)
        filters = usages.flatMap { usage in
            usage.examples.map { ($0, usage.count / total / Double(usage.examples.count)) }
        }
        guard sample.rowCount > 0, !filters.isEmpty else { return nil }
    }

    /// Lists the indexes that are worth it, the one that saves the most first.
    func proposals() throws(StarlingError) -> [Proposal] {
        var readable: [RowRanges] = []
        for (filter, _) in filters { readable.append(try sample.rowsRead(by: filter)) }
        var rows = readable.map(\.rowCount)
        var candidates: [Candidate] = []
        for candidate in self.candidates() {
            guard let tried = try tried(candidate, readable) else { continue }
            guard tried.isThere else {
                candidates.append(tried)
                continue
            }
            for (number, left) in tried.left.enumerated() {
                rows[number] = min(rows[number], left ?? .max)
            }
        }
        var proposals: [Proposal] = []
        while let best = candidates.indices.max(by: {
            saving(candidates[$0], rows) < saving(candidates[$1], rows)
        }) {
            var left = rows
            let proposal = proposal(candidates.remove(at: best), &left)
            guard proposal.isWorthIt else { continue }
            proposals.append(proposal)
            rows = left
        }
        return proposals
    }

    private func saving(_ candidate: Candidate, _ rows: [Int]) -> Double {
        zip(zip(rows, candidate.left), filters).reduce(0) { sum, known in
            let ((rows, left), filter) = known
            return sum + filter.weight * Double(rows - min(rows, left ?? .max))
        }
    }

    /// Takes a candidate: from then on filters read what it leaves.
    private func proposal(_ candidate: Candidate, _ rows: inout [Int]) -> Proposal {
        var (weight, before, after) = (0.0, 0.0, 0.0)
        for (number, left) in candidate.left.enumerated() {
            guard let left else { continue }
            let own = filters[number].weight
            weight += own
            before += own * Double(rows[number])
            rows[number] = min(rows[number], left)
            after += own * Double(rows[number])
        }
        let scale = Double(table.statistics.rowCount) / Double(sample.rowCount)
        return Proposal(
            position: candidate.position, target: candidate.target, kind: candidate.kind,
            share: weight, rowsBefore: before / weight * scale,
            rowsAfter: after / weight * scale,
            byteCount: Int(Double(candidate.byteCount) * scale),
            conditionKinds: candidate.conditionKinds)
    }

    // MARK: Candidates

    private struct Place: Hashable {
        var target: RecordedTarget
        var method: String
    }

    /// Lists what might answer conditions; where several analyzers are asked for the same texts, the one
    /// that is asked the most.
    private func candidates() -> [Candidate] {
        var found: [Place: (candidate: Candidate, weights: [IndexKind: Double])] = [:]
        for (filter, weight) in filters {
            for condition in filter.conditions {
                guard let (position, type) = sample.type(of: condition.target),
                    let kind = Self.kind(for: condition, type)
                else { continue }
                let place = Place(target: condition.target, method: kind.method)
                let own = table.indexing.first { $0.position == position }?.wanted
                let known = own?.first {
                    $0.keys == condition.target.keys && $0.kind.method == kind.method
                }
                var entry =
                    found[place]
                    ?? (
                        Candidate(
                            position: position, target: condition.target,
                            kind: known?.kind ?? kind, conditionKinds: [], isThere: known != nil),
                        [:]
                    )
                entry.candidate.conditionKinds.insert(condition.kind)
                entry.weights[kind, default: 0] += weight
                if known == nil {
                    entry.candidate.kind = Self.joined(entry.weights) ?? kind
                }
                found[place] = entry
            }
        }
        return found.values.map(\.candidate).sorted {
            ($0.position, $0.kind.method, $0.target.path ?? "")
                < ($1.position, $1.kind.method, $1.target.path ?? "")
        }
    }

    /// The index that might answer a condition on values of a type.
    private static func kind(
        for condition: RecordedCondition, _ type: LogicalType
    ) -> IndexKind? {
        switch (condition.kind, condition.search) {
        case (.terms, let search?):
            return .terms(
                analyzer: search.analyzer,
                hasPositions: MatchOperator(rawValue: search.function) == .phrase)
        case (.pattern, let search?):
            let pattern = LikePattern(search.text, escape: nil)
            if pattern.isPrefixOnly { return .values }
            let lengths = pattern.literalRuns.map { String(decoding: $0, as: UTF8.self).count }
            guard let longest = lengths.max(), longest >= 2 else { return nil }
            return .grams(
                size: min(longest, gramSizeMax), ignoresCase: false, error: gramError)
        default: return IndexKind.values.isPossible(for: type) ? .values : nil
        }
    }

    /// The index of one method that serves the most of several that are asked for.
    private static func joined(_ weights: [IndexKind: Double]) -> IndexKind? {
        let best = weights.max { ($0.value, $1.key.order) < ($1.value, $0.key.order) }?.key
        guard let best else { return nil }
        switch best {
        case .values: return .values
        case .grams(_, let ignoresCase, let error):
            // Shorter runs find shorter texts, too.
            let sizes = weights.keys.compactMap { kind -> Int? in
                if case .grams(let size, _, _) = kind { size } else { nil }
            }
            return .grams(size: sizes.min() ?? 2, ignoresCase: ignoresCase, error: error)
        case .terms(let analyzer, _):
            let hasPositions = weights.keys.contains(
                .terms(analyzer: analyzer, hasPositions: true))
            return .terms(analyzer: analyzer, hasPositions: hasPositions)
        }
    }

    /// Makes a candidate of the sample and asks it for what the filters seek.
    private func tried(
        _ candidate: Candidate, _ readable: [RowRanges]
    ) throws(StarlingError) -> Candidate? {
        guard let trial = try sample.trial(candidate.kind, of: candidate.target) else {
            return nil
        }
        var result = candidate
        result.byteCount = trial.byteCount
        for (number, (filter, _)) in filters.enumerated() {
            var left: Int?
            for condition in filter.conditions where condition.target == candidate.target {
                guard
                    let count = try trial.countLeft(of: readable[number], by: condition)
                else { continue }
                left = min(left ?? .max, count)
            }
            result.left.append(left)
        }
        return result.left.contains { $0 != nil } ? result : nil
    }
}

extension IndexKind {
    /// Makes the choice among those that are asked for equally often the same every time.
    fileprivate var order: String { "\(self)" }
}
