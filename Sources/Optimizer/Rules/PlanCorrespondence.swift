import StarlingFunctions
import StarlingPlans

/// Tells whether two plans compute the same, and which columns correspond. What holds anything but scans,
/// values, filters, projections, aggregations, windows, joins, set operations and UNNEST is not the same.
package struct PlanCorrespondence {
    /// The first plan's column for each of the second one's.
    private var columns: [ColumnID: PlanColumn] = [:]
    /// True where the columns that both give correspond by their places.
    private let isInOrder: Bool

    /// Where `isInOrder` is false the second plan may compute less, and that in another order.
    package init(isInOrder: Bool = true) { self.isInOrder = isInOrder }

    /// Compares node by node. Both must come from the same rules, since the order of operators counts.
    package mutating func covers(_ first: LogicalPlan, _ second: LogicalPlan) -> Bool {
        let (first, second) = (first.withoutPassing, second.withoutPassing)
        switch (first.node, second.node) {
        case (.scan(let one), .scan(let other)): return covers(one, other)
        case (.values(let one), .values(let other)): return covers(one, other)
        case (.filter(let one), .filter(let other)):
            return covers(one.input, other.input) && sameSet(one.conjuncts, other.conjuncts)
        case (.project(let one), .project(let other)):
            return covers(one.input, other.input) && covers(one.items, other.items)
        case (.aggregate(let one), .aggregate(let other)):
            return one.groupingSets == nil && other.groupingSets == nil
                && one.groupingColumn == nil && other.groupingColumn == nil
                && covers(one.input, other.input) && one.keys.count == other.keys.count
                && covers(one.keys, other.keys) && covers(one.aggregates, other.aggregates)
        case (.join(let one), .join(let other)): return covers(one, other)
        case (.window(let one), .window(let other)): return covers(one, other)
        case (.setOperation(let one), .setOperation(let other)): return covers(one, other)
        case (.unnest(let one), .unnest(let other)):
            guard covers(one.input, other.input), one.isOuter == other.isOuter,
                one.columns.count == other.columns.count, one.lists.allSatisfy(\.isDeterministic),
                one.lists == other.lists.map(translated)
            else { return false }
            for (own, column) in zip(one.columns, other.columns) { columns[column.id] = own }
            return true
        default: return false
        }
    }

    /// Puts an expression over the second plan in terms of the first one.
    package func translated(_ expression: BoundExpression) -> BoundExpression {
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

    private mutating func covers(_ one: ValuesNode, _ other: ValuesNode) -> Bool {
        guard one.columns.map(\.type) == other.columns.map(\.type), one.rows == other.rows,
            one.constants == other.constants,
            one.rows.joined().allSatisfy({ $0.isDeterministic && !$0.containsSubquery })
        else { return false }
        for (own, column) in zip(one.columns, other.columns) { columns[column.id] = own }
        return true
    }

    private mutating func covers(_ one: JoinNode, _ other: JoinNode) -> Bool {
        guard !one.isDependent, !other.isDependent, covers(one.left, other.left),
            covers(one.right, other.right), sameSet(one.conditions, other.conditions)
        else { return false }
        switch (one.kind, other.kind) {
        case (.mark(let own), .mark(let mark)):
            columns[mark.id] = own
            return !isInOrder
        case (.single, .single): return !isInOrder || one.kind == other.kind
        default: return one.kind == other.kind
        }
    }

    // MARK: What is computed

    private mutating func covers(_ ones: [ProjectItem], _ others: [ProjectItem]) -> Bool {
        pair(others, with: ones, \.column, \.column) { own, item, known in
            own.expression.isDeterministic && !own.expression.containsSubquery
                && own.expression == known.translated(item.expression)
        }
    }

    private mutating func covers(_ ones: [AggregateItem], _ others: [AggregateItem]) -> Bool {
        pair(others, with: ones, \.column, \.column) { own, item, known in
            own.function.name == item.function.name && own.ordering.isEmpty
                && item.ordering.isEmpty && own.isDistinct == item.isDistinct
                && own.signature.resultType == item.signature.resultType
                && own.arguments.allSatisfy(\.isDeterministic)
                && own.arguments == item.arguments.map(known.translated)
                && own.condition == item.condition.map(known.translated)
        }
    }

    private mutating func covers(_ one: WindowNode, _ other: WindowNode) -> Bool {
        guard covers(one.input, other.input),
            one.partitionKeys == other.partitionKeys.map(translated),
            one.orderKeys == translated(other.orderKeys)
        else { return false }
        return pair(other.items, with: one.items, \.column, \.column) { own, item, known in
            own.function.isSame(as: item.function) && own.signature == item.signature
                && own.expressions.allSatisfy(\.isDeterministic)
                && own.arguments == item.arguments.map(known.translated)
                && own.isDistinct == item.isDistinct && own.ignoresNulls == item.ignoresNulls
                && own.condition == item.condition.map(known.translated)
                && own.ordering == known.translated(item.ordering)
                && own.frame == known.translated(item.frame)
        }
    }

    private mutating func covers(_ one: SetOperationNode, _ other: SetOperationNode) -> Bool {
        guard one.kind == other.kind, one.keepsDuplicates == other.keepsDuplicates,
            one.inputs.count == other.inputs.count
        else { return false }
        for (own, input) in zip(one.inputs, other.inputs) where !covers(own, input) { return false }
        let isOfRows = !one.keepsDuplicates || one.kind != .union
        if isOfRows || isInOrder, one.columns.count != other.columns.count { return false }
        return pair(
            Array(other.columns.indices), with: Array(one.columns.indices),
            { other.columns[$0] }, { one.columns[$0] }
        ) { own, place, known in
            zip(one.inputColumns, other.inputColumns).allSatisfy { ones, others in
                .column(ones[own]) == known.translated(.column(others[place]))
            }
        }
    }

    /// Finds for each item of the second plan what is the same of the first one; where the order counts
    /// these have the same places. Whatever counts stays as many.
    private mutating func pair<Item>(
        _ items: [Item], with ones: [Item], _ column: (Item) -> PlanColumn,
        _ own: (Item) -> PlanColumn,
        where areSame: (Item, Item, PlanCorrespondence) -> Bool
    ) -> Bool {
        guard items.count == ones.count || !isInOrder && items.count < ones.count else {
            return false
        }
        var found: [ColumnID: PlanColumn] = [:]
        var used: Set<Int> = []
        for (place, item) in items.enumerated() {
            let match =
                isInOrder
                ? (areSame(ones[place], item, self) ? place : nil)
                : ones.indices.first { !used.contains($0) && areSame(ones[$0], item, self) }
            guard let match else { return false }
            used.insert(match)
            found[column(item).id] = own(ones[match])
        }
        columns.merge(found) { _, new in new }
        return true
    }

    private func translated(_ keys: [SortKey]) -> [SortKey] {
        keys.map { key in
            var key = key
            key.expression = translated(key.expression)
            return key
        }
    }

    private func translated(_ frame: WindowFrame) -> WindowFrame {
        func bound(_ bound: WindowFrame.Bound) -> WindowFrame.Bound {
            switch bound {
            case .preceding(let end): .preceding(translated(end))
            case .following(let end): .following(translated(end))
            default: bound
            }
        }
        var frame = frame
        frame.start = bound(frame.start)
        frame.end = bound(frame.end)
        return frame
    }

    /// Compares conjuncts in any order.
    private func sameSet(_ ones: [BoundExpression], _ others: [BoundExpression]) -> Bool {
        ones.allSatisfy { $0.isDeterministic && !$0.containsSubquery }
            && Set(ones) == Set(others.map(translated))
    }
}

extension WindowItem.Function {
    fileprivate func isSame(as other: WindowItem.Function) -> Bool {
        switch (self, other) {
        case (.aggregate(let one), .aggregate(let other)): one === other
        case (.ranking(let one), .ranking(let other)): one === other
        default: false
        }
    }
}

extension LogicalPlan {
    /// The plan without projections on top that compute nothing.
    fileprivate var withoutPassing: LogicalPlan {
        guard case .project(let project) = node,
            project.items.allSatisfy({ $0.expression == .column($0.column) })
        else { return self }
        return project.input.withoutPassing
    }
}
