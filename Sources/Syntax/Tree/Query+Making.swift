// Queries and parts of statements that are made rather than parsed.

import StarlingErrors

extension Query {
    /// Makes `SELECT expression`.
    package init(selecting expression: Expression) {
        let select = Select(
            items: [.expression(expression, alias: nil)], range: expression.range)
        self.init(with: nil, body: .select(select), range: expression.range)
    }

    /// Makes `SELECT * FROM source`.
    package init(allFrom source: TableReference) {
        let select = Select(
            items: [.wildcard(Wildcard(range: source.range))], from: [source],
            range: source.range)
        self.init(with: nil, body: .select(select), range: source.range)
    }

    /// Makes `SELECT * FROM (VALUES row, ..) AS shown (names) WHERE .. ORDER BY .. LIMIT ..`.
    package init(
        rows: [[Expression]], names: [String], condition: Expression?, orderBy: [SortItem],
        limit: Limit?, at range: TextRange
    ) {
        let alias = TableAlias(
            name: Identifier("shown", range: range),
            columns: names.map { Identifier($0, isQuoted: true, range: range) })
        let values = Query(with: nil, body: .values(rows), range: range)
        self.init(
            allFrom: TableReference(.subquery(values, isLateral: false, alias: alias), at: range))
        guard case .select(var select) = body else { return }
        select.condition = condition
        body = .select(select)
        self.orderBy = .items(orderBy)
        self.limit = limit
    }

    /// Makes `SELECT columns FROM table`, all of them where none is named.
    package init(columns: [Identifier], from name: QualifiedName) {
        self.init(
            columns: columns, from: TableReference(.table(NamedTable(name: name)), at: name.range))
    }

    /// Makes `SELECT items FROM table`.
    package init(items: [Expression], from name: QualifiedName) {
        self.init(columns: [], from: name)
        guard case .select(var select) = body else { return }
        select.items = items.map { .expression($0, alias: nil) }
        body = .select(select)
    }

    /// Makes `SELECT columns FROM source`, all of them where none is named.
    package init(columns: [Identifier], from source: TableReference) {
        self.init(allFrom: source)
        guard !columns.isEmpty, case .select(var select) = body else { return }
        select.items = columns.map {
            .expression(Expression(.column(QualifiedName([$0])), at: $0.range), alias: nil)
        }
        body = .select(select)
    }
}

extension Query {
    /// Makes a query of one block.
    package init(with: WithClause?, selecting select: Select) {
        self.init(with: with, body: .select(select), range: select.range)
    }
}

extension TableReference {
    /// Makes `name AS alias`.
    package init(naming name: QualifiedName, as alias: Identifier?) {
        var table = NamedTable(name: name)
        table.alias = alias.map { TableAlias(name: $0, columns: []) }
        self.init(.table(table), at: name.range)
    }
}

extension WithClause {
    /// Makes a clause with the tables of this one before those of `inner`.
    package func followed(by inner: WithClause?) -> WithClause {
        guard let inner else { return self }
        return WithClause(
            isRecursive: isRecursive || inner.isRecursive, tables: tables + inner.tables)
    }
}

extension Join {
    /// Makes a join on a condition.
    package init(
        _ kind: Kind, _ left: TableReference, _ right: TableReference, on condition: Expression
    ) {
        self.init(kind: kind, left: left, right: right, condition: .on(condition))
    }
}

extension Expression {
    /// Makes `CASE WHEN condition THEN result … ELSE otherwise END`.
    package init(
        choosing branches: [(condition: Expression, result: Expression)],
        otherwise: Expression, at range: TextRange
    ) {
        guard !branches.isEmpty else {
            self = otherwise
            return
        }
        let all = branches.map {
            Conditional.Branch(condition: $0.condition, result: $0.result)
        }
        self.init(.conditional(Conditional(branches: all, otherwise: otherwise)), at: range)
    }
}

extension CreateTable {
    /// Makes a table that has only a name yet.
    package init(named name: QualifiedName) { self.init(name: name) }
}

extension TableKey {
    package init(_ kind: Kind, _ columns: [Identifier]) {
        self.init(kind: kind, columns: columns)
    }
}

extension Drop {
    /// Makes a statement that drops something that is there.
    package init(_ kind: ObjectKind, _ name: QualifiedName) {
        self.init(kind: kind, ifExists: false, name: name)
    }
}

extension ColumnDefinition {
    /// Makes a column of CREATE TABLE .. AS, which has a name alone.
    package init(named name: Identifier) { self.init(name: name) }
}

extension Select {
    /// Makes a block that selects from what its binder knows already.
    package init(selecting items: [SelectItem], at range: TextRange) {
        self.init(items: items, range: range)
    }
}

extension FunctionCall {
    /// Makes `percentile_cont(x, 0.5)` of `percentile_cont(0.5) WITHIN GROUP (ORDER BY x)`. The
    /// direction of the order is left to the caller.
    package var takingOrderedValue: FunctionCall {
        guard orderBy.count == 1 else { return self }
        var call = self
        call.arguments.insert(FunctionArgument(value: orderBy[0].expression), at: 0)
        call.orderBy = []
        return call
    }
}

extension Insert {
    /// Makes `INSERT INTO table (columns) query`.
    package init(into table: QualifiedName, columns: [Identifier], from query: Query) {
        self.init(overwrites: false, target: .table(table), columns: columns, query: query)
    }
}

extension TableFunction {
    /// Makes `FILES ('name' = 'value', …)`.
    package init(filesWith properties: [Property], at range: TextRange) {
        self.init(name: QualifiedName([Identifier("files", range: range)]), properties: properties)
    }
}

extension TableReference {
    /// Makes `LATERAL (query) AS name`.
    package init(lateral query: Query, as name: Identifier) {
        self.init(
            .subquery(query, isLateral: true, alias: TableAlias(name: name, columns: [])),
            at: name.range)
    }
}
