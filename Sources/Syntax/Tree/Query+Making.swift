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
}
