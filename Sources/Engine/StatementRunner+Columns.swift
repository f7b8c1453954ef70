// What CREATE TABLE says of columns: types, defaults, and the names that its other clauses use.
// What this version doesn't keep to is refused by name.

import StarlingBinder
import StarlingErrors
import StarlingPlans
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    /// Makes the columns that a statement types; none where a query gives them.
    func columns(of table: CreateTable) throws(StarlingError) -> [TableColumn] {
        try refuseKinds(of: table)
        let isNamedOnly = table.columns.allSatisfy { $0.type == nil && $0.generated == nil }
        if table.query != nil, isNamedOnly { return [] }
        if table.query != nil, let computed = table.columns.first(where: { $0.generated != nil }) {
            throw StarlingError(
                .unsupported, "CREATE TABLE … AS SELECT makes no generated columns",
                at: computed.name.range)
        }
        var columns: [TableColumn] = []
        for definition in table.columns {
            if columns.contains(where: {
                $0.name.lowercased() == definition.name.text.lowercased()
            }) {
                throw StarlingError(
                    .binding, "column '\(definition.name.text)' is defined twice",
                    at: definition.name.range)
            }
            try checkColumnName(definition.name.text, at: definition.name.range)
            columns.append(try column(of: definition, among: table.columns, key: table.key))
        }
        return columns.map { table.withoutNulls($0) }
    }

    /// Makes the column that a definition describes.
    func column(
        of definition: ColumnDefinition, among others: [ColumnDefinition] = [],
        key: TableKey? = nil
    ) throws(StarlingError) -> TableColumn {
        try refuseExtras(of: definition, key)
        if definition.isAutoIncrement { try checkNumbered(definition, among: others) }
        if definition.generated != nil {
            return try generatedColumn(definition, among: others)
        }
        guard let typeName = definition.storedType else {
            throw StarlingError(
                .binding, "column '\(definition.name.text)' needs a type",
                at: definition.name.range)
        }
        let column = TableColumn(
            name: definition.name.text, type: try LogicalType(typeName),
            isNullable: definition.isAutoIncrement ? false : definition.isNullable ?? true)
        do throws(StarlingError) { try checkDefault(of: definition, column) } catch {
            // A function that it calls may be gone by now.
            guard session.isRestoring else { throw error }
        }
        return column
    }

    /// Makes the columns of `CREATE TABLE .. AS`, under the names of the list where there is one.
    func columns(
        of bound: BoundQuery, for table: CreateTable
    ) throws(StarlingError) -> ([TableColumn], [ColumnDefinition]) {
        guard table.columns.isEmpty || table.columns.count == bound.columns.count else {
            throw StarlingError(
                .binding,
                "the table names \(table.columns.count) columns, its query has "
                    + "\(bound.columns.count)", at: table.name.range)
        }
        var definitions = table.columns
        if definitions.isEmpty {
            definitions = bound.columns.map {
                ColumnDefinition(
                    named: Identifier($0.name, isQuoted: true, range: table.name.range))
            }
        }
        try checkDistinct(
            definitions.map(\.name.text), of: "the table '\(table.name.last.text)'",
            at: table.name.range)
        let columns = zip(definitions, bound.columns).map { definition, column in
            TableColumn(
                name: definition.name.text, type: column.type,
                isNullable: definition.isNullable ?? true)
        }
        return (columns.map { table.withoutNulls($0) }, definitions)
    }

    /// Says no to a name that comes twice.
    func checkDistinct(
        _ names: [String], of thing: String, at range: TextRange
    ) throws(StarlingError) {
        var known: Set<String> = []
        for name in names {
            try checkColumnName(name, at: range)
            guard !known.insert(name.lowercased()).inserted else { continue }
            throw StarlingError(
                .binding, "\(thing) would have two columns '\(name)'; name one of them with AS",
                at: range)
        }
    }

    // MARK: What isn't executed

    private func refuseKinds(of table: CreateTable) throws(StarlingError) {
        try checkAggregations(table)
        try checkMarkedKeys(of: table)
        if let engine = table.engine, engine.text.lowercased() != "olap" {
            throw StarlingError(
                .unsupported,
                "ENGINE = \(engine.text) is parsed but not executed by this version; "
                    + "files are read with FILES(…)", at: engine.range)
        }
        guard !table.isExternal else {
            throw StarlingError(
                .unsupported, "CREATE EXTERNAL TABLE is parsed but not executed by this version",
                at: table.name.range)
        }
    }

    /// Says no to `k INT KEY` where the table says no key that has the column.
    private func checkMarkedKeys(of table: CreateTable) throws(StarlingError) {
        let marked = table.columns.first { column in
            column.isKey
                && !(table.key?.columns.contains { $0.isSame(as: column.name.text) } ?? false)
        }
        guard let marked, !session.isRestoring else { return }
        let name = marked.name.text
        throw StarlingError(
            .binding,
            "column '\(name)' is KEY, of which kind the table has to say: PRIMARY KEY (\(name)), "
                + "UNIQUE KEY (\(name)), AGGREGATE KEY (\(name)) or DUPLICATE KEY (\(name))",
            at: marked.name.range)
    }

    private func refuseExtras(
        of column: ColumnDefinition, _ key: TableKey?
    ) throws(StarlingError) {
        guard let aggregation = column.aggregation else { return }
        guard key?.kind != .aggregate, aggregation.argumentTypes.isEmpty else { return }
        let rows =
            key.map { $0.kind == .duplicate ? "stay as they come" : "take each other's place" }
            ?? "stay as they come"
        throw StarlingError(
            .binding,
            "column '\(column.name.text)' is \(aggregation.function.text.uppercased()), but rows "
                + "with the same \(key?.kind.rawValue ?? "values") \(rows); a table with "
                + "AGGREGATE KEY combines them", at: column.name.range)
    }

    // MARK: Defaults

    private func checkDefault(
        of definition: ColumnDefinition, _ column: TableColumn
    ) throws(StarlingError) {
        guard let source = definition.defaultValue, !definition.hasEmptySketch else { return }
        let value = try binder.bind(constant: source)
        guard value.type != .null else {
            guard column.isNullable else {
                throw StarlingError(
                    .binding, "column '\(column.name)' takes no NULL, which is its DEFAULT",
                    at: source.range)
            }
            return
        }
        let (given, type) = try evaluate(source)
        let cast = Expression(.cast(source, definition.storedType!, isTry: true), at: source.range)
        let stored = try evaluate(cast).value
        let fits = column.type.byteLimit.map { (stored.text?.utf8.count ?? 0) <= $0 } ?? true
        guard !stored.isNull, fits else {
            throw StarlingError(
                .binding,
                "the DEFAULT '\(given.text(as: type) ?? "")' of column '\(column.name)' does not "
                    + "fit \(column.type)", at: source.range)
        }
    }

    // MARK: Names in other clauses

    /// Checks that keys, distribution and the like name columns of the table.
    func checkNames(in table: CreateTable) throws(StarlingError) {
        let names = table.columns.map(\.name.text)
        for (clause, column) in table.namedColumns {
            let isKnown = names.contains { $0.lowercased() == column.text.lowercased() }
            guard !isKnown else { continue }
            let near = nearestName(to: column.text, among: names)
            throw StarlingError(
                .binding,
                "\(clause) names '\(column.text)', which is no column of the table"
                    + (near.map { "; did you mean '\($0)'?" } ?? ""), at: column.range)
        }
    }
}

