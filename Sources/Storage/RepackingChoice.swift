// What OPTIMIZE packs anew. Of a table without an order: neighbours that are small, and segments that
// lost many rows. Of a table with one:
//
// 1. Each load and each OPTIMIZE makes a sorted run; rows in none are fresh.
// 2. Fresh rows are sorted together with the runs that are at most twice as large as all that is sorted
//    already, smallest first. So a row is sorted again as often as the table doubles, and there are
//    few runs, each with narrow bounds in its segments. Each partition is sorted for itself.
// 3. Within other runs, segments that lost many rows are packed together, in their order.
//
// FINAL packs also what the table would compress otherwise today.

import StarlingTables

/// Chooses segments of a snapshot.
package struct RepackingChoice {
    /// Neighbours whose rows are packed in their order.
    package private(set) var packed: [[Segment]] = []
    /// Segments whose rows are sorted together.
    package private(set) var sorted: [[Segment]] = []

    /// How the table compresses blocks, where segments are to be as it says.
    private var wanted: CompressionLevel?

    /// Rows that are packed at a time.
    private static let groupRowCountMax = 8 * Segment.rowCountMax

    /// Chooses nothing.
    package init() {}

    package var isEmpty: Bool { packed.isEmpty && sorted.isEmpty }

    /// Chooses for a table that keeps the order `key`, or none; `isFinal` asks for one sorted run and
    /// for no row that is gone.
    package init(
        _ table: NativeTable, key: String?, isFinal: Bool, within partitions: Set<UInt32>? = nil
    ) {
        if isFinal { wanted = CompressionLevel(table.compressionLevel) }
        for segments in table.segments.byPartition {
            if let partitions {
                guard let number = segments[0].partition?.number, partitions.contains(number)
                else { continue }
            }
            choose(among: segments, key: key, isFinal: isFinal)
        }
    }

    private mutating func choose(among segments: [Segment], key: String?, isFinal: Bool) {
        guard let key else {
            return choosePacked(segments, isFinal: isFinal, runsOnly: false)
        }
        let chosen = Self.sortedSegments(segments, key: key, isFinal: isFinal)
        let together = segments.filter { chosen.contains(ObjectIdentifier($0)) }
        if !together.isEmpty { sorted.append(together) }
        choosePacked(
            segments.filter { !chosen.contains(ObjectIdentifier($0)) }, isFinal: isFinal,
            runsOnly: true)
    }

    /// Chooses what is packed next without anybody asking: many small neighbours at the end of the
    /// table, or of a partition, from `smallCountMin` on, or neighbours that lost many rows.
    package init(
        worthwhileIn table: NativeTable, key: String?, smallCountMin: Int
    ) {
        let all = table.partitions == nil ? [table.segments] : table.segments.byPartition
        for segments in all {
            let small = segments.smallAtEnd
            let isWorthIt =
                small.count >= smallCountMin
                || (small.count >= Self.largeCountMin
                    && small.liveRowCount >= Segment.rowCountMax)
            guard isWorthIt else { continue }
            let group = Array(small.suffix(4 * smallCountMin))
            if key == nil { packed.append(group) } else { sorted.append(group) }
            return
        }
        for segments in all {
            group(segments, runsOnly: key != nil, where: \.hasLostThird) { group, needed in
                needed < group.count
            }
            guard packed.isEmpty else {
                packed = [packed[0]]
                return
            }
        }
    }

    /// So many small segments are worth it where they make a large one.
    private static let largeCountMin = 4

    // MARK: Sorting

    private static func sortedSegments(
        _ segments: [Segment], key: String, isFinal: Bool
    ) -> Set<ObjectIdentifier> {
        let fresh = segments.filter { $0.run?.key != key }
        var runs: [SegmentRun: [Segment]] = [:]
        for segment in segments {
            if let run = segment.run, run.key == key { runs[run, default: []].append(segment) }
        }
        let ascending = runs.values.map { (rowCount: $0.liveRowCount, segments: $0) }
            .sorted { $0.rowCount < $1.rowCount }
        var chosen = fresh
        var partCount = fresh.isEmpty ? 0 : 1
        for run in ascending {
            if !isFinal, partCount > 0, run.rowCount > 2 * chosen.liveRowCount {
                guard partCount == 1, fresh.isEmpty else { break }
                // A run that is much smaller than the next one stays alone.
                chosen = []
                partCount = 0
            }
            chosen += run.segments
            partCount += 1
        }
        guard partCount > 1 || !fresh.isEmpty else { return [] }
        return Set(chosen.map { ObjectIdentifier($0) })
    }

    // MARK: Packing

    /// Groups neighbours that are worth it; with `runsOnly` only what lies in one sorted run, for the
    /// rows that are gone from it.
    private mutating func choosePacked(_ segments: [Segment], isFinal: Bool, runsOnly: Bool) {
        let wanted = wanted
        group(segments, runsOnly: runsOnly) { segment in
            segment.hasLostMany(isFinal) || (!runsOnly && segment.isSmall)
                || segment.isOther(than: wanted)
        } isWorthIt: { group, needed in
            needed < group.count
                || group.contains { $0.hidden != nil || $0.isOther(than: wanted) }
        }
    }

    /// Groups neighbours that are poor, where it is worth it given how many segments they need.
    private mutating func group(
        _ segments: [Segment], runsOnly: Bool, where isPoor: (Segment) -> Bool,
        isWorthIt: (_ group: [Segment], _ needed: Int) -> Bool
    ) {
        var group: [Segment] = []
        func close() {
            let needed = (group.liveRowCount + Segment.rowCountMax - 1) / Segment.rowCountMax
            if isWorthIt(group, needed) { packed.append(group) }
            group = []
        }
        for segment in segments {
            let fits =
                group.isEmpty
                || (group.liveRowCount + segment.liveRowCount <= Self.groupRowCountMax
                    && (!runsOnly || group[0].run == segment.run))
            let isPoor = isPoor(segment)
            if !fits || !isPoor { close() }
            if isPoor { group.append(segment) }
        }
        close()
    }
}

/// Is how blocks are compressed once more, not at all being one way.
struct CompressionLevel: Equatable {
    let level: Int?

    init(_ level: Int?) { self.level = level }
}

extension Segment {
    fileprivate var isSmall: Bool { liveRowCount * 2 <= Self.rowCountMax }

    /// True where packing makes two segments of three.
    fileprivate var hasLostThird: Bool { (hidden?.count ?? 0) * 3 >= rowCount }

    /// Tells whether the segment was written with another compression.
    fileprivate func isOther(than wanted: CompressionLevel?) -> Bool {
        guard let wanted, let stored = columns.lazy.compactMap(\.storedPlace).first else {
            return false
        }
        return CompressionLevel(stored.compressionLevel) != wanted
    }

    fileprivate func hasLostMany(_ isFinal: Bool) -> Bool {
        let lost = hidden?.count ?? 0
        return lost > 0 && (isFinal || lost * 8 >= rowCount)
    }
}

extension [Segment] {
    /// The small ones at the end, but for those behind them that more rows are merged with anyway.
    fileprivate var smallAtEnd: [Segment] {
        reversed().drop(while: \.isStillMerged).prefix { $0.isSmall }.reversed()
    }

    fileprivate var liveRowCount: Int { reduce(0) { $0 + $1.liveRowCount } }
}
