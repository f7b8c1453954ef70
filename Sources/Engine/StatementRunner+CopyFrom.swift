// COPY table FROM 'path': an INSERT of what FILES reads of the path. Columns go by their names where the
// file has all of the table's, else by their places. Files without types of their own, as CSV's, are
// read as the table's types, so that '007' stays what it is in a column of texts.

import StarlingErrors
import StarlingFormats
import StarlingLake
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    /// Makes the INSERT that a COPY stands for.
    func insert(of copy: Copy) throws(StarlingError) -> Insert {
        guard case .table(let target, let named) = copy.subject else {
            throw StarlingError(.binding, "COPY … FROM fills a table, and no query")
        }
        var given = try options(of: copy)
        var properties: [String: String] = [:]
        for option in given { properties[option.key.lowercased()] = option.value }
        let table = try nativeTable(target)
        let generated = generatedColumns(of: table, entry(try catalogName(target)))
        var positions = try targetPositions(named, table, target)
        if named.isEmpty { positions.removeAll { generated[$0] != nil } }
        let wanted = positions.map { table.columns[$0] }
        let found: [TableColumn]
        do throws(StarlingError) {
            found = try openFiles(copy.path.value, options: properties).columns
        } catch {
            throw error.located(among: given + [copy.path])
        }
        let names = found.map { $0.name.lowercased() }
        let isByName = wanted.allSatisfy { names.contains($0.name.lowercased()) }
        guard isByName || found.count == wanted.count else {
            throw StarlingError(
                .binding,
                "the file has \(found.count) columns and '\(table.name)' takes \(wanted.count); name "
                    + "those that it has: COPY \(table.name) (column, …) FROM …", at: target.range)
        }
        let sources = wanted.indices.map { place in
            isByName ? found[names.firstIndex(of: wanted[place].name.lowercased())!] : found[place]
        }
        if try takesTypes(copy.path.value, properties) {
            given.append(Property(key: "types", value: Self.types(of: sources, as: wanted)))
        }
        let files = TableFunction(filesWith: given + [copy.path], at: target.range)
        let read = TableReference(.function(files), at: target.range)
        return Insert(
            into: target, columns: wanted.map { Identifier($0.name, range: target.range) },
            from: Query(
                columns: sources.map {
                    Identifier($0.name, isQuoted: true, range: target.range)
                }, from: read))
    }

    /// Tells whether what is read gets its types from the properties, and they name none.
    private func takesTypes(
        _ path: String, _ properties: [String: String]
    ) throws(StarlingError) -> Bool {
        guard !["types", "columns", "schema"].contains(where: { properties[$0] != nil }) else {
            return false
        }
        let format = try formatOfFiles(path, options: FileOptions(properties))
        return format.optionNames.contains("types")
    }

    /// Writes the types of columns as the property of FILES has them.
    private static func types(of sources: [TableColumn], as wanted: [TableColumn]) -> String {
        zip(sources, wanted).filter { !$0.0.name.contains("`") && !$0.1.type.isNested }.map {
            "`\($0.name)` \($1.type)"
        }.joined(separator: ", ")
    }
}