extension CreateTable {
    /// Returns a column as the key lets it be.
    func withoutNulls(_ column: TableColumn) -> TableColumn {
        guard let key, key.kind == .primary,
            key.columns.contains(where: { $0.text.lowercased() == column.name.lowercased() })
        else { return column }
        return TableColumn(name: column.name, type: column.type, isNullable: false)
    }

    /// The same with an AGGREGATE KEY of all columns without an aggregate, where some have one and no
    /// key is named. States alone ask for none. REPLACE is what all columns of a UNIQUE or PRIMARY
    /// KEY table are.
    var withImpliedKey: CreateTable {
        if key?.kind == .unique || key?.kind == .primary {
            var table = self
            for place in columns.indices where columns[place].aggregation?.isReplacement ?? false {
                table.columns[place].aggregation = nil
            }
            return table
        }
        let keys = columns.filter { $0.aggregation == nil }.map(\.name)
        let isCombined = columns.contains { $0.aggregation?.argumentTypes.isEmpty ?? false }
        guard key == nil, query == nil, isCombined, !keys.isEmpty else { return self }
        var table = self
        table.key = TableKey(.aggregate, keys)
        return table
    }

    /// The columns that clauses name, each with the clause.
    var namedColumns: [(clause: String, column: Identifier)] {
        let table = self
        var used: [(clause: String, column: Identifier)] = []
        if let key = table.key { used += key.columns.map { (key.kind.rawValue, $0) } }
        used += (table.distribution?.hashColumns ?? []).map { ("DISTRIBUTED BY HASH", $0) }
        used += table.sortKey.map { ("ORDER BY", $0) }
        for index in table.indexes { used += index.columns.map { ("INDEX", $0) } }
        for rollup in table.rollups { used += rollup.columns.map { ("ROLLUP", $0) } }
        switch table.partitioning {
        case .list(let columns, _): used += columns.map { ("PARTITION BY", $0) }
        case .range(let keys, _), .expressions(let keys, _):
            for key in keys {
                if case .column(let name) = key.kind { used.append(("PARTITION BY", name.last)) }
            }
        case nil: break
        }
        return used
    }
}

