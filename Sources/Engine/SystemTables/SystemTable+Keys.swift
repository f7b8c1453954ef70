// information_schema: the keys of tables and their indexes, which programs look for to join and to
// name rows.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTypes

extension SystemTable {
    static let statistics = SystemTable(
        name: "statistics",
        columns: [
            ("TABLE_CATALOG", .string), ("TABLE_SCHEMA", .string), ("TABLE_NAME", .string),
            ("NON_UNIQUE", .bigint), ("INDEX_SCHEMA", .string), ("INDEX_NAME", .string),
            ("SEQ_IN_INDEX", .bigint), ("COLUMN_NAME", .string), ("COLLATION", .string),
            ("CARDINALITY", .bigint), ("SUB_PART", .bigint), ("PACKED", .string),
            ("NULLABLE", .string), ("INDEX_TYPE", .string), ("COMMENT", .string),
        ]
    ) { runner throws(StarlingError) in
        runner.allEntries.flatMap { database, entry in
            entry.indexedColumns.map { column in
                [
                    catalogName, .text(database), .text(entry.name),
                    .integer(column.isUnique ? 0 : 1), .text(database), .text(column.index),
                    .integer(Int128(column.position)), .text(column.name), .null, .null, .null,
                    .null, .text(column.isNullable ? "YES" : ""), .text(column.method),
                    .text(column.comment),
                ]
            }
        }
    }

    static let constraints = SystemTable(
        "table_constraints",
        texts: [
            "CONSTRAINT_CATALOG", "CONSTRAINT_SCHEMA", "CONSTRAINT_NAME", "TABLE_SCHEMA",
            "TABLE_NAME", "CONSTRAINT_TYPE",
        ]
    ) { runner throws(StarlingError) in
        runner.allEntries.compactMap { database, entry -> [Value]? in
            guard let kind = entry.definition?.key?.kind, let name = kind.constraintName else {
                return nil
            }
            return [
                catalogName, .text(database), .text(name), .text(database), .text(entry.name),
                .text(kind == .primary ? "PRIMARY KEY" : "UNIQUE"),
            ]
        }
    }

    static let keyColumns = SystemTable(
        name: "key_column_usage",
        columns: [
            ("CONSTRAINT_CATALOG", .string), ("CONSTRAINT_SCHEMA", .string),
            ("CONSTRAINT_NAME", .string), ("TABLE_CATALOG", .string), ("TABLE_SCHEMA", .string),
            ("TABLE_NAME", .string), ("COLUMN_NAME", .string), ("ORDINAL_POSITION", .bigint),
            ("POSITION_IN_UNIQUE_CONSTRAINT", .bigint), ("REFERENCED_TABLE_SCHEMA", .string),
            ("REFERENCED_TABLE_NAME", .string), ("REFERENCED_COLUMN_NAME", .string),
        ]
    ) { runner throws(StarlingError) in
        runner.allEntries.flatMap { database, entry in
            entry.indexedColumns.filter(\.isUnique).map { column in
                [
                    catalogName, .text(database), .text(column.index), catalogName,
                    .text(database), .text(entry.name), .text(column.name),
                    .integer(Int128(column.position)), .null, .null, .null, .null,
                ]
            }
        }
    }
}

/// A column of a key that says which row is meant, or of an index.
struct IndexedColumn {
    var index: String
    var isUnique: Bool
    /// Its place in the index, from 1.
    var position: Int
    var name: String
    var isNullable: Bool
    var method: String
    var comment: String
}

extension CatalogEntry {
    /// The columns of the key, where that tells rows apart, and those of the indexes.
    var indexedColumns: [IndexedColumn] {
        guard let definition, case .table(let table) = content else { return [] }
        func list(
            _ columns: [Identifier], of index: String, _ method: String, isUnique: Bool,
            _ comment: String, shown: (Identifier) -> String
        ) -> [IndexedColumn] {
            columns.enumerated().map { number, name in
                let column = table.columns.first {
                    $0.name.lowercased() == name.text.lowercased()
                }
                return IndexedColumn(
                    index: index, isUnique: isUnique, position: number + 1, name: shown(name),
                    isNullable: column?.isNullable ?? true, method: method, comment: comment)
            }
        }
        var all: [IndexedColumn] = []
        if let key = definition.key, let name = key.kind.constraintName {
            all = list(key.columns, of: name, "", isUnique: true, "") { $0.text }
        }
        for index in definition.indexes {
            all += list(
                index.columns, of: index.name.text, index.shownMethod, isUnique: false,
                index.comment ?? "", shown: index.shown)
        }
        return all
    }
}

extension TableKey.Kind {
    /// What COLUMN_KEY says of the key's columns, in StarRocks' words.
    var columnMark: String {
        switch self {
        case .primary: "PRI"
        case .unique: "UNI"
        case .aggregate: "AGG"
        case .duplicate: "DUP"
        }
    }

    /// The name of the constraint, for keys that tell rows apart.
    fileprivate var constraintName: String? {
        switch self {
        case .primary: "PRIMARY"
        case .unique: "UNIQUE"
        case .aggregate, .duplicate: nil
        }
    }
}
