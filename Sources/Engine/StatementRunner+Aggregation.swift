// AGGREGATE KEY: rows with the same key are one, whose other columns are combined as each of them
// says. They are combined when rows come: one query groups those that come with those that are there,
// and its rows take their place. So reading never merges.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes
import StarlingVectors

extension StatementRunner {
    /// Adds the rows of a query to those that have their keys.
    func insertCombined(
        _ conversion: InsertConversion, _ query: Query, into target: QualifiedName,
        of first: NativeTable, _ key: TableKey, instead: Overwriting,
        named partitions: [TablePartition]?, label: Identifier?
    ) throws(StarlingError) -> Result {
        let name = try catalogName(target)
        let raw = try gather(conversion, for: first, query, nil, nil)
        let rowCount = raw.reduce(0) { $0 + $1.liveRowCount }
        return try untilNobodyChanges(target) { () throws(StarlingError) in
            let table = try nativeTable(target)
            guard table.isSameTable(as: first), table.hasSameColumns(as: first) else {
                throw conflict(table.name)
            }
            var changes = RowChanges()
            let old =
                instead == .nothing
                ? try rows(of: table, name, withKeysOf: raw, keys: key.columns.map(\.text))
                : RowNumbers()
            changes.new = try combined(raw, with: table.showing(old), name, key, target)
            changes.label = label
            changes.partitions = partitions
            changes.gone =
                instead == .nothing
                ? old : try rows(of: table, overwrittenBy: changes.new, instead, name)
            guard try commit(changes, to: table, name) else { return nil }
            return Result(columns: [], chunks: [], affectedRowCount: rowCount)
        }
    }

    /// Finds the rows that go where others come instead.
    private func rows(
        of table: NativeTable, overwrittenBy new: [Chunk], _ instead: Overwriting,
        _ name: CatalogName
    ) throws(StarlingError) -> RowNumbers {
        var coming: [Segment] = []
        if instead == .partitionsThatCome {
            let router = try router(for: table, storedEntry(name)?.definition)
            coming = try segments(of: new, for: table, router, isStored: false)
        }
        let kept = Set(table.left(by: instead, of: coming).table.segments.flatMap(\.numbers))
        var gone = RowNumbers()
        for (place, segment) in table.segments.enumerated()
        where segment.partition?.isTemporary != true || instead != .everything {
            guard !segment.numbers.contains(where: kept.contains) else { continue }
            for row in 0..<segment.rowCount where !(segment.hidden?.contains(row) ?? false) {
                gone.insert(segment: place, row: row)
            }
        }
        return gone
    }

    /// Groups rows with those of a snapshot, which have their keys.
    private func combined(
        _ raw: [Segment], with table: NativeTable, _ name: CatalogName, _ key: TableKey,
        _ target: QualifiedName
    ) throws(StarlingError) -> [Chunk] {
        let definitions = storedEntry(name)?.definition?.columns ?? []
        let keys = key.columns.map(\.text)
        let columns = table.columns.map { quoted($0.name) }.joined(separator: ", ")
        let items = table.columns.map { column in
            let aggregation = definitions.first { $0.name.text == column.name }?.aggregation
            return aggregation?.expression(of: quoted(column.name)) ?? quoted(column.name)
        }
        let database = quoted(name.database)
        let old =
            "SELECT \(columns), \(Self.row) AS \(place) "
            + "FROM \(database).\(quoted(name.name))"
        // Those that come are later than all that are there.
        let new =
            "SELECT \(columns), \(Int64(1) << 61) + \(Self.row) AS \(place) "
            + "FROM \(database).\(quoted(Self.newRows))"
        let query = try parseQuery(
            "SELECT \(items.joined(separator: ", ")) FROM (\(old) UNION ALL \(new)) AS every "
                + "GROUP BY \(keys.map(quoted).joined(separator: ", "))")
        let tables: [(name: CatalogName, table: any Table)] = [
            (name, NumberedTable(table)),
            (
                CatalogName(database: name.database, name: Self.newRows),
                NumberedTable(table.having(raw))
            ),
        ]
        let result = try withTables(tables) { () throws(StarlingError) in
            let conversion = try InsertConversion(
                try bind(query), to: table, positions: Array(table.columns.indices), defaults: [],
                generated: table.columns.map { _ in nil }, at: target, runner: self)
            let result = try execute(conversion.bound)
            try checkMisfits(conversion, table, query, result)
            return result
        }
        return result.chunks.map { chunk in
            Chunk(columns: Array(chunk.columns.prefix(table.columns.count)), count: chunk.count)
        }
    }

    /// Checks that every column outside of the key says how its values are combined.
    func checkAggregations(_ table: CreateTable) throws(StarlingError) {
        guard let key = table.key, key.kind == .aggregate else { return }
        guard table.query == nil else {
            throw StarlingError(
                .unsupported, "CREATE TABLE … AS SELECT makes no AGGREGATE KEY tables",
                at: table.name.range)
        }
        for column in table.columns {
            let isKey = key.columns.contains {
                $0.text.lowercased() == column.name.text.lowercased()
            }
            guard isKey || column.aggregation != nil else {
                throw StarlingError(
                    .binding,
                    "column '\(column.name.text)' is in no key, so it needs an aggregate such as "
                        + "SUM or REPLACE", at: column.name.range)
            }
            guard !isKey || column.aggregation == nil else {
                throw StarlingError(
                    .binding, "column '\(column.name.text)' is in the key and not aggregated",
                    at: column.name.range)
            }
        }
    }

    /// The key of a table whose rows are combined.
    func combiningKey(of name: CatalogName) -> TableKey? {
        storedEntry(name)?.definition?.key.flatMap { $0.kind == .aggregate ? $0 : nil }
    }

    /// Says no to changes of combined rows other than INSERT and DELETE.
    func refuseCombined(_ target: QualifiedName, _ statement: String) throws(StarlingError) {
        guard combiningKey(of: try catalogName(target)) != nil else { return }
        throw StarlingError(
            .unsupported, "AGGREGATE KEY tables take INSERT and DELETE, not \(statement)",
            at: target.range)
    }
}

/// The order of the rows that are combined.
private let place = quoted("\u{1F}place")

extension ColumnAggregation {
    /// The aggregate of values that come in any order; nil where the last one counts.
    var unorderedFunction: String? {
        guard argumentTypes.isEmpty else { return "\(function.text.lowercased())_union" }
        let name = function.text.lowercased()
        return name.hasPrefix("replace") ? nil : name
    }

    /// The aggregate of a column's values, given their order.
    fileprivate func expression(of column: String) -> String? {
        if let name = unorderedFunction { return "\(name)(\(column))" }
        return function.text.uppercased() == "REPLACE"
            ? "max_by(\(column), \(place))"
            : "max_by(\(column), if(\(column) IS NULL, NULL, \(place)))"
    }
}
