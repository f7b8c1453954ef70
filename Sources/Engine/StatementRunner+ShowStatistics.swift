// What is known of tables: SHOW STATS META, SHOW HISTOGRAM META and SHOW COLUMN STATS FROM t.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    /// Lists the tables that ANALYZE TABLE has looked at.
    func showStatisticsMeta() throws(StarlingError) -> Result {
        var rows: [[Value]] = []
        for (database, table, analysis) in analyzedTables {
            rows.append([
                .text(database), .text(table.name), .text("ALL"),
                .text(analysis.isFull ? "FULL" : "SAMPLE"),
                try shownTime(analysis.microseconds), .text("{}"),
                .text("\(health(of: table, analysis))%"),
            ])
        }
        return Result(
            [
                ("Database", .string), ("Table", .string), ("Columns", .string),
                ("Type", .string), ("UpdateTime", .datetime), ("Properties", .string),
                ("Healthy", .string),
            ], rows: rows)
    }

    /// Lists the columns that have histograms.
    func showHistogramMeta() throws(StarlingError) -> Result {
        var rows: [[Value]] = []
        for (database, table, analysis) in analyzedTables {
            for (column, identity) in zip(table.columns, table.identities)
            where analysis.histograms[identity.number] != nil {
                rows.append([
                    .text(database), .text(table.name), .text(column.name), .text("HISTOGRAM"),
                    try shownTime(analysis.microseconds), .text("{}"),
                ])
            }
        }
        return Result(
            [
                ("Database", .string), ("Table", .string), ("Column", .string),
                ("Type", .string), ("UpdateTime", .datetime), ("Properties", .string),
            ], rows: rows)
    }

    /// Tells what plans go by: what the segments of a table know of its columns, and histograms.
    func showColumnStatistics(_ name: QualifiedName) throws(StarlingError) -> Result {
        let table = try nativeTable(name)
        let statistics = table.statistics
        let rows = zip(table.columns, statistics.columns).map { column, known -> [Value] in
            func text(_ value: Value?) -> Value {
                value?.text(as: column.type).map(Value.text) ?? .null
            }
            let histogram = known.spread?.histogram
            func number(_ value: Int?) -> Value { value.map { .integer(Int128($0)) } ?? .null }
            return [
                .text(column.name), number(statistics.rowCount), number(known.nullCount),
                number(known.estimatedDistinctCount), text(known.low), text(known.high),
                known.estimatedByteWidth.map { .floating($0) } ?? .null,
                number(histogram.map { max(0, $0.ends.count - 1) }),
                number(histogram?.heavy.count),
                text(histogram?.heavy.first?.value),
            ]
        }
        return Result(
            [
                ("Column", .string), ("Rows", .bigint), ("Nulls", .bigint),
                ("Distinct", .bigint), ("Low", .string), ("High", .string), ("Bytes", .double),
                ("Buckets", .bigint), ("Heavy", .bigint), ("Most_frequent", .string),
            ], rows: rows)
    }

    private var analyzedTables: [(String, NativeTable, TableAnalysis)] {
        catalog.databaseNames.flatMap { database in
            entries(in: database).compactMap { entry in
                guard case .table(let table as NativeTable) = entry.content,
                    let analysis = table.analysis
                else { return nil }
                return (database, table, analysis)
            }
        }
    }

    /// The share of the rows that were there already, in percent.
    private func health(of table: NativeTable, _ analysis: TableAnalysis) -> Int {
        let now = table.statistics.rowCount
        let most = max(now, analysis.rowCount)
        return most == 0 ? 100 : min(now, analysis.rowCount) * 100 / most
    }

    private func shownTime(_ microseconds: Int64) throws(StarlingError) -> Value {
        try shifted(Int128(microseconds), from: "UTC", to: settings.value("time_zone") ?? "UTC")
    }
}
