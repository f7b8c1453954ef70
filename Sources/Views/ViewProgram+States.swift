// How states of groups change: what changes are grouped first, which is little; then each group is
// joined with its stored row.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingStorage
import StarlingTables
import StarlingTypes

extension AggregateStates {
    /// Computes the states of groups, and says no where a sum leaves its type.
    func computing(core: LogicalPlan) throws(StarlingError) -> LogicalPlan {
        guard case .aggregate(var aggregate) = core.node else { return core }
        aggregate.aggregates = try items(where: nil)
        let (rows, items) = (aggregate.aggregates[0], aggregate.aggregates.dropFirst())
        let keys = aggregate.keys.map { ProjectItem(passing: $0.column) }
        let computed = zip(states, items).map { state, item in
            ProjectItem(
                column: state.column, expression: state.orNothing(.column(item.column)))
        }
        let plan = LogicalPlan(
            .project(
                ProjectNode(
                    input: LogicalPlan(.aggregate(aggregate)),
                    items: keys
                        + [ProjectItem(column: rowCount, expression: .column(rows.column))]
                        + computed)))
        guard isOver != .falseLiteral else { return plan }
        let fits = try Arithmetic.assertion(
            .not(isOver), orSaying: [.literal(.text(Self.excess), .string)])
        return LogicalPlan(.filter(FilterNode(input: plan, conjuncts: [fits])))
    }

    /// What is said of a sum that has left its type.
    package static let excess = "a sum is too large for its type"

    /// Groups changes: for each state what comes and, behind all of these, what goes.
    func grouping(
        _ input: DeltaRows, _ keys: [ProjectItem]
    ) throws(StarlingError) -> LogicalPlan {
        func isSigned(_ sign: Int128) -> BoundExpression {
            .comparison(.equal, .column(input.weight), .literal(.integer(sign), .tinyint))
        }
        guard input.onlyGrows else {
            let items = try items(where: isSigned(1)) + items(where: isSigned(-1))
            return LogicalPlan(
                .aggregate(AggregateNode(input: input.plan, keys: keys, aggregates: items)))
        }
        let coming = try items(where: nil)
        let groups = LogicalPlan(
            .aggregate(AggregateNode(input: input.plan, keys: keys, aggregates: coming)))
        return groups.adding(
            coming.map { item in
                let isCount = item.function.name == "count"
                return ProjectItem(
                    column: allocator.makeColumn("none", item.column.type),
                    expression: isCount
                        ? .literal(.integer(0), item.column.type) : .null(item.column.type))
            })
    }

    /// Makes the aggregates of the states, the number of rows first, over those rows for which a condition
    /// is true.
    private func items(
        where isMeant: BoundExpression?
    ) throws(StarlingError) -> [AggregateItem] {
        let rows = try Arithmetic.aggregate("count", [], where: isMeant, allocator)
        return try [rows]
            + mapAll(states) { (state) throws(StarlingError) in
                let conjuncts =
                    (isMeant.map { [$0] } ?? []) + (state.source.condition?.conjuncts ?? [])
                return try state.item(
                    conjuncts.isEmpty ? nil : .conjunction(conjuncts), allocatedBy: allocator)
            }
    }
}

extension AggregateStates.State {
    fileprivate func item(
        _ condition: BoundExpression?, allocatedBy allocator: ColumnAllocator
    ) throws(StarlingError) -> AggregateItem {
        try Arithmetic.aggregate(
            "\(source.kind)", source.arguments, where: condition, allocator)
    }

    /// Gives a sum of nothing the value 0.
    fileprivate func orNothing(_ value: BoundExpression) -> BoundExpression {
        guard source.kind == .sum else { return value }
        return Arithmetic.value(value, or: .literal(.integer(0), column.type))
    }
}

/// Is how stored states change: a plan that gives the stored columns and then these.
package struct ChangedStates: Sendable {
    package let plan: LogicalPlan
    /// Behind the stored columns stand, in this order: the number of the row that was stored, NULL
    /// where the group is new; the rows that the group has; whether it is to be computed anew; and
    /// whether a sum has left its type.
    package static let extraCount = 4
}

extension ViewProgram {
    /// Groups the changes; nil where there are none. The columns are the keys, then what
    /// `changedStates` expects.
    package func groupedChanges(
        _ algebra: DeltaAlgebra
    ) throws(StarlingError) -> LogicalPlan? {
        guard case .states(let states) = strategy, case .aggregate(let core) = upper.core.node,
            let input = try algebra.changes(of: core.input)
        else { return nil }
        return try states.grouping(input, core.keys)
    }

