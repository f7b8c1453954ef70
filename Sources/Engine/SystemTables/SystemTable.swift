// The tables of information_schema: a row each here, whose own rows are made when a statement names
// the table. SHOW reads them, too.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Describes a table that tells what there is.
struct SystemTable: Sendable {
    typealias Rows = @Sendable (StatementRunner) throws(StarlingError) -> [[Value]]

    let name: String
    let columns: [(name: String, type: LogicalType)]
    /// Makes the rows, in the order of the columns.
    let rows: Rows

    /// Every table of information_schema.
    static let all: [SystemTable] =
        [
            schemata, tables, temporaryTables, columns, views, routines,
            variables("session_variables"),
            variables("global_variables"), characterSets, collations, engines, functions,
            partitions, partitionsMeta, materializedViews, tasks, taskRuns, loads, statistics,
            constraints, keyColumns, keywords, tablesConfig,
        ] + withoutRows

    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    func table(_ runner: StatementRunner) throws(StarlingError) -> any Table {
        let rows = Result(columns, rows: try rows(runner))
        return rows.chunks.isEmpty ? emptyTable : try emptyTable.appending(rows.chunks)
    }

    /// The table's columns without rows.
    var emptyTable: NativeTable {
        NativeTable(
            name: name, columns: columns.map { TableColumn(name: $0.name, type: $0.type) })
    }
}

extension SystemTable {
    /// What the catalog calls them all.
    static let catalogName = Value.text(Catalog.defaultCatalog)

    /// Makes a table whose columns are texts.
    init(_ name: String, texts: [String], rows: @escaping Rows) {
        self.init(name: name, columns: texts.map { ($0, .string) }, rows: rows)
    }
}
