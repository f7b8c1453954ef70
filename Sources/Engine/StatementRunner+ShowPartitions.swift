// SHOW PARTITIONS, and the partitions that SHOW CREATE TABLE lists.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTypes

extension StatementRunner {
    /// SHOW PARTITIONS and SHOW TEMPORARY PARTITIONS.
    func showPartitions(
        of name: QualifiedName, isTemporary: Bool
    ) throws(StarlingError) -> Result {
        if storedEntry(try catalogName(name))?.materialized == nil {
            try keepUpPartitions(of: name)
        }
        let table = try storedTable(name)
        let definition = storedEntry(try catalogName(name))?.definition
        var isRange = table.partitions == nil
        if case .range = definition?.partitioning { isRange = true }
        let columns: [(name: String, type: LogicalType)] = [
            ("PartitionId", .bigint), ("PartitionName", .string), ("State", .string),
            ("PartitionKey", .string), (isRange ? "Range" : "List", .string),
            ("DistributionKey", .string), ("Buckets", .bigint), ("DataSize", .bigint),
            ("RowCount", .bigint),
        ]
        guard let set = table.partitions, let definition else {
            // All of a table without PARTITION BY is one partition.
            let whole =
                [
                    .integer(1), .text(table.name), .text("NORMAL"), .text(""), .text(""),
                    .text(definition?.distributionTitle ?? ""),
                    definition?.distribution?.buckets.map { .integer(Int128($0)) } ?? .null,
                    .integer(Int128(table.segments.reduce(0) { $0 + $1.storedByteCount })),
                    .integer(Int128(table.segments.reduce(0) { $0 + $1.liveRowCount })),
                ] as [Value]
            return Result(columns, rows: isTemporary ? [] : [whole])
        }
        let rows = partitionFacts(of: table).filter { $0.partition.isTemporary == isTemporary }
            .map { facts -> [Value] in
                [
                    .integer(Int128(facts.partition.number)), .text(facts.partition.name),
                    .text("NORMAL"), .text(set.keys.map(\.title).joined(separator: ", ")),
                    .text(facts.partition.values.text(set.keys.map(\.type))),
                    .text(definition.distributionTitle),
                    definition.distribution?.buckets.map { .integer(Int128($0)) } ?? .null,
                    .integer(Int128(facts.byteCount)), .integer(Int128(facts.rowCount)),
                ]
            }
        return Result(columns, rows: rows)
    }

    /// SHOW DATA FROM a table.
    func showData(of name: QualifiedName) throws(StarlingError) -> Result {
        let table = try storedTable(name)
        let byteCount = table.segments.reduce(0) { $0 + $1.storedByteCount }
        let size = try evaluate(parseExpression("format_bytes(\(byteCount))")).value
        let rowCount = Value.integer(Int128(table.segments.reduce(0) { $0 + $1.liveRowCount }))
        return Result(
            [
                ("TableName", .string), ("IndexName", .string), ("Size", .string),
                ("ReplicaCount", .bigint), ("RowCount", .bigint),
            ],
            rows: [
                [.text(table.name), .text(table.name), size, .integer(1), rowCount],
                [.text(""), .text("Total"), size, .integer(1), rowCount],
            ])
    }

    /// SHOW DYNAMIC PARTITION TABLES: those whose properties say so.
    func dynamicTables(of database: String) -> Result {
        let names = ["enable", "time_unit", "start", "end", "prefix"]
        let rows = entries(in: database).compactMap { entry -> [Value]? in
            guard let definition = entry.definition, entry.materialized == nil,
                definition.property("dynamic_partition.time_unit") != nil
            else { return nil }
            return [.text(entry.name)]
                + names.map { name in
                    let value = definition.property("dynamic_partition." + name)
                    return value.map { .text($0) } ?? (name == "enable" ? .text("true") : .null)
                }
        }
        return Result(
            [
                ("TableName", .string), ("Enable", .string), ("TimeUnit", .string),
                ("Start", .string), ("End", .string), ("Prefix", .string),
            ], rows: rows)
    }

    /// Tells of each partition of a table how much it holds.
    func partitionFacts(
        of table: NativeTable
    ) -> [(partition: TablePartition, rowCount: Int, byteCount: Int)] {
        guard let set = table.partitions else { return [] }
        var counts: [UInt32: (rows: Int, bytes: Int)] = [:]
        for segment in table.segments {
            guard let number = segment.partition?.number else { continue }
            counts[number, default: (0, 0)].rows += segment.liveRowCount
            counts[number, default: (0, 0)].bytes += segment.storedByteCount
        }
        return set.partitions.map { partition in
            let (rows, bytes) = counts[partition.number] ?? (0, 0)
            return (partition, rows, bytes)
        }
    }

    /// The partitions of a table as CREATE TABLE lists them; those that come with rows it doesn't.
    func listedPartitions(of table: NativeTable) throws(StarlingError) -> [PartitionDefinition] {
        guard let set = table.partitions, !set.isAutomatic else { return [] }
        let types = set.keys.map(\.type)
        var listed: [PartitionDefinition] = []
        for partition in set.partitions where !partition.isTemporary {
            let name = Identifier(
                partition.name, isQuoted: true, range: TextRange(start: 0, end: 0))
            let head = PartitionHead(name: name, ifNotExists: false, properties: [])
            switch partition.values {
            case .list(let keys):
                listed.append(
                    .list(head, keys.map { key in zip(key, types).map { literal($0, $1) } }))
            case .range(let from, let to):
                let isFirst = from.allSatisfy { $0?.isNull ?? false }
                let end = bound(to, types)
                listed.append(
                    isFirst
                        ? .lessThan(head, end)
                        : .fixedRange(head, from: bound(from, types), to: end))
            }
        }
        return listed
    }

    private func bound(_ values: [Value?], _ types: [LogicalType]) -> PartitionBound {
        if values.count == 1, values[0] == nil { return .maximum }
        return .values(zip(values, types).map { value, type in value.map { literal($0, type) } })
    }

    private func literal(_ value: Value, _ type: LogicalType) -> Expression {
        let place = TextRange(start: 0, end: 0)
        guard let text = value.text(as: type) else {
            return Expression(.literal(.null), at: place)
        }
        return Expression(.literal(.string(text)), at: place)
    }
}

extension CreateTable {
    /// The columns of DISTRIBUTED BY, for people.
    var distributionTitle: String {
        guard let distribution, !distribution.hashColumns.isEmpty else { return "" }
        return distribution.hashColumns.map(\.text).joined(separator: ", ")
    }
}

extension PartitionValues {
    /// Writes the values as StarRocks shows them.
    func text(_ types: [LogicalType]) -> String {
        switch self {
        case .list(let keys):
            let shown = keys.map { key -> String in
                let values = zip(key, types).map { value, type in
                    value.text(as: type).map { "'\($0)'" } ?? "NULL"
                }
                return values.count == 1 ? values[0] : "(\(values.joined(separator: ", ")))"
            }
            return "(\(shown.joined(separator: ", ")))"
        case .range(let from, let to):
            let titles = types.map { $0.description.uppercased() }.joined(separator: ", ")
            func end(_ values: [Value?]) -> String {
                if values.count == 1, values[0] == nil { return "MAXVALUE" }
                let shown = zip(values, types).map { value, type in
                    value.map { $0.text(as: type) ?? "NULL" } ?? "MAXVALUE"
                }
                return shown.isEmpty ? "MINVALUE" : shown.joined(separator: ", ")
            }
            return "[types: [\(titles)]; keys: [\(end(from))]; ..types: [\(titles)]; keys: "
                + "[\(end(to))]; )"
        }
    }
}
