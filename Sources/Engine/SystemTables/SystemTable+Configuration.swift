// information_schema.tables_config: what CREATE TABLE said of tables.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTypes

extension SystemTable {
    static let tablesConfig = SystemTable(
        name: "tables_config",
        columns: [
            ("TABLE_SCHEMA", .string), ("TABLE_NAME", .string), ("TABLE_ENGINE", .string),
            ("TABLE_MODEL", .string), ("PRIMARY_KEY", .string), ("PARTITION_KEY", .string),
            ("DISTRIBUTE_KEY", .string), ("DISTRIBUTE_TYPE", .string),
            ("DISTRIBUTE_BUCKET", .bigint), ("SORT_KEY", .string), ("PROPERTIES", .string),
        ]
    ) { runner throws(StarlingError) in
        runner.allEntries.compactMap { database, entry -> [Value]? in
            guard case .table(let table as NativeTable) = entry.content,
                let definition = entry.definition
            else { return nil }
            let key = definition.key
            let isUnique = key?.kind == .primary || key?.kind == .unique
            let distribution = definition.distribution
            return [
                .text(database), .text(entry.name), .text("OLAP"), .text(definition.keyModel),
                .text(isUnique ? names(key?.columns ?? []) : ""),
                .text((table.partitions?.keys ?? []).map(\.title).joined(separator: ", ")),
                .text(names(distribution?.hashColumns ?? [])),
                .text(distribution?.hashColumns.isEmpty == false ? "HASH" : "RANDOM"),
                distribution?.buckets.map { .integer(Int128($0)) } ?? .null,
                .text(
                    names(definition.sortKey.isEmpty ? key?.columns ?? [] : definition.sortKey)),
                .text(properties(of: definition)),
            ]
        }
    }

    private static func names(_ columns: [Identifier]) -> String {
        columns.map { quoted($0.text) }.joined(separator: ", ")
    }

    private static func properties(of definition: CreateTable) -> String {
        let members = definition.properties.map { property in
            "\"\(escaped(property.key))\": \"\(escaped(property.value))\""
        }
        return "{" + members.joined(separator: ", ") + "}"
    }

    private static func escaped(_ text: String) -> String {
        text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }.map(String.init).joined()
    }
}

extension CreateTable? {
    /// What StarRocks calls the kind of the key.
    var keyModel: String { self?.keyModel ?? "" }
}

extension CreateTable {
    /// What StarRocks calls the kind of the key.
    var keyModel: String {
        switch key?.kind {
        case .aggregate: "AGG_KEYS"
        case .unique: "UNIQUE_KEYS"
        case .primary: "PRIMARY_KEYS"
        case .duplicate, nil: "DUP_KEYS"
        }
    }
}
