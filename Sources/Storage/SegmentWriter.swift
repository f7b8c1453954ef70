// The way of a commit's rows to the disk. Segments are written as soon as they are full, one behind
// the other into one file, so that loading needs no more memory than the segments being filled; what
// is small stands in the log, which saves a file and a wait for the disk.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingTables
import StarlingVectors
import Synchronization

/// Stores the segments of one commit to one table.
///
/// `@unchecked Sendable`: the file and its length are only touched by who has the turn.
package final class SegmentWriter: @unchecked Sendable {
    /// Images of up to this many bytes stand in the log.
    private static let loggedByteCountMax = 65_536

    private let folder: DatabaseFolder
    private let reference: TableName
    private let table: NativeTable
    private let pace: WritingPace?
    private let making: IndexMaking?
    private let turn = Mutex<Void>(())
    private var file: (any WritableFile)?
    private var fileNumber: UInt64 = 0
    private var offset = 0
    private var isFinished = false

    package init(
        _ folder: DatabaseFolder, for table: NativeTable, named name: TableName,
        pace: WritingPace? = nil, making: IndexMaking? = nil
    ) {
        self.folder = folder
        self.table = table
        self.pace = pace
        self.making = making
        reference = name
    }

    /// A file that no commit will name goes.
    deinit {
        guard file != nil, !isFinished else { return }
        file = nil
        folder.remove(fileNumber)
    }

    /// Stores a segment and returns it as it is from now on.
    package func store(_ segment: Segment) throws(StarlingError) -> Segment {
        let segment = try table.indexed(segment, making)
        let index = try index(of: segment)
        let image = try SegmentImage.make(segment, table, index: index)
        let number = folder.takeNumber()
        let place = try turn.withLock { _ throws(StarlingError) in try write(image) }
        try pace?.wait(for: image.count)
        guard let place else { return segment.numbered(number) }
        let stored = try folder.openSegment(
            number, at: place, of: table, named: reference, isNamed: false)
        for (column, source) in zip(stored.columns, segment.columns) {
            try column.keep(what: source)
        }
        if let index { stored.keys.keep(index, of: table.keyNumbers) }
        return stored.placed(in: segment.partition)
    }

    /// Makes the index of a segment's keys; nil where it has none, and of a segment that may stand in
    /// the log, whose index is made when it is asked for.
    private func index(of segment: Segment) throws(StarlingError) -> KeyIndex? {
        guard let key = table.keyColumns else { return nil }
        var byteCount = 0
        for column in segment.columns { byteCount += try column.byteCount() }
        return byteCount > Self.loggedByteCountMax ? try key.index(of: segment) : nil
    }

    /// Returns where an image was written; nil where it is to stand in the log.
    private func write(_ image: ByteWriter) throws(StarlingError) -> SegmentPlace? {
        if file == nil {
            guard image.count > Self.loggedByteCountMax else { return nil }
            fileNumber = folder.takeNumber()
            file = try folder.createFile(fileNumber)
        }
        try file?.write(image.start, count: image.count)
        defer { offset += image.count }
        return .file(fileNumber, offset: offset, byteCount: image.count)
    }

    /// Writes rows that are known by the numbers that they have, and returns where they are.
    package func place(_ segment: Segment) throws(StarlingError) -> SegmentPlace {
        let image = try SegmentImage.make(segment, table, index: try index(of: segment))
        let place = try turn.withLock { _ throws(StarlingError) in try write(image) }
        return place ?? .log(Array(image.bytes))
    }

    /// Waits until what was stored survives a loss of power.
    package func finish() throws(StarlingError) {
        guard let file, !isFinished else { return }
        try file.synchronize()
        try file.close()
        try folder.synchronizeSegments()
        folder.heldFile(fileNumber)?.noteNamed()
        isFinished = true
    }

    /// The change that gives the table its columns.
    package func definition(_ sql: String) -> Change {
        .definition(
            reference, sql: sql, columns: table.identities,
            lastColumnNumber: table.lastColumnNumber)
    }

    /// The change that takes all rows from the table.
    package var clearing: Change { .clearing(reference) }

    /// The change that takes segments from the table; none where there are none.
    package func removal(of segments: [UInt64]) -> [Change] {
        segments.isEmpty ? [] : [.removal(reference, segments: segments)]
    }

    /// The change that lets AUTO_INCREMENT go on where it is; nil where it never began.
    package var numbering: Change? {
        table.lastNumber > 0 ? .numbering(reference, last: table.lastNumber) : nil
    }

    /// The changes that the partitions of the table go through, and the partitions of new segments.
    package func changes(
        ofPartitions before: PartitionSet?, to after: PartitionSet?, placing segments: [Segment]
    ) -> [Change] {
        reference.changes(ofPartitions: before, to: after, placing: segments)
    }

    /// The changes that take rows from the table; `emptied` are segments that lost their last one.
    package func changes(of loss: RowLoss, emptied: [UInt64]) -> [Change] {
        let removed = loss.old.flatMap(\.numbers) + emptied
        let hidden = loss.hidden.filter { !emptied.contains($0.key) }
            .sorted { $0.key < $1.key }
        return (removed.isEmpty ? [] : [.removal(reference, segments: removed)])
            + hidden.map { .deletion(reference, segment: $0.key, rows: $0.value) }
    }

    /// Returns the changes that add stored segments to the table, without the rows that are gone.
    package func changes(adding segments: [Segment]) throws(StarlingError) -> [Change] {
        var changes: [Change] = []
        for segment in segments {
            changes.append(try change(adding: segment))
            guard let hidden = segment.hidden, let number = segment.numbers.first else { continue }
            changes.append(.deletion(reference, segment: number, rows: hidden))
        }
        return changes
            + segments.runs.map { .sorting(reference, $0.run, segments: $0.segments) }
    }

    /// Returns the changes that put rows that were packed anew in the place of what they were.
    package func changes(of repacked: [RepackedGroup]) throws(StarlingError) -> [Change] {
        var changes: [Change] = []
        for group in repacked {
            changes.append(.repacking(reference, segments: group.old.flatMap(\.numbers)))
            changes += try self.changes(adding: group.new)
        }
        return changes
    }

    /// Stores segments anew that lie in no file; others stay where they are, for another table or
    /// another version to name them, too.
    package func keep(_ segments: [Segment]) throws(StarlingError) -> [Segment] {
        var kept: [Segment] = []
        for segment in segments {
            guard segment.place == nil else {
                kept.append(segment)
                continue
            }
            let stored = try store(segment.hiding(RowSet()))
            kept.append(segment.hidden.map(stored.hiding) ?? stored)
        }
        return kept
    }

    /// Returns the change that adds a stored segment to the table.
    package func change(adding segment: Segment) throws(StarlingError) -> Change {
        guard let number = segment.numbers.first, segment.numbers.count == 1 else {
            throw StarlingError(.internal, "a segment without a number is committed")
        }
        if let place = segment.place { return .addition(reference, segment: number, place) }
        let image = try SegmentImage.make(segment, table)
        return .addition(reference, segment: number, .log(Array(image.bytes)))
    }
}
