// What a log says of a materialized view beside its rows, which are those of a table: the statement that
// made it, what it reads, and at which versions of these its rows stand.

import StarlingErrors
import StarlingMemory
import StarlingTables

/// Describes a materialized view as it is stored.
package struct ViewRecord: Sendable, Equatable {
    /// Is a table that the view reads.
    package struct Base: Sendable, Equatable {
        package var table: TableName
        /// Its columns when the view was made, as CREATE TABLE says them.
        package var definition: String
        package var columns: [ColumnIdentity]
        package var lastColumnNumber: UInt32
        /// The numbers of the columns that the view reads.
        package var used: [UInt32]
        /// The version that the view's rows stand at; 0 before the first refresh.
        package var version: Int

        package init(
            _ table: TableName, definition: String, columns: [ColumnIdentity],
            lastColumnNumber: UInt32, used: [UInt32], version: Int
        ) {
            self.table = table
            self.definition = definition
            self.columns = columns
            self.lastColumnNumber = lastColumnNumber
            self.used = used
            self.version = version
        }
    }

    /// Is a view without rows that the view reads.
    package struct Source: Sendable, Equatable {
        package var name: TableName
        package var definition: String

        package init(_ name: TableName, definition: String) {
            self.name = name
            self.definition = definition
        }
    }

    /// Is files that the view reads.
    package struct Files: Sendable, Equatable {
        /// What the query says of them.
        package var source: String
        /// The columns that they had when they were read last, as CREATE TABLE says them.
        package var definition: String
        /// Those that the view's rows are made of; nil before the first refresh.
        package var read: [FileVersion]?

        package init(source: String, definition: String, read: [FileVersion]? = nil) {
            self.source = source
            self.definition = definition
            self.read = read
        }
    }

    /// The database in which the names of its query were meant.
    package var database: String
    /// CREATE MATERIALIZED VIEW.
    package var sql: String
    /// How many of the first columns of its table are the user's.
    package var columnCount: Int
    /// The column that is true in the rows that the user sees; empty where all are seen.
    package var mark = ""
    /// Why the view is kept no more; empty while it is.
    package var inactiveReason = ""
    package var bases: [Base] = []
    package var sources: [Source] = []
    package var files: [Files] = []
    /// When the last refresh began and ended, and what it did.
    package var refreshStart: Int64 = 0
    package var refreshEnd: Int64 = 0
    package var refreshNote = ""
    /// The partitions of its table that were refreshed alone since: they stand at other versions.
    package var apart: Set<UInt32> = []
    /// The rows that stay whatever its tables have.
    package private(set) var seals: [ViewSeal] = []

    package init(database: String, sql: String, columnCount: Int) {
        self.database = database
        self.sql = sql
        self.columnCount = columnCount
    }

    /// Lets more rows stay whatever the tables have.
    package mutating func add(_ seal: ViewSeal) {
        for place in seals.indices where seals[place].unite(with: seal) { return }
        seals.append(seal)
    }
}

extension ByteWriter {
    func append(_ view: ViewRecord) {
        append(text: view.database)
        append(text: view.sql)
        append(UInt32(view.columnCount))
        append(text: view.mark)
        append(text: view.inactiveReason)
        append(UInt32(view.bases.count))
        for base in view.bases {
            append(text: base.table.database)
            append(text: base.table.name)
            append(text: base.definition)
            append(base.lastColumnNumber)
            append(UInt32(base.columns.count))
            for column in base.columns { append(column) }
            append(UInt32(base.used.count))
            for number in base.used { append(number) }
            append(UInt64(base.version))
        }
        append(UInt32(view.sources.count))
        for source in view.sources {
            append(text: source.name.database)
            append(text: source.name.name)
            append(text: source.definition)
        }
        append(view.refreshStart)
        append(view.refreshEnd)
        append(text: view.refreshNote)
        append(UInt32(view.apart.count))
        for number in view.apart.sorted() { append(number) }
        append(UInt32(view.files.count))
        for files in view.files { append(files) }
        append(UInt32(view.seals.count))
        for seal in view.seals { append(seal) }
    }

    private func append(_ files: ViewRecord.Files) {
        append(text: files.source)
        append(text: files.definition)
        append(UInt8(files.read == nil ? 0 : 1))
        guard let read = files.read else { return }
        append(UInt32(read.count))
        for file in read {
            append(text: file.path)
            append(UInt64(file.byteCount))
            append(file.changeNanoseconds)
            append(file.identity)
        }
    }
}

extension RecordReader {
    /// Reads what the log says of a view; versions before did not refresh partitions alone, knew nothing of
    /// files, or retained no rows.
    mutating func view(
        hasPartitions: Bool, hasFiles: Bool, hasSeals: Bool
    ) throws(StarlingError) -> ViewRecord {
        var view = ViewRecord(
            database: try text(), sql: try text(), columnCount: Int(try integer(UInt32.self)))
        view.mark = try text()
        view.inactiveReason = try text()
        for _ in 0..<(try integer(UInt32.self)) { view.bases.append(try base()) }
        for _ in 0..<(try integer(UInt32.self)) {
            let name = TableName(database: try text(), name: try text())
            view.sources.append(ViewRecord.Source(name, definition: try text()))
        }
        view.refreshStart = try integer(Int64.self)
        view.refreshEnd = try integer(Int64.self)
        view.refreshNote = try text()
        guard hasPartitions else { return view }
        for _ in 0..<(try integer(UInt32.self)) { view.apart.insert(try integer(UInt32.self)) }
        guard hasFiles else { return view }
        for _ in 0..<(try integer(UInt32.self)) { view.files.append(try files()) }
        guard hasSeals else { return view }
        for _ in 0..<(try integer(UInt32.self)) { view.add(try seal()) }
        return view
    }

    private mutating func files() throws(StarlingError) -> ViewRecord.Files {
        var files = ViewRecord.Files(source: try text(), definition: try text())
        guard try integer(UInt8.self) != 0 else { return files }
        var read: [FileVersion] = []
        for _ in 0..<(try integer(UInt32.self)) {
            read.append(
                FileVersion(
                    path: try text(), byteCount: try count(),
                    changeNanoseconds: try integer(Int64.self),
                    identity: try integer(UInt64.self)))
        }
        files.read = read
        return files
    }

    private mutating func base() throws(StarlingError) -> ViewRecord.Base {
        let table = TableName(database: try text(), name: try text())
        let definition = try text()
        let last = try integer(UInt32.self)
        var columns: [ColumnIdentity] = []
        for _ in 0..<(try integer(UInt32.self)) { columns.append(try identity()) }
        var used: [UInt32] = []
        for _ in 0..<(try integer(UInt32.self)) { used.append(try integer(UInt32.self)) }
        return ViewRecord.Base(
            table, definition: definition, columns: columns, lastColumnNumber: last, used: used,
            version: try count())
    }
}
