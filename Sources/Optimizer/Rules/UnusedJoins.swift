// Outer joins of which nobody reads the right side: where no left row has two partners, or nobody
// counts how often a row is there, the left side is all there is to them.
//
//     SELECT s_id FROM sales LEFT JOIN customers ON c_id = s_customer, of which c_id is the key
//     SELECT max(s_price) FROM sales LEFT JOIN notes ON n_sale = s_id
//       → the same without the join
//
// Queries over wide views are of this kind, and those that programs write.

import StarlingErrors
import StarlingPlans

struct UnusedJoins: Rule {
    static let name = "unused_joins"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        UnusedJoins(sharedNeeds: SharedNeeds(of: plan)).reduced(
            plan, Demand(columns: plan.outputColumnIDs, countsRows: true))
    }

    /// What is asked of a plan's rows.
    private struct Demand {
        var columns: Set<ColumnID>
        /// False where a row may as well be there once or ten times.
        var countsRows: Bool

        func reading(_ expressions: [BoundExpression]) -> Demand {
            var demand = self
            for expression in expressions {
                expression.collectColumns(into: &demand.columns)
                // What asks chance differs from one copy of a row to the next.
                if !expression.isDeterministic { demand.countsRows = true }
            }
            return demand
        }
    }

    private let sharedNeeds: SharedNeeds

    private func reduced(_ plan: LogicalPlan, _ demand: Demand) -> LogicalPlan {
        var result = plan
        switch plan.node {
        case .scan, .values, .sharedScan: break
        case .filter, .unnest:
            result = result.replacingChildren { reduced($0, demand.reading(plan.expressions)) }
        case .project(let node):
            let read = node.items.filter { demand.columns.contains($0.column.id) }
            let below = Demand(columns: [], countsRows: demand.countsRows)
                .reading(read.map(\.expression))
            result = result.replacingChildren { reduced($0, below) }
        case .aggregate(let node):
            let below = Demand(columns: [], countsRows: node.countsRows).reading(plan.expressions)
            result = result.replacingChildren { reduced($0, below) }
        case .window, .limit, .sort:
            var below = demand.reading(plan.expressions)
            if !plan.isWholeSort { below.countsRows = true }
            result = result.replacingChildren { reduced($0, below) }
        case .setOperation(var node):
            for index in node.inputs.indices {
                let columns = Set(node.inputColumns[index].map(\.id))
                node.inputs[index] = reduced(
                    node.inputs[index],
                    Demand(
                        columns: columns, countsRows: node.keepsDuplicates && demand.countsRows))
            }
            result.node = .setOperation(node)
        case .shared(var node):
            node.definition = reduced(
                node.definition, Demand(columns: sharedNeeds[node.id], countsRows: true))
            node.body = reduced(node.body, demand)
            result.node = .shared(node)
        case .recursion(var node):
            node.anchor = reduced(
                node.anchor, Demand(columns: Set(node.anchorColumns.map(\.id)), countsRows: true))
            node.step = reduced(
                node.step, Demand(columns: Set(node.stepColumns.map(\.id)), countsRows: true))
            result.node = .recursion(node)
        case .join(let node): return reduced(node, demand)
        }
        return result
    }

    private func reduced(_ join: JoinNode, _ demand: Demand) -> LogicalPlan {
        var join = join
        let isRead = !demand.columns.isDisjoint(with: join.right.outputColumnIDs)
        if join.kind == .left, !isRead, !join.isDependent,
            !demand.countsRows || meetsOneRowAtMost(join)
        {
            return reduced(join.left, demand)
        }
        var below = demand.reading(join.conditions)
        if join.isSingle { below.countsRows = true }
        join.left = reduced(join.left, below)
        if join.givesOnlyLeft { below.countsRows = false }
        join.right = reduced(join.right, below.reading(join.conditions))
        return LogicalPlan(.join(join))
    }

    /// True where the conditions ask for a key of the right side.
    private func meetsOneRowAtMost(_ join: JoinNode) -> Bool {
        guard let key = join.right.uniqueColumns else { return false }
        let asked = JoinConditions(of: join).equalities.compactMap { equality -> ColumnID? in
            if case .column(let column) = equality.right { column.id } else { nil }
        }
        return key.isSubset(of: asked)
    }
}

extension AggregateNode {
    /// False where the groups and all aggregates over them are the same if a row is there twice.
    fileprivate var countsRows: Bool {
        aggregates.contains { !$0.isDistinct && !$0.function.ignoresDuplicates }
    }
}

extension LogicalPlan {
    /// True for a sort that gives all rows.
    fileprivate var isWholeSort: Bool {
        if case .sort(let sort) = node { sort.limit == nil && sort.offset == 0 } else { false }
    }

    /// Columns of which no two rows have the same values; nil where there are none, or unknown ones.
    fileprivate var uniqueColumns: Set<ColumnID>? {
        switch node {
        case .aggregate(let node):
            return node.groupingSets == nil ? Set(node.keys.map(\.column.id)) : nil
        case .filter(let node): return node.input.uniqueColumns
        case .sort(let node): return node.input.uniqueColumns
        case .limit(let node): return node.input.uniqueColumns
        case .join(let node): return node.givesOnlyLeft ? node.left.uniqueColumns : nil
        case .project(let node):
            guard let below = node.input.uniqueColumns else { return nil }
            let passed = below.map { id in
                node.items.first { item in
                    if case .column(let column) = item.expression { column.id == id } else { false }
                }?.column.id
            }
            return passed.contains(nil) ? nil : Set(passed.compactMap { $0 })
        case .scan(let scan):
            guard let key = scan.table.uniqueColumns else { return nil }
            let columns = key.map { position in
                scan.columns.first { $0.position == position && $0.path.isEmpty }?.column.id
            }
            return columns.contains(nil) ? nil : Set(columns.compactMap { $0 })
        default: return nil
        }
    }
}
