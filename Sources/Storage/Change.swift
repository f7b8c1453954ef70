// What a commit changes, as bytes of the log. A commit takes effect whole or not at all.
//
//   change := kind (1), what the kind says; 0 is the end

import StarlingErrors
import StarlingMemory
import StarlingTables
import StarlingVectors

/// Is one thing that a commit changes.
package enum Change: Sendable, Equatable {
    /// A statement that defines or drops something, run again when the database is opened.
    case statement(database: String, sql: String)
    /// More rows in a table.
    case addition(TableName, segment: UInt64, SegmentPlace)
    /// More rows in a table: those of several segments, one behind the other.
    case mergedAddition(TableName, [SegmentPiece], SegmentPlace)
    /// What follows of the table in this commit made that version of it.
    case version(TableName, number: Int, microseconds: Int64)
    /// All rows of a table go.
    case clearing(TableName)
    /// Segments of a table go.
    case removal(TableName, segments: [UInt64])
    /// Rows of a segment of a table go.
    case deletion(TableName, segment: UInt64, rows: RowSet)
    /// The commit is that of an INSERT with a label, which happens once.
    /// The time is that of the INSERT, in microseconds since 1970; nil is that of the commit.
    case label(database: String, name: String, microseconds: Int64? = nil)
    /// AUTO_INCREMENT of a table goes on behind a number.
    case numbering(TableName, last: Int64)
    /// Segments of a table go, and the rows that follow are the same ones, in the place of the first.
    case repacking(TableName, segments: [UInt64])
    /// The rows of segments are a part of a sorted run.
    case sorting(TableName, SegmentRun, segments: [UInt64])
    /// A table is from now on what a CREATE TABLE says, whose columns have these identities.
    case definition(
        TableName, sql: String, columns: [ColumnIdentity], lastColumnNumber: UInt32)
    /// A table has a partition, or the one with that number has become this.
    case partition(TableName, TablePartition)
    /// Partitions of a table go; their rows go by other changes.
    case partitionRemoval(TableName, numbers: [UInt32])
    /// Segments of a table are those of a partition.
    case placement(TableName, partition: UInt32, segments: [UInt64])
    /// ANALYZE TABLE has found this of a table, or it is to be forgotten.
    case analysis(TableName, TableAnalysis?)
    /// A table, or a whole database where the table has no name, goes and is kept under a number as
    /// what `original` names, until a moment in microseconds since 1970.
    case retirement(TableName, number: Int, end: Int64, original: TableName)
    /// What was kept under a number comes back.
    case recovery(number: Int)
    /// A table has the rows of a materialized view, which is from now on this.
    case materializedView(TableName, ViewRecord)
}

extension Change {
    /// The table of which this makes the next version, as the page on the format says; nil for what
    /// makes none.
    package var versionedTable: TableName? {
        switch self {
        case .addition(let table, _, _), .mergedAddition(let table, _, _),
            .version(let table, _, _), .clearing(let table), .removal(let table, _),
            .deletion(let table, _, _), .repacking(let table, _), .sorting(let table, _, _),
            .definition(let table, _, _, _), .partition(let table, _),
            .partitionRemoval(let table, _), .placement(let table, _, _):
            table
        case .statement, .label, .numbering, .analysis, .materializedView, .retirement, .recovery:
            nil
        }
    }
}

/// Names a table with its database.
package struct TableName: Sendable, Hashable, CustomStringConvertible {
    package var database: String
    package var name: String

    package init(database: String, name: String) {
        self.database = database
        self.name = name
    }

    package var description: String { "\(database).\(name)" }
}

/// Says where the bytes of a segment are.
package enum SegmentPlace: Sendable, Hashable {
    /// In the file with that number.
    case file(UInt64, offset: Int, byteCount: Int)
    /// In the log itself.
    case log([UInt8])

    fileprivate var isInFile: Bool {
        if case .file = self { true } else { false }
    }
}

