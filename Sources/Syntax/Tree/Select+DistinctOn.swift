// SELECT DISTINCT ON (a, b): the first row of each of these values in the order of ORDER BY. It is
// QUALIFY row_number() OVER (PARTITION BY a, b ORDER BY …) = 1.

import StarlingErrors

extension Select {
    /// Gives the condition of QUALIFY, and with DISTINCT ON that a row is its values' first.
    package func qualify(withDistinctOnIn orderBy: OrderBy) -> Expression? {
        guard let first = distinctOn.first else { return qualify }
        var window = WindowSpecification()
        window.partitionBy = distinctOn.map { named($0) }
        switch orderBy {
        case .items(let list):
            window.orderBy = list.map { item in
                var item = item
                item.expression = named(item.expression)
                return item
            }
        case .all(let isDescending, let nullsFirst):
            window.orderBy = items.compactMap { item in
                guard case .expression(let expression, _) = item else { return nil }
                return SortItem(
                    expression: expression, isDescending: isDescending, areNullsFirst: nullsFirst)
            }
        }
        let name = Identifier("row_number", range: first.range)
        var call = FunctionCall(name: QualifiedName([name]))
        call.window = .inline(window)
        let isFirst = Expression(
            .binary(
                .equal, Expression(.call(call), at: first.range),
                Expression(.literal(.integer("1")), at: first.range)), at: first.range)
        guard let qualify else { return isFirst }
        return Expression(.logical(.and, [qualify, isFirst]), at: first.range)
    }

    /// Replaces the number or the alias of an item by what it stands for, as ORDER BY does.
    private func named(_ expression: Expression) -> Expression {
        let plain = items.prefix { if case .wildcard = $0 { false } else { true } }
        if case .literal(.integer(let digits)) = expression.kind, let number = Int(digits),
            plain.indices.contains(number - 1), case .expression(let item, _) = plain[number - 1]
        {
            return item
        }
        guard case .column(let name) = expression.kind, name.parts.count == 1 else {
            return expression
        }
        for case .expression(let item, let alias?) in items
        where alias.text.lowercased() == name.last.text.lowercased() {
            return item
        }
        return expression
    }
}
