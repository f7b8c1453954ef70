// Statements that tell what there is: SHOW and DESC.

import StarlingCatalog
import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    func runShow(_ show: Show) throws(StarlingError) -> Result {
        var result = try rows(of: show)
        if show.condition != nil || !show.orderBy.isEmpty || show.limit != nil {
            result = try selected(result, show)
        }
        return result
    }

    /// Applies WHERE, ORDER BY and LIMIT as a query over the rows would.
    private func selected(_ result: Result, _ show: Show) throws(StarlingError) -> Result {
        let place = show.condition?.range ?? TextRange(start: 0, end: 0)
        let columns = result.columns
        var rows = (0..<result.rowCount).map { row in
            columns.indices.map { literal(result.value(row, $0), at: place) }
        }
        // VALUES has no form without rows; the row that stands in is taken out again.
        let isEmpty = rows.isEmpty
        if isEmpty { rows = [columns.map { _ in Expression(.literal(.null), at: place) }] }
        let query = Query(
            rows: rows, names: columns.map(\.name), condition: show.condition,
            orderBy: show.orderBy, limit: show.limit, at: place)
        let chosen = try execute(try bind(query))
        return Result(columns: columns, chunks: isEmpty ? [] : chosen.chunks)
    }

    private func literal(_ value: Value, at place: TextRange) -> Expression {
        switch value {
        case .integer(let number): Expression(.literal(.integer(String(number))), at: place)
        case .floating(let number) where number.isFinite && number >= 0:
            Expression(
                .literal(.double("\(number)" + ("\(number)".contains("e") ? "" : "e0"))), at: place)
        case .bytes: Expression(.literal(.string(value.text ?? "")), at: place)
        default: Expression(.literal(.null), at: place)
        }
    }

    private func rows(of show: Show) throws(StarlingError) -> Result {
        let isOfTable = show.name != nil && Self.subjectsOfTables.contains(show.subject)
        if !isOfTable, ShownQueries.text(of: show.subject, in: "") != nil,
            let text = ShownQueries.text(of: show.subject, in: try database(of: show))
        {
            return filtered(show, try execute(try bind(try parseQuery(text))))
        }
        switch show.subject {
        case "INDEX", "INDEXES", "KEY", "KEYS":
            if let name = show.name { return try showIndexes(of: name) }
        case "WARNINGS":
            let rows = session.lastWarnings.map { [Value.text("Warning"), .text($0)] }
            return Result([("Level", .string), ("Message", .string)], rows: rows)
        case "COLUMNS", "FULL COLUMNS", "FIELDS", "FULL FIELDS":
            guard var name = show.name else { break }
            if let database = show.database {
                name = QualifiedName(database.parts + [name.last])
            }
            return filtered(show, try describeTable(name, isFull: show.subject.hasPrefix("FULL ")))
        case "TEXT ANALYZERS": return filtered(show, showTextAnalyzers())
        case "CREATE TEXT ANALYZER":
            guard let name = show.name else { break }
            return try showCreateTextAnalyzer(name.last)
        case "STATS META": return try showStatisticsMeta()
        case "HISTOGRAM META": return try showHistogramMeta()
        case "COLUMN STATS":
            guard let name = show.name else { break }
            return try showColumnStatistics(name)
        case "JSON PATHS":
            guard let name = show.name else { break }
            return try showPaths(name)
        case "SNAPSHOTS":
            guard let name = show.name else { break }
            return try showSnapshots(name)
        case "DATA":
            guard let name = show.name else { break }
            return try showData(of: name)
        case "DYNAMIC PARTITION TABLES":
            return filtered(show, dynamicTables(of: try database(of: show)))
        case "PARTITIONS", "TEMPORARY PARTITIONS":
            guard let name = show.name else { break }
            return try showPartitions(of: name, isTemporary: show.subject != "PARTITIONS")
        case "CREATE DATABASE":
            guard let name = show.name else { break }
            let database = try catalog.resolveDatabase(name)
            guard catalog.hasDatabase(database) else {
                throw catalog.unknownDatabase(database).located(at: name.range)
            }
            return Result(
                [("Database", .string), ("Create Database", .string)],
                rows: [[.text(database), .text("CREATE DATABASE `\(database)`")]])
        case "TEMPORARY TABLES":
            let rows = session.temporary.entries(in: session.currentDatabase).map {
                [Value.text($0.name)]
            }
            return filtered(show, [("Tables_in_\(session.currentDatabase)", .string)], rows)
        case "CREATE FUNCTION":
            guard let name = show.name else { break }
            return try showCreateFunction(name)
        case "CREATE VIEW", "CREATE TABLE", "CREATE MATERIALIZED VIEW":
            guard let name = show.name else { break }
            return try showCreate(name)
        default: break
        }
        throw StarlingError(
            .unsupported,
            "SHOW \(show.subject) is parsed but not executed by this version"
                + (Show.substitute(for: show.subject).map { "; \($0)" } ?? ""))
    }

    private func showCreateFunction(_ name: QualifiedName) throws(StarlingError) -> Result {
        guard let function = try function(name) else {
            let near = nearestName(to: name.last.text, among: visibleFunctions.map(\.title))
            throw StarlingError(
                .binding,
                "there is no function '\(name.last.text)'"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""), at: name.range)
        }
        return Result(
            [("Name", .string), ("Create statement", .string)],
            rows: [[.text(function.title), .text(function.sql())]])
    }

    /// Keeps the rows whose first column matches LIKE.
    private func filtered(
        _ show: Show, _ columns: [(name: String, type: LogicalType)], _ rows: [[Value]]
    ) -> Result {
        guard let pattern = show.pattern else { return Result(columns, rows: rows) }
        return Result(
            columns, rows: rows.filter { matchesPattern($0[0].text ?? "", pattern) })
    }

    private func filtered(_ show: Show, _ result: Result) -> Result {
        filtered(
            show, result.columns.map { ($0.name, $0.type) },
            (0..<result.rowCount).map { row in
                result.columns.indices.map { result.value(row, $0) }
            })
    }

    private static let subjectsOfTables = ["INDEX", "INDEXES", "KEY", "KEYS", "DATA"]

    /// The database that a statement names, or the current one.
    private func database(of show: Show) throws(StarlingError) -> String {
        guard let name = show.name ?? show.database else { return session.currentDatabase }
        if show.subject == "DATABASES" || show.subject == "SCHEMAS" {
            try catalog.checkCatalog(name.last)
            return session.currentDatabase
        }
        let database = try catalog.resolveDatabase(name)
        guard catalog.hasDatabase(database) else {
            throw catalog.unknownDatabase(database).located(at: name.range)
        }
        return database
    }

    private func showIndexes(of name: QualifiedName) throws(StarlingError) -> Result {
        let resolved = try catalogName(name)
        guard let entry = entry(resolved) else { throw unknown(resolved, name) }
        return showIndexes(of: entry)
    }

    private func showCreate(_ name: QualifiedName) throws(StarlingError) -> Result {
        let resolved = try catalogName(name)
        guard let entry = entry(resolved) else { throw unknown(resolved, name) }
        let text: String
        if let view = entry.materialized {
            let named = view.definition.plain(as: resolved)
            return Result(
                [("Materialized View", .string), ("Create Materialized View", .string)],
                rows: [
                    [
                        .text(entry.name),
                        .text(Statement.Kind.createMaterializedView(named).sql),
                    ]
                ])
        }
        let isTemporary = session.temporary.entry(resolved) != nil
        switch entry.content {
        case .view(let view):
            text = view.definition(named: entry.name, isTemporary: isTemporary)
        case .table(let table):
            var definition = entry.definition
            if let table = table as? NativeTable {
                definition = definition?.listing(try listedPartitions(of: table))
            }
            let columns =
                table.columns.map { columnText($0, definition) }
                + (definition?.indexes ?? []).map { "  " + $0.sql() }
            text =
                "CREATE \(isTemporary ? "TEMPORARY " : "")TABLE \(quoted(entry.name)) (\n"
                + columns.joined(separator: ",\n")
                + "\n)"
                + (definition.map { $0.clauses.map { "\n" + $0 }.joined() } ?? "")
        }
        return Result(
            [("Name", .string), ("Create statement", .string)],
            rows: [[.text(entry.name), .text(text)]])
    }

    private func columnText(_ column: TableColumn, _ definition: CreateTable?) -> String {
        let said = definition?.columns.first { $0.name.text == column.name }
        return "  \(quoted(column.name)) \(column.type)"
            + (column.isNullable ? "" : " NOT NULL")
            + (said?.aggregation.map { $0.argumentTypes.isEmpty ? " \($0.function.text)" : "" }
                ?? "")
            + (said?.isAutoIncrement == true ? " AUTO_INCREMENT" : "")
            + (said?.defaultValue.map { " DEFAULT \($0.sql())" } ?? "")
            + (said?.generated.map { " AS \($0.sql())" } ?? "")
            + (said?.comment.map { " COMMENT \(sqlText($0))" } ?? "")
    }

    private func sqlText(_ text: String) -> String {
        Expression(.literal(.string(text)), at: TextRange(start: 0, end: 0)).sql()
    }

    func runDescribe(_ describe: Describe) throws(StarlingError) -> Result {
        switch describe.subject {
        case .table(let name) where describe.all: return try describeWhole(name)
        case .table(let name): return try describeTable(name)
        case .path(let path):
            return description(
                of: try openFiles(path, options: [:]).columns.map {
                    ($0.name, $0.type, $0.isNullable)
                })
        case .query(let query): return try describeQuery(query)
        case .function(let function):
            let source = TableReference(.function(function), at: function.name.range)
            return try describeQuery(Query(allFrom: source))
        case .textAnalyzer(let name): return try describeTextAnalyzer(name)
        }
    }

    private func describeQuery(_ query: Query) throws(StarlingError) -> Result {
        description(of: try bind(query).columns.map { ($0.name, $0.type, $0.isNullable) })
    }

    private func describeTable(
        _ name: QualifiedName, isFull: Bool = false
    ) throws(StarlingError) -> Result {
        let resolved = try catalogName(name)
        guard let entry = entry(resolved) else { throw unknown(resolved, name) }
        let described = try describedColumns(of: entry)
        if isFull { return fullDescription(of: described) }
        return Result(
            [
                ("Field", .string), ("Type", .string), ("Null", .string), ("Key", .string),
                ("Default", .string), ("Extra", .string),
            ],
            rows: described.map { column in
                [
                    .text(column.name), .text(column.type.description),
                    .text(column.isNullable ? "YES" : "NO"),
                    .text(column.key != nil ? "true" : "false"),
                    column.defaultText.map(Value.text) ?? .null, .text(column.extra),
                ]
            })
    }

    /// `DESC t ALL`: with the name of the table and the kind of its key before its first column.
    private func describeWhole(_ name: QualifiedName) throws(StarlingError) -> Result {
        let described = try describeTable(name)
        let entry = entry(try catalogName(name))
        let heads = [entry?.name ?? name.last.text, entry?.definition.keyModel ?? ""]
        return Result(
            [("IndexName", .string), ("IndexKeysType", .string)]
                + described.columns.map { ($0.name, $0.type) },
            rows: (0..<described.rowCount).map { row in
                heads.map { .text(row == 0 ? $0 : "") }
                    + described.columns.indices.map { described.value(row, $0) }
            })
    }

    private func description(
        of columns: [(name: String, type: LogicalType, isNullable: Bool)]
    ) -> Result {
        Result(
            [("Field", .string), ("Type", .string), ("Null", .string)],
            rows: columns.map {
                [.text($0.name), .text($0.type.description), .text($0.isNullable ? "YES" : "NO")]
            })
    }

    /// SHOW FULL COLUMNS, with collations, privileges and comments.
    private func fullDescription(of columns: [DescribedColumn]) -> Result {
        let names = [
            "Field", "Type", "Collation", "Null", "Key", "Default", "Extra", "Privileges",
            "Comment",
        ]
        return Result(
            names.map { ($0, .string) },
            rows: columns.map { column in
                [
                    .text(column.name), .text(column.type.description),
                    column.type.isString ? .text("utf8_general_ci") : .null,
                    .text(column.isNullable ? "YES" : "NO"), .text(column.key?.columnMark ?? ""),
                    column.defaultText.map(Value.text) ?? .null, .text(column.extra), .text(""),
                    .text(column.comment ?? ""),
                ]
            })
    }

    private func unknown(_ name: CatalogName, _ source: QualifiedName) -> StarlingError {
        let near = nearestName(
            to: name.name, among: entries(in: name.database).map(\.name))
        return StarlingError(
            .binding,
            "there is no table or view '\(name.name)'"
                + (near.map { "; did you mean '\($0)'?" } ?? ""), at: source.range)
    }
}

/// Matches a text with a LIKE pattern, letter case aside. Not for columns.
private func matchesPattern(_ text: String, _ pattern: String) -> Bool {
    func matches(_ text: Substring, _ pattern: Substring) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "%" {
            let rest = pattern.dropFirst()
            var remaining = text
            while true {
                if matches(remaining, rest) { return true }
                if remaining.isEmpty { return false }
                remaining = remaining.dropFirst()
            }
        }
        guard let character = text.first, first == "_" || first == character else { return false }
        return matches(text.dropFirst(), pattern.dropFirst())
    }
    return matches(text.lowercased()[...], pattern.lowercased()[...])
}
