// Rows on their way into a table that keeps an order. The engine's own sort does it, which spills; all
// workers pack what it gives (`TableSink`), so that each load becomes one sorted run of segments.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables

extension StatementRunner {
    /// Fewer rows than these have one run of statistics, whatever their order.
    private static let unsortedRowCountMax = 1_024

    /// Runs the query of a statement and returns rows for a table as it keeps them: each key once,
    /// and in order.
    func load(
        _ conversion: InsertConversion, _ query: Query, into table: NativeTable,
        _ name: CatalogName, _ definition: CreateTable?, numbered: Int?, home: Catalog,
        _ writer: SegmentWriter?, _ router: PartitionRouter?
    ) throws(StarlingError) -> [Segment] {
        let keys = definition?.distinctKey ?? []
        guard let order = TableOrder(definition, table.columns), !hasFewRows(query) else {
            return try withoutRepeated(
                try gather(conversion, for: table, query, numbered, writer, router), of: table,
                name, keys: keys)
        }
        let isSortedAtOnce =
            keys.isEmpty && numbered == nil && router == nil && !order.needsSample
            && conversion.checkedColumns.isEmpty
        guard !isSortedAtOnce else {
            return try gather(conversion, for: table, query, numbered, writer, order: order)
        }
        // The order in which rows come says which of several with a key is the last and which number
        // a row gets, and each partition is sorted for itself, so that comes later. What is stored until then goes with its writer.
        let passing = segmentWriter(for: table, name, in: home)
        let came = try withoutRepeated(
            try gather(conversion, for: table, query, numbered, passing, router), of: table, name,
            keys: keys)
        return try withExtendedLifetime(passing) { () throws(StarlingError) in
            try sorted(came, of: table, by: order, writer)
        }
    }

    private func hasFewRows(_ query: Query) -> Bool {
        guard case .values(let rows) = query.body else { return false }
        return rows.count <= Self.unsortedRowCountMax
    }

    /// Lets a query give its rows as a table keeps them.
    func sorted(
        _ bound: BoundQuery, of table: NativeTable, by order: TableOrder
    ) throws(StarlingError) -> BoundQuery {
        var sorted = bound
        let keys = try order.sortKeys(bound.columns, of: table)
        sorted.plan = LogicalPlan(.sort(SortNode(input: bound.plan, keys: keys)))
        return sorted
    }

    /// Sorts rows of a table that are not gone, into segments of their own; those of each partition
    /// for themselves.
    func sorted(
        _ segments: [Segment], of table: NativeTable, by order: TableOrder,
        _ writer: SegmentWriter?, isForDisk: Bool? = nil
    ) throws(StarlingError) -> [Segment] {
        var all: [Segment] = []
        for group in segments.byPartition {
            // Where rows of temporary partitions are named, they are read.
            let rows = table.having(nil, group.map { $0.placed(in: nil) })
            var bound = rows.everything(binderAllocator)
            bound = try sorted(bound, of: rows, by: order)
            let types = table.columns.map(\.type)
            let sink = try run(try optimize(bound)) { _ in
                TableSink(types, table, nil, writer, isForDisk: isForDisk, isOrdered: true)
            }
            all += sink.segments.map { $0.placed(in: group[0].partition) }
                .sorted(by: order.name(in: table))
        }
        return all
    }

    /// Sorts rows that a statement changes, where they are many.
    func sortedIfMany(
        _ segments: [Segment], of table: NativeTable, as definition: CreateTable?, isForDisk: Bool
    ) throws(StarlingError) -> [Segment] {
        guard let order = TableOrder(definition, table.columns),
            segments.reduce(0, { $0 + $1.liveRowCount }) > Self.unsortedRowCountMax
        else { return segments }
        return try sorted(segments, of: table, by: order, nil, isForDisk: isForDisk)
    }
}

extension NativeTable {
    /// Makes a query of all rows and columns.
    func everything(_ allocator: ColumnAllocator) -> BoundQuery {
        let given = columns.map {
            allocator.makeColumn($0.name, $0.type, isNullable: $0.isNullable)
        }
        let scan = ScanNode(
            table: self, alias: name,
            columns: given.enumerated().map { ScanColumn(column: $1, position: $0) })
        return BoundQuery(plan: LogicalPlan(.scan(scan)), columns: given)
    }
}

extension CreateTable {
    /// The columns of which no two rows have the same values; none where rows may repeat.
    var distinctKey: [String] {
        guard let key, key.kind == .primary || key.kind == .unique else { return [] }
        return key.columns.map(\.text)
    }
}