    /// Adds grouped changes to the stored states, which stand with the numbers of their rows in
    /// `storage`.
    package func changedStates(
        _ grouped: any Table, in storage: any Table
    ) throws(StarlingError) -> ChangedStates {
        guard case .states(let states) = strategy else {
            throw StarlingError(.internal, "a view without states has changed ones")
        }
        let changes = grouped.scan(allocator)
        let (scan, row, columns) = scanned(storage)
        let given = changes.outputColumns
        let conditions = keyPositions.enumerated().map { place, position in
            BoundExpression.comparison(
                keys[place].equality, .column(given[place]), .column(columns[position]))
        }
        let joined = LogicalPlan(
            .join(JoinNode(kind: .left, left: changes, right: scan, conditions: conditions)))
        // The states follow the user's columns and the keys that these don't show.
        let first = stored.firstIndex(of: states.rowCount) ?? 0
        let count = states.states.count + 1
        var merge = StateMerge(allocator)
        var items = zip(keys, given).map { ProjectItem(column: $0, expression: .column($1)) }
        for place in 0..<count {
            let state = place == 0 ? nil : states.states[place - 1]
            let value = try merge.merged(
                state?.source.kind ?? .count, state?.column ?? states.rowCount,
                old: columns[first + place], coming: given[keys.count + place],
                going: given[keys.count + count + place])
            items.append(
                ProjectItem(column: state?.column ?? states.rowCount, expression: value))
        }
        items.append(ProjectItem(passing: row))
        let isStale = allocator.makeColumn("stale", .boolean, isNullable: false)
        items.append(ProjectItem(column: isStale, expression: merge.isStale))
        let merged = LogicalPlan(.project(ProjectNode(input: joined, items: items)))
        let isOver = allocator.makeColumn("over", .boolean, isNullable: false)
        let checked = merged.adding([
            ProjectItem(column: isOver, expression: states.isOver)
        ])
        let rowCount = allocator.makeCopy(of: states.rowCount)
        let counted = checked.adding([
            ProjectItem(column: rowCount, expression: .column(states.rowCount))
        ])
        return ChangedStates(
            plan: finished(counted, passing: [row, rowCount, isStale, isOver]))
    }
}

extension AggregateStates {
    /// True where a sum has left its type.
    var isOver: BoundExpression {
        var conditions: [BoundExpression] = states.filter { $0.source.kind == .sum }.map {
            .isNull(.column($0.column))
        }
        for (sum, type) in boundedSums {
            guard sum.type == .largeint, let bounds = type.bounds, type != .largeint else {
                continue
            }
            conditions += [
                .comparison(
                    .less, .column(sum), .literal(.integer(bounds.low), .largeint)),
                .comparison(
                    .greater, .column(sum), .literal(.integer(bounds.high), .largeint)),
            ]
        }
        guard !conditions.isEmpty else { return .falseLiteral }
        return .conditional(
            [
                ConditionalBranch(
                    condition: conditions.count == 1 ? conditions[0] : .or(conditions),
                    result: .trueLiteral)
            ], otherwise: .falseLiteral, .boolean)
    }
}

/// Makes the expressions that merge states, and notes when a group has to be computed anew.
private struct StateMerge {
    private let allocator: ColumnAllocator
    private var staleConditions: [BoundExpression] = []

    init(_ allocator: ColumnAllocator) { self.allocator = allocator }

    var isStale: BoundExpression {
        guard !staleConditions.isEmpty else { return .falseLiteral }
        return .conditional(
            [
                ConditionalBranch(
                    condition: staleConditions.count == 1
                        ? staleConditions[0] : .or(staleConditions),
                    result: .trueLiteral)
            ], otherwise: .falseLiteral, .boolean)
    }

    mutating func merged(
        _ kind: AggregateStates.Kind, _ column: PlanColumn, old: PlanColumn, coming: PlanColumn,
        going: PlanColumn
    ) throws(StarlingError) -> BoundExpression {
        let type = column.type
        func number(_ column: PlanColumn) -> BoundExpression {
            Arithmetic.value(.column(column), or: .literal(.integer(0), type))
        }
        switch kind {
        case .count, .sum:
            let sum = try Arithmetic.sum(number(old), number(coming))
            return try Arithmetic.difference(sum, number(going))
        case .min, .max:
            // What goes may be the extreme, or have been it for a moment.
            staleConditions.append(
                .and([
                    .not(.isNull(.column(going))),
                    .or([
                        .isNull(.column(old)),
                        .comparison(
                            kind == .min ? .lessOrEqual : .greaterOrEqual, .column(going),
                            .column(old)),
                    ]),
                ]))
            let isBetter = BoundExpression.comparison(
                kind == .min ? .less : .greater, .column(coming), .column(old))
            return .conditional(
                [
                    ConditionalBranch(
                        condition: .isNull(.column(old)), result: .column(coming)),
                    ConditionalBranch(
                        condition: .isNull(.column(coming)), result: .column(old)),
                    ConditionalBranch(condition: isBetter, result: .column(coming)),
                ], otherwise: .column(old), type)
        }
    }
}
