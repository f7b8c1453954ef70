// information_schema.partitions and partitions_meta: what MySQL and StarRocks tell of partitions.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTypes

extension SystemTable {
    static let partitions = SystemTable(
        name: "partitions",
        columns: [
            ("TABLE_CATALOG", .string), ("TABLE_SCHEMA", .string), ("TABLE_NAME", .string),
            ("PARTITION_NAME", .string), ("SUBPARTITION_NAME", .string),
            ("PARTITION_ORDINAL_POSITION", .bigint), ("PARTITION_METHOD", .string),
            ("SUBPARTITION_METHOD", .string), ("PARTITION_EXPRESSION", .string),
            ("SUBPARTITION_EXPRESSION", .string), ("PARTITION_DESCRIPTION", .string),
            ("TABLE_ROWS", .bigint), ("DATA_LENGTH", .bigint), ("PARTITION_COMMENT", .string),
        ]
    ) { runner throws(StarlingError) in
        runner.partitionedTables.flatMap { database, table, definition in
            runner.partitionFacts(of: table).filter { !$0.partition.isTemporary }.enumerated().map {
                position, facts in
                [
                    catalogName, .text(database), .text(table.name), .text(facts.partition.name),
                    .null, .integer(Int128(position + 1)), .text(definition.partitionMethod),
                    .null, .text(keyTitle(of: table)), .null,
                    .text(valueTitle(of: facts.partition, table)),
                    .integer(Int128(facts.rowCount)), .integer(Int128(facts.byteCount)), .text(""),
                ]
            }
        }
    }

    static let partitionsMeta = SystemTable(
        name: "partitions_meta",
        columns: [
            ("DB_NAME", .string), ("TABLE_NAME", .string), ("PARTITION_NAME", .string),
            ("PARTITION_ID", .bigint), ("PARTITION_KEY", .string), ("PARTITION_VALUE", .string),
            ("DISTRIBUTION_KEY", .string), ("BUCKETS", .bigint), ("IS_TEMP", .boolean),
            ("DATA_SIZE", .bigint), ("ROW_COUNT", .bigint),
        ]
    ) { runner throws(StarlingError) in
        runner.partitionedTables.flatMap { database, table, definition in
            runner.partitionFacts(of: table).map { facts in
                [
                    .text(database), .text(table.name), .text(facts.partition.name),
                    .integer(Int128(facts.partition.number)), .text(keyTitle(of: table)),
                    .text(valueTitle(of: facts.partition, table)),
                    .text(definition.distributionTitle),
                    definition.distribution?.buckets.map { .integer(Int128($0)) } ?? .null,
                    .boolean(facts.partition.isTemporary), .integer(Int128(facts.byteCount)),
                    .integer(Int128(facts.rowCount)),
                ]
            }
        }
    }

    private static func keyTitle(of table: NativeTable) -> String {
        (table.partitions?.keys ?? []).map(\.title).joined(separator: ", ")
    }

    private static func valueTitle(of partition: TablePartition, _ table: NativeTable) -> String {
        partition.values.text((table.partitions?.keys ?? []).map(\.type))
    }
}

extension StatementRunner {
    /// Every table that has partitions, and every materialized view.
    fileprivate var partitionedTables:
        [(database: String, table: NativeTable, definition: CreateTable)]
    {
        allEntries.compactMap { database, entry in
            let name = CatalogName(database: database, name: entry.name)
            let entry = entry.materialized == nil ? entry : storedEntry(name) ?? entry
            guard case .table(let table as NativeTable) = entry.content,
                table.partitions != nil, let definition = entry.definition
            else { return nil }
            return (database, table, definition)
        }
    }
}

extension CreateTable {
    /// How the table is cut, in a word.
    fileprivate var partitionMethod: String {
        switch partitioning {
        case .range: "RANGE"
        case .list: "LIST"
        case .expressions: "EXPRESSION"
        case nil: ""
        }
    }
}
