// What names of tables, views and functions mean in a session: its temporary ones hide those of the
// database, which hide nothing.

import StarlingCatalog
import StarlingErrors
import StarlingSyntax
import StarlingTables

extension StatementRunner {
    func entry(_ name: CatalogName) -> CatalogEntry? {
        if name.database.lowercased() == Catalog.systemDatabase {
            guard let system = SystemTable.byName[name.name.lowercased()] else { return nil }
            return CatalogEntry(name: system.name, content: .table(rows(of: system)))
        }
        if let (_, table) = overriddenTables.last(where: { $0.name.isSame(as: name) }) {
            return CatalogEntry(
                name: name.name, content: .table(table),
                definition: storedEntry(name)?.definition)
        }
        return storedEntry(name)
    }

    func storedEntry(_ name: CatalogName) -> CatalogEntry? {
        session.temporary.entry(name)
            ?? (session.transaction.map { $0.contents.entry(name) } ?? catalog.entry(name))
    }

    /// Makes a system table. A view that reads one while its columns are told sees it empty.
    private func rows(of system: SystemTable) -> any Table {
        guard !isTellingOfSystem else { return system.emptyTable }
        isTellingOfSystem = true
        defer { isTellingOfSystem = false }
        return (try? system.table(self)) ?? system.emptyTable
    }

    func entries(in database: String) -> [CatalogEntry] {
        if database.lowercased() == Catalog.systemDatabase {
            return SystemTable.all.map { system in
                CatalogEntry(name: system.name, content: .table(system.emptyTable))
            }.sorted { $0.name < $1.name }
        }
        let hidden = session.temporary.entries(in: database)
        let names = Set(hidden.map { $0.name.lowercased() })
        let kept =
            (session.transaction?.contents.entries(in: database)
            ?? catalog.entries(in: database)).filter { !names.contains($0.name.lowercased()) }
        return (hidden + kept).sorted { $0.name < $1.name }
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
        let resolved = try catalogName(name)
        if let function = createdFunction, function.name == name { return function }
        if let found = session.temporary.function(resolved) ?? catalog.function(resolved) {
            return found
        }
        return name.parts.count == 1 ? catalog.globalFunction(resolved.name) : nil
    }

    /// All functions of users that a name without a database can mean.
    var visibleFunctions: [CreateFunction] {
        let database = session.currentDatabase
        var result: [CreateFunction] = []
        for function in session.temporary.functions(in: database)
            + catalog.functions(in: database) + catalog.functions(in: "")
        where !result.contains(where: { $0.title == function.title }) {
            result.append(function)
        }
        return result.sorted { $0.title < $1.title }
    }
}

extension CatalogName {
    fileprivate func isSame(as other: CatalogName) -> Bool {
        name.lowercased() == other.name.lowercased()
            && database.lowercased() == other.database.lowercased()
    }
}

extension CreateFunction {
    /// The name by which it is found.
    var title: String { name.last.text.lowercased() }
}
