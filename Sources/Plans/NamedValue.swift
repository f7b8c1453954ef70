// A value that an expression reads in several places and that is computed once a row: what asks
// chance gives the same everywhere, and what is large is not copied. `rand() BETWEEN 0.2 AND 0.4` is
// the body `operand >= 0.2 AND operand <= 0.4` with the value `rand()`.

import StarlingErrors

/// Gives a value a name inside of an expression.
package struct NamedValue: Sendable {
    /// What the body reads; it exists there only.
    package var column: PlanColumn
    package var value: BoundExpression
    package var body: BoundExpression

    package init(column: PlanColumn, value: BoundExpression, body: BoundExpression) {
        self.column = column
        self.value = value
        self.body = body
    }
}

extension NamedValue: Hashable {
    /// Compares up to the name: what is written twice is the same expression.
    package static func == (left: NamedValue, right: NamedValue) -> Bool {
        guard left.value == right.value else { return false }
        if left.column == right.column { return left.body == right.body }
        return left.body == right.body.renaming([right.column.id: left.column])
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

extension BoundExpression {
    private static let copiedNodeCountMax = 64

    /// True where copies would ask chance again, or make the expression much larger.
    package var isWorthNaming: Bool {
        isLarger(than: Self.copiedNodeCountMax) || !isDeterministic
    }

    /// Tells whether the tree has more than that many nodes.
    package func isLarger(than count: Int) -> Bool {
        var left = count
        return isLarger(leaving: &left)
    }

    private func isLarger(leaving left: inout Int) -> Bool {
        left -= 1
        if left < 0 { return true }
        for child in children where child.isLarger(leaving: &left) { return true }
        return false
    }

    /// Gives the value of this expression a name, where copies of it would do harm, and lets `body`
    /// be made of that.
    package func named(
        by allocator: ColumnAllocator,
        in body: (BoundExpression) throws(StarlingError) -> BoundExpression
    ) throws(StarlingError) -> BoundExpression {
        guard isWorthNaming else { return try body(self) }
        let column = allocator.makeColumn("operand", type, isNullable: mayBeNull)
        return .naming(
            NamedValue(column: column, value: self, body: try body(.column(column))))
    }
}
