// Queries that are made rather than parsed.

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

    /// Makes `SELECT columns FROM table`, all of them where none is named.
    package init(columns: [Identifier], from name: QualifiedName) {
        let source = TableReference(
            .table(NamedTable(name: name)), at: name.range)
        self.init(allFrom: source)
        guard !columns.isEmpty, case .select(var select) = body else { return }
        select.items = columns.map {
            .expression(Expression(.column(QualifiedName([$0])), at: $0.range), alias: nil)
        }
        body = .select(select)
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
