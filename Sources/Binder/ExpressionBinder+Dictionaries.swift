// dict_mapping() and lookup_string(): a value of a PRIMARY KEY table for a key. They are scalar
// subqueries, which the optimizer makes joins of.

import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension ExpressionBinder {
    /// Binds `dict_mapping('table', key, …[, 'column'][, null_if_missing])`.
    func bindDictionaryMapping(
        _ arguments: [Expression]
    ) throws(StarlingError) -> BoundExpression {
        var rest = arguments
        var givesNull = false
        if rest.count > 2, case .literal(.boolean(let flag)) = rest[rest.count - 1].kind {
            givesNull = flag
            rest.removeLast()
        }
        let table = try keyedTable("dict_mapping", rest.first)
        let keyCount = table.key.columns.count
        guard rest.count == keyCount + 1 || rest.count == keyCount + 2 else {
            throw StarlingError(
                .binding,
                "dict_mapping() takes the table, a value for each of its \(keyCount) key columns "
                    + "and, if wanted, a column's name and whether a missing key gives NULL")
        }
        let column = try table.column(
            rest.count == keyCount + 2 ? rest[keyCount + 1] : nil, "dict_mapping")
        let keys = Array(rest[1...keyCount])
        let found = try value(of: column, in: table, at: keys, "dict_mapping")
        if givesNull { return found }
        let exists: BoundExpression =
            column.isNullable == false
            ? .not(.isNull(found)) : try bindExists(table.query(of: column, at: keys))
        let message = BoundExpression.literal(
            .text("query failed if record not exist in dict table: \(table.name.sql)"), .string)
        return try makeConditional(
            [ConditionalBranch(condition: exists, result: found)],
            coerce(try call("raise_error", [message]), to: found.type))
    }

    /// Binds `lookup_string('table', 'key', 'column')`.
    func bindKeyedText(_ arguments: [Expression]) throws(StarlingError) -> BoundExpression {
        let table = try keyedTable("lookup_string", arguments[0])
        guard table.key.columns.count == 1 else {
            throw StarlingError(
                .binding, "lookup_string() takes a table whose PRIMARY KEY is one column",
                at: arguments[0].range)
        }
        let column = try table.column(arguments[2], "lookup_string")
        return coerce(
            try value(of: column, in: table, at: [arguments[1]], "lookup_string"), to: .string)
    }

    /// Looks a column up by keys, which are compared with each row of the table.
    private func value(
        of column: ColumnDefinition, in table: KeyedTable, at keys: [Expression],
        _ function: String
    ) throws(StarlingError) -> BoundExpression {
        let found = try bindScalarQuery(table.query(of: column, at: keys))
        guard found.isDeterministic else {
            throw StarlingError(
                .binding,
                "the keys of \(function)() cannot ask chance; compute them in a subquery of FROM",
                at: keys[0].range)
        }
        return found
    }

    /// Finds the PRIMARY KEY table that a literal names.
    private func keyedTable(
        _ function: String, _ argument: Expression?
    ) throws(StarlingError) -> KeyedTable {
        guard let argument, case .literal(.string(let text)) = argument.kind else {
            throw StarlingError(
                .binding, "\(function)() takes the name of a PRIMARY KEY table as a string first",
                at: argument?.range)
        }
        let name = try self.name(text, at: argument.range)
        let resolved = try environment.catalog.resolve(name, in: environment.currentDatabase)
        guard let definition = environment.entry(resolved)?.definition, let key = definition.key,
            key.kind == .primary
        else {
            throw StarlingError(
                .binding, "there is no PRIMARY KEY table '\(text)', which \(function)() could read",
                at: argument.range)
        }
        return KeyedTable(name: name, key: key, columns: definition.columns, place: argument.range)
    }

    /// Reads the name that a literal is.
    private func name(
        _ text: String, at place: TextRange
    ) throws(StarlingError) -> QualifiedName {
        do throws(StarlingError) {
            return QualifiedName(
                try parseName(text).parts.map {
                    Identifier($0.text, isQuoted: true, range: place)
                })
        } catch {
            throw StarlingError(
                .binding, "'\(text)' is no name of a table: \(error.message)", at: place)
        }
    }
}

/// Is a table whose rows are found by their key.
private struct KeyedTable {
    let name: QualifiedName
    let key: TableKey
    let columns: [ColumnDefinition]
    let place: TextRange

    /// Finds the column that a literal names, or else the one that numbers the rows.
    func column(
        _ argument: Expression?, _ function: String
    ) throws(StarlingError) -> ColumnDefinition {
        guard let argument else {
            if let numbered = columns.first(where: \.isAutoIncrement) { return numbered }
            throw StarlingError(
                .binding,
                "\(name.sql) has no AUTO_INCREMENT column; \(function)() takes the name of the "
                    + "wanted column behind the keys", at: place)
        }
        guard case .literal(.string(let text)) = argument.kind else {
            throw StarlingError(
                .binding, "\(function)() takes the name of a column as a string",
                at: argument.range)
        }
        guard let column = columns.first(where: { $0.name.text.lowercased() == text.lowercased() })
        else {
            let near = nearestName(to: text, among: columns.map(\.name.text))
            throw StarlingError(
                .binding, "table \(name.sql) has no column '\(text)'\(suggestion(near))",
                at: argument.range)
        }
        return column
    }

    /// Makes the query of a column's value at a key. The columns get names that no column of the
    /// query around has, which the keys may name.
    func query(of value: ColumnDefinition, at keys: [Expression]) -> Query {
        let wanted = Identifier("value of \(name.sql)", isQuoted: true, range: place)
        let names = keys.indices.map {
            Identifier("key \($0 + 1) of \(name.sql)", isQuoted: true, range: place)
        }
        let columns = zip(key.columns + [value.name], names + [wanted]).map { column, alias in
            SelectItem.expression(
                Expression(.column(QualifiedName([column])), at: place), alias: alias)
        }
        var inner = Select(selecting: columns, at: place)
        inner.from = [TableReference(naming: name, as: nil)]
        let dictionary = TableReference(
            .subquery(Query(with: nil, selecting: inner), isLateral: false, alias: nil), at: place)
        var outer = Select(
            selecting: [
                .expression(Expression(.column(QualifiedName([wanted])), at: place), alias: nil)
            ], at: place)
        outer.from = [dictionary]
        outer.condition = Expression(
            .logical(
                .and,
                zip(names, keys).map { name, key in
                    Expression(
                        .binary(
                            .equal, Expression(.column(QualifiedName([name])), at: place), key),
                        at: place)
                }), at: place)
        return Query(with: nil, selecting: outer)
    }
}
