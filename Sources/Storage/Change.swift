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
    /// All rows of a table go.
    case clearing(TableName)
    /// Segments of a table go.
    case removal(TableName, segments: [UInt64])
    /// Rows of a segment of a table go.
    case deletion(TableName, segment: UInt64, rows: RowSet)
    /// AUTO_INCREMENT of a table goes on behind a number.
    case numbering(TableName, last: Int64)
    /// A table is from now on what a CREATE TABLE says, whose columns have these identities.
    case definition(
        TableName, sql: String, columns: [ColumnIdentity], lastColumnNumber: UInt32)
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
}

extension Change {
    func append(to writer: ByteWriter) {
        switch self {
        case .statement(let database, let sql):
            writer.append(UInt8(1))
            writer.append(text: database)
            writer.append(text: sql)
        case .addition(let table, let number, .file(let file, let offset, let byteCount)):
            writer.append(UInt8(2))
            writer.append(table)
            writer.append(number)
            writer.append(file)
            writer.append(UInt64(offset))
            writer.append(UInt64(byteCount))
        case .addition(let table, let number, .log(let image)):
            writer.append(UInt8(3))
            writer.append(table)
            writer.append(number)
            writer.append(UInt32(image.count))
            writer.append(image)
        case .clearing(let table):
            writer.append(UInt8(4))
            writer.append(table)
        case .removal(let table, let segments):
            writer.append(UInt8(5))
            writer.append(table)
            writer.append(UInt32(segments.count))
            for segment in segments { writer.append(segment) }
        case .deletion(let table, let number, let rows):
            writer.append(UInt8(8))
            writer.append(table)
            writer.append(number)
            writer.append(rows)
        case .numbering(let table, let last):
            writer.append(UInt8(7))
            writer.append(table)
            writer.append(last)
        case .definition(let table, let sql, let columns, let lastColumnNumber):
            writer.append(UInt8(6))
            writer.append(table)
            writer.append(text: sql)
            writer.append(lastColumnNumber)
            writer.append(UInt32(columns.count))
            for column in columns { writer.append(column) }
        }
    }

    /// Reads the next change; nil at the end.
    init?(_ reader: inout RecordReader) throws(StarlingError) {
        guard !reader.isAtEnd else { return nil }
        let kind = try reader.integer(UInt8.self)
        switch kind {
        case 0: return nil
        case 1: self = .statement(database: try reader.text(), sql: try reader.text())
        case 2:
            let table = try reader.table()
            let number = try reader.integer(UInt64.self)
            let file = try reader.integer(UInt64.self)
            self = .addition(
                table, segment: number,
                .file(file, offset: try reader.count(), byteCount: try reader.count()))
        case 3:
            let table = try reader.table()
            let number = try reader.integer(UInt64.self)
            self = .addition(table, segment: number, .log(try reader.bytes()))
        case 4: self = .clearing(try reader.table())
        case 5:
            let table = try reader.table()
            var segments: [UInt64] = []
            for _ in 0..<(try reader.integer(UInt32.self)) {
                segments.append(try reader.integer(UInt64.self))
            }
            self = .removal(table, segments: segments)
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