extension Change {
    func append(to writer: ByteWriter) {
        switch self {
        case .statement(let database, let sql):
            writer.append(UInt8(1))
            writer.append(text: database)
            writer.append(text: sql)
        case .addition(let table, let number, let place):
            writer.append(kind: place.isInFile ? 2 : 3, table)
            writer.append(number)
            writer.append(place)
        case .mergedAddition(let table, let pieces, let place):
            writer.append(kind: place.isInFile ? 10 : 11, table)
            writer.append(pieces)
            writer.append(place)
        case .version(let table, let number, let microseconds):
            writer.append(kind: 12, table)
            writer.append(UInt64(number))
            writer.append(microseconds)
        case .clearing(let table):
            writer.append(kind: 4, table)
        case .removal(let table, let segments):
            writer.append(kind: 5, table)
            writer.append(segments: segments)
        case .repacking(let table, let segments):
            writer.append(kind: 13, table)
            writer.append(segments: segments)
        case .sorting(let table, let run, let segments):
            writer.append(kind: 14, table)
            writer.append(text: run.key)
            writer.append(run.number)
            writer.append(segments: segments)
        case .deletion(let table, let number, let rows):
            writer.append(kind: 8, table)
            writer.append(number)
            writer.append(rows)
        case .label(let database, let name, let microseconds):
            writer.append(UInt8(microseconds == nil ? 9 : 41))
            writer.append(text: database)
            writer.append(text: name)
            if let microseconds { writer.append(microseconds) }
        case .numbering(let table, let last):
            writer.append(kind: 7, table)
            writer.append(last)
        case .definition(let table, let sql, let columns, let lastColumnNumber):
            writer.append(kind: 6, table)
            writer.append(text: sql)
            writer.append(lastColumnNumber)
            writer.append(UInt32(columns.count))
            for column in columns { writer.append(column) }
        case .partition(let table, let partition):
            writer.append(kind: 19, table)
            writer.append(partition)
        case .partitionRemoval(let table, let numbers):
            writer.append(kind: 20, table)
            writer.append(UInt32(numbers.count))
            for number in numbers { writer.append(number) }
        case .placement(let table, let partition, let segments):
            writer.append(kind: 21, table)
            writer.append(partition)
            writer.append(segments: segments)
        case .analysis(let table, let analysis):
            writer.append(kind: analysis == nil ? 17 : 16, table)
            if let analysis { writer.append(analysis) }
        case .materializedView(let table, let view):
            writer.append(kind: 28, table)
            writer.append(view)
        case .retirement, .recovery: appendKept(to: writer)
        }
    }

    /// Appends what is kept of what was dropped.
    private func appendKept(to writer: ByteWriter) {
        switch self {
        case .retirement(let table, let number, let end, let original):
            writer.append(kind: 39, table)
            writer.append(UInt64(number))
            writer.append(end)
            writer.append(original)
        case .recovery(let number):
            writer.append(UInt8(40))
            writer.append(UInt64(number))
        default: break
        }
    }

    private static func kept(
        _ kind: UInt8, _ reader: inout RecordReader
    ) throws(StarlingError) -> Change {
        guard kind == 39 else { return .recovery(number: try reader.count()) }
        let table = try reader.table()
        let (number, end) = (try reader.count(), try reader.integer(Int64.self))
        return .retirement(table, number: number, end: end, original: try reader.table())
    }

    private static func label(
        _ reader: inout RecordReader, hasTime: Bool
    ) throws(StarlingError) -> Change {
        let (database, name) = (try reader.text(), try reader.text())
        return .label(
            database: database, name: name,
            microseconds: hasTime ? try reader.integer(Int64.self) : nil)
    }

