// The rows of a table as the log tells of them: which segments came with which version and went with
// which, and when rows of them went. Nothing is opened before it is asked for.

import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingTables

/// Gathers what a log says of a table.
struct RestoredRows: Sendable {
    /// Keeps what identifies the table from being used for another one.
    let table: NativeTable
    private(set) var pieces: [RestoredPiece] = []
    /// Where the segments that are there stand in `pieces`.
    private var present: [UInt64: Int] = [:]
    private(set) var versions: [Version] = []
    /// The commit whose version is the last one.
    private var lastCommit: UInt64 = 0
    /// True where a log that began anew tells the numbers of versions.
    private var isTold = false
    /// Where rows that were packed anew are to stand, and how many times that was done.
    private var packingPlace: Int?
    private var packingCount = 0

    /// Is a version of the table.
    struct Version: Sendable {
        var number: Int
        var microseconds: Int64
        var columns: [TableColumn]
        var identities: [ColumnIdentity]
        var lastColumnNumber: UInt32
        var partitions: PartitionSet?
        /// Tells whether it has the same rows as the one before it, packed anew.
        var isRepacked = false

        func hasSameColumns(as other: Version) -> Bool {
            columns == other.columns && identities == other.identities
        }

        var described: VersionColumns {
            VersionColumns(columns: columns, identities: identities)
        }
    }

    init(_ table: NativeTable) { self.table = table }

    private var number: Int { versions.last?.number ?? 0 }

    // MARK: Changes

    /// Counts the version that a commit makes.
    mutating func begin(_ commit: Commit, _ table: NativeTable) {
        guard commit.number != lastCommit || versions.isEmpty else { return }
        lastCommit = commit.number
        append(number + 1, max(commit.microseconds, versions.last?.microseconds ?? .min), table)
    }

    /// Notes which version what follows of a commit made.
    mutating func begin(version number: Int, _ microseconds: Int64, _ table: NativeTable) {
        if !isTold { versions = [] }
        isTold = true
        append(number, microseconds, table)
    }

    private mutating func append(_ number: Int, _ microseconds: Int64, _ table: NativeTable) {
        packingPlace = nil
        versions.append(
            Version(
                number: number, microseconds: microseconds, columns: table.columns,
                identities: table.identities, lastColumnNumber: table.lastColumnNumber,
                partitions: table.partitions))
    }

    /// Notes the columns that the table has by now.
    mutating func define(_ table: NativeTable) {
        versions[versions.count - 1].columns = table.columns
        versions[versions.count - 1].identities = table.identities
        versions[versions.count - 1].lastColumnNumber = table.lastColumnNumber
        versions[versions.count - 1].partitions = table.partitions
    }

    /// Notes the partition that segments are of.
    mutating func place(_ segments: [UInt64], in partition: UInt32) throws(StarlingError) {
        for segment in segments {
            guard let place = present[segment] else {
                throw StarlingError(
                    .data, "segment \(segment) comes to a partition, which is not there")
            }
            pieces[place].partition = partition
        }
    }

    mutating func add(_ contents: RestoredPiece.Contents, _ place: SegmentPlace) {
        var piece = RestoredPiece(contents: contents, place: place, firstVersion: number)
        var target = pieces.count
        if let packingPlace {
            target = packingPlace
            piece.firstPacking = packingCount
            self.packingPlace = target + 1
            for (segment, other) in present where other >= target { present[segment] = other + 1 }
        }
        for segment in piece.numbers { present[segment] = target }
        pieces.insert(piece, at: target)
    }

    /// Notes that the rows of segments are those that follow, in the place of the first of them.
    mutating func repack(_ segments: [UInt64]) {
        versions[versions.count - 1].isRepacked = true
        packingPlace = segments.first { present[$0] != nil }.flatMap { present[$0] } ?? pieces.count
        packingCount += 1
        for segment in segments {
            let place = present[segment]
            remove(segment)
            if let place, pieces[place].endVersion == number {
                pieces[place].endPacking = packingCount
            }
        }
    }

