// information_schema: databases, tables, columns and views.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension SystemTable {
    static let schemata = SystemTable(
        "schemata",
        texts: [
            "CATALOG_NAME", "SCHEMA_NAME", "DEFAULT_CHARACTER_SET_NAME", "DEFAULT_COLLATION_NAME",
            "SQL_PATH",
        ]
    ) { runner throws(StarlingError) in
        runner.databaseNames.map {
            [catalogName, .text($0), .text("utf8"), .text("utf8_general_ci"), .null]
        }
    }

    /// What stays; that of the session stands in `temp_tables`.
    static let tables = SystemTable(
        name: "tables", columns: factsOfTables
    ) { runner throws(StarlingError) in
        runner.databaseNames.flatMap { database in
            runner.lastingEntries(in: database).map { $0.facts(in: database) }
        }
    }

    static let temporaryTables = SystemTable(
        name: "temp_tables", columns: factsOfTables + [("SESSION", .string)]
    ) { runner throws(StarlingError) in
        let session = runner.session
        return runner.databaseNames.flatMap { database in
            session.temporary.entries(in: database).map { entry in
                entry.facts(in: database) + [.text(session.identifier)]
            }
        }
    }

    private static let factsOfTables: [(name: String, type: LogicalType)] = [
        ("TABLE_CATALOG", .string), ("TABLE_SCHEMA", .string), ("TABLE_NAME", .string),
        ("TABLE_TYPE", .string), ("ENGINE", .string), ("VERSION", .bigint),
        ("ROW_FORMAT", .string), ("TABLE_ROWS", .bigint), ("AVG_ROW_LENGTH", .bigint),
        ("DATA_LENGTH", .bigint), ("MAX_DATA_LENGTH", .bigint), ("INDEX_LENGTH", .bigint),
        ("DATA_FREE", .bigint), ("AUTO_INCREMENT", .bigint), ("CREATE_TIME", .datetime),
        ("UPDATE_TIME", .datetime), ("CHECK_TIME", .datetime), ("TABLE_COLLATION", .string),
        ("CHECKSUM", .bigint), ("CREATE_OPTIONS", .string), ("TABLE_COMMENT", .string),
    ]

    static let columns = SystemTable(
        name: "columns",
        columns: [
            ("TABLE_CATALOG", .string), ("TABLE_SCHEMA", .string), ("TABLE_NAME", .string),
            ("COLUMN_NAME", .string), ("ORDINAL_POSITION", .bigint), ("COLUMN_DEFAULT", .string),
            ("IS_NULLABLE", .string), ("DATA_TYPE", .string),
            ("CHARACTER_MAXIMUM_LENGTH", .bigint), ("CHARACTER_OCTET_LENGTH", .bigint),
            ("NUMERIC_PRECISION", .bigint), ("NUMERIC_SCALE", .bigint),
            ("DATETIME_PRECISION", .bigint), ("CHARACTER_SET_NAME", .string),
            ("COLLATION_NAME", .string), ("COLUMN_TYPE", .string), ("COLUMN_KEY", .string),
            ("EXTRA", .string), ("PRIVILEGES", .string), ("COLUMN_COMMENT", .string),
            ("COLUMN_SIZE", .bigint), ("DECIMAL_DIGITS", .bigint),
            ("GENERATION_EXPRESSION", .string), ("SRS_ID", .bigint),
        ]
    ) { runner throws(StarlingError) in
        var rows: [[Value]] = []
        for (database, entry) in runner.allEntries {
            // A view over what is gone has no columns; the others are shown all the same.
            let described = (try? runner.describedColumns(of: entry)) ?? []
            for (position, column) in described.enumerated() {
                rows.append(
                    [catalogName, .text(database), .text(entry.name)] + column.row(position))
            }
        }
        return rows
    }

    static let views = SystemTable(
        "views",
        texts: [
            "TABLE_CATALOG", "TABLE_SCHEMA", "TABLE_NAME", "VIEW_DEFINITION", "CHECK_OPTION",
            "IS_UPDATABLE", "DEFINER", "SECURITY_TYPE", "CHARACTER_SET_CLIENT",
            "COLLATION_CONNECTION",
        ]
    ) { runner throws(StarlingError) in
        runner.allEntries.compactMap { database, entry -> [Value]? in
            guard case .view(let view) = entry.content, entry.materialized == nil else {
                return nil
            }
            return [
                catalogName, .text(database), .text(entry.name), .text(view.query.sql()),
                .text("NONE"), .text("NO"), .text("'root'@'%'"), .text("NONE"), .text("utf8"),
                .text("utf8_general_ci"),
            ]
        }
    }
}

/// Describes a column as DESC and information_schema tell of it.
struct DescribedColumn {
    var name: String
    var type: LogicalType
    var isNullable: Bool
    /// Nil for columns of no key.
    var key: TableKey.Kind?
    var defaultText: String?
    var comment: String?
    /// What else the definition says: how values are combined, numbered or filtered.
    var extra = ""

