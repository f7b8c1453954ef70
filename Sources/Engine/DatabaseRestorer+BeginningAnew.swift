// A log that has grown begins anew: with one commit that makes all that is there, and the versions
// that can still be read. Small segments that stand in the log are packed together.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingThreads

extension DatabaseRestorer {
    /// The changes that make what the commits up to now have made.
    func changes() throws(StarlingError) -> [Change] {
        let contents = catalog.snapshot
        var changes: [Change] = []
        let now = wallClockMicroseconds()
        for database in contents.databaseNames where database != Catalog.defaultDatabase {
            changes.append(statement("CREATE DATABASE \(quoted(database))"))
        }
        for analyzer in contents.analyzers {
            changes.append(statement(analyzer.sql))
        }
        for database in contents.databaseNames + [""] {
            for function in contents.functions(in: database) {
                changes.append(statement(making: function, in: database))
            }
            for label in contents.labels(in: database, at: now) {
                changes.append(
                    .label(database: database, name: label.name, microseconds: label.time))
            }
        }
        for item in contents.dropped where item.end > now {
            changes += try self.changes(making: item)
        }
        for (name, task) in contents.tasks {
            changes.append(statement(Statement.Kind.submitTask(task).sql, in: name.database))
        }
        for database in contents.databaseNames {
            for entry in contents.entries(in: database) {
                changes += try self.changes(making: entry, in: database)
            }
        }
        return changes
    }

    /// The changes that make what was dropped and is kept, in a database of its own, and drop it.
    private func changes(making item: DroppedItem) throws(StarlingError) -> [Change] {
        let passing = "\u{1F}dropped \(item.number)"
        var changes = [statement("CREATE DATABASE \(quoted(passing))")]
        for function in item.functions {
            changes.append(statement(making: function, in: passing))
        }
        for entry in item.entries { changes += try self.changes(making: entry, in: passing) }
        changes.append(
            .retirement(
                TableName(database: passing, name: item.table ?? ""), number: item.number,
                end: item.end,
                original: TableName(database: item.database, name: item.table ?? "")))
        if item.table != nil {
            changes.append(statement("DROP DATABASE \(quoted(passing)) FORCE"))
        }
        return changes
    }

    private func changes(
        making entry: CatalogEntry, in database: String
    ) throws(StarlingError) -> [Change] {
        switch entry.content {
        case .view(let view): [statement(view.definition(named: entry.name), in: database)]
        case .table(let table as NativeTable): try changes(making: table, entry, database)
        case .table: []
        }
    }

    /// The function was maybe made under a name that its database has no more.
    private func statement(making function: CreateFunction, in database: String) -> Change {
        var function = function
        function.name = QualifiedName([function.name.last])
        return statement(Statement.Kind.createFunction(function).sql, in: database)
    }

    private func statement(_ sql: String, in database: String = "") -> Change {
        .statement(database: database.isEmpty ? Catalog.defaultDatabase : database, sql: sql)
    }

    private func changes(
        making table: NativeTable, _ entry: CatalogEntry, _ database: String
    ) throws(StarlingError) -> [Change] {
        guard var definition = try entry.definition?.typed(as: table.columns) else {
            throw StarlingError(.internal, "table '\(entry.name)' has no definition")
        }
        definition.name = QualifiedName([
            Identifier(entry.name, isQuoted: true, range: definition.name.range)
        ])
        definition.orReplace = false
        definition.ifNotExists = false
        let name = TableName(database: database, name: entry.name)
        var changes = [statement(Statement.Kind.createTable(definition).sql, in: database)]
        if var rows = rows[table.key] {
            rows.trim(
                keeping: try StatementRunner.retention(of: definition, isStored: true),
                at: wallClockMicroseconds())
            try rows.merge(table, name, folder)
            let last = rows.versions.last?.number
            changes += try rows.changes(name) { (version) throws(StarlingError) in
                guard version.number != last else {
                    return Statement.Kind.createTable(definition).sql
                }
                let past = try CreateTable(definition.name, columns: version.columns)
                return Statement.Kind.createTable(past).sql
            }
        }
        if let view = entry.materialized?.state as? ViewState {
            changes.append(.materializedView(name, view.record))
        }
        if let analysis = table.analysis { changes.append(.analysis(name, analysis)) }
        if table.lastNumber > 0 { changes.append(.numbering(name, last: table.lastNumber)) }
        return changes
    }
}

extension CreateTable {
    /// Names columns and their types, and nothing else.
    init(_ name: QualifiedName, columns: [TableColumn]) throws(StarlingError) {
        var definitions: [ColumnDefinition] = []
        for column in columns {
            var definition = ColumnDefinition(
                named: Identifier(column.name, isQuoted: true, range: name.range))
            definition.isNullable = column.isNullable
            definitions.append(definition)
        }
        var table = CreateTable(named: name)
        table.columns = definitions
        self = try table.typed(as: columns)
    }
}

extension ViewDefinition {
    /// The statement that makes the view.
    func definition(named name: String, isTemporary: Bool = false) -> String {
        func commentText(_ comment: String?) -> String {
            guard let comment else { return "" }
            let literal = Expression(.literal(.string(comment)), at: TextRange(start: 0, end: 0))
            return " COMMENT \(literal.sql())"
        }
        let names = columns.map { quoted($0.name.text) + commentText($0.comment) }
            .joined(separator: ", ")
        return "CREATE \(isTemporary ? "TEMPORARY " : "")VIEW \(quoted(name))"
            + (names.isEmpty ? "" : " (\(names))") + commentText(comment) + " AS \(query.sql())"
    }
}
