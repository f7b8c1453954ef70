import StarlingFunctions
import StarlingPlans

/// Tells whether two plans compute the same, and which columns correspond. It knows scans, filters,
/// projections, aggregations and joins; whatever holds anything else is not the same.
struct PlanCorrespondence {
    /// The first plan's column for each of the second one's.
    private var columns: [ColumnID: PlanColumn] = [:]

    /// Compares node by node. Both must come from the same rules, since no order is changed.
    mutating func covers(_ first: LogicalPlan, _ second: LogicalPlan) -> Bool {
        switch (first.node, second.node) {
        case (.scan(let one), .scan(let other)): return covers(one, other)
        case (.filter(let one), .filter(let other)):
            return covers(one.input, other.input) && sameSet(one.conjuncts, other.conjuncts)
        case (.project(let one), .project(let other)):
            return covers(one.input, other.input) && covers(one.items, other.items)
        case (.aggregate(let one), .aggregate(let other)):
            return one.groupingSets == nil && other.groupingSets == nil
                && one.groupingColumn == nil && other.groupingColumn == nil
                && covers(one.input, other.input) && covers(one.keys, other.keys)
                && covers(one.aggregates, other.aggregates)
        case (.join(let one), .join(let other)):
            if case .mark = one.kind { return false }
            return one.kind == other.kind && !one.isDependent && !other.isDependent
                && covers(one.left, other.left) && covers(one.right, other.right)
                && sameSet(one.conditions, other.conditions)
        default: return false
        }
    }

    /// Puts an expression over the second plan in terms of the first one.
    func translated(_ expression: BoundExpression) -> BoundExpression {
        expression.renaming(columns)
    }

    private mutating func covers(_ one: ScanNode, _ other: ScanNode) -> Bool {
        guard one.table === other.table, one.columns.count == other.columns.count else {
            return false
        }
        for (left, right) in zip(one.columns, other.columns) {
            guard left.position == right.position, left.path == right.path else { return false }
            columns[right.column.id] = left.column
        }
        return sameSet(one.conjuncts, other.conjuncts)
    }

    private mutating func covers(_ ones: [ProjectItem], _ others: [ProjectItem]) -> Bool {
        guard ones.count == others.count else { return false }
        for (one, other) in zip(ones, others) {
            guard one.expression.isDeterministic, one.expression == translated(other.expression)
            else {
                return false
            }
            columns[other.column.id] = one.column
        }
        return true
    }

    private mutating func covers(_ ones: [AggregateItem], _ others: [AggregateItem]) -> Bool {
        guard ones.count == others.count else { return false }
        for (one, other) in zip(ones, others) {
            guard one.function.name == other.function.name, one.ordering.isEmpty,
                other.ordering.isEmpty, one.isDistinct == other.isDistinct,
                one.signature.resultType == other.signature.resultType,
                one.arguments.allSatisfy(\.isDeterministic),
                one.arguments == other.arguments.map(translated),
                one.condition == other.condition.map(translated)
            else { return false }
            columns[other.column.id] = one.column
        }
        return true
    }

    /// Compares conjuncts in any order.
    private func sameSet(_ ones: [BoundExpression], _ others: [BoundExpression]) -> Bool {
        ones.allSatisfy { $0.isDeterministic && !$0.containsSubquery }
            && Set(ones) == Set(others.map(translated))
    }
}
