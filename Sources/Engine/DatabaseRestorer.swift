// Opening a database on disk: the commits of its log are made again, in their order. Statements run
// as they did, except that nothing is bound, since what a view reads may come later or lie elsewhere.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables

/// Applies the commits of a log to a database that is being opened.
struct DatabaseRestorer {
    private let session: Session
    private let folder: DatabaseFolder
    private var catalog: Catalog { session.database.catalog }
    /// The segments of tables whose rows change, until something else than rows does. They are not
    /// merged before the end, so that a later commit finds each of them.
    private var changed: [CatalogName: (table: NativeTable, segments: [Segment])] = [:]

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
            try settle()
            session.currentDatabase = database
            _ = try session.run(try parseStatement(sql), parameters: [])
        case .addition(let name, let number, let place):
            let table = try begin(name)
            let segment = try folder.openSegment(number, at: place, of: table, named: name)
            changed[CatalogName(name)]?.segments.append(segment)
        case .clearing(let name):
            _ = try begin(name)
            changed[CatalogName(name)]?.segments = []
        case .removal(let name, let numbers):
            _ = try begin(name)
            let numbers = Set(numbers)
            changed[CatalogName(name)]?.segments.removeAll {
                !numbers.isDisjoint(with: $0.numbers)
            }
        }
    }

    /// Finds the table whose rows change.
    private mutating func begin(_ name: TableName) throws(StarlingError) -> NativeTable {
        if let known = changed[CatalogName(name)] { return known.table }
        guard case .table(let table as NativeTable) = catalog.entry(CatalogName(name))?.content
        else { throw StarlingError(.data, "there is no table '\(name)'") }
        changed[CatalogName(name)] = (table, table.segments)
        return table
    }

    /// Puts the rows into their tables.
    private mutating func settle() throws(StarlingError) {
        guard !changed.isEmpty else { return }
        try catalog.change { (contents) throws(StarlingError) in
            for (name, (table, segments)) in changed {
                contents.replaceTable(name, with: table.having(segments))
            }
        }
        changed = [:]
    }

    /// Ends the restoring: small segments become larger ones, files that nobody needs go.
    mutating func finish() throws(StarlingError) {
        try settle()
        var used: Set<UInt64> = []
        try catalog.change { (contents) throws(StarlingError) in
            for database in contents.databaseNames {
                for entry in contents.entries(in: database) {
                    guard case .table(let table as NativeTable) = entry.content else { continue }
                    for case .file(let number, _, _) in table.segments.compactMap(\.place) {
                        used.insert(number)
                    }
                    contents.replaceTable(
                        CatalogName(database: database, name: entry.name),
                        with: try table.emptied().appending(table.segments))
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
