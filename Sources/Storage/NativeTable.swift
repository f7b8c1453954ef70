// A table of our own: what CREATE TABLE makes. Each commit makes a new snapshot that shares the
// segments of the old one.

import StarlingBlocks
import StarlingErrors
import StarlingKernels
import StarlingShredding
import StarlingTables
import StarlingTypes
import StarlingVectors
import Synchronization

/// Is one snapshot of a table.
package final class NativeTable: Table {
    private let state: State
    private let merged: MergedStatistics
    /// The segments that are read where no partition is named.
    package let visible: [Segment]
    /// What indexes have said while queries were planned.
    let forecasts = IndexForecasts()

    /// Is the same for all snapshots of a table, and for no other.
    private final class Identity: Sendable {
        /// The last number of AUTO_INCREMENT.
        let lastNumber = Mutex<Int64>(0)
        /// The highest number that a partition ever had.
        let lastPartition = Mutex<UInt32>(0)
        /// What queries filter the table by.
        let filters = FilterLog()
    }

    /// Holds what a snapshot is.
    private struct State: Sendable {
        var name: String
        var columns: [TableColumn]
        var identities: [ColumnIdentity]
        var lastColumnNumber: UInt32
        /// The numbers of the columns that rows are looked up by; none where they are not.
        var key: [UInt32] = []
        /// True where several rows may have the same key.
        var keyRepeats = false
        var segments: [Segment]
        var pools: [DictionaryPool]
        /// The numbers of the columns whose segments get bloom filters.
        var filteredNumbers: Set<UInt32> = []
        /// The indexes that segments get, by the numbers of columns.
        var wantedIndexes: [UInt32: [WantedIndex]] = [:]
        /// Which paths of documents become columns.
        var shredding = ShreddingRules()
        /// How blocks are compressed once more; nil where they are not.
        var compressionLevel: Int?
        /// What ANALYZE TABLE has found.
        var analysis: TableAnalysis?
        var identity: Identity
        /// Nil where the table has no partitions.
        var partitions: PartitionSet?
        var history = TableHistory()
        /// The committed snapshot that this one was made of; nil for one that is committed itself.
        var base: NativeTable?
        /// Tells whether nothing has changed since but how rows are packed.
        var isRepacked = false
        /// The segments of a committed snapshot, for the time when it is an earlier version.
        var rows: VersionRows?
    }

    package convenience init(
        name: String, columns: [TableColumn], segments: [Segment] = [],
        partitions: PartitionSet? = nil
    ) {
        self.init(
            State(
                name: name, columns: columns, identities: ColumnIdentity.first(columns.count),
                lastColumnNumber: UInt32(columns.count), segments: segments,
                pools: columns.map { _ in DictionaryPool() }, identity: Identity(),
                partitions: partitions))
        notePartitions()
    }

    private init(_ state: State, _ merged: MergedStatistics? = nil) {
        self.state = state
        visible =
            state.partitions?.hasTemporary == true
            ? state.segments.filter { $0.partition?.isTemporary != true } : state.segments
        self.merged = merged ?? MergedStatistics(visible, columnCount: state.columns.count)
    }

    package var statistics: TableStatistics {
        var statistics = merged.statistics
        guard let analysis = state.analysis else { return statistics }
        for (position, identity) in identities.enumerated() {
            guard let histogram = analysis.histograms[identity.number] else { continue }
            statistics.columns[position].spread = ValueSpread(histogram)
        }
        return statistics
    }

    /// What ANALYZE TABLE has found.
    package var analysis: TableAnalysis? { state.analysis }

    /// Returns the snapshot with what ANALYZE TABLE has found.
    package func analyzed(_ analysis: TableAnalysis?) -> NativeTable {
        var state = state
        state.analysis = analysis
        return NativeTable(state, merged)
    }

    package var name: String { state.name }
    package var columns: [TableColumn] { state.columns }
    /// What the segments know the columns by.
    package var identities: [ColumnIdentity] { state.identities }
    /// The highest number that a column ever had.
    package var lastColumnNumber: UInt32 { state.lastColumnNumber }
    /// The numbers of the columns that rows are looked up by; none where they are not.
    package var keyNumbers: [UInt32] { state.key }
    /// True where several rows may have the same key.
    var keyRepeats: Bool { state.keyRepeats }
    package var segments: [Segment] { state.segments }
    /// The dictionaries that the segments share, a pool a column.
    package var pools: [DictionaryPool] { state.pools }
    package var history: TableHistory { state.history }
    /// The newest version, which lacks what was changed since.
    package var committed: NativeTable { state.base ?? self }

    package var title: String { "table \(name)" }
    package var parts: [any TablePart] {
        guard let key = keyColumns else { return visible }
        return visible.map { KeyedSegment($0, key) }
    }
    package var partitions: PartitionSet? { state.partitions }

    /// Tells whether both are snapshots of one table.
    package func isSameTable(as other: NativeTable) -> Bool { key == other.key }

    /// Tells whether the rows of both have the same columns, whatever indexes there are.
    package func hasSameColumns(as other: NativeTable) -> Bool {
        guard identities == other.identities, columns.count == other.columns.count else {
            return false
        }
        return zip(columns, other.columns).allSatisfy { own, others in
            var own = own
            own.analyzers = others.analyzers
            return own == others
        }
    }

    /// Is the same for all snapshots of a table.
    package var key: ObjectIdentifier { ObjectIdentifier(state.identity) }
    package var lineage: TableLineage? { .table(key) }

    /// Makes a snapshot that is to become the next version.
    private func next(_ change: (inout State) -> Void) -> NativeTable {
        var state = state
        if state.base == nil, state.history.number > 0 { state.base = self }
        state.isRepacked = false
        state.rows = nil
        change(&state)
        return NativeTable(state)
    }

    // MARK: Bloom filters

    /// The columns whose segments get bloom filters.
    package var filteredColumns: Set<Int> {
        Set(identities.indices.filter { state.filteredNumbers.contains(identities[$0].number) })
    }

    /// Returns the snapshot as that of a table whose segments get bloom filters of some columns.
    package func filtering(_ columns: Set<Int>) -> NativeTable {
        var state = state
        state.filteredNumbers = Set(columns.map { identities[$0].number })
        return NativeTable(state, merged)
    }

    // MARK: Indexes

    /// The indexes that segments get, by the places of columns.
    package var indexing: [(position: Int, wanted: [WantedIndex])] {
        guard !state.wantedIndexes.isEmpty else { return [] }
        return identities.enumerated().compactMap { position, identity in
            state.wantedIndexes[identity.number].map { (position, $0) }
        }
    }

    /// The indexes that segments get of the column with a number.
    func wantedIndexes(ofColumn number: UInt32) -> [WantedIndex] {
        state.wantedIndexes[number] ?? []
    }

    /// Returns the snapshot as that of a table whose segments get indexes of some columns; what cuts
    /// texts into terms for an index does so wherever the column is asked for terms, as does what
    /// `analyzers` say of columns. Other indexes that segments have are asked no more.
    package func indexing(
        _ wanted: [Int: [WantedIndex]], cuttingBy analyzers: [Int: ColumnAnalyzers] = [:]
    ) -> NativeTable {
        var state = state
        state.wantedIndexes = [:]
        for position in state.columns.indices {
            let own = wanted[position] ?? []
            state.columns[position].analyzers = own.analyzers(with: analyzers[position])
            if !own.isEmpty { state.wantedIndexes[identities[position].number] = own }
        }
        state.segments = state.segments.map { $0.keepingIndexes(wanted) }
        return NativeTable(state, merged)
    }

    // MARK: Documents

    /// Which paths of documents become columns in rows that come.
    package var shredding: ShreddingRules { state.shredding }

    /// Returns the snapshot as that of a table whose documents are taken apart otherwise.
    package func shredding(by rules: ShreddingRules) -> NativeTable {
        var state = state
        state.shredding = rules
        return NativeTable(state, merged)
    }

    /// How the blocks of segments are compressed once more when they are written; nil where they are
    /// not.
    package var compressionLevel: Int? { state.compressionLevel }

    /// Returns the snapshot as that of a table whose segments are written so.
    package func compressing(_ level: Int?) -> NativeTable {
        var state = state
        state.compressionLevel = level
        return NativeTable(state, merged)
    }

    // MARK: Rows

    /// Packs rows into segments for the table.
    package func segments(
        of chunks: [Chunk], for purpose: BlockPurpose = .memory
    ) throws(StarlingError) -> [Segment] {
        var collector = SegmentCollector(
            columns.map(\.type), pools, for: purpose, filtered: filteredColumns,
            shredding: shredding)
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
        let (set, settled) = try settling(new)
        let all = try Segment.merging(
            segments, settled, columns, pools, in: set, filtered: filteredColumns,
            shredding: shredding)
        let indexed = try indexedInMemory(all)
        return next { state in
            state.partitions = set
            state.segments = indexed
        }
    }

    /// Returns the snapshot with other partitions, and these rows.
    package func having(_ partitions: PartitionSet?, _ segments: [Segment]) -> NativeTable {
        let table = next { state in
            state.partitions = partitions
            state.segments = segments
        }
        table.notePartitions()
        return table
    }

    /// Returns the snapshot with these rows.
    package func having(_ segments: [Segment]) -> NativeTable {
        next { $0.segments = segments }
    }

    /// Returns the snapshot with the same rows in other segments.
    func repacked(as segments: [Segment]) -> NativeTable {
        let hasSameRows = state.base == nil || state.isRepacked
        return next { state in
            state.segments = segments
            state.isRepacked = hasSameRows
        }
    }

    /// Tells whether nothing has changed since the last commit but how rows are packed.
    package var isOnlyRepacked: Bool { state.isRepacked }

    /// Returns the snapshot as that of a table whose rows are looked up by the columns at these
    /// positions.
    package func keyed(by positions: [Int]) -> NativeTable {
        var state = state
        state.key = positions.map { identities[$0].number }
        return NativeTable(state, merged)
    }

    /// Returns the snapshot as that of a table of which several rows may have the same key.
    package func repeatingKeys() -> NativeTable {
        var state = state
        state.keyRepeats = true
        return NativeTable(state, merged)
    }

    // MARK: Versions

    /// Returns the snapshot as the next version of the table; the one before can be read as long as
    /// `retention` says.
    package func committed(
        at microseconds: Int64, keeping retention: SnapshotRetention
    ) -> NativeTable {
        guard state.base != nil || history.number == 0 else { return self }
        var state = state
        let rows = VersionRows(segments)
        state.rows = rows
        if let base = state.base {
            state.history.past.append(base.past)
            base.state.rows?.giveWay(to: rows)
        }
        state.history.number += 1
        state.history.isRepacked = state.isRepacked
        state.isRepacked = false
        state.history.microseconds = max(state.history.microseconds, microseconds)
        state.history.trim(keeping: retention, at: microseconds)
        state.base = nil
        return NativeTable(state, merged)
    }

    /// The snapshot as an earlier version, without those before it.
    private var past: PastVersion {
        var state = state
        state.history.past = []
        let rows = state.rows ?? VersionRows(segments)
        state.segments = []
        state.rows = nil
        return PastVersion(
            number: history.number, microseconds: history.microseconds,
            isRepacked: history.isRepacked, columns: versionColumns,
            rowCount: visible.reduce(0) { $0 + $1.liveRowCount }
        ) { [state] () throws(StarlingError) in
            var state = state
            state.segments = rows.segments
            return NativeTable(state)
        }
    }

    /// Returns the snapshot with the versions that a log knows.
    package func having(_ history: TableHistory) -> NativeTable {
        var state = state
        state.history = history
        state.base = nil
        state.isRepacked = false
        state.rows = VersionRows(segments)
        return NativeTable(state, merged)
    }

    /// Makes a table of its own with the same rows and columns.
    package func cloned(as name: String) -> NativeTable {
        var state = state
        state.name = name
        state.identity = Identity()
        state.history = TableHistory()
        state.base = nil
        state.rows = nil
        let clone = NativeTable(state, merged)
        clone.noteNumber(lastNumber)
        clone.notePartitions()
        return clone
    }

    /// What queries filter the table by, whichever snapshot they read.
    package var filters: FilterLog { state.identity.filters }

    // MARK: Numbers

    /// The last number that AUTO_INCREMENT gave to a row.
    package var lastNumber: Int64 { state.identity.lastNumber.withLock { $0 } }

    /// Goes on behind a number.
    package func noteNumber(_ number: Int64) {
        state.identity.lastNumber.withLock { $0 = max($0, number) }
    }

    /// Takes numbers for rows and returns the first of them.
    func takeNumbers(_ count: Int) throws(StarlingError) -> Int64 {
        try state.identity.lastNumber.withLock { (last) throws(StarlingError) in
            let (end, isOver) = last.addingReportingOverflow(Int64(count))
            guard !isOver, end < .max else {
                throw StarlingError(.data, "the numbers of '\(name)' are used up")
            }
            defer { last = end }
            return last + 1
        }
    }

    /// Takes a number for a partition.
    package func takePartitionNumber() -> UInt32 {
        state.identity.lastPartition.withLock { last in
            last += 1
            return last
        }
    }

    /// Goes on behind the numbers of the partitions that are there.
    private func notePartitions() {
        guard let highest = partitions?.partitions.map(\.number).max() else { return }
        state.identity.lastPartition.withLock { $0 = max($0, highest) }
    }

    // MARK: Columns

    /// Returns the snapshot under another name.
    package func named(_ name: String) -> NativeTable {
        var state = state
        state.name = name
        return NativeTable(state, merged)
    }

    /// Returns the snapshot with other columns: those whose numbers it knows keep their values, in
    /// segments that stay as they are; others have their initial value.
    package func having(
        columns new: [TableColumn], _ identities: [ColumnIdentity], lastColumnNumber: UInt32
    ) -> NativeTable {
        let places = identities.map { identity in
            self.identities.firstIndex { $0.number == identity.number }
        }
        let empty = next { state in
            state.columns = new
            state.identities = identities
            state.lastColumnNumber = lastColumnNumber
            state.segments = []
            state.pools = places.map { $0.map { pools[$0] } ?? DictionaryPool() }
        }
        return empty.having(
            segments.map { segment in
                segment.having(
                    places.enumerated().map { position, place in
                        place.map { segment.columns[$0] }
                            ?? segment.damage.map { SegmentColumn(damaged: $0) }
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
}