    /// Notes that segments are a part of a sorted run.
    mutating func sort(_ segments: [UInt64], in run: SegmentRun) {
        for segment in segments {
            if let place = present[segment] { pieces[place].run = run }
        }
    }

    mutating func remove(_ segment: UInt64) {
        guard let place = present.removeValue(forKey: segment) else { return }
        guard case .merged(let parts) = pieces[place].contents,
            parts.contains(where: { $0.number != segment && present[$0.number] == place })
        else {
            pieces[place].endVersion = number
            return
        }
        let part = parts.first { $0.number == segment }
        pieces[place].hide(RowSet(0..<(part?.rowCount ?? 0)), of: segment, number)
    }

    mutating func clear() {
        for place in present.values { pieces[place].endVersion = number }
        present = [:]
    }

    mutating func hide(_ rows: RowSet, of segment: UInt64) throws(StarlingError) {
        guard let place = present[segment] else {
            throw StarlingError(.data, "rows of segment \(segment) go, which is not there")
        }
        pieces[place].hide(rows, of: segment, number)
    }

    // MARK: What is there at the end

    /// Lets go of versions that are too old.
    mutating func trim(keeping retention: SnapshotRetention, at now: Int64) {
        var history = TableHistory(
            microseconds: versions.last?.microseconds ?? 0,
            past: versions.dropLast().map { version in
                PastVersion(
                    number: version.number, microseconds: version.microseconds,
                    columns: version.described
                ) { () throws(StarlingError) in
                    throw StarlingError(.internal, "a version is not restored yet")
                }
            })
        history.trim(keeping: retention, at: now)
        versions.removeFirst(max(0, versions.count - 1 - history.past.count))
        let first = versions.first?.number ?? 0
        // What a transaction added and took away again is in no version.
        pieces.removeAll { $0.endVersion <= max(first, $0.firstVersion) }
        present = [:]
    }

    /// The files that some version needs.
    var files: [UInt64] {
        pieces.compactMap { piece in
            if case .file(let number, _, _) = piece.place { number } else { nil }
        }
    }

    /// Puts the newest version together, with those before it.
    func restored(
        _ table: NativeTable, _ name: TableName, _ folder: DatabaseFolder
    ) throws(StarlingError) -> NativeTable {
        guard let last = versions.last else { return table }
        let held = folder.holding(pieces.map(\.place))
        let past = versions.dropLast().map { version in
            PastVersion(
                number: version.number, microseconds: version.microseconds,
                isRepacked: version.isRepacked, columns: version.described
            ) { () throws(StarlingError) in
                try withExtendedLifetime(held) { () throws(StarlingError) in
                    try self.version(version, of: table, name, folder)
                }
            }
        }
        let segments = try self.segments(last.number, of: table, name, folder)
        return try table.emptied().appending(segments).having(
            TableHistory(
                number: last.number, microseconds: last.microseconds,
                isRepacked: last.isRepacked, past: past))
    }

    private func version(
        _ version: Version, of table: NativeTable, _ name: TableName, _ folder: DatabaseFolder
    ) throws(StarlingError) -> NativeTable {
        let empty = table.having(version.partitions, []).having(
            columns: version.columns, version.identities,
            lastColumnNumber: version.lastColumnNumber)
        return empty.having(try segments(version.number, of: empty, name, folder)).having(
            TableHistory(number: version.number, microseconds: version.microseconds))
    }

    private func segments(
        _ version: Int, of table: NativeTable, _ name: TableName, _ folder: DatabaseFolder
    ) throws(StarlingError) -> [Segment] {
        let there = pieces.filter { $0.firstVersion <= version && version < $0.endVersion }
        let opened = try mapAll(there) { (piece) throws(StarlingError) in
            try piece.open(folder, table, name, at: version)
        }
        return opened.filter { $0.liveRowCount > 0 }
    }

    // MARK: A log that begins anew