extension ColumnAggregation {
    fileprivate var isReplacement: Bool {
        argumentTypes.isEmpty && function.text.uppercased() == "REPLACE"
    }
}

extension LogicalType {
    /// The bytes that a text of this type may have; nil where nothing limits them.
    var byteLimit: Int? {
        switch self {
        case .char(let length): length
        case .varchar(let length): length
        default: nil
        }
    }
}

extension ColumnDefinition {
    /// The type of the column; `avg(int)` is one of states.
    var storedType: TypeName? {
        if let type { return type }
        guard let aggregation, !aggregation.argumentTypes.isEmpty else { return nil }
        let arguments = aggregation.argumentTypes.map(\.sql).joined(separator: ", ")
        var name = try? parseTypeName("\(aggregation.function.text)(\(arguments))")
        name?.range = aggregation.function.range
        return name
    }
}

extension ColumnDefinition {
    /// The function that gives what DEFAULT '' is of a column of sketches.
    private var emptySketch: String? {
        guard case .literal(.string("")) = defaultValue?.kind else { return nil }
        switch type?.name {
        case "BITMAP": return "bitmap_empty"
        case "HLL": return "hll_empty"
        case "PERCENTILE": return "percentile_empty"
        default: return nil
        }
    }

    /// Tells whether DEFAULT '' stands for a bitmap or sketch of nothing.
    var hasEmptySketch: Bool { emptySketch != nil }

    /// What DEFAULT says, as the column's type; nil is NULL.
    func storedDefault(at range: TextRange) -> Expression? {
        guard let value = defaultValue, let type = storedType else { return nil }
        guard let function = emptySketch else {
            return Expression(.cast(value, type, isTry: false), at: range)
        }
        return try? parseExpression("\(function)()")
    }
}

/// Control characters begin the names of what only statements know.
func checkColumnName(_ name: String, at range: TextRange) throws(StarlingError) {
    guard name.utf8.contains(where: { $0 < 32 || $0 == 127 }) else { return }
    throw StarlingError(
        .binding, "the column name '\(name)' has a control character in it; choose another one",
        at: range)
}
