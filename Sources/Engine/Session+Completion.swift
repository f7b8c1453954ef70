// What a prompt offers to complete: every name that a statement can hold.

import StarlingErrors
import StarlingFunctions
import StarlingSyntax

extension Session {
    package static var keywords: [String] { Keyword.completions }

    /// The functions by name, with those that make tables.
    package static let functionNames: [String] = {
        let registry = FunctionRegistry.builtin
        let names =
            registry.scalars.flatMap { [$0.name] + $0.aliases }
            + registry.aggregates.flatMap { [$0.name] + $0.aliases }
            + registry.windows.map(\.name) + TableFunctionRow.all.map(\.name)
        // Operators are functions too, with names that nobody can type.
        return Set(names.filter { $0.first?.isLetter == true }).sorted()
    }()

    /// The tables and views of the current database.
    package var tableNames: [String] {
        let own = temporary.entries(in: currentDatabase).map(\.name)
        return Set(own + database.catalog.entries(in: currentDatabase).map(\.name)).sorted()
    }

    /// The columns of a table or view; none where it is not there or cannot be read.
    package func columnNames(of table: String) -> [String] {
        let (kept, keptLast) = (warnings, lastWarnings)
        defer { (warnings, lastWarnings) = (kept, keptLast) }
        let known = tableNames.contains { $0.lowercased() == table.lowercased() }
        guard known, let columns = try? execute("DESC `\(table)`") else { return [] }
        return columns.texts(0).compactMap(\.self)
    }
}
