// What a prompt offers to complete: every name that a statement can hold.

import StarlingCatalog
import StarlingErrors
import StarlingFunctions
import StarlingSyntax

extension Session {
    package static var keywords: [String] { Keyword.completions }

    package static func beginsStatement(_ word: some StringProtocol) -> Bool {
        Keyword.beginsStatement(word)
    }

    /// The functions that make tables.
    package static let tableFunctionNames = TableFunctionRow.all.map(\.name)

    /// The functions by name, with those that make tables.
    package static let functionNames: [String] = {
        let registry = FunctionRegistry.builtin
        let names =
            registry.scalars.flatMap { [$0.name] + $0.aliases }
            + registry.aggregates.flatMap { [$0.name] + $0.aliases }
            + registry.windows.map(\.name) + tableFunctionNames
        // Operators are functions too, with names that nobody can type.
        return Set(names.filter { $0.first?.isLetter == true }).sorted()
    }()

    /// The functions that people have made and that a name without a database can mean.
    package var userFunctionNames: [String] {
        let functions =
            temporary.functions(in: currentDatabase)
            + database.catalog.functions(in: currentDatabase) + database.catalog.functions(in: "")
        return Set(functions.map(\.title)).sorted()
    }

    package var databaseNames: [String] { database.catalog.databaseNames }
    package var settingNames: [String] { Settings.known.map(\.name).sorted() }

    /// The tables and views of the current database.
    package var tableNames: [String] { tableNames(in: currentDatabase) }

    /// The tables and views of a database.
    package func tableNames(in database: String) -> [String] {
        if database.lowercased() == Catalog.systemDatabase {
            return SystemTable.all.map(\.name).sorted()
        }
        return Set(entries(in: database).map(\.name)).sorted()
    }

    /// The tables and views of the current database that are of a kind as the catalog calls it;
    /// all where none is named.
    package func tableNames(ofKind kind: String?) -> [String] {
        let entries = entries(in: currentDatabase).filter { kind == nil || $0.kindName == kind }
        return Set(entries.map(\.name)).sorted()
    }

    private func entries(in name: String) -> [CatalogEntry] {
        temporary.entries(in: name) + database.catalog.entries(in: name)
    }

    /// The columns of a table, a view or a file in quotes; none where it is not there or cannot be
    /// read.
    package func columnNames(of table: String) -> [String] {
        let (kept, keptLast) = (warnings, lastWarnings)
        defer { (warnings, lastWarnings) = (kept, keptLast) }
        if table.first == "'" {
            return (try? execute("SELECT * FROM \(table) LIMIT 0"))?.columns.map(\.name) ?? []
        }
        let known = tableNames.contains { $0.lowercased() == table.lowercased() }
        guard known, let columns = try? execute("DESC \(quoted(table))") else { return [] }
        return columns.texts(0).compactMap(\.self)
    }
}
