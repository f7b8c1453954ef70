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
    /// The tables whose rows change, until something else than rows does.
    private var changed: [CatalogName: NativeTable] = [:]

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
            try finish()
            session.currentDatabase = database
            _ = try session.run(try parseStatement(sql), parameters: [])
        case .addition(let name, let number, let place):
            let table = try table(name)
            let segment = try folder.openSegment(number, at: place, of: table, named: name)
            changed[CatalogName(name)] = try table.appending([segment])
        case .clearing(let name):
            changed[CatalogName(name)] = try table(name).emptied()
        case .removal(let name, let numbers):
            let table = try table(name)
            let numbers = Set(numbers)
            changed[CatalogName(name)] = table.having(
                table.segments.filter { numbers.isDisjoint(with: $0.numbers) })
        }
    }

    private func table(_ name: TableName) throws(StarlingError) -> NativeTable {
        if let table = changed[CatalogName(name)] { return table }
        guard case .table(let table as NativeTable) = catalog.entry(CatalogName(name))?.content
        else { throw StarlingError(.data, "there is no table '\(name)'") }
        return table
    }

    /// Lets everyone see the rows.
    mutating func finish() throws(StarlingError) {
        guard !changed.isEmpty else { return }
        try catalog.change { (contents) throws(StarlingError) in
            for (name, table) in changed { contents.replaceTable(name, with: table) }
        }
        changed = [:]
    }

    /// Removes the files that no table names: those of commits that were not to be, and of rows that
    /// are gone.
    func removeUnusedFiles() throws(StarlingError) {
        var used: Set<UInt64> = []
        for database in catalog.databaseNames {
            for entry in catalog.entries(in: database) {
                guard case .table(let table as NativeTable) = entry.content else { continue }
                for case .file(let number, _, _) in table.segments.compactMap(\.place) {
                    used.insert(number)
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
