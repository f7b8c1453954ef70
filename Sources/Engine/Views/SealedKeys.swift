// Which columns of a view tell of which partition of a table its rows are made. What a partition's key is
// computed of is sought among the columns of the view, each of which is followed down to the table; what is
// found is followed down once more and must arrive as the key.

import StarlingBinder
import StarlingErrors
import StarlingEvaluation
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTypes
import StarlingVectors
import StarlingViews

/// Follows columns of a view down to a table that it reads.
struct SealedKeys {
    private let query: CompiledQuery
    private let runner: StatementRunner
    private let table: NativeTable
    private let definition: CreateTable
    /// Where the view reads the table.
    private let scans: [ScanNode]
    /// The columns of the table, and where the view knows them.
    private let columns: [(column: PlanColumn, position: Int?)]

    init(
        _ query: CompiledQuery, _ base: ViewBase, _ table: NativeTable, _ definition: CreateTable,
        _ runner: StatementRunner
    ) {
        self.query = query
        self.table = table
        self.definition = definition
        self.runner = runner
        scans = query.sources(of: [], in: table).map(\.scan)
        columns = zip(table.columns, table.identities).map { column, identity in
            (
                runner.binderAllocator.makeColumn(column.name, column.type),
                base.identities.firstIndex { $0.number == identity.number }
            )
        }
    }

    /// True where the query came to read nothing of the table.
    var isUnread: Bool { scans.isEmpty }

    /// Returns the keys of partitions as SQL over the view's columns; says no where they don't tell the
    /// rows of these partitions from others.
    func texts(of partitions: [TablePartition]) throws(StarlingError) -> [String] {
        try mapAll(definition.partitionKeys) { (key) throws(StarlingError) in
            let bound = try runner.binder.bind(key, over: columns.map(\.column))
            let texts = query.namedColumns.map { quoted($0.name) } + [key.sql(replacing: renaming)]
            for text in texts where try arrives(text, at: bound) { return text }
            if let text = try cut(to: bound, at: partitions) { return text }
            throw StarlingError(
                .binding,
                "its rows do not tell of which \(key.sql()) of '\(table.name)' they are made, and "
                    + "so not which are to stay: a view that has that among its columns, and groups "
                    + "by it, can; or drop the partitions without RETAIN IN VIEWS")
        }
    }

    /// The columns of the view that are columns of the table.
    private var renaming: [String: String] {
        var result: [String: String] = [:]
        for (column, _) in columns {
            let same = query.namedColumns.first {
                traces(of: .column($0)) == expected(.column(column))
            }
            if let same { result[column.name.lowercased()] = quoted(same.name) }
        }
        return result
    }

    // MARK: Following

    /// What an expression over the view's columns is in each place where the table is read.
    private func traces(of expression: BoundExpression) -> [BoundExpression?] {
        query.sources(of: [expression], in: table).map { $0.keys?.first }
    }

    /// What an expression over the table's columns is in each of these places; nil where a column is not
    /// read.
    private func expected(_ expression: BoundExpression) -> [BoundExpression]? {
        var result: [BoundExpression] = []
        let used = columns.filter { expression.referencedColumns.contains($0.column.id) }
        for scan in scans {
            var replacements: [ColumnID: BoundExpression] = [:]
            for (column, position) in used {
                let read = scan.columns.first { $0.position == position && $0.path.isEmpty }
                guard let read else { return nil }
                replacements[column.id] = .column(read.column)
            }
            result.append(expression.substituting(replacements))
        }
        return result
    }

    private func arrives(_ text: String, at key: BoundExpression) throws(StarlingError) -> Bool {
        guard let expected = expected(key),
            let expression = try? parseExpression(text),
            let bound = try? runner.binder.bind(expression, over: query.namedColumns)
        else { return false }
        return traces(of: bound) == expected
    }

    /// Tells whether the keys of a seal are still those of the table's partitions.
    func tell(_ seal: ViewSeal) throws(StarlingError) -> Bool {
        let keys = definition.partitionKeys
        guard keys.count == seal.keys.count else { return false }
        for (key, text) in zip(keys, seal.keys) {
            let bound = try runner.binder.bind(key, over: columns.map(\.column))
            guard try !arrives(text, at: bound) else { continue }
            guard let column = query.namedColumns.first(where: { quoted($0.name) == text }),
                cutting(bound, column) != nil
            else { return false }
        }
        return true
    }

    // MARK: Units of time

    /// Finds a column that is the key cut to a unit of time, where partitions begin and end with units.
    private func cut(
        to key: BoundExpression, at partitions: [TablePartition]
    ) throws(StarlingError) -> String? {
        let ends = partitions.compactMap(\.values.ends)
        guard definition.partitionKeys.count == 1, ends.count == partitions.count else {
            return nil
        }
        let moments = Array(ends.joined())
        for column in query.namedColumns {
            guard let cutting = cutting(key, column) else { continue }
            let cut = try mapAll(moments) { (moment) throws(StarlingError) in
                try value(of: cutting(.literal(moment, key.type)))
            }
            if cut == moments { return quoted(column.name) }
        }
        return nil
    }

    /// Returns what cuts a key to a unit of time where a column is the key cut so; nil elsewhere.
    private func cutting(
        _ key: BoundExpression, _ column: PlanColumn
    ) -> ((BoundExpression) -> BoundExpression)? {
        let traces = traces(of: .column(column))
        guard column.type == key.type, let expected = expected(key),
            case .call(let function, let signature, let arguments)?? = traces.first,
            function.name == "date_trunc"
        else { return nil }
        func cut(_ value: BoundExpression) -> BoundExpression {
            .call(function, signature, [arguments[0], value])
        }
        return traces == expected.map { cut($0) } ? cut : nil
    }

    private func value(of expression: BoundExpression) throws(StarlingError) -> Value {
        let program = try CompiledExpressions(
            [expression], layout: ColumnLayout([]), session: runner.sessionValues)
        return try program.makeEvaluator().evaluate(Chunk(columns: [], count: 1))[0].value(at: 0)
    }
}

extension CompiledQuery {
    /// Where the view reads a table, and what keys over its columns are there.
    func sources(
        of keys: [BoundExpression], in table: NativeTable
    ) -> [PartitionOrigins.Source] {
        PartitionOrigins(of: keys, in: plan).sources.filter {
            ($0.scan.table as? NativeTable)?.isSameTable(as: table) ?? false
        }
    }
}

extension PartitionValues {
    /// The values that a range of one key ends at; nil for lists.
    fileprivate var ends: [Value]? {
        guard case .range(let from, let to) = self else { return nil }
        return [from.first, to.first].compactMap { $0 ?? nil }.filter { !$0.isNull }
    }
}
