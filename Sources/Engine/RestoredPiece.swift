import StarlingErrors
import StarlingStorage
import StarlingTables

/// Is a segment of a table for as long as it was there.
struct RestoredPiece: Sendable {
    enum Contents: Sendable {
        case segment(UInt64)
        /// The rows of several segments, one behind the other.
        case merged([SegmentPiece])
    }

    /// Is when rows went, counted in the segment that they came in. There may be very many of these
    /// with a few rows each, so a set would be too large.
    struct Hidden: Sendable {
        var version: Int
        var segment: UInt64
        private let ranges: [Range<UInt32>]

        init(version: Int, segment: UInt64, rows: RowSet) {
            self.version = version
            self.segment = segment
            ranges = rows.ranges.map { UInt32($0.lowerBound)..<UInt32($0.upperBound) }
        }

        /// The row behind the last one.
        var end: Int { ranges.last.map { Int($0.upperBound) } ?? 0 }

        var rows: RowSet {
            var rows = RowSet()
            insert(into: &rows, from: 0)
            return rows
        }

        /// Adds the rows to a set, counted from `offset` on.
        func insert(into rows: inout RowSet, from offset: Int) {
            for range in ranges {
                for row in range { _ = rows.insert(Int(row) + offset) }
            }
        }
    }

    var contents: Contents
    var place: SegmentPlace
    var firstVersion: Int
    /// The first version without it.
    var endVersion = Int.max
    /// The number of the partition that the rows are of.
    var partition: UInt32?
    var hidden: [Hidden] = []
    var run: SegmentRun?
    /// Count the times that rows were packed anew, where the piece came or went so.
    var firstPacking: Int?
    var endPacking: Int?

    init(contents: Contents, place: SegmentPlace, firstVersion: Int) {
        self.contents = contents
        self.place = place
        self.firstVersion = firstVersion
    }

    var numbers: [UInt64] {
        switch contents {
        case .segment(let number): [number]
        case .merged(let parts): parts.map(\.number)
        }
    }

    mutating func hide(_ rows: RowSet, of segment: UInt64, _ version: Int) {
        hidden.append(Hidden(version: version, segment: segment, rows: rows))
    }

    /// Opens the rows as a version has them.
    func open(
        _ folder: DatabaseFolder, _ table: NativeTable, _ name: TableName, at version: Int
    ) throws(StarlingError) -> Segment {
        let first = numbers.first ?? 0
        let segment = try opened(folder, table, name)
            .placed(in: partition.flatMap { table.partitions?[$0] })
        var parts: [UInt64: Range<Int>] = [:]
        var end = 0
        for piece in segment.pieces {
            parts[piece.number] = end..<(end + piece.rowCount)
            end += piece.rowCount
        }
        var gone = RowSet()
        for hidden in hidden where hidden.version <= version {
            guard let rows = parts[hidden.segment], hidden.end <= rows.count else {
                throw StarlingError(
                    .data, "rows of segment \(first) of table \(name) go that it does not have")
            }
            hidden.insert(into: &gone, from: rows.lowerBound)
        }
        return segment.hiding(gone).sorted(in: run)
    }

    /// Opens all rows; what is damaged is opened, too, as something that only says so.
    private func opened(
        _ folder: DatabaseFolder, _ table: NativeTable, _ name: TableName
    ) throws(StarlingError) -> Segment {
        let first = numbers.first ?? 0
        do throws(StarlingError) {
            let segment = try folder.openSegment(first, at: place, of: table, named: name)
            guard case .merged(let parts) = contents else { return segment }
            guard let regarded = segment.regarded(as: parts) else {
                throw StarlingError(
                    .data, "segment \(first) of table \(name) has other rows than the log says")
            }
            return regarded
        } catch {
            guard folder.isDamage(error, at: place) else { throw error }
            var pieces = [SegmentPiece(number: first, rowCount: Segment.unknownRowCount)]
            if case .merged(let parts) = contents { pieces = parts }
            return .damaged(error, pieces, at: place, of: table)
        }
    }

    /// Tells whether the rows stand in the log and were there in all versions from `first` on.
    func isMergeable(in first: Int) -> Bool {
        guard case .log = place, run == nil else { return false }
        return firstVersion <= first && endVersion == .max
    }

    func addition(to name: TableName) -> Change {
        switch contents {
        case .segment(let number): .addition(name, segment: number, place)
        case .merged(let parts): .mergedAddition(name, parts, place)
        }
    }

    /// The changes that add the rows, in their partition.
    func additions(to name: TableName) -> [Change] {
        [addition(to: name)]
            + (partition.map { [Change.placement(name, partition: $0, segments: numbers)] } ?? [])
    }
}
