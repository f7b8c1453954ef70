// Opening a database on disk: the commits of its log are made again, in their order. Statements run
// as they did, except that nothing is bound, since what a view reads may come later or lie elsewhere.
// Segments are only opened at the end: the files of those that went later may be gone, too.

import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingThreads

/// Applies the commits of a log to a database that is being opened.
struct DatabaseRestorer {
    private let session: Session
    private let folder: DatabaseFolder
    private var catalog: Catalog { session.database.catalog }
    /// The rows of each table, by what its snapshots have in common.
    private var rows: [ObjectIdentifier: Rows] = [:]

    /// Is what the log says of the rows of a table.
    private struct Rows {
        /// Keeps what identifies the table from being used for another one.
        let table: NativeTable
        var segments: [(number: UInt64, place: SegmentPlace)] = []
        /// Rows that are gone, by the number of the segment.
        var hidden: [UInt64: RowSet] = [:]
    }

    init(_ database: Database, _ folder: DatabaseFolder) {
        session = database.makeSession()
        session.isRestoring = true
        self.folder = folder
    }

    /// Makes a commit again.
    mutating func apply(_ commit: Commit) throws(StarlingError) {
        do throws(StarlingError) {
            for change in commit.changes { try apply(change) }
        } catch {
            throw StarlingError(
                error.kind,
                "commit \(commit.number) of the database '\(folder.path)' cannot be restored: "
                    + error.message)
        }
    }

    private mutating func apply(_ change: Change) throws(StarlingError) {
        switch change {
        case .statement(let database, let sql):
            session.currentDatabase = database
            _ = try session.run(try parseStatement(sql), parameters: [])
        case .addition(let name, let number, let place):
            rows[try begin(name)]?.segments.append((number, place))
        case .clearing(let name):
            rows[try begin(name)]?.segments = []
        case .removal(let name, let numbers):
            let numbers = Set(numbers)
            rows[try begin(name)]?.segments.removeAll { numbers.contains($0.number) }
        case .deletion(let name, let number, let gone):
            rows[try begin(name)]?.hidden[number, default: RowSet()].formUnion(gone)
        case .numbering(let name, let last): try table(name).noteNumber(last)
        case .definition(let name, let sql, let identities, let lastColumnNumber):
            try define(name, as: sql, identities, lastColumnNumber)
        }
    }

    private func table(_ name: TableName) throws(StarlingError) -> NativeTable {
        guard case .table(let table as NativeTable) = catalog.entry(CatalogName(name))?.content
        else { throw StarlingError(.data, "there is no table '\(name)'") }
        return table
    }

    /// Finds the table whose rows change.
    private mutating func begin(_ name: TableName) throws(StarlingError) -> ObjectIdentifier {
        let table = try table(name)
        if rows[table.key] == nil { rows[table.key] = Rows(table: table) }
        return table.key
    }

    /// Gives a table other columns.
    private func define(
        _ name: TableName, as sql: String, _ identities: [ColumnIdentity],
        _ lastColumnNumber: UInt32
    ) throws(StarlingError) {
        let statement = try parseStatement(sql)
        guard case .createTable(let definition) = statement.kind else {
            throw StarlingError(.data, "'\(name)' is not defined by CREATE TABLE")
        }
        let runner = StatementRunner(session, cancellation: Cancellation(), parameters: [])
        let columns = try runner.columns(of: definition)
        let table = try table(name)
        guard columns.count == identities.count else {
            throw StarlingError(
                .data, "'\(name)' has \(columns.count) columns and \(identities.count) numbers")
        }
        try catalog.change { contents in
            contents.replaceTable(
                CatalogName(name),
                with: table.having(
                    columns: columns, identities, lastColumnNumber: lastColumnNumber),
                definition: definition)
        }
    }

    /// Ends the restoring: tables get their rows, small segments become larger ones, files that
    /// nobody needs go.
    mutating func finish() throws(StarlingError) {
        var used: Set<UInt64> = []
        try catalog.change { (contents) throws(StarlingError) in
            for database in contents.databaseNames {
                for entry in contents.entries(in: database) {
                    guard case .table(let table as NativeTable) = entry.content,
                        let rows = rows[table.key]
                    else { continue }
                    let name = TableName(database: database, name: entry.name)
                    let segments = try mapAll(rows.segments) {
                        (segment) throws(StarlingError) in
                        if case .file(let file, _, _) = segment.place { used.insert(file) }
                        let opened = try folder.openSegment(
                            segment.number, at: segment.place, of: table, named: name)
                        return rows.hidden[segment.number].map(opened.hiding) ?? opened
                    }
                    contents.replaceTable(
                        CatalogName(name), with: try table.emptied().appending(segments))
                }
            }
        }
        try folder.removeFiles(except: used)
    }
}

extension CatalogName {
    fileprivate init(_ name: TableName) {
        self.init(database: name.database.lowercased(), name: name.name.lowercased())
    }
}
