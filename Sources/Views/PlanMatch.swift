// Reads a part of a query from a view whose query that part is, whatever its operators are: windows, sets,
// full joins, aggregates of which no states are kept. Both are compared as they are written, before conditions
// go where they belong. What the part has besides, other conditions of its last filter and what is computed of
// its columns, is applied to the view's rows.

import StarlingErrors
import StarlingOptimizer
import StarlingPlans
import StarlingTables

/// Compares the query of a view with parts of queries.
struct PlanMatch {
    private let view: RewriteCandidate
    /// The query without the projections and filters on top.
    private let core: LogicalPlan
    private let conjuncts: [BoundExpression]
    /// What the view's columns are, over the core.
    private let stored: [BoundExpression]

    /// Takes the query of a view apart; nil where the view is told by its block, or retains rows.
    init?(_ view: RewriteCandidate) {
        guard let outline = view.program.outline, view.program.following.isEmpty else { return nil }
        let peeled = Peeled(view.standing(outline.plan), outline.columns, isOrdered: false)
        self.view = view
        (core, conjuncts, stored) = (peeled.core, peeled.conjuncts, peeled.expressions)
    }

    /// Tells at a glance that a part is not the query.
    func isOutOfQuestion(_ part: LogicalPlan) -> Bool {
        let other = Peeled(part, []).core
        switch (core.node, other.node) {
        case (.aggregate, .aggregate), (.window, .window), (.setOperation, .setOperation),
            (.join, .join), (.unnest, .unnest), (.scan, .scan):
            return false
        default: return true
        }
    }

    /// Reads columns of a part of a query; nil where the part is not the view's query.
    func plan(
        of part: LogicalPlan, _ columns: [PlanColumn], _ allocator: ColumnAllocator
    ) throws(MatchFailure) -> LogicalPlan? {
        let peeled = Peeled(part, columns)
        var correspondence = PlanCorrespondence(isInOrder: false)
        guard correspondence.covers(core, peeled.core) else { return nil }
        let conditions = peeled.conjuncts.map(correspondence.translated)
        guard conjuncts.allSatisfy(conditions.contains) else { return nil }
        var rows = StoredRows(stored, view, allocator)
        let residual = conditions.filter { !conjuncts.contains($0) }
        var applied: [BoundExpression] = []
        for condition in residual { applied.append(try rows.read(condition)) }
        var items: [ProjectItem] = []
        for (column, expression) in zip(columns, peeled.expressions) {
            let read = try rows.read(correspondence.translated(expression))
            items.append(ProjectItem(column: column, expression: read))
        }
        return LogicalPlan(
            .project(ProjectNode(input: try rows.plan(where: applied), items: items)))
    }
}

/// Is a plan without what stands on top of it.
private struct Peeled {
    private(set) var core: LogicalPlan
    private(set) var conjuncts: [BoundExpression] = []
    /// What columns are, over the core.
    private(set) var expressions: [BoundExpression]

    init(_ plan: LogicalPlan, _ columns: [PlanColumn], isOrdered: Bool = true) {
        core = plan
        expressions = columns.map { .column($0) }
        while true {
            switch core.node {
            case .project(let project)
            where project.items.allSatisfy({
                $0.expression.isDeterministic && !$0.expression.containsSubquery
            }):
                expressions = expressions.substituting(project.items)
                conjuncts = conjuncts.substituting(project.items)
                core = project.input
            case .filter(let filter)
            where filter.conjuncts.allSatisfy({ $0.isDeterministic && !$0.containsSubquery }):
                conjuncts += filter.conjuncts.flatMap(\.conjuncts)
                core = filter.input
            case .join(var join) where join.passesConditions:
                // Which rows of the left side are wanted may be asked before the join or behind it.
                guard case .filter(let filter) = join.left.node,
                    filter.conjuncts.allSatisfy({ $0.isDeterministic && !$0.containsSubquery })
                else { return }
                conjuncts += filter.conjuncts.flatMap(\.conjuncts)
                join.left = filter.input
                core = LogicalPlan(.join(join))
            case .sort(let sort) where !isOrdered && sort.limit == nil && sort.offset == 0:
                core = sort.input
            default: return
            }
        }
    }
}

extension JoinNode {
    /// True where conditions on the left side hold of the join's rows as they do of the rows before.
    fileprivate var passesConditions: Bool {
        switch kind {
        case .inner, .left, .single, .semi, .anti: !isDependent
        case .full, .mark, .nullAwareAnti: false
        }
    }
}

/// Reads what a view stores as its user sees it.
private struct StoredRows {
    private let stored: [BoundExpression]
    private let view: RewriteCandidate
    private let allocator: ColumnAllocator
    private var columns: [ScanColumn] = []

    init(_ stored: [BoundExpression], _ view: RewriteCandidate, _ allocator: ColumnAllocator) {
        self.stored = stored
        self.view = view
        self.allocator = allocator
    }

    /// Returns an expression in terms of the view's columns.
    mutating func read(_ expression: BoundExpression) throws(MatchFailure) -> BoundExpression {
        if let place = stored.firstIndex(of: expression) { return .column(column(place)) }
        switch expression {
        case .literal: return expression
        case .column, .subquery, .lambda:
            throw MatchFailure(
                reason: "the view does not have \(expression.text)", progress: 4)
        default: break
        }
        var parts: [BoundExpression] = []
        for child in expression.children { parts.append(try read(child)) }
        var next = parts.makeIterator()
        let result = Result { () throws(StarlingError) in
            try expression.mapChildren { (child) throws(StarlingError) in next.next() ?? child }
        }
        guard case .success(let read) = result else {
            throw MatchFailure(
                reason: "the view does not have \(expression.text)", progress: 4)
        }
        return read
    }

    private mutating func column(_ position: Int) -> PlanColumn {
        if let known = columns.first(where: { $0.position == position }) { return known.column }
        let column = view.storage.columns[position]
        let read = allocator.makeColumn(column.name, column.type)
        columns.append(ScanColumn(column: read, position: position))
        return read
    }

    /// Reads the rows that satisfy conditions, and are shown.
    mutating func plan(where conditions: [BoundExpression]) throws(MatchFailure) -> LogicalPlan {
        if case .rows = view.keeping.strategy {
        } else if view.changes != nil {
            throw MatchFailure(
                reason: "it keeps results of groups, to which what has changed since its last "
                    + "refresh cannot be added", progress: 6)
        }
        var conditions = conditions
        if let mark = view.program.markPosition { conditions.append(.column(column(mark))) }
        let plan: LogicalPlan
        do throws(StarlingError) {
            plan = try view.currentRows(columns, allocator)
        } catch {
            throw MatchFailure(reason: error.message, progress: 6)
        }
        guard !conditions.isEmpty else { return plan }
        return LogicalPlan(.filter(FilterNode(input: plan, conjuncts: conditions)))
    }
}
