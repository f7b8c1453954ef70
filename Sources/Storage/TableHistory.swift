// The versions of a table. A version is a commit that changed its rows or columns; they are counted
// from 1 on, each table for itself. Earlier ones stay readable for a while.

import StarlingErrors

/// Holds which version a snapshot is, and those before it.
package struct TableHistory: Sendable {
    /// Counts the versions; 0 before the first commit.
    package var number: Int
    /// When it was committed.
    package var microseconds: Int64
    /// Tells whether it has the same rows as the one before it, packed anew.
    package var isRepacked: Bool
    /// Earlier versions that can be read, oldest first.
    package var past: [PastVersion]

    package init(
        number: Int = 0, microseconds: Int64 = 0, isRepacked: Bool = false,
        past: [PastVersion] = []
    ) {
        self.number = number
        self.microseconds = microseconds
        self.isRepacked = isRepacked
        self.past = past
    }

    /// Lets go of versions that are too old: a version is as old as the one that took its place.
    package mutating func trim(keeping retention: SnapshotRetention, at now: Int64) {
        var kept = past.count
        for place in past.indices.reversed() {
            let end = place + 1 < past.count ? past[place + 1].microseconds : microseconds
            guard retention.keeps(end, at: now), past.count - place <= retention.count else {
                break
            }
            kept = place
        }
        past.removeFirst(min(kept, past.count))
    }
}

/// Is an earlier version of a table.
package struct PastVersion: Sendable {
    package let number: Int
    package let microseconds: Int64
    /// Tells whether it has the same rows as the one before it, packed anew.
    package let isRepacked: Bool
    package let columns: VersionColumns
    private let knownRowCount: Int?
    private let make: @Sendable () throws(StarlingError) -> NativeTable

    /// Stands for a version that is put together when it is asked for.
    package init(
        number: Int, microseconds: Int64, isRepacked: Bool = false, columns: VersionColumns,
        rowCount: Int? = nil,
        make: @escaping @Sendable () throws(StarlingError) -> NativeTable
    ) {
        self.number = number
        self.microseconds = microseconds
        self.isRepacked = isRepacked
        self.columns = columns
        knownRowCount = rowCount
        self.make = make
    }

    /// Counts the rows of the version.
    package func rowCount() throws(StarlingError) -> Int {
        if let knownRowCount { return knownRowCount }
        return try table().statistics.rowCount
    }

    package func table() throws(StarlingError) -> NativeTable { try make() }
}

/// Says how long earlier versions of a table can be read.
package struct SnapshotRetention: Sendable, Hashable {
    /// So many are kept at most.
    package static let countMax = 1_000

    package var microseconds: Int64
    package var count = SnapshotRetention.countMax

    package static let none = SnapshotRetention(microseconds: 0, count: 0)
    package static let day = SnapshotRetention(microseconds: 86_400_000_000)

    package init(microseconds: Int64, count: Int = SnapshotRetention.countMax) {
        self.microseconds = microseconds
        self.count = count
    }

    /// The number of snapshots that `20 snapshots` says; nil for other texts.
    package static func count(in text: String) -> Int64? {
        let words = text.lowercased().split(separator: " ")
        guard words.count == 2, words[1] == "snapshots" || words[1] == "snapshot" else {
            return nil
        }
        return Int64(words[0])
    }

    /// Reads `12 hours`, `7 days` or `20 snapshots`; nil where it is none of these.
    package init?(_ text: String) {
        let words = text.lowercased().split(separator: " ")
        guard let first = words.first, let count = Int64(first), count >= 0, words.count <= 2 else {
            return nil
        }
        var unit = words.count == 2 ? String(words[1]) : "seconds"
        if unit.hasSuffix("s") { unit.removeLast() }
        if let count = Self.count(in: text) {
            self.init(microseconds: .max, count: Int(min(count, Int64(Self.countMax))))
            return
        }
        let seconds: [String: Int64] = [
            "second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800,
        ]
        guard let factor = seconds[unit] else { return nil }
        let (microseconds, isOver) = count.multipliedReportingOverflow(by: factor * 1_000_000)
        self.init(microseconds: isOver ? .max : microseconds)
        if count == 0 { self.count = 0 }
    }

    /// Tells whether what ended then is still kept.
    package func keeps(_ end: Int64, at now: Int64) -> Bool {
        let (oldest, isOver) = now.subtractingReportingOverflow(microseconds)
        return isOver || end > oldest
    }
}
