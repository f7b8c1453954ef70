// What names of tables, views and functions mean in a session: its temporary ones hide those of the
// database, which hide nothing. A statement sees the database as it is at one moment, whatever
// others commit while it runs.

import StarlingCatalog
import StarlingErrors
import StarlingSyntax
import StarlingTables

extension StatementRunner {
    /// The database at the moment of the statement, or as its transaction sees it.
    var contents: CatalogContents {
        if let transaction = session.transaction { return transaction.contents }
        let contents = readContents ?? catalog.snapshot
        readContents = contents
        return contents
    }

    /// Lets the statement see the database as it is by now: where it begins again, and where it has
    /// changed something itself.
    func lookAnew() { readContents = nil }

    /// All databases, that of the system among them.
    var databaseNames: [String] {
        (contents.databaseNames + [Catalog.systemDatabase]).sorted()
    }

    func entry(_ name: CatalogName) -> CatalogEntry? {
        if name.database.lowercased() == Catalog.systemDatabase {
            guard let system = SystemTable.byName[name.name.lowercased()] else { return nil }
            return CatalogEntry(name: system.name, content: .table(rows(of: system)))
        }
        if let (_, table) = overriddenTables.last(where: { $0.name.isSame(as: name) }) {
            trace?.tables.append(name)
            return CatalogEntry(
                name: name.name, content: .table(table),
                definition: storedEntry(name)?.definition)
        }
        trace?.tables.append(name)
        if let view = name.ofView {
            guard let entry = storedEntry(view), entry.materialized != nil else { return nil }
            return CatalogEntry(name: name.name, content: entry.content)
        }
        return storedEntry(name).map { $0.read(as: name) }
    }

    /// Lets names mean other tables while something is done.
    func withTables<Success>(
        _ tables: [(name: CatalogName, table: any Table)],
        _ body: () throws(StarlingError) -> Success
    ) throws(StarlingError) -> Success {
        let before = overriddenTables
        overriddenTables += tables
        defer { overriddenTables = before }
        return try body()
    }

    /// Finds an entry as it is stored; that of a materialized view is a table.
    func storedEntry(_ name: CatalogName) -> CatalogEntry? {
        session.temporary.entry(name) ?? contents.entry(name)
    }

    /// Makes a system table. A view that reads one while its columns are told sees it empty.
    private func rows(of system: SystemTable) -> any Table {
        guard !isTellingOfSystem else { return system.emptyTable }
        isTellingOfSystem = true
        defer { isTellingOfSystem = false }
        return (try? system.table(self)) ?? system.emptyTable
    }

    /// What names of a database mean: the session's own tables and views hide others.
    func entries(in database: String) -> [CatalogEntry] {
        let temporary = session.temporary.entries(in: database)
        let hidden = Set(temporary.map { $0.name.lowercased() })
        let seen = lastingEntries(in: database).filter { !hidden.contains($0.name.lowercased()) }
        return (temporary + seen).sorted { $0.name < $1.name }
    }

    /// What does not end with the session.
    func lastingEntries(in database: String) -> [CatalogEntry] {
        let entries =
            database.lowercased() == Catalog.systemDatabase
            ? SystemTable.all.map { system in
                CatalogEntry(name: system.name, content: .table(system.emptyTable))
            }
            : contents.entries(in: database).map { entry in
                entry.read(as: CatalogName(database: database, name: entry.name))
            }
        return entries.sorted { $0.name < $1.name }
    }

    /// The catalog in which an entry stands, or in which a new one of that kind comes to stand.
    func home(of name: CatalogName, isTemporary: Bool? = nil) -> Catalog {
        isTemporary ?? (session.temporary.entry(name) != nil) ? session.temporary : catalog
    }

    /// Lets temporary entries stand in a database that there is.
    func prepareTemporary(_ name: CatalogName) throws(StarlingError) {
        guard catalog.hasDatabase(name.database) else {
            throw catalog.unknownDatabase(name.database)
        }
        try session.temporary.change { _ = $0.addDatabase(name.database) }
    }

    // MARK: Functions

    func function(_ name: QualifiedName) throws(StarlingError) -> CreateFunction? {
        let found = try knownFunction(name)
        if let found { trace?.foreign = "the function \(found.title)(), which may be replaced" }
        return found
    }

    private func knownFunction(_ name: QualifiedName) throws(StarlingError) -> CreateFunction? {
        let resolved = try catalogName(name)
        if let function = createdFunction, function.name == name { return function }
        if let found = session.temporary.function(resolved) ?? contents.function(resolved) {
            return found
        }
        // Those that are GLOBAL are in no database.
        let global = CatalogName(database: "", name: resolved.name)
        return name.parts.count == 1 ? contents.function(global) : nil
    }

    /// All functions of users that a name without a database can mean.
    var visibleFunctions: [CreateFunction] {
        let database = session.currentDatabase
        var result: [CreateFunction] = []
        for function in session.temporary.functions(in: database)
            + contents.functions(in: database) + contents.functions(in: "")
        where !result.contains(where: { $0.title == function.title }) {
            result.append(function)
        }
        return result.sorted { $0.title < $1.title }
    }
}

extension CatalogName {
    func isSame(as other: CatalogName) -> Bool {
        name.lowercased() == other.name.lowercased()
            && database.lowercased() == other.database.lowercased()
    }
}

extension CreateFunction {
    /// The name by which it is found.
    var title: String { name.last.text.lowercased() }
}
