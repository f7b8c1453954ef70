// Parameters whose values are not known yet: PREPARE binds a statement with columns in their places
// and reads from the conversions around them which types fit.

import StarlingTypes

extension PlanColumn {
    /// The identities from here downwards are those of placeholders.
    private static let firstPlaceholder = Int.min / 2

    /// Makes the column that stands for parameter `number` until there is a value.
    package init(placeholder number: Int) {
        self.init(
            id: ColumnID(Self.firstPlaceholder - number), name: "?\(number)", type: .null,
            isNullable: true)
    }

    /// The number of the parameter that the column stands for.
    package var placeholderNumber: Int? {
        id.number <= Self.firstPlaceholder ? Self.firstPlaceholder - id.number : nil
    }
}

extension LogicalPlan {
    /// Hands over the types to which placeholders are converted, those of subqueries too.
    package func visitPlaceholders(_ visit: (_ number: Int, _ type: LogicalType) -> Void) {
        for expression in expressions { expression.visitPlaceholders(visit) }
        for child in children { child.visitPlaceholders(visit) }
    }
}

extension BoundExpression {
    fileprivate func visitPlaceholders(_ visit: (Int, LogicalType) -> Void) {
        if case .cast(.column(let column), let type) = self, let number = column.placeholderNumber {
            visit(number, type)
        }
        if case .subquery(let subquery) = self { subquery.plan.plan.visitPlaceholders(visit) }
        for child in children { child.visitPlaceholders(visit) }
    }
}
