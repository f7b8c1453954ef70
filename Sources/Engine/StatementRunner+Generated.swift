// Columns whose values nobody inserts: those that are computed of the others of a row, and that which
// numbers the rows.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes
import StarlingViews

extension StatementRunner {
    /// What computes each column of a table; nil for those that are inserted.
    func generatedColumns(of table: NativeTable, _ entry: CatalogEntry?) -> [Expression?] {
        let definitions = entry?.definition?.columns ?? []
        guard definitions.contains(where: { $0.generated != nil }) else {
            return table.columns.map { _ in nil }
        }
        return table.columns.map { column in
            definitions.first { $0.name.text == column.name }?.generated
        }
    }

    /// Says no to values for columns that are computed.
    func refuseGenerated(
        _ positions: [Int], _ table: NativeTable, _ target: QualifiedName
    ) throws(StarlingError) {
        let generated = generatedColumns(of: table, entry(try catalogName(target)))
        for position in positions where generated[position] != nil {
            throw StarlingError(
                .binding,
                "column '\(table.columns[position].name)' is computed of others and takes no value",
                at: target.range)
        }
    }

    /// Makes a column that is computed of the columns `others` beside it.
    func generatedColumn(
        _ definition: ColumnDefinition, among others: [ColumnDefinition]
    ) throws(StarlingError) -> TableColumn {
        guard let expression = definition.generated else {
            throw StarlingError(.internal, "a generated column has no expression")
        }
        if definition.defaultValue != nil || definition.isAutoIncrement {
            throw StarlingError(
                .binding, "column '\(definition.name.text)' is computed and has no DEFAULT",
                at: definition.name.range)
        }
        var known: [PlanColumn] = []
        for other in others where other.generated == nil {
            guard let type = other.storedType else { continue }
            known.append(binderAllocator.makeColumn(other.name.text, try LogicalType(type)))
        }
        let value: BoundExpression
        do throws(StarlingError) {
            value = try bind(
                expression, over: known, for: "column '\(definition.name.text)'")
        } catch {
            let computed = others.first {
                $0.generated != nil && $0.name != definition.name
                    && expression.mentions($0.name.text)
            }
            guard let computed, let source = computed.generated else { throw error }
            throw StarlingError(
                .unsupported,
                "column '\(definition.name.text)' is computed of '\(computed.name.text)', which is "
                    + "computed itself; write (\(source.sql())) in its place", at: expression.range)
        }
        guard value.givesTheSame || session.isRestoring else {
            throw StarlingError(
                .binding,
                "column '\(definition.name.text)' is computed of its row, and '\(expression.sql())' "
                    + "gives something else each time; a DEFAULT may do that", at: expression.range)
        }
        let type =
            try definition.storedType.map { (name) throws(StarlingError) in
                try LogicalType(name)
            } ?? value.type
        return TableColumn(
            name: definition.name.text, type: type, isNullable: definition.isNullable ?? true)
    }

    /// Binds what a table computes of its rows for good: of nothing that may mean something else later.
    func bind(
        _ expression: Expression, over columns: [PlanColumn], for user: String
    ) throws(StarlingError) -> BoundExpression {
        let names = NameTrace()
        let outer = trace
        trace = names
        defer { trace = outer }
        let bound = try binder.bind(expression, over: columns)
        guard let foreign = names.foreign, !session.isRestoring else { return bound }
        throw StarlingError(
            .unsupported,
            "\(user) is computed of the row alone and cannot depend on \(foreign); write out what "
                + "it gives", at: expression.range)
    }

    /// Gives a column another name, in what is computed of it, too, where that can be said so.
    func rename(
        _ name: Identifier, to new: Identifier, in draft: inout TableDraft
    ) throws(StarlingError) {
        let before = draft
        try draft.rename(name, to: new)
        let computations = zip(before.definition.computations, draft.definition.computations)
        for (old, renamed) in computations where old.value != renamed.value {
            let known = try numberedAlike(old.value, over: before.columns)
            guard known == (try? numberedAlike(renamed.value, over: draft.columns)) else {
                throw StarlingError(
                    .unsupported,
                    "\(old.clause) computes with column '\(name.text)' and has the name for other "
                        + "things, too, so the column keeps it", at: name.range)
            }
        }
    }

    /// Binds an expression over columns that get the same numbers each time.
    private func numberedAlike(
        _ expression: Expression, over columns: [TableColumn]
    ) throws(StarlingError) -> BoundExpression {
        let allocator = binderAllocator
        defer { binderAllocator = allocator }
        binderAllocator = ColumnAllocator()
        let known = columns.map { binderAllocator.makeColumn($0.name, $0.type) }
        return try binder.bind(expression, over: known)
    }

    // MARK: AUTO_INCREMENT

    /// The column that numbers the rows of a table.
    func numberedColumn(of table: NativeTable, _ name: CatalogName) -> Int? {
        let definitions = entry(name)?.definition?.columns ?? []
        guard let numbered = definitions.first(where: \.isAutoIncrement) else { return nil }
        return table.columns.firstIndex { $0.name == numbered.name.text }
    }

    func checkNumbered(
        _ definition: ColumnDefinition, among others: [ColumnDefinition]
    ) throws(StarlingError) {
        var reason: String?
        if definition.type.flatMap({ try? LogicalType($0) }) != .bigint { reason = "is BIGINT" }
        if definition.defaultValue != nil { reason = "has no DEFAULT" }
        if definition.isNullable == true { reason = "is NOT NULL" }
        if others.filter(\.isAutoIncrement).count > 1 { reason = "is the only one of its table" }
        guard let reason else { return }
        throw StarlingError(
            .binding, "a column that is AUTO_INCREMENT \(reason)", at: definition.name.range)
    }
}
