// A table of our own: what CREATE TABLE makes. Each commit makes a new snapshot that shares the
// segments of the old one.

import StarlingBlocks
import StarlingErrors
import StarlingKernels
import StarlingTables
import StarlingTypes
import StarlingVectors
import Synchronization

/// Is one snapshot of a table.
package final class NativeTable: Table {
    package let name: String
    package let columns: [TableColumn]
    /// What the segments know the columns by.
    package let identities: [ColumnIdentity]
    /// The highest number that a column ever had.
    package let lastColumnNumber: UInt32
    package let segments: [Segment]
    package let statistics: TableStatistics

    /// The dictionaries that the segments share, a pool a column.
    package let pools: [DictionaryPool]
    private let identity: Identity

    /// Is the same for all snapshots of a table, and for no other.
    private final class Identity: Sendable {
        /// The last number of AUTO_INCREMENT.
        let lastNumber = Mutex<Int64>(0)
    }

    package convenience init(name: String, columns: [TableColumn], segments: [Segment] = []) {
        self.init(
            name: name, columns: columns, identities: ColumnIdentity.first(columns.count),
            lastColumnNumber: UInt32(columns.count), segments: segments,
            pools: columns.map { _ in DictionaryPool() }, identity: Identity())
    }

    private init(
        name: String, columns: [TableColumn], identities: [ColumnIdentity],
        lastColumnNumber: UInt32, segments: [Segment], pools: [DictionaryPool],
        identity: Identity
    ) {
        self.name = name
        self.columns = columns
        self.identities = identities
        self.lastColumnNumber = lastColumnNumber
        self.segments = segments
        self.pools = pools
        self.identity = identity
        statistics = Self.merge(segments, columnCount: columns.count)
    }

    package var title: String { "table \(name)" }
    package var parts: [any TablePart] { segments }

    /// Tells whether both are snapshots of one table.
    package func isSameTable(as other: NativeTable) -> Bool { identity === other.identity }

    /// Tells whether the rows of both have the same columns.
    package func hasSameColumns(as other: NativeTable) -> Bool {
        columns == other.columns && identities == other.identities
    }

    /// Is the same for all snapshots of a table.
    package var key: ObjectIdentifier { ObjectIdentifier(identity) }

    /// Packs rows into segments for the table.
    package func segments(
        of chunks: [Chunk], for purpose: BlockPurpose = .memory
    ) throws(StarlingError) -> [Segment] {
        var collector = SegmentCollector(columns.map(\.type), pools, for: purpose)
        for chunk in chunks { try collector.append(chunk) }
        try collector.finish()
        return collector.segments
    }

    /// Returns the snapshot with more rows.
    package func appending(_ chunks: [Chunk]) throws(StarlingError) -> NativeTable {
        try appending(segments(of: chunks))
    }

    /// Returns the snapshot without rows.
    package func emptied() -> NativeTable { having([]) }

    /// Returns the snapshot with more segments.
    package func appending(_ new: [Segment]) throws(StarlingError) -> NativeTable {
        having(try Segment.merging(segments, new, columns, pools))
    }

    /// Returns the snapshot with these rows.
    package func having(_ segments: [Segment]) -> NativeTable {
        NativeTable(
            name: name, columns: columns, identities: identities,
            lastColumnNumber: lastColumnNumber, segments: segments, pools: pools,
            identity: identity)
    }

    // MARK: Numbers

    /// The last number that AUTO_INCREMENT gave to a row.
    package var lastNumber: Int64 { identity.lastNumber.withLock { $0 } }

    /// Goes on behind a number.
    package func noteNumber(_ number: Int64) {
        identity.lastNumber.withLock { $0 = max($0, number) }
    }

    /// Takes numbers for rows and returns the first of them.
    func takeNumbers(_ count: Int) throws(StarlingError) -> Int64 {
        try identity.lastNumber.withLock { (last) throws(StarlingError) in
            let (end, isOver) = last.addingReportingOverflow(Int64(count))
            guard !isOver, end < .max else {
                throw StarlingError(.data, "the numbers of '\(name)' are used up")
            }
            defer { last = end }
            return last + 1
        }
    }

    // MARK: Columns

    /// Returns the snapshot under another name.
    package func named(_ name: String) -> NativeTable {
        NativeTable(
            name: name, columns: columns, identities: identities,
            lastColumnNumber: lastColumnNumber, segments: segments, pools: pools,
            identity: identity)
    }

    /// Returns the snapshot with other columns: those whose numbers it knows keep their values, in
    /// segments that stay as they are; others have their initial value.
    package func having(
        columns new: [TableColumn], _ identities: [ColumnIdentity], lastColumnNumber: UInt32
    ) -> NativeTable {
        let places = identities.map { identity in
            self.identities.firstIndex { $0.number == identity.number }
        }
        let empty = NativeTable(
            name: name, columns: new, identities: identities, lastColumnNumber: lastColumnNumber,
            segments: [], pools: places.map { $0.map { pools[$0] } ?? DictionaryPool() },
            identity: identity)
        return empty.having(
            segments.map { segment in
                segment.having(
                    places.enumerated().map { position, place in
                        place.map { segment.columns[$0] }
                            ?? empty.initialColumn(position, rowCount: segment.rowCount)
                    })
            })
    }

    /// Makes what a segment has in a column that it was written without.
    func initialColumn(_ position: Int, rowCount: Int) -> SegmentColumn {
        SegmentColumn(
            identities[position].initialValue, columns[position].type, rowCount: rowCount,
            sharing: pools[position])
    }

    private static func merge(_ segments: [Segment], columnCount: Int) -> TableStatistics {
        var result = TableStatistics(
            rowCount: segments.reduce(0) { $0 + $1.liveRowCount },
            columns: Array(repeating: ColumnStatistics(nullCount: 0), count: columnCount))
        for position in 0..<columnCount {
            var bounds: Bounds?
            var isKnown = true
            var areNullsCounted = true
            // Segments tend to have the same values: there are at least as many as in one of them.
            result.columns[position].estimatedDistinctCount = segments.compactMap {
                $0.statistics(ofColumn: position).estimatedDistinctCount
            }.max()
            for segment in segments {
                let statistics = segment.statistics(ofColumn: position)
                // How many of the NULLs are among the rows that are gone is not known.
                let isNullCountKnown = segment.hidden == nil || statistics.nullCount == 0
                if !isNullCountKnown { areNullsCounted = false }
                result.columns[position].nullCount! += statistics.nullCount ?? 0
                guard statistics.nullCount != segment.rowCount else { continue }
                if let own = statistics.bounds {
                    bounds = bounds?.union(own) ?? own
                } else {
                    isKnown = false
                }
            }
            if !areNullsCounted { result.columns[position].nullCount = nil }
            if isKnown, let bounds {
                result.columns[position].low = .integer(bounds.low)
                result.columns[position].high = .integer(bounds.high)
            }
        }
        return result
    }
}
