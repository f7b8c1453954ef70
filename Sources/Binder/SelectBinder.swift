// Binds one SELECT block, clause by clause in the order in which SQL evaluates them:
// FROM, WHERE, GROUP BY, HAVING, windows, QUALIFY, the select list, DISTINCT, ORDER BY, LIMIT.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTypes

final class SelectBinder {
    let binder: QueryBinder
    let outer: Scope?
    /// The columns of FROM.
    let scope: Scope
    let calls = CallCollector()
    var plan: LogicalPlan
    /// The items of the select list after `*` is spelt out.
    var items: [BoundItem] = []
    var grouping = Grouping()
    var keptItems = KeptItems()
    /// The place of the block, for messages that fit no word in it.
    private(set) var range: TextRange?

    struct BoundItem {
        var name: String
        var alias: String?
        var range: TextRange
        var expression: BoundExpression
    }

    init(_ binder: QueryBinder, outer: Scope?) {
        self.binder = binder
        self.outer = outer
        scope = Scope(parent: outer)
        plan = LogicalPlan(.values(ValuesNode(columns: [], rows: [[]])))
    }

    func bind(
        _ select: Select, orderBy: OrderBy, limit: Limit?
    ) throws(StarlingError) -> BoundQuery {
        range = select.range
        try bindFrom(select.from)
        try bindWhere(select.condition)
        calls.namedWindows = select.windows
        try bindItems(select.items)
        try grouping.bind(select.groupBy, self)
        let having = try bindCondition(select.having, "HAVING")
        let qualify = try bindCondition(select.qualify(withDistinctOnIn: orderBy), "QUALIFY")
        var keys = try bindOrder(orderBy)

        try checkGroupingCalls()
        var clauses = FilteredClauses(having: having, qualify: qualify)
        if grouping.isGrouped || !calls.aggregates.isEmpty {
            try group(select, orderBy, &keys, &clauses)
        } else {
            let isWindowed = calls.windowed
            project(keptItems.items.filter { !isWindowed.contains($0.column.id) })
            clauses.itemsAboveWindows = keptItems.items.filter {
                isWindowed.contains($0.column.id)
            }
        }
        if let having = clauses.having { addFilter(having) }
        try addWindows()
        project(clauses.itemsAboveWindows)
        if let qualify = clauses.qualify { addFilter(qualify) }
        return try finish(select, keys: keys, limit: limit)
    }

    /// Holds what stands around the windows of a block.
    private struct FilteredClauses {
        var having: BoundExpression?
        var qualify: BoundExpression?
        var itemsAboveWindows: [ProjectItem] = []
    }

    /// Puts the aggregation on the plan and lets all clauses above it read what it gives.
    private func group(
        _ select: Select, _ orderBy: OrderBy, _ keys: inout [SortKey],
        _ clauses: inout FilteredClauses
    ) throws(StarlingError) {
        let below = projectItemsBelowGroups()
        addAggregation()
        let rewriter = GroupedRewriter(self, keptBelow: below)
        for index in items.indices {
            items[index].expression = try rewriter.rewrite(
                items[index].expression, from: items[index].range)
        }
        for index in keys.indices {
            keys[index].expression = try rewriter.rewrite(
                keys[index].expression, from: orderBy.range(ofKey: index))
        }
        for index in calls.windows.indices {
            try calls.windows[index].rewrite { (expression) throws(StarlingError) in
                try rewriter.rewrite(expression, from: select.range)
            }
        }
        clauses.having = try clauses.having.map { (having) throws(StarlingError) in
            try rewriter.rewrite(having, from: select.having?.range)
        }
        clauses.qualify = try clauses.qualify.map { (qualify) throws(StarlingError) in
            try rewriter.rewrite(qualify, from: select.qualify?.range)
        }
        let windows = calls.windowColumns
        project(rewriter.itemsAbove.filter { !windows.contains($0.column.id) })
        clauses.itemsAboveWindows = rewriter.itemsAbove.filter { windows.contains($0.column.id) }
    }

    private func bindWhere(_ condition: Expression?) throws(StarlingError) {
        guard let condition else { return }
        let expressions = ExpressionBinder(binder, scope: scope)
        expressions.clause = "WHERE"
        let bound = try expressions.bindCondition(condition)
        addFilter(bound)
        scope.searched = (bound, plan)
    }

    func addFilter(_ condition: BoundExpression) {
        let conjuncts = condition.conjuncts
        guard !conjuncts.isEmpty else { return }
        plan = LogicalPlan(.filter(FilterNode(input: plan, conjuncts: conjuncts)))
    }

    /// Makes a binder for clauses in which aggregates and windows may stand.
    func makeExpressionBinder(allowsAliases: Bool = false) -> ExpressionBinder {
        let expressions = ExpressionBinder(binder, scope: scope)
        expressions.calls = calls
        if allowsAliases {
            expressions.aliases = Dictionary(
                items.compactMap { item in
                    item.alias.map { ($0.lowercased(), item.expression) }
                }, uniquingKeysWith: { first, _ in first })
        }
        return expressions
    }

    private func bindCondition(
        _ condition: Expression?, _ clause: String
    ) throws(StarlingError) -> BoundExpression? {
        guard let condition else { return nil }
        let expressions = makeExpressionBinder(allowsAliases: true)
        expressions.clause = clause
        return try expressions.bindCondition(condition)
    }

    // MARK: The select list