    /// Packs small segments together that stand in the log and that all versions have.
    mutating func merge(
        _ table: NativeTable, _ name: TableName, _ folder: DatabaseFolder
    ) throws(StarlingError) {
        let first = versions.first?.number ?? 0
        let writer = SegmentWriter(folder, for: table, named: name)
        var merged: [RestoredPiece] = []
        var run: [RestoredPiece] = []
        for piece in pieces {
            if piece.isMergeable(in: first) {
                run.append(piece)
            } else {
                merged += try Self.merged(run, table, name, folder, writer) + [piece]
                run = []
            }
        }
        pieces = merged + (try Self.merged(run, table, name, folder, writer))
        try writer.finish()
    }

    private static func merged(
        _ run: [RestoredPiece], _ table: NativeTable, _ name: TableName,
        _ folder: DatabaseFolder, _ writer: SegmentWriter
    ) throws(StarlingError) -> [RestoredPiece] {
        guard run.count > 1 else { return run }
        let opened = try mapAll(run) { (piece) throws(StarlingError) in
            try piece.open(folder, table, name, at: 0)
        }
        return try mapAll(try table.emptied().appending(opened).segments) {
            (segment) throws(StarlingError) in
            var piece = RestoredPiece(
                contents: .merged(segment.pieces), place: try writer.place(segment),
                firstVersion: run[0].firstVersion)
            piece.partition = segment.partition?.number
            let numbers = Set(segment.numbers)
            piece.hidden = run.flatMap(\.hidden).filter { numbers.contains($0.segment) }
            return piece
        }
    }

    /// The changes that give a table these rows and versions; `definition` says what a version is as
    /// CREATE TABLE does.
    func changes(
        _ name: TableName, definition: (Version) throws(StarlingError) -> String
    ) throws(StarlingError) -> [Change] {
        var changes: [Change] = []
        let first = versions.first?.number ?? 0
        for (place, version) in versions.enumerated() {
            let number = version.number
            changes.append(
                .version(name, number: number, microseconds: version.microseconds))
            let isLast = place == versions.count - 1
            if place == 0 || isLast || !version.hasSameColumns(as: versions[place - 1]) {
                changes.append(
                    .definition(
                        name, sql: try definition(version), columns: version.identities,
                        lastColumnNumber: version.lastColumnNumber))
            }
            for piece in pieces where piece.endVersion == number && piece.endPacking == nil {
                changes.append(.removal(name, segments: piece.numbers))
            }
            changes += name.changes(
                ofPartitions: place > 0 ? versions[place - 1].partitions : nil,
                to: version.partitions, placing: [])
            changes += self.changes(repackingIn: number, name)
            let added = pieces.filter { max($0.firstVersion, first) == number }
            for piece in added where piece.firstPacking == nil || number == first {
                changes += piece.additions(to: name)
            }
            for run in Set(added.compactMap(\.run)).sorted(by: { $0.number < $1.number }) {
                let segments = added.filter { $0.run == run }.flatMap(\.numbers)
                changes.append(.sorting(name, run, segments: segments))
            }
            for piece in pieces where piece.endVersion > number {
                for hidden in piece.hidden where max(hidden.version, first) == number {
                    changes.append(
                        .deletion(name, segment: hidden.segment, rows: hidden.rows))
                }
            }
        }
        return changes
    }

    /// The changes that pack rows anew in a version, where the one before it can be read.
    private func changes(repackingIn version: Int, _ name: TableName) -> [Change] {
        guard let known = versions.dropFirst().first(where: { $0.number == version }),
            known.isRepacked
        else { return [] }
        let old = pieces.filter { $0.endVersion == version }
        let new = pieces.filter { $0.firstVersion == version }
        var packings = Set((old.map(\.endPacking) + new.map(\.firstPacking)).compactMap { $0 })
        // The version says that it is one even where all of its segments are parts of others.
        if packings.isEmpty { packings = [-1] }
        return packings.sorted().flatMap { packing in
            [
                Change.repacking(
                    name,
                    segments: old.filter { $0.endPacking == packing }.flatMap(\.numbers))
            ] + new.filter { $0.firstPacking == packing }.flatMap { $0.additions(to: name) }
        }
    }
}
