// A view's query, compiled: which columns are stored, and how the rows are kept.
//
//   rows     the changes of the rows themselves are applied to what is stored
//   states   a row a group with the states of its aggregates; changes are added to these
//   keys     the groups, or the partitions of a window, that changes touch are computed anew
//
// The stored columns are those that the user sees, then what the way of keeping needs besides.

import StarlingErrors
import StarlingFunctions
import StarlingOptimizer
import StarlingPlans
import StarlingStorage
import StarlingTables
import StarlingTypes

/// Is how a view is kept.
package struct ViewProgram: Sendable {
    package enum Strategy: Sendable {
        case rows
        case states(AggregateStates)
        case keys
    }

    package let allocator: ColumnAllocator
    package let strategy: Strategy
    /// The columns that the user sees.
    package let columns: [PlanColumn]
    /// All columns that are stored, those that the user sees first.
    package let storedColumns: [TableColumn]
    /// Where the columns stand that tell groups or partitions apart.
    package let keyPositions: [Int]
    /// Where a column stands that is true in the rows that the user sees; nil where all are seen.
    package let markPosition: Int?
    /// The whole query, whose changes are those of the rows.
    let plan: LogicalPlan
    let upper: UpperNodes
    /// The columns of the keys, as the core gives them.
    let keys: [PlanColumn]
    /// The columns of the plan that are stored, in order.
    let stored: [PlanColumn]
    let mark: PlanColumn?
    /// The conditions on the stored columns that rows satisfy which follow the tables; others are
    /// retained.
    let following: [BoundExpression]
    /// The same as the plan asks them.
    let asked: [BoundExpression]
    /// The rows that are grouped, or those of a view without groups; nil where they are no block.
    let block: JoinBlock?
    /// True where the rows depend on the time zone of the session that computes them.
    package let readsZone: Bool
    /// The query as it is written, of which columns the view's first ones are; nil where each block that
    /// reads the same can be told to be answered by the plan.
    let outline: (plan: LogicalPlan, columns: [PlanColumn])?

    /// Compiles a query whose subqueries and common tables are gone; says no where its changes are
    /// not known, or would be computed of everything. Where no states are stored groups that change
    /// are computed anew. Rows that don't satisfy the conditions of `following` are retained.
    package init(
        _ plan: LogicalPlan, _ columns: [PlanColumn], names: [String],
        _ allocator: ColumnAllocator, storesStates: Bool = true,
        following: [BoundExpression] = [], outline: LogicalPlan? = nil
    ) throws(StarlingError) {
        self.allocator = allocator
        let (plan, asked) = plan.withoutNullAwareness.keeping(following)
        let seen = columns.map { allocator.makeCopy(of: $0) }
        self.asked = asked
        self.following = following.substituting(
            zip(columns, seen).map { ProjectItem(column: $0, expression: .column($1)) })
        let top = LogicalPlan(
            .project(
                ProjectNode(
                    input: plan,
                    items: zip(seen, columns).map {
                        ProjectItem(column: $0, expression: .column($1))
                    })))
        let upper = UpperNodes(top)
        let kept = try Self.strategy(upper, seen, allocator, storesStates)
        self.plan = top
        self.upper = upper
        readsZone = top.readsZone
        if case .aggregate(let aggregate) = upper.core.node {
            block = JoinBlock(aggregate.input)
        } else {
            block = JoinBlock(top)
        }
        self.outline = outline.flatMap { kept.isTold(upper) ? nil : ($0, columns) }
        self.columns = seen
        strategy = kept.strategy
        keys = kept.keys
        mark = kept.isMarked ? allocator.makeColumn("shown", .boolean, isNullable: false) : nil
        var stored = seen
        // A key that the user sees, too, is stored once.
        keyPositions = keys.map { key in
            if let place = seen.firstIndex(where: { upper.origin(of: $0) == key }) {
                return place
            }
            stored.append(key)
            return stored.count - 1
        }
        if case .states(let states) = strategy { stored += states.columns }
        if let mark { stored.append(mark) }
        markPosition = mark.map { _ in stored.count - 1 }
        self.stored = stored
        var used = Set(names.map { $0.lowercased() })
        storedColumns = stored.enumerated().map { place, column in
            if place < names.count {
                return TableColumn(name: names[place], type: column.type)
            }
            var name = "__\(column.name)"
            while !used.insert(name.lowercased()).inserted { name += "_" }
            return TableColumn(name: name, type: column.type)
        }
    }

    private struct Keeping {
        var strategy: Strategy
        var keys: [PlanColumn] = []
        var isMarked = false

        /// Tells whether the view is a block of rows, or of groups that are all stored.
        func isTold(_ upper: UpperNodes) -> Bool {
            switch (strategy, upper.core.node) {
            case (.states, .aggregate(let aggregate)): JoinBlock(aggregate.input) != nil
            case (.keys, .aggregate(let aggregate)):
                JoinBlock(aggregate.input) != nil && !upper.hasFilters
            case (.rows, _): JoinBlock(upper.core) != nil
            default: false
            }
        }
    }

    private static func strategy(
        _ upper: UpperNodes, _ columns: [PlanColumn], _ allocator: ColumnAllocator,
        _ storesStates: Bool
    ) throws(StarlingError) -> Keeping {
        switch upper.core.node {
        case .aggregate(let aggregate):
            try MaintenanceCheck.checkGrouping(aggregate)
            try MaintenanceCheck.check(aggregate.input)
            let keys = aggregate.keys.map(\.column)
            if storesStates, let states = try AggregateStates(aggregate, allocator) {
                return Keeping(
                    strategy: .states(states), keys: keys, isMarked: upper.hasFilters)
            }
            guard !keys.isEmpty else {
                throw MaintenanceCheck.refusal(
                    "without GROUP BY, "
                        + aggregate.aggregates.map { "\($0.function.name)()" }
                        .joined(separator: " or ")
                        + " would be computed anew of all rows with each change")
            }
            return Keeping(strategy: .keys, keys: keys)
        case .window(let window):
            try MaintenanceCheck.checkPartitions(window)
            try MaintenanceCheck.check(window.input)
            let keys = window.partitionKeys.map { key in
                if case .column(let column) = key { return column }
                return allocator.makeColumn("partition", key.type, isNullable: key.mayBeNull)
            }
            return Keeping(strategy: .keys, keys: keys)
        default:
            try MaintenanceCheck.check(upper.core)
            try MaintenanceCheck.checkComparable(columns, "it")
            return Keeping(strategy: .rows)
        }
    }

    /// The tables of files that are read, each once.
    package var files: [any TableOfFiles] { plan.tablesOfFiles }

    /// Says no to what gives something else each time it is computed.
    package static func checkMeaning(_ plan: LogicalPlan) throws(StarlingError) {
        try MaintenanceCheck.checkMeaning(plan)
    }

    /// Tells whether a key may be NULL.
    package func keyIsNullable(_ place: Int) -> Bool { keys[place].isNullable }

    /// True for views that have a row a group.
    package var isGrouped: Bool {
        if case .aggregate = upper.core.node { true } else { false }
    }

    /// Says how the view is kept, for people.
    package var summary: String {
        switch strategy {
        case .rows: "changes of rows"
        case .states: "states of groups"
        case .keys:
            if case .window = upper.core.node {
                "partitions that change, computed anew"
            } else {
                "groups that change, computed anew"
            }
        }
    }

    // MARK: All rows

    /// The plan that gives all rows as they are to be stored.
    package func filling() throws(StarlingError) -> LogicalPlan {
        switch strategy {
        case .rows: plan.projected(to: stored)
        case .states(let states): finished(try states.computing(core: upper.core))
        case .keys: shown(over: upper.core)
        }
    }

    /// Returns rows with states as they are stored.
    func finished(_ plan: LogicalPlan, passing others: [PlanColumn] = []) -> LogicalPlan {
        guard case .states(let states) = strategy else { return plan }
        let hidden = keys + states.columns + others
        let computed = plan.adding(states.results)
        let top =
            mark.map { upper.over(computed, passing: hidden, marking: $0) }
            ?? upper.over(computed, passing: hidden)
        return top.projected(to: stored + others)
    }

    /// Puts what stands above over groups or partitions.
    func shown(over core: LogicalPlan) -> LogicalPlan {
        var core = core
        if case .window(let window) = core.node {
            let items = zip(keys, window.partitionKeys).compactMap { column, key in
                key == .column(column) ? nil : ProjectItem(column: column, expression: key)
            }
            if !items.isEmpty { core = core.adding(items) }
        }
        return upper.over(core, passing: keys).projected(to: stored)
    }
}

extension LogicalPlan {
    /// NOT IN of what is never NULL is NOT EXISTS.
    fileprivate var withoutNullAwareness: LogicalPlan {
        let result = replacingChildren { $0.withoutNullAwareness }
        guard case .join(var join) = result.node, join.kind == .nullAwareAnti,
            join.conditions.allSatisfy({ !$0.mayBeNull })
        else { return result }
        join.kind = .anti
        return LogicalPlan(.join(join))
    }
}

extension LogicalPlan {
    fileprivate var readsZone: Bool {
        expressions.contains(where: \.readsZone) || children.contains(where: \.readsZone)
    }
}

extension BoundExpression {
    fileprivate var readsZone: Bool {
        switch self {
        case .call(let function, _, _) where function.readsZone: true
        case .subquery(let subquery) where subquery.plan.plan.readsZone: true
        default: children.contains(where: \.readsZone)
        }
    }
}