    private func bindItems(_ list: [SelectItem]) throws(StarlingError) {
        let expressions = makeExpressionBinder()
        for item in list {
            switch item {
            case .expression(let source, let alias):
                let expression = kept(try expressions.bind(source), as: alias)
                items.append(
                    BoundItem(
                        name: alias?.text ?? binder.columnName(of: source), alias: alias?.text,
                        range: source.range, expression: expression))
                // Later items may use the alias where no column has that name.
                if let alias, expressions.aliases[alias.text.lowercased()] == nil {
                    expressions.aliases[alias.text.lowercased()] = expression
                }
            case .wildcard(let wildcard): try expand(wildcard, expressions)
            }
        }
    }

    private func expand(
        _ wildcard: Wildcard, _ expressions: ExpressionBinder
    ) throws(StarlingError) {
        var columns = scope.columns.filter { !$0.needsQualifier && !$0.isVirtual }
        if let qualifier = wildcard.qualifier {
            guard let found = scope.columns(ofTable: qualifier) else {
                let near = nearestName(to: qualifier.last.text, among: scope.tableNames)
                throw StarlingError(
                    .binding,
                    "there is no table '\(qualifier.last.text)' in this query\(suggestion(near))",
                    at: wildcard.range)
            }
            columns = found
        } else if columns.isEmpty {
            let reason =
                scope.tableNames.isEmpty
                ? "* needs a FROM clause" : "* stands for no column: what is read has none"
            throw StarlingError(.binding, reason, at: wildcard.range)
        }
        for name in wildcard.excluded {
            guard columns.contains(where: { $0.name.lowercased() == name.text.lowercased() })
            else {
                let near = nearestName(to: name.text, among: columns.map(\.name))
                throw StarlingError(
                    .binding,
                    "there is no column '\(name.text)' to leave out\(suggestion(near))",
                    at: name.range)
            }
        }
        let excluded = Set(wildcard.excluded.map { $0.text.lowercased() })
        for column in columns where !excluded.contains(column.name.lowercased()) {
            let replacement = wildcard.replaced.first {
                $0.name.text.lowercased() == column.name.lowercased()
            }
            var expression = BoundExpression.column(column.column)
            if let replacement { expression = try expressions.bind(replacement.expression) }
            items.append(
                BoundItem(
                    name: column.name, alias: nil, range: wildcard.range, expression: expression))
        }
    }

    // MARK: ORDER BY

    private func bindOrder(_ orderBy: OrderBy) throws(StarlingError) -> [SortKey] {
        switch orderBy {
        case .all(let isDescending, let nullsFirst):
            return items.map {
                SortKey(
                    expression: $0.expression, isAscending: !isDescending, nullsFirst: nullsFirst)
            }
        case .items(let list):
            let expressions = makeExpressionBinder(allowsAliases: true)
            expressions.clause = "ORDER BY"
            expressions.aliasesComeFirst = true
            return try mapAll(list) { (item) throws(StarlingError) in
                if let position = try binder.ordinal(item.expression, count: items.count) {
                    return SortKey(item, items[position].expression)
                }
                return SortKey(item, try expressions.bind(item.expression))
            }
        }
    }

    // MARK: The end

    private func finish(
        _ select: Select, keys: [SortKey], limit: Limit?
    ) throws(StarlingError) -> BoundQuery {
        var projected: [ProjectItem] = []
        for item in items {
            let column = binder.allocator.makeColumn(
                item.name, item.expression.type, isNullable: item.expression.mayBeNull,
                analyzers: item.expression.analyzers)
            let expression = item.expression
            projected.append(
                ProjectItem(
                    column: column,
                    expression: select.isDistinct ? groupable(expression) : expression))
        }
        let visible = projected.map(\.column)
        var sortKeys: [SortKey] = []
        for key in keys {
            var key = key
            if let position = items.firstIndex(where: { $0.expression == key.expression }) {
                key.expression = .column(visible[position])
            } else if select.isDistinct {
                throw StarlingError(
                    .binding,
                    "with SELECT DISTINCT, ORDER BY can only use what the select list has",
                    at: select.range)
            } else if !key.expression.isConstant {
                let hidden = binder.allocator.makeColumn(
                    "order key", key.expression.type, isNullable: key.expression.mayBeNull)
                projected.append(ProjectItem(column: hidden, expression: key.expression))
                key.expression = .column(hidden)
            }
            if !key.expression.isConstant { sortKeys.append(key) }
        }
        plan = LogicalPlan(.project(ProjectNode(input: plan, items: projected)))
        if select.isDistinct {
            plan = LogicalPlan(
                .aggregate(
                    AggregateNode(
                        input: plan, keys: visible.map(ProjectItem.init(passing:)),
                        aggregates: [])))
        }
        let (count, offset) = try binder.bindLimit(limit, outer)
        plan = binder.limited(plan, keys: sortKeys, limit: count, offset: offset)
        if projected.count > visible.count {
            plan = LogicalPlan(
                .project(
                    ProjectNode(input: plan, items: visible.map(ProjectItem.init(passing:)))))
        }
        return BoundQuery(plan: plan, columns: visible)
    }
}

extension OrderBy {
    /// The place of one of its keys, where each has one.
    fileprivate func range(ofKey index: Int) -> TextRange? {
        guard case .items(let items) = self, index < items.count else { return nil }
        return items[index].expression.range
    }
}

extension BoundExpression {
    var isConstant: Bool {
        if case .literal = self { true } else { false }
    }
}

extension QueryBinder {
    /// The name a result column bears without an alias: the column's own, or the text.
    func columnName(of expression: Expression) -> String {
        if case .column(let name) = expression.kind { return name.last.text }
        return expression.sql()
    }
}
