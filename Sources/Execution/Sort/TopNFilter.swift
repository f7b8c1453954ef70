// What a sort with a limit tells the scans below it: it has as many rows as it needs, and the word of
// the last of them. A row whose first key alone is beyond that is not among the first rows.

import StarlingKernels
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Leaves out rows by the threshold of a top-N.
final class TopNFilter: RuntimeFilter {
    /// Makes the part of the first word that the first key decides; the rest is zero there.
    fileprivate let layout: SortKeyLayout
    private let key: SortColumn
    private let sink: SortSink

    var reason: PruningReason { .topN }
    var values: [Value]? { nil }
    var prefersAscending: Bool? { key.isAscending }
    var strictness: UInt64 { sink.threshold.load(ordering: .relaxed) }

    /// `key` is the first key of the sort, whose rows `sink` gathers.
    init(_ key: SortColumn, _ sink: SortSink) {
        var first = key
        first.position = 0
        self.key = first
        self.sink = sink
        layout = SortKeyLayout([first])
    }

    /// The greatest first word that can still be among the first rows; nil as long as any can.
    fileprivate var threshold: UInt64? {
        let word = sink.threshold.load(ordering: .relaxed)
        return word == .max ? nil : word
    }

    func mayMatch(_ statistics: ColumnStatistics, rowCount: Int) -> Bool {
        guard let threshold else { return true }
        // NULLs have no place in bounds, and NaN comes behind all numbers.
        if key.nullsFirst, key.isNullable, statistics.nullCount != 0 { return true }
        let isFloating = key.physicalType == .float32 || key.physicalType == .float64
        if isFloating, !key.isAscending, !statistics.excludesNaN { return true }
        guard let best = key.isAscending ? statistics.low : statistics.high, holds(best) else {
            return true
        }
        let column = Vector(key.physicalType, values: [best])
        let words = Buffer(byteCount: layout.wordCount * 8)
        defer { withExtendedLifetime(words) {} }
        let pointer = words.pointer(to: UInt64.self)
        SortKeyEncoder(layout: layout)
            .encode(Chunk(columns: [column], count: 1), into: pointer, stride: 1)
        return pointer[0] <= threshold
    }

    /// Tells whether a bound is a value that the key's words can have.
    private func holds(_ value: Value) -> Bool {
        guard let number = value.integer else { return true }
        return (key.bounds ?? key.physicalType.integerBounds)?.contains(number) ?? true
    }

    func makeEvaluator() -> any RuntimeFilterEvaluator { TopNEvaluator(self) }
}

/// Applies the threshold to the rows of one worker.
private final class TopNEvaluator: RuntimeFilterEvaluator {
    private let filter: TopNFilter
    private let encoder: SortKeyEncoder
    private let words: Buffer

    init(_ filter: TopNFilter) {
        self.filter = filter
        encoder = SortKeyEncoder(layout: filter.layout)
        words = Buffer(byteCount: filter.layout.wordCount * chunkCapacity * 8)
    }

    func narrow(_ selection: Selection?, by vector: Vector) -> Selection? {
        guard let threshold = filter.threshold, vector.count > 0 else { return selection }
        let pointer = words.pointer(to: UInt64.self)
        encoder.encode(
            Chunk(columns: [vector], count: vector.count), into: pointer, stride: chunkCapacity)
        var passed = Selection()
        let rows = passed.rows
        var count = 0
        for row in 0..<vector.count {
            rows[count] = UInt16(truncatingIfNeeded: row)
            count &+= pointer[row] <= threshold ? 1 : 0
        }
        passed.count = count
        if count == vector.count { return selection }
        return selection.map { passed.composed(within: $0) } ?? passed
    }

    func mayMatch(_ dictionary: VectorDictionary) -> Bool { true }
}
