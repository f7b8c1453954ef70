// ANALYZE TABLE and DROP STATS. Counts, bounds and distinct values are known of every segment without
// it; it looks at how values are spread.

import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingThreads
import StarlingTypes

extension StatementRunner {
    /// The rows of which a sample is made, and those that FULL keeps in memory at a time.
    private static let sampledRowCount = 200_000
    private static let fullRowCount = 500_000

    func analyze(_ analyze: Analyze) throws(StarlingError) -> Result {
        let name = try catalogName(analyze.table)
        let table = try nativeTable(analyze.table)
        guard analyze.partitions == nil, analyze.extent != .together else {
            throw StarlingError(
                .unsupported,
                analyze.partitions == nil
                    ? "statistics of several columns together come with a later version"
                    : "statistics are those of the whole table; leave PARTITION out",
                at: analyze.table.range)
        }
        let columns = try analyzedColumns(of: table, analyze)
        let before = table.analysis
        var analysis = TableAnalysis(
            microseconds: wallClockMicroseconds(), isFull: analyze.isFull ?? false,
            rowCount: table.statistics.rowCount, histograms: before?.histograms ?? [:])
        if analyze.action == .dropHistogram {
            analysis.microseconds = before?.microseconds ?? analysis.microseconds
            analysis.isFull = before?.isFull ?? false
            for column in columns { analysis.histograms[table.identities[column].number] = nil }
        } else {
            let bucketCount = try bucketCount(of: analyze)
            let heavyCount = try count("histogram_mcv_size", of: analyze)
            for column in columns where table.columns[column].type.hasHistogram {
                try cancellation.check()
                analysis.histograms[table.identities[column].number] = try histogram(
                    ofColumn: column, table, name, isFull: analysis.isFull,
                    bucketCount: bucketCount,
                    heavyCount: heavyCount ?? ColumnHistogram.heavyCountDefault)
            }
        }
        try keep(analysis, of: table, name)
        return Result(
            [("Table", .string), ("Op", .string), ("Msg_type", .string), ("Msg_text", .string)],
            rows: [
                [
                    .text("\(name.database).\(table.name)"), .text("analyze"), .text("status"),
                    .text("OK"),
                ]
            ])
    }

    func dropStatistics(_ target: QualifiedName) throws(StarlingError) -> Result {
        try keep(nil, of: try nativeTable(target), try catalogName(target))
        return .none
    }

    private func keep(
        _ analysis: TableAnalysis?, of table: NativeTable, _ name: CatalogName
    ) throws(StarlingError) {
        let reference = TableName(database: name.database, name: table.name)
        try commit(to: home(of: name), [.analysis(reference, analysis)]) {
            (contents) throws(StarlingError) in
            let newest = try newestSnapshot(of: table, name, contents)
            contents.replaceTable(name, with: newest.analyzed(analysis))
        }
    }

    // MARK: What is asked for

    private func analyzedColumns(
        of table: NativeTable, _ analyze: Analyze
    ) throws(StarlingError) -> [Int] {
        guard !analyze.columns.isEmpty else { return Array(table.columns.indices) }
        return try mapAll(analyze.columns) { (name) throws(StarlingError) in
            let text = name.last.text
            if let place = table.columns.firstIndex(where: {
                $0.name.lowercased() == text.lowercased()
            }) {
                return place
            }
            let near = nearestName(to: text, among: table.columns.map(\.name))
            throw StarlingError(
                .binding,
                "there is no column '\(text)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
                at: name.range)
        }
    }

    private func bucketCount(of analyze: Analyze) throws(StarlingError) -> Int {
        if case .updateHistogram(let count?) = analyze.action {
            guard (1...10_000).contains(count) else {
                throw StarlingError(
                    .binding, "a histogram has 1 to 10000 buckets", at: analyze.table.range)
            }
            return count
        }
        return try count("histogram_buckets_size", of: analyze)
            ?? ColumnHistogram.bucketCountDefault
    }

    private func count(_ key: String, of analyze: Analyze) throws(StarlingError) -> Int? {
        guard let property = analyze.properties.first(where: { $0.key.lowercased() == key }) else {
            return nil
        }
        guard let count = Int(property.value), (1...10_000).contains(count) else {
            throw StarlingError(
                .binding, "\(key) is a number from 1 to 10000, not '\(property.value)'",
                at: analyze.table.range)
        }
        return count
    }

    // MARK: Looking

    private func histogram(
        ofColumn column: Int, _ table: NativeTable, _ name: CatalogName, isFull: Bool,
        bucketCount: Int, heavyCount: Int
    ) throws(StarlingError) -> ColumnHistogram? {
        let sample = try table.sample(
            ofColumn: column, rowCount: isFull ? Self.fullRowCount : Self.sampledRowCount)
        let distinct = table.statistics.columns[column].estimatedDistinctCount
        guard
            var histogram = ColumnHistogram(
                of: sample, distinctCount: distinct, bucketCount: bucketCount,
                heavyCount: heavyCount)
        else { return nil }
        if isFull, table.statistics.rowCount > Self.fullRowCount, !histogram.heavy.isEmpty {
            histogram.heavy = try shares(of: histogram.heavy, ofColumn: column, table, name)
        }
        return histogram
    }

    /// Counts in all rows how often values come.
    private func shares(
        of heavy: [ColumnHistogram.HeavyHitter], ofColumn column: Int, _ table: NativeTable,
        _ name: CatalogName
    ) throws(StarlingError) -> [ColumnHistogram.HeavyHitter] {
        let source = quoted(table.columns[column].name)
        let query =
            "SELECT \(source), count(*), (SELECT count(\(source)) FROM "
            + "\(quoted(name.database)).\(quoted(name.name))) FROM "
            + "\(quoted(name.database)).\(quoted(name.name)) WHERE \(source) IS NOT NULL "
            + "GROUP BY \(source) ORDER BY 2 DESC LIMIT \(heavy.count)"
        let result = try execute(try bind(try parseQuery(query)))
        var counted: [ColumnHistogram.HeavyHitter] = []
        for row in 0..<result.rowCount {
            guard let count = result.value(row, 1).integer,
                let total = result.value(row, 2).integer, total > 0
            else { continue }
            counted.append(
                ColumnHistogram.HeavyHitter(
                    value: result.value(row, 0), share: Double(count) / Double(total)))
        }
        return counted
    }
}

extension LogicalType {
    /// Tells whether values order, one by one.
    fileprivate var hasHistogram: Bool {
        bounds != nil || isFloating || isString || self == .varbinary
    }
}
