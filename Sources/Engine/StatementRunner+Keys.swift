// Tables of which no two rows have the same key: PRIMARY KEY and UNIQUE KEY. A row that comes hides
// the one that has its key; reading passes over what is hidden, and never merges. Rows with the keys
// of those that come are found by the indexes of segments, or by a join where very many come.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    /// The table of rows that come, while those with their keys are sought.
    static let newRows = "\u{1F}new rows"

    static let row = quoted(NumberedTable.rowColumn)
    private static let last = quoted("\u{1F}last")

    /// The columns of which no two rows have the same values; none where rows may repeat.
    func keyColumns(of name: CatalogName) -> [String] {
        guard let key = entry(name)?.definition?.key,
            key.kind == .primary || key.kind == .unique
        else { return [] }
        return key.columns.map(\.text)
    }

    /// Looks for rows by their keys.
    var keySearch: KeySearch {
        KeySearch(session.database.pool, workerCount: chosenWorkerCount, cancellation)
    }

    /// Says which columns are the key of a new table.
    func keyed(
        _ table: NativeTable, by definition: CreateTable
    ) -> NativeTable {
        guard let key = definition.key, key.kind != .duplicate else { return table }
        let positions = key.columns.compactMap { column in
            table.columns.firstIndex { $0.name.lowercased() == column.text.lowercased() }
        }
        return positions.count == key.columns.count ? table.keyed(by: positions) : table
    }

    /// Hides rows whose key comes again further on.
    func withoutRepeated(
        _ segments: [Segment], of table: NativeTable, _ name: CatalogName, keys: [String]
    ) throws(StarlingError) -> [Segment] {
        guard !keys.isEmpty, segments.reduce(0, { $0 + $1.liveRowCount }) > 1 else {
            return segments
        }
        let rows = table.having(segments)
        guard rows.prefersJoin(forKeysOf: segments) else {
            return try table.withoutRepeatedKeys(segments, keySearch)
        }
        let (columns, same) = (list(of: keys, in: nil), matching(keys, table, "n", "d"))
        let source = "\(quoted(name.database)).\(quoted(Self.newRows))"
        let gone = try numbers(
            "SELECT n.\(Self.row) FROM \(source) AS n INNER JOIN "
                + "(SELECT \(columns), max(\(Self.row)) AS \(Self.last) FROM \(source) "
                + "GROUP BY \(columns) HAVING count(*) > 1) AS d ON \(same) "
                + "WHERE n.\(Self.row) < d.\(Self.last)",
            [(CatalogName(database: name.database, name: Self.newRows), NumberedTable(rows))])
        guard gone.count > 0 else { return segments }
        return rows.hiding(gone).segments
    }

    /// Finds the rows of a snapshot that have the keys of other rows.
    func rows(
        of table: NativeTable, _ name: CatalogName, withKeysOf segments: [Segment], keys: [String]
    ) throws(StarlingError) -> RowNumbers {
        guard !keys.isEmpty, !segments.isEmpty, !table.segments.isEmpty else {
            return RowNumbers()
        }
        guard table.prefersJoin(forKeysOf: segments) else {
            return try table.rows(withKeysOf: segments, keySearch)
        }
        let database = quoted(name.database)
        return try numbers(
            "SELECT t.\(Self.row) FROM \(database).\(quoted(name.name)) AS t "
                + "LEFT SEMI JOIN \(database).\(quoted(Self.newRows)) AS n "
                + "ON \(matching(keys, table, "t", "n"))",
            [
                (name, NumberedTable(table)),
                (
                    CatalogName(database: name.database, name: Self.newRows),
                    table.having(segments)
                ),
            ])
    }

    /// Adds rows, and hides those that have their keys.
    func upsert(
        _ new: [Segment], into target: QualifiedName, _ name: CatalogName, keys: [String],
        _ writer: SegmentWriter?, like first: NativeTable, label: Identifier?
    ) throws(StarlingError) {
        let added = try additions(new, writer)
        try untilNobodyChanges(target) { () throws(StarlingError) in
            let table = try nativeTable(target)
            guard table.isSameTable(as: first), table.hasSameColumns(as: first) else {
                throw conflict(table.name)
            }
            var changes = RowChanges()
            changes.gone = try rows(of: table, name, withKeysOf: new, keys: keys)
            changes.stored = new
            changes.recorded = added
            changes.label = label
            return try commit(changes, to: table, name) ? () : nil
        }
    }

    private func numbers(
        _ query: String, _ tables: [(name: CatalogName, table: any Table)]
    ) throws(StarlingError) -> RowNumbers {
        let query = try parseQuery(query)
        let result = try withTables(tables) { () throws(StarlingError) in
            try execute(try bind(query))
        }
        var numbers = RowNumbers()
        for chunk in result.chunks {
            for row in 0..<chunk.count {
                _ = numbers.insert(Self.number(chunk.columns[0], row))
            }
        }
        return numbers
    }

    private func list(of columns: [String], in table: String?) -> String {
        columns.map { (table.map { $0 + "." } ?? "") + quoted($0) }.joined(separator: ", ")
    }

    func matching(
        _ keys: [String], _ table: NativeTable, _ left: String, _ right: String
    ) -> String {
        keys.map { key in
            let column = table.columns.first { $0.name.lowercased() == key.lowercased() }
            let comparison = column?.isNullable == false ? "=" : "<=>"
            return "\(left).\(quoted(key)) \(comparison) \(right).\(quoted(key))"
        }.joined(separator: " AND ")
    }
}
