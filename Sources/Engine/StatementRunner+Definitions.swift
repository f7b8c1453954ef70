// Statements that make and remove tables and views, and INSERT.

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
        let name = catalogName(view.name)
        if view.ifNotExists, catalog.entry(name) != nil { return .none }
        // Binding now finds mistakes while their author is looking.
        let bound = try bind(view.query)
        if !view.columns.isEmpty, view.columns.count != bound.columns.count {
            throw StarlingError(
                .binding,
                "the view names \(view.columns.count) columns, its query has "
                    + "\(bound.columns.count)", at: view.name.range)
        }
        let definition = ViewDefinition(
            columnNames: view.columns.map(\.name.text), query: view.query, comment: view.comment)
        try located(view.name) { () throws(StarlingError) in
            try catalog.add(
                CatalogEntry(name: name.name, content: .view(definition)), to: name.database,
                replacing: view.orReplace)
        }
        return .none
    }

    func createTable(_ table: CreateTable) throws(StarlingError) -> Result {
        let name = catalogName(table.name)
        if catalog.entry(name) != nil {
            if table.ifNotExists { return .none }
            throw StarlingError(
                .binding, "'\(name.name)' exists already", at: table.name.range)
        }
        if let key = table.key, key.kind != .duplicate {
            throw StarlingError(
                .unsupported,
                "\(key.kind.rawValue) tables are parsed but not executed by this "
                    + "version; use DUPLICATE KEY", at: table.name.range)
        }
        var created = MemoryTable(name: name.name, columns: try columns(of: table))
        var rowCount = 0
        if let query = table.query {
            try applyHints(of: query)
            var bound = try bind(query)
            if !created.columns.isEmpty {
                let positions = Array(created.columns.indices)
                bound = try converting(bound, to: created, positions, at: table.name)
            }
            let segments = try gather(bound)
            if created.columns.isEmpty {
                created = MemoryTable(
                    name: name.name,
                    columns: bound.columns.map { TableColumn(name: $0.name, type: $0.type) })
            }
            created = created.appending(segments)
            rowCount = created.statistics.rowCount
        }
        try located(table.name) { () throws(StarlingError) in
            try catalog.add(
                CatalogEntry(name: name.name, content: .table(created)), to: name.database,
                replacing: false)
        }
        return Result(columns: [], chunks: [], affectedRowCount: rowCount)
    }

    private func columns(of table: CreateTable) throws(StarlingError) -> [TableColumn] {
        if table.query != nil, table.columns.isEmpty { return [] }
        var columns: [TableColumn] = []
        for definition in table.columns {
            guard let typeName = definition.type else {
                throw StarlingError(
                    .binding, "column '\(definition.name.text)' needs a type",
                    at: definition.name.range)
            }
            if columns.contains(where: {
                $0.name.lowercased() == definition.name.text.lowercased()
            }) {
                throw StarlingError(
                    .binding, "column '\(definition.name.text)' is defined twice",
                    at: definition.name.range)
            }
            if let value = definition.defaultValue {
                throw StarlingError(
                    .unsupported, "DEFAULT is parsed but not executed by this version",
                    at: value.range)
            }
            columns.append(
                TableColumn(
                    name: definition.name.text, type: try LogicalType(typeName),
                    isNullable: definition.isNullable ?? true))
        }
        return columns
    }

    func runDrop(_ drop: Drop) throws(StarlingError) -> Result {
        if drop.kind == .database {
            guard catalog.removeDatabase(drop.name.last.text) || drop.ifExists else {
                throw catalog.unknownDatabase(drop.name.last.text).located(at: drop.name.range)
            }
            return .none
        }
        guard drop.kind == .table || drop.kind == .view else {
            throw StarlingError(
                .unsupported,
                "DROP \(drop.kind.rawValue) is parsed but not executed by this version")
        }
        let name = catalogName(drop.name)
        guard let entry = catalog.entry(name) else {
            if drop.ifExists { return .none }
            let near = nearestName(
                to: name.name, among: catalog.entries(in: name.database).map(\.name))
            throw StarlingError(
                .binding,
                "there is no \(drop.kind.rawValue.lowercased()) '\(name.name)'"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""), at: drop.name.range)
        }
        guard entry.kindName == drop.kind.rawValue.lowercased() else {
            throw StarlingError(
                .binding,
                "'\(name.name)' is a \(entry.kindName); use DROP \(entry.kindName.uppercased())",
                at: drop.name.range)
        }
        _ = catalog.remove(name)
        return .none
    }

    func truncate(_ name: QualifiedName) throws(StarlingError) -> Result {
        let table = try memoryTable(name)
        try replace(name, MemoryTable(name: table.name, columns: table.columns))
        return .none
    }

    // MARK: INSERT

    func runInsert(_ insert: Insert) throws(StarlingError) -> Result {
        let target: QualifiedName
        switch insert.target {
        case .table(let name): target = name
        case .files(let properties): return try runInsertIntoFiles(insert, properties)
        case .blackhole:
            throw StarlingError(
                .unsupported, "INSERT INTO BLACKHOLE is parsed but not executed by this version")
        }
        let table = try memoryTable(target)
        var bound = try bind(insert.query)
        let positions = try targetPositions(insert.columns, table, target)
        bound = try converting(bound, to: table, positions, at: target)
        let segments = try gather(bound)
        try checkNotNull(segments, table)
        let grown =
            insert.overwrites
            ? MemoryTable(name: table.name, columns: table.columns).appending(segments)
            : table.appending(segments)
        try replace(target, grown)
        return Result(
            columns: [], chunks: [],
            affectedRowCount: segments.reduce(0) { $0 + $1.rowCount })
    }

    /// Runs a query whose rows become a table's.
    private func gather(_ bound: BoundQuery) throws(StarlingError) -> [MemorySegment] {
        let plan = try optimize(bound)
        return try run(plan) { _ in TableSink(bound.columns.map(\.type)) }.segments
    }

    /// Lets a query give the columns of a table: `positions` says which ones its columns are, the
    /// others are NULL.
    private func converting(
        _ bound: BoundQuery, to table: MemoryTable, _ positions: [Int], at name: QualifiedName
    ) throws(StarlingError) -> BoundQuery {
        guard bound.columns.count == positions.count else {
            throw StarlingError(
                .binding,
                "\(positions.count) columns are to be inserted, the query gives "
                    + "\(bound.columns.count)", at: name.range)
        }
        var items: [ProjectItem] = []
        for (position, column) in table.columns.enumerated() {
            let source = positions.firstIndex(of: position).map {
                BoundExpression.column(bound.columns[$0])
            }
            let value = source ?? .null(column.type)
            let output = binderAllocator.makeColumn(column.name, column.type)
            items.append(
                ProjectItem(
                    column: output,
                    expression: value.type == column.type ? value : .cast(value, to: column.type)))
        }
        var bound = bound
        bound.plan = LogicalPlan(.project(ProjectNode(input: bound.plan, items: items)))
        bound.columns = items.map(\.column)
        return bound
    }

    private func targetPositions(
        _ columns: [Identifier], _ table: MemoryTable, _ target: QualifiedName
    ) throws(StarlingError) -> [Int] {
        if columns.isEmpty { return Array(table.columns.indices) }
        var positions: [Int] = []
        for name in columns {
            let position = table.columns.firstIndex {
                $0.name.lowercased() == name.text.lowercased()
            }
            guard let position else {
                let near = nearestName(to: name.text, among: table.columns.map(\.name))
                throw StarlingError(
                    .binding,
                    "table '\(table.name)' has no column '\(name.text)'"
                        + (near.map { "; did you mean '\($0)'?" } ?? ""), at: name.range)
            }
            positions.append(position)
        }
        return positions
    }

    private func checkNotNull(
        _ segments: [MemorySegment], _ table: MemoryTable
    ) throws(StarlingError) {
        for (position, column) in table.columns.enumerated() where !column.isNullable {
            guard segments.allSatisfy({ $0.statistics(ofColumn: position).nullCount == 0 }) else {
                throw StarlingError(
                    .data, "column '\(column.name)' of '\(table.name)' takes no NULL")
            }
        }
    }

    private func memoryTable(_ name: QualifiedName) throws(StarlingError) -> MemoryTable {
        let resolved = catalogName(name)
        guard let entry = catalog.entry(resolved) else {
            let near = nearestName(
                to: resolved.name, among: catalog.entries(in: resolved.database).map(\.name))
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

    private func replace(_ name: QualifiedName, _ table: MemoryTable) throws(StarlingError) {
        let resolved = catalogName(name)
        try catalog.add(
            CatalogEntry(name: table.name, content: .table(table)), to: resolved.database,
            replacing: true)
    }

    /// Lets an error that has no place point at a name.
    func located(
        _ name: QualifiedName, _ body: () throws(StarlingError) -> Void
    ) throws(StarlingError) {
        do { try body() } catch { throw error.located(at: name.range) }
    }
}