    /// The columns of `columns` from COLUMN_NAME on.
    func row(_ position: Int) -> [Value] {
        func number(_ value: Int?) -> Value { value.map { .integer(Int128($0)) } ?? .null }
        let (precision, scale) = type.digits
        let length = type.textLength
        let base = String(type.description.prefix { $0 != "(" && $0 != "<" })
        let character = length == nil ? Value.null : .text("utf8")
        return [
            .text(name), number(position + 1), defaultText.map(Value.text) ?? .null,
            .text(isNullable ? "YES" : "NO"), .text(base), number(length), number(length),
            number(precision), number(scale), number(type == .datetime ? 6 : nil), character,
            length == nil ? .null : .text("utf8_general_ci"), .text(type.description),
            .text(key?.columnMark ?? ""), .text(""), .text(""), .text(comment ?? ""),
            number(precision ?? length), number(scale), .text(""), .null,
        ]
    }
}

extension LogicalType {
    /// The decimal digits of a number and those behind the point.
    fileprivate var digits: (precision: Int?, scale: Int?) {
        switch self {
        case .tinyint: (3, 0)
        case .smallint: (5, 0)
        case .int: (10, 0)
        case .bigint: (19, 0)
        case .largeint: (39, 0)
        case .float: (7, nil)
        case .double: (15, nil)
        case .decimal(let precision, let scale): (precision, scale)
        default: (nil, nil)
        }
    }

    /// The bytes that a text may have.
    fileprivate var textLength: Int? {
        guard isString else { return nil }
        guard let open = description.firstIndex(of: "(") else { return 65_533 }
        return Int(description[description.index(after: open)...].prefix { $0 != ")" })
    }
}

extension CatalogEntry {
    /// The row of `tables`.
    fileprivate func facts(in database: String) -> [Value] {
        var row = [Value](repeating: .null, count: 21)
        row[0] = SystemTable.catalogName
        row[1] = .text(database)
        row[2] = .text(name)
        row[3] = .text(typeTitle(in: database))
        row[4] = .text(database == Catalog.systemDatabase ? "MEMORY" : engineTitle)
        if case .table(let table) = content, database != Catalog.systemDatabase {
            let rowCount = table.statistics.rowCount
            row[7] = .integer(Int128(rowCount))
            if let table = table as? NativeTable {
                let byteCount = table.segments.reduce(0) { $0 + $1.storedByteCount }
                row[8] = .integer(Int128(rowCount > 0 ? byteCount / rowCount : 0))
                row[9] = .integer(Int128(byteCount))
            }
        }
        row[17] = .text("utf8_general_ci")
        row[20] = .text(commentText)
        return row
    }

    private func typeTitle(in database: String) -> String {
        if database == Catalog.systemDatabase { return "SYSTEM VIEW" }
        if materialized != nil { return "MATERIALIZED VIEW" }
        if case .view = content { return "VIEW" }
        return "BASE TABLE"
    }

    private var engineTitle: String {
        if case .view = content { "" } else { "Starling" }
    }

    private var commentText: String {
        if case .view(let view) = content { return view.comment ?? "" }
        return definition?.comment ?? ""
    }
}

extension StatementRunner {
    /// Every table and view of every database, those of information_schema too.
    var allEntries: [(database: String, entry: CatalogEntry)] {
        databaseNames.flatMap { database in entries(in: database).map { (database, $0) } }
    }

    /// Describes the columns of a table or view.
    func describedColumns(of entry: CatalogEntry) throws(StarlingError) -> [DescribedColumn] {
        switch entry.content {
        case .table(let table):
            let definition = entry.definition
            let key = definition?.key
            let keys = Set(key?.columns.map { $0.text.lowercased() } ?? [])
            return table.columns.map { column in
                let said = definition?.columns.first {
                    $0.name.text.lowercased() == column.name.lowercased()
                }
                return DescribedColumn(
                    name: column.name, type: column.type, isNullable: column.isNullable,
                    key: keys.contains(column.name.lowercased()) ? key?.kind : nil,
                    defaultText: said?.defaultValue?.plainText, comment: said?.comment,
                    extra: definition?.extra(of: column.name) ?? "")
            }
        case .view(let view):
            let bound = try bind(view.query)
            return bound.columns.enumerated().map { position, column in
                let named = position < view.columns.count ? view.columns[position] : nil
                return DescribedColumn(
                    name: named?.name.text ?? column.name, type: column.type,
                    isNullable: column.isNullable, comment: named?.comment)
            }
        }
    }
}

extension Expression {
    /// A text without its quotes, and anything else as SQL.
    fileprivate var plainText: String {
        if case .literal(.string(let text)) = kind { text } else { sql() }
    }
}

extension CreateTable {
    /// How values of a column are combined or numbered, and whether it has bloom filters.
    fileprivate func extra(of column: String) -> String {
        let said = columns.first { $0.name.text.lowercased() == column.lowercased() }
        var words: [String] = []
        if let aggregation = said?.aggregation {
            words.append(aggregation.function.text.uppercased())
        }
        if said?.isAutoIncrement ?? false { words.append("auto_increment") }
        let filtered = (property("bloom_filter_columns") ?? "").lowercased().split(separator: ",")
        if filtered.contains(where: { $0.filter { $0 != " " } == column.lowercased() }) {
            words.append("BLOOM_FILTER")
        }
        return words.joined(separator: ",")
    }
}
