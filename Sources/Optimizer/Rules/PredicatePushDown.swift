// Conditions sink to where their columns come from: through projections, aggregations and joins
// into the scans. On the way a condition that rejects NULLs turns an outer join into an inner one.
//
// A condition that asks chance stays above what makes several rows one or one row several: it is
// asked once for each row that it is written for.

import StarlingErrors
import StarlingPlans
import StarlingTypes

struct PredicatePushDown: Rule {
    static let name = "predicate_push_down"
    /// Definitions that are read twice, of such definitions, would grow without end.
    private static let pushedNodeCountMax = 10_000

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        PredicatePushDown().push([], into: plan)
    }

    /// Returns the plan filtered by `conjuncts`.
    private func push(_ conjuncts: [BoundExpression], into plan: LogicalPlan) -> LogicalPlan {
        switch plan.node {
        case .filter(let node):
            return push(conjuncts + node.conjuncts.flatMap(\.conjuncts), into: node.input)
        case .project(let node): return pushThroughProject(conjuncts, node)
        case .aggregate(let node): return pushThroughAggregate(conjuncts, node)
        case .join(let node): return pushIntoJoin(conjuncts, node)
        case .scan(var node):
            let (inside, above) = conjuncts.partitioned { !$0.containsSubquery }
            var known = Set(node.conjuncts)
            for conjunct in inside
            where known.insert(conjunct).inserted || !conjunct.isDeterministic {
                node.conjuncts.append(conjunct)
            }
            return filtered(LogicalPlan(.scan(node)), above)
        case .setOperation(let node): return pushIntoSetOperation(conjuncts, node)
        case .sort(var node) where node.limit == nil && node.offset == 0:
            node.input = push(conjuncts, into: node.input)
            return LogicalPlan(.sort(node))
        case .window(let node): return pushThroughWindow(conjuncts, node)
        case .unnest(var node):
            let given = node.input.outputColumnIDs
            let (below, above) = conjuncts.partitioned {
                $0.referencedColumns.isSubset(of: given) && $0.isDeterministic
            }
            node.input = push(below, into: node.input)
            return filtered(LogicalPlan(.unnest(node)), above)
        case .shared(var node):
            node.definition = push([], into: node.definition)
            node.body = push(conjuncts, into: node.body)
            return LogicalPlan(.shared(node))
        case .values, .sort, .limit, .sharedScan, .recursion:
            return filtered(plan.replacingChildren { push([], into: $0) }, conjuncts)
        }
    }

    private func filtered(_ plan: LogicalPlan, _ conjuncts: [BoundExpression]) -> LogicalPlan {
        conjuncts.isEmpty
            ? plan : LogicalPlan(.filter(FilterNode(input: plan, conjuncts: conjuncts)))
    }

    private func pushThroughProject(
        _ conjuncts: [BoundExpression], _ node: ProjectNode
    ) -> LogicalPlan {
        var node = node
        let definitions = Dictionary(
            uniqueKeysWithValues: node.items.map { ($0.column.id, $0.expression) })
        var moved: [BoundExpression] = []
        var staying: [BoundExpression] = []
        for conjunct in conjuncts {
            let below = conjunct.substituting(definitions)
            let isMovable =
                !below.isLarger(than: Self.pushedNodeCountMax)
                && conjunct.referencedColumns.allSatisfy {
                    definitions[$0]?.isDeterministic ?? true
                }
            if isMovable { moved.append(below) } else { staying.append(conjunct) }
        }
        node.input = push(moved, into: node.input)
        return filtered(LogicalPlan(.project(node)), staying)
    }

    /// Conditions on keys hold for the rows as well as for their group.
    private func pushThroughAggregate(
        _ conjuncts: [BoundExpression], _ node: AggregateNode
    ) -> LogicalPlan {
        var node = node
        var definitions: [ColumnID: BoundExpression] = [:]
        for (position, key) in node.keys.enumerated() {
            let isInAllSets = node.groupingSets?.allSatisfy { $0.contains(position) } ?? true
            if isInAllSets { definitions[key.column.id] = key.expression }
        }
        let (movable, staying) = conjuncts.partitioned { conjunct in
            let columns = conjunct.referencedColumns
            return !columns.isEmpty && conjunct.isDeterministic
                && columns.allSatisfy { definitions[$0]?.isDeterministic ?? false }
        }
        node.input = push(movable.map { $0.substituting(definitions) }, into: node.input)
        return filtered(LogicalPlan(.aggregate(node)), staying)
    }

    /// Conditions on partition keys take whole partitions away.
    private func pushThroughWindow(
        _ conjuncts: [BoundExpression], _ node: WindowNode
    ) -> LogicalPlan {
        var node = node
        var partition = Set<ColumnID>()
        for key in node.partitionKeys {
            if case .column(let column) = key { partition.insert(column.id) }
        }
        let (movable, staying) = conjuncts.partitioned {
            let columns = $0.referencedColumns
            return !columns.isEmpty && columns.isSubset(of: partition) && $0.isDeterministic
        }
        node.input = push(movable, into: node.input)
        return filtered(LogicalPlan(.window(node)), staying)
    }

    private func pushIntoSetOperation(
        _ conjuncts: [BoundExpression], _ node: SetOperationNode
    ) -> LogicalPlan {
        var node = node
        // Of equal rows in several inputs one may stay; under UNION ALL each is asked once.
        let asksOnce = node.kind == .union && node.keepsDuplicates
        let (movable, staying) = conjuncts.partitioned { asksOnce || $0.isDeterministic }
        for index in node.inputs.indices {
            let columns = Dictionary(
                uniqueKeysWithValues: zip(
                    node.columns.map(\.id), node.inputColumns[index].map(BoundExpression.column)))
            node.inputs[index] = push(
                movable.map { $0.substituting(columns) }, into: node.inputs[index])
        }
        return filtered(LogicalPlan(.setOperation(node)), staying)
    }

    // MARK: Joins

    private func pushIntoJoin(_ conjuncts: [BoundExpression], _ join: JoinNode) -> LogicalPlan {
        var join = simplified(join, by: conjuncts)
        let leftColumns = join.left.outputColumnIDs
        let rightColumns = join.right.outputColumnIDs
        func isLeft(_ conjunct: BoundExpression) -> Bool {
            conjunct.referencedColumns.isSubset(of: leftColumns) && conjunct.isDeterministic
        }
        func isRight(_ conjunct: BoundExpression) -> Bool {
            conjunct.referencedColumns.isSubset(of: rightColumns) && conjunct.isDeterministic
        }
        var toLeft: [BoundExpression] = []
        var toRight: [BoundExpression] = []
        var above: [BoundExpression] = []
        var conditions: [BoundExpression] = []
        switch join.kind {
        case .inner:
            for conjunct in conjuncts + join.conditions.flatMap(\.conjuncts) {
                if isLeft(conjunct) {
                    toLeft.append(conjunct)
                } else if isRight(conjunct) {
                    toRight.append(conjunct)
                } else if conjunct.isDeterministic {
                    conditions.append(conjunct)
                } else {
                    above.append(conjunct)
                }
            }
        case .left, .single, .semi, .anti, .nullAwareAnti, .mark:
            for conjunct in conjuncts {
                if isLeft(conjunct) { toLeft.append(conjunct) } else { above.append(conjunct) }
            }
            for condition in join.conditions.flatMap(\.conjuncts) {
                // A condition on the right side alone only takes away possible matches.
                if isRight(condition), join.kind != .nullAwareAnti {
                    toRight.append(condition)
                } else if isLeft(condition), join.kind == .semi {
                    toLeft.append(condition)
                } else {
                    conditions.append(condition)
                }
            }
        case .full:
            above = conjuncts
            conditions = join.conditions
        }
        join.conditions = conditions
        if join.kind == .inner || join.kind == .semi {
            join.left = withoutPadding(join.left, rejectedBy: conditions)
        }
        if join.kind == .inner || join.kind == .left {
            join.right = withoutPadding(join.right, rejectedBy: conditions)
        }
        join.left = push(toLeft, into: join.left)
        join.right = push(toRight, into: join.right)
        return filtered(LogicalPlan(.join(join)), above)
    }

    /// Drops padding that the conditions of a join above reject: rows that they match with nothing.
    private func withoutPadding(
        _ plan: LogicalPlan, rejectedBy conditions: [BoundExpression]
    ) -> LogicalPlan {
        switch plan.node {
        case .filter(var filter):
            filter.input = withoutPadding(filter.input, rejectedBy: conditions)
            return LogicalPlan(.filter(filter))
        case .join(var join):
            join = simplified(join, by: conditions)
            if join.kind != .full {
                join.left = withoutPadding(join.left, rejectedBy: conditions)
            }
            if join.kind == .inner {
                join.right = withoutPadding(join.right, rejectedBy: conditions)
            }
            return LogicalPlan(.join(join))
        default: return plan
        }
    }

    /// Drops padding that the conditions above reject.
    private func simplified(_ join: JoinNode, by conjuncts: [BoundExpression]) -> JoinNode {
        var join = join
        let leftColumns = join.left.outputColumnIDs
        let rightColumns = join.right.outputColumnIDs
        let rejectsRight = conjuncts.contains { $0.rejectsNulls(of: rightColumns) }
        switch join.kind {
        case .left where rejectsRight: join.kind = .inner
        case .full:
            let rejectsLeft = conjuncts.contains { $0.rejectsNulls(of: leftColumns) }
            if rejectsLeft && rejectsRight {
                join.kind = .inner
            } else if rejectsLeft {
                join.kind = .left
            } else if rejectsRight {
                swap(&join.left, &join.right)
                join.kind = .left
            }
        default: break
        }
        return join
    }
}