    /// Reads the next change; nil at the end.
    init?(_ reader: inout RecordReader) throws(StarlingError) {
        guard !reader.isAtEnd else { return nil }
        let kind = try reader.integer(UInt8.self)
        switch kind {
        case 0: return nil
        case 1: self = .statement(database: try reader.text(), sql: try reader.text())
        case 2, 3:
            let table = try reader.table()
            let number = try reader.integer(UInt64.self)
            self = .addition(table, segment: number, try reader.place(isInFile: kind == 2))
        case 10, 11:
            let table = try reader.table()
            var pieces: [SegmentPiece] = []
            for _ in 0..<(try reader.integer(UInt32.self)) {
                let number = try reader.integer(UInt64.self)
                let rowCount = Int(try reader.integer(UInt32.self))
                guard rowCount <= Segment.rowCountMax + chunkCapacity else {
                    throw reader.failure("a segment has too many rows")
                }
                pieces.append(SegmentPiece(number: number, rowCount: rowCount))
            }
            self = .mergedAddition(table, pieces, try reader.place(isInFile: kind == 10))
        case 12:
            let table = try reader.table()
            let number = try reader.count()
            guard number < 1 << 60 else { throw reader.failure("a version is too high") }
            self = .version(
                table, number: number, microseconds: try reader.integer(Int64.self))
        case 4: self = .clearing(try reader.table())
        case 5: self = .removal(try reader.table(), segments: try reader.numbers())
        case 13: self = .repacking(try reader.table(), segments: try reader.numbers())
        case 14:
            let table = try reader.table()
            let run = SegmentRun(
                key: try reader.text(), number: try reader.integer(UInt64.self))
            self = .sorting(table, run, segments: try reader.numbers())
        case 6:
            let table = try reader.table()
            let sql = try reader.text()
            let lastColumnNumber = try reader.integer(UInt32.self)
            var columns: [ColumnIdentity] = []
            for _ in 0..<(try reader.integer(UInt32.self)) {
                columns.append(try reader.identity())
            }
            self = .definition(
                table, sql: sql, columns: columns, lastColumnNumber: lastColumnNumber)
        case 7: self = .numbering(try reader.table(), last: try reader.integer(Int64.self))
        case 8:
            let table = try reader.table()
            let number = try reader.integer(UInt64.self)
            self = .deletion(table, segment: number, rows: try reader.rows())
        case 9, 41: self = try .label(&reader, hasTime: kind == 41)
        case 19: self = .partition(try reader.table(), try reader.partition())
        case 20:
            self = .partitionRemoval(try reader.table(), numbers: try reader.numbers())
        case 21:
            let table = try reader.table()
            let partition = try reader.integer(UInt32.self)
            self = .placement(table, partition: partition, segments: try reader.numbers())
        case 16: self = .analysis(try reader.table(), try reader.analysis())
        case 17: self = .analysis(try reader.table(), nil)
        case 25, 26, 27, 28:
            let table = try reader.table()
            let view = try reader.view(
                hasPartitions: kind > 25, hasFiles: kind > 26, hasSeals: kind > 27)
            self = .materializedView(table, view)
        case 39, 40: self = try .kept(kind, &reader)
        default: throw reader.failure("a change of the kind \(kind) is not known")
        }
    }
}

extension ByteWriter {
    /// Appends a text behind its length.
    func append(text: String) {
        let bytes = Array(text.utf8)
        append(UInt32(bytes.count))
        append(bytes)
    }

    fileprivate func append(_ place: SegmentPlace) {
        switch place {
        case .file(let file, let offset, let byteCount):
            append(file)
            append(UInt64(offset))
            append(UInt64(byteCount))
        case .log(let image):
            append(UInt32(image.count))
            append(image)
        }
    }

    fileprivate func append(_ pieces: [SegmentPiece]) {
        append(UInt32(pieces.count))
        for piece in pieces {
            append(piece.number)
            append(UInt32(piece.rowCount))
        }
    }

    /// Appends the kind of a change of a table.
    fileprivate func append(kind: UInt8, _ table: TableName) {
        append(kind)
        append(table)
    }

    /// Appends the numbers of segments.
    fileprivate func append(segments: [UInt64]) {
        append(UInt32(segments.count))
        for segment in segments { append(segment) }
    }

    /// Appends rows, as ranges.
    fileprivate func append(_ rows: RowSet) {
        let ranges = rows.ranges
        append(UInt32(ranges.count))
        for range in ranges {
            append(UInt32(range.lowerBound))
            append(UInt32(range.count))
        }
    }

    fileprivate func append(_ table: TableName) {
        append(text: table.database)
        append(text: table.name)
    }
}

extension RecordReader {
    fileprivate mutating func table() throws(StarlingError) -> TableName {
        TableName(database: try text(), name: try text())
    }

    /// Reads numbers behind their count.
    fileprivate mutating func numbers<Number: FixedWidthInteger>() throws(StarlingError) -> [Number]
    {
        var numbers: [Number] = []
        for _ in 0..<(try integer(UInt32.self)) { numbers.append(try integer(Number.self)) }
        return numbers
    }

    fileprivate mutating func place(isInFile: Bool) throws(StarlingError) -> SegmentPlace {
        guard isInFile else { return .log(try bytes()) }
        let file = try integer(UInt64.self)
        let (offset, byteCount) = (try count(), try count())
        guard offset < 1 << 60, byteCount < 1 << 60 else {
            throw failure("a segment lies behind the end of any file")
        }
        return .file(file, offset: offset, byteCount: byteCount)
    }

    fileprivate mutating func rows() throws(StarlingError) -> RowSet {
        var rows = RowSet()
        for _ in 0..<(try integer(UInt32.self)) {
            let start = Int(try integer(UInt32.self))
            let count = Int(try integer(UInt32.self))
            guard start + count <= Segment.rowCountMax + chunkCapacity else {
                throw failure("a row lies outside of any segment")
            }
            for row in start..<(start + count) { _ = rows.insert(row) }
        }
        return rows
    }
}
