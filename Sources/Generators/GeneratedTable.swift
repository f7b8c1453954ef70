// A table of TPC-H as the engine reads tables: its parts are ranges of keys that are generated
// independently of each other, column by column, as far as the scan asks for them.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is a table of TPC-H that exists only as it is read; `tpch('lineitem', 1)` in SQL.
package final class GeneratedTable: Table {
    package let title: String
    package let columns: [TableColumn]
    package let statistics: TableStatistics
    package let parts: [any TablePart]

    /// Describes a table of TPC-H at a scale; nothing is generated yet.
    package convenience init(_ table: TPCHTable, scale: TPCHScale) {
        switch table {
        case .region: self.init(table, scale, RegionRows.columns, keyCount: 5)
        case .nation: self.init(table, scale, NationRows.columns, keyCount: 25)
        case .supplier:
            self.init(table, scale, SupplierRows.columns, keyCount: scale.supplierCount)
        case .customer:
            self.init(table, scale, CustomerRows.columns, keyCount: scale.customerCount)
        case .part: self.init(table, scale, PartRows.columns, keyCount: scale.partCount)
        case .partsupp:
            self.init(
                table, scale, PartSupplierRows.columns,
                keyCount: scale.partCount * PartSupplierRows.suppliersPerPart)
        case .orders: self.init(table, scale, OrderRows.columns, keyCount: scale.orderCount)
        case .lineitem: self.init(table, scale, LineItemRows.columns, keyCount: scale.orderCount)
        }
    }

    private init<Window: RowWindow>(
        _ table: TPCHTable, _ scale: TPCHScale, _ columns: [TPCHColumn<Window>], keyCount: Int
    ) {
        // About 64 K rows a part.
        let keysPerPart = table == .lineitem ? 16_384 : 65_536
        let pool = TextPool.current()
        let parts = stride(from: 0, to: keyCount, by: keysPerPart).map { first in
            GeneratedPart(
                scale: scale, pool: pool, columns: columns,
                keys: first..<min(first + keysPerPart, keyCount))
        }
        title = "tpch \(table.rawValue), scale \(scale.factor)"
        self.columns = columns.map {
            TableColumn(name: $0.name, type: $0.type, isNullable: false)
        }
        statistics = TableStatistics(
            rowCount: parts.reduce(0) { $0 + $1.rowCount },
            columns: columns.map { $0.statistics(scale, 0..<keyCount) })
        self.parts = parts
    }
}

/// Is a range of keys of a generated table.
private struct GeneratedPart<Window: RowWindow>: TablePart {
    let scale: TPCHScale
    let pool: TextPool
    let columns: [TPCHColumn<Window>]
    let keys: Range<Int>
    let rowCount: Int
    let hasOwnStatistics = true

    init(scale: TPCHScale, pool: TextPool, columns: [TPCHColumn<Window>], keys: Range<Int>) {
        self.scale = scale
        self.pool = pool
        self.columns = columns
        self.keys = keys
        rowCount = Window.rowCount(of: keys)
    }

    func statistics(ofColumn column: Int) -> ColumnStatistics {
        columns[column].statistics(scale, keys)
    }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        if columns.contains(where: { self.columns[$0.column].isCutFromPool }) {
            try pool.prepare(context.cancellation, context.progress)
        }
        return GeneratedPartReader(
            Window(scale, pool, keys: keys),
            columns: columns.map { (self.columns[$0.column], $0.physicalType) })
    }
}

/// Generates columns of a part, window by window.
private final class GeneratedPartReader<Window: RowWindow>: PartReader {
    private let columns: [(column: TPCHColumn<Window>, type: PhysicalType)]
    private var window: Window

    init(_ window: Window, columns: [(TPCHColumn<Window>, PhysicalType)]) {
        self.window = window
        self.columns = columns
    }

    func moveWindow(to row: Int, count: Int) { window.move(to: row, count: count) }

    func read(_ position: Int, selection: Selection?) -> Vector {
        let selected = window.selecting(selection)
        let (column, type) = columns[position]
        return column.generate(selected).vector(type, count: selected.count)
    }
}
