// Statements that make and remove tables and views.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    func createView(_ view: CreateView) throws(StarlingError) -> Result {
        let name = try catalogName(view.name)
        if view.ifNotExists, home(of: name, isTemporary: view.isTemporary).entry(name) != nil {
            return .none
        }
        // Binding now finds mistakes while their author is looking.
        let bound = try bind(view.query)
        if !view.columns.isEmpty, view.columns.count != bound.columns.count {
            throw StarlingError(
                .binding,
                "the view names \(view.columns.count) columns, its query has "
                    + "\(bound.columns.count)", at: view.name.range)
        }
        let names = view.columns.isEmpty ? bound.columns.map(\.name) : view.columns.map(\.name.text)
        try checkDistinct(names, of: "the view '\(name.name)'", at: view.name.range)
        let definition = ViewDefinition(
            columnNames: view.columns.map(\.name.text), query: view.query, comment: view.comment)
        try located(view.name) { () throws(StarlingError) in
            if view.isTemporary { try prepareTemporary(name) }
            try home(of: name, isTemporary: view.isTemporary).add(
                CatalogEntry(name: name.name, content: .view(definition)), to: name.database,
                replacing: view.orReplace)
        }
        return .none
    }

    func createTable(_ table: CreateTable) throws(StarlingError) -> Result {
        let name = try catalogName(table.name)
        let known = home(of: name, isTemporary: table.isTemporary).entry(name)
        if let old = known, !table.orReplace || old.kindName != "table" {
            if table.ifNotExists { return .none }
            throw StarlingError(
                .binding, "\(old.kindName) '\(name.name)' exists already", at: table.name.range)
        }
        if let like = table.like { return try createTable(table, like: like, as: name) }
        var definition = table
        var columns = try columns(of: table)
        var stored: MemoryTable?
        if let query = table.query {
            try applyHints(of: query)
            let bound = try bind(query)
            if columns.isEmpty {
                (columns, definition.columns) = try self.columns(of: bound, for: table)
            }
            let plain = MemoryTable(name: name.name, columns: columns)
            try checkNames(in: definition)
            let conversion = try InsertConversion(
                bound, to: plain, positions: Array(columns.indices), defaults: [], at: table.name,
                runner: self)
            stored = plain.appending(try gather(conversion, for: plain, query))
        } else {
            try checkNames(in: definition)
        }
        definition.query = nil
        let created = stored ?? MemoryTable(name: name.name, columns: columns)
        try addTable(created, definition, as: name, replacing: table.orReplace, at: table.name)
        return Result(columns: [], chunks: [], affectedRowCount: created.statistics.rowCount)
    }

    /// `CREATE TABLE name LIKE other`: the same columns and clauses, no rows.
    private func createTable(
        _ table: CreateTable, like other: QualifiedName, as name: CatalogName
    ) throws(StarlingError) -> Result {
        let source = try memoryTable(other)
        var definition = entry(try catalogName(other))?.definition ?? table
        definition.like = nil
        definition.isTemporary = table.isTemporary
        try addTable(
            MemoryTable(name: name.name, columns: source.columns), definition, as: name,
            replacing: table.orReplace, at: table.name)
        return .none
    }

    private func addTable(
        _ table: MemoryTable, _ definition: CreateTable, as name: CatalogName, replacing: Bool,
        at place: QualifiedName
    ) throws(StarlingError) {
        try located(place) { () throws(StarlingError) in
            if definition.isTemporary { try prepareTemporary(name) }
            try home(of: name, isTemporary: definition.isTemporary).add(
                CatalogEntry(name: name.name, content: .table(table), definition: definition),
                to: name.database, replacing: replacing)
        }
    }

    // MARK: DROP and TRUNCATE

    func runDrop(_ drop: Drop) throws(StarlingError) -> Result {
        if drop.kind == .database { return try dropDatabase(drop) }
        if drop.kind == .function { return try dropFunction(drop) }
        guard drop.kind == .table || drop.kind == .view else {
            throw StarlingError(
                .unsupported,
                "DROP \(drop.kind.rawValue) is parsed but not executed by this version",
                at: drop.name.range)
        }
        let name = try catalogName(drop.name)
        let kind = drop.kind.rawValue.lowercased()
        let home = home(of: name, isTemporary: drop.isTemporary ? true : nil)
        guard let entry = home.entry(name) else {
            if drop.ifExists { return .none }
            throw StarlingError(
                .binding, "there is no \(kind) '\(name.name)'" + hint(toDrop: kind, name),
                at: drop.name.range)
        }
        guard entry.kindName == kind else {
            throw StarlingError(
                .binding,
                "'\(name.name)' is a \(entry.kindName); use DROP \(entry.kindName.uppercased())",
                at: drop.name.range)
        }
        _ = home.remove(name)
        return .none
    }

    /// Offers what can be dropped that way before what cannot.
    private func hint(toDrop kind: String, _ name: CatalogName) -> String {
        let entries = entries(in: name.database)
        let like = entries.filter { $0.kindName == kind }.map(\.name)
        if let near = nearestName(to: name.name, among: like) {
            return "; did you mean '\(near)'?"
        }
        let others = entries.filter { $0.kindName != kind }
        guard let near = nearestName(to: name.name, among: others.map(\.name)),
            let other = others.first(where: { $0.name == near })
        else { return "" }
        return "; '\(near)' is a \(other.kindName)"
    }

    private func dropDatabase(_ drop: Drop) throws(StarlingError) -> Result {
        let database = try catalog.resolveDatabase(drop.name)
        guard catalog.hasDatabase(database) else {
            if drop.ifExists { return .none }
            throw catalog.unknownDatabase(database).located(at: drop.name.range)
        }
        guard database.lowercased() != session.currentDatabase.lowercased() else {
            throw StarlingError(
                .binding, "'\(database)' is the current database; USE another one first",
                at: drop.name.range)
        }
        guard database.lowercased() != Catalog.systemDatabase else {
            throw catalog.unknownDatabase(database).located(at: drop.name.range)
        }
        guard database.lowercased() != Catalog.defaultDatabase else {
            throw StarlingError(
                .binding, "'\(database)' is the database that sessions begin in; it stays",
                at: drop.name.range)
        }
        _ = catalog.removeDatabase(database)
        _ = session.temporary.removeDatabase(database)
        return .none
    }

    func truncate(_ name: QualifiedName) throws(StarlingError) -> Result {
        let table = try memoryTable(name)
        try replace(name, MemoryTable(name: table.name, columns: table.columns))
        return .none
    }

    // MARK: Tables that can be written

    func memoryTable(_ name: QualifiedName) throws(StarlingError) -> MemoryTable {
        let resolved = try catalogName(name)
        guard let entry = entry(resolved) else {
            guard catalog.hasDatabase(resolved.database) else {
                throw catalog.unknownDatabase(resolved.database).located(at: name.range)
            }
            let near = nearestName(
                to: resolved.name, among: entries(in: resolved.database).map(\.name))
            throw StarlingError(
                .binding,
                "there is no table '\(resolved.name)'"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""), at: name.range)
        }
        guard case .table(let table) = entry.content, let table = table as? MemoryTable else {
            throw StarlingError(
                .binding, "'\(resolved.name)' is a \(entry.kindName) and cannot be written",
                at: name.range)
        }
        return table
    }

    func replace(_ name: QualifiedName, _ table: MemoryTable) throws(StarlingError) {
        let resolved = try catalogName(name)
        let definition = entry(resolved)?.definition
        try home(of: resolved).add(
            CatalogEntry(name: table.name, content: .table(table), definition: definition),
            to: resolved.database, replacing: true)
    }

    /// Lets an error that has no place point at a name.
    func located(
        _ name: QualifiedName, _ body: () throws(StarlingError) -> Void
    ) throws(StarlingError) {
        do { try body() } catch { throw error.located(at: name.range) }
    }
}
