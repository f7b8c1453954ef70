// What OPTIMIZE packs anew. Of a table without an order: neighbours that are small, and segments that
// lost many rows. Of a table with one:
//
// 1. Each load and each OPTIMIZE makes a sorted run; rows in none are fresh.
// 2. Fresh rows are sorted together with the runs that are at most twice as large as all that is sorted
//    already, smallest first. So a row is sorted again as often as the table doubles, and there are
//    few runs, each with narrow bounds in its segments. Each partition is sorted for itself.
// 3. Within other runs, segments that lost many rows are packed together, in their order.

import StarlingTables

/// Chooses segments of a snapshot.
package struct RepackingChoice {
    /// Neighbours whose rows are packed in their order.
    package private(set) var packed: [[Segment]] = []
    /// Segments whose rows are sorted together.
    package private(set) var sorted: [[Segment]] = []

    /// Rows that are packed at a time.
    private static let groupRowCountMax = 8 * Segment.rowCountMax

    package var isEmpty: Bool { packed.isEmpty && sorted.isEmpty }

    /// Chooses for a table that keeps the order `key`, or none; `isFinal` asks for one sorted run and
    /// for no row that is gone.
    package init(_ table: NativeTable, key: String?, isFinal: Bool) {
        for segments in table.segments.byPartition {
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

    /// Chooses what is to be packed without anybody asking: many small neighbours at the end of the
    /// table that lie in files; those in the log are merged in memory anyway.
    package init(smallOnesOf table: NativeTable, key: String?) {
        for segments in table.segments.byPartition {
            let small = segments.reversed().prefix { $0.isSmall && $0.place != nil }.reversed()
            guard small.count >= Self.smallCountMin else { continue }
            let group = Array(small.suffix(4 * Self.smallCountMin))
            if key == nil { packed.append(group) } else { sorted.append(group) }
        }
    }

    /// Fewer small segments stay as they are.
    private static let smallCountMin = 16

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
        var group: [Segment] = []
        for segment in segments {
            let fits =
                group.isEmpty
                || (group.liveRowCount + segment.liveRowCount <= Self.groupRowCountMax
                    && (!runsOnly || group[0].run == segment.run))
            let isPoor = segment.hasLostMany(isFinal) || (!runsOnly && segment.isSmall)
            if !fits || !isPoor { close(&group) }
            if isPoor { group.append(segment) }
        }
        close(&group)
    }

    private mutating func close(_ group: inout [Segment]) {
        let needed = (group.liveRowCount + Segment.rowCountMax - 1) / Segment.rowCountMax
        if needed < group.count || group.contains(where: { $0.hidden != nil }) {
            packed.append(group)
        }
        group = []
    }
}

extension Segment {
    fileprivate var isSmall: Bool { liveRowCount * 2 <= Self.rowCountMax }

    fileprivate func hasLostMany(_ isFinal: Bool) -> Bool {
        let lost = hidden?.count ?? 0
        return lost > 0 && (isFinal || lost * 8 >= rowCount)
    }
}

extension [Segment] {
    fileprivate var liveRowCount: Int { reduce(0) { $0 + $1.liveRowCount } }
}
