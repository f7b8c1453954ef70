// The changes of groups, of windows and of sets: what changes have some key affects the rows with that
// key and no others. They are computed before and after.

import StarlingErrors
import StarlingPlans
import StarlingTypes

extension DeltaAlgebra {
    /// Gives the distinct keys of changes.
    package func affected(_ sources: [(rows: DeltaRows, keys: [BoundExpression])]) -> LogicalPlan {
        let first: [BoundExpression] = sources[0].keys
        let columns: [PlanColumn] = first.indices.map { place in
            let isNullable = sources.contains { $0.keys[place].mayBeNull }
            let type = sources.dropFirst().reduce(first[place].type) { type, source in
                type.keyType(with: source.keys[place].type) ?? type
            }
            return allocator.makeColumn("key", type, isNullable: isNullable)
        }
        var inputs = sources.map { source in
            let items = zip(columns, source.keys).map { column, key in
                ProjectItem(
                    column: allocator.makeCopy(of: column),
                    expression: key.type == column.type ? key : .cast(key, to: column.type))
            }
            return LogicalPlan(
                .project(ProjectNode(input: source.rows.plan, items: items))
            ).withFreshColumns(allocator)
        }
        if inputs.count > 1 {
            let all = columns.map { allocator.makeCopy(of: $0) }
            inputs = [
                LogicalPlan(
                    .setOperation(
                        SetOperationNode(
                            kind: .union, keepsDuplicates: true, inputs: inputs,
                            inputColumns: inputs.map(\.outputColumns), columns: all)))
            ]
        }
        let keys = zip(columns, inputs[0].outputColumns).map { column, source in
            ProjectItem(column: column, expression: .column(source))
        }
        return LogicalPlan(
            .aggregate(AggregateNode(input: inputs[0], keys: keys, aggregates: [])))
    }

    /// Keeps the rows whose keys are among those that a plan gives; NULL is a key like any other.
    package func restricted(
        _ plan: LogicalPlan, _ expressions: [BoundExpression], to keys: LogicalPlan
    ) -> LogicalPlan {
        guard !expressions.isEmpty else { return plan }
        let keys = keys.withFreshColumns(allocator)
        let conditions = zip(expressions, keys.outputColumns).map { expression, key in
            BoundExpression.comparison(
                (expression.mayBeNull || key.isNullable) && flaw != .nullKeysLost
                    ? .nullSafeEqual : .equal, expression, .column(key))
        }
        return LogicalPlan(
            .join(JoinNode(kind: .semi, left: plan, right: keys, conditions: conditions)))
    }

    func changes(
        of aggregate: AggregateNode, giving columns: [PlanColumn]
    ) throws(StarlingError) -> DeltaRows? {
        guard let input = try changes(of: aggregate.input) else { return nil }
        let keys = aggregate.keys.map(\.expression)
        let touched = keys.isEmpty ? nil : affected([(input, keys)])
        let terms = [Moment.earlier, .later].map { moment in
            var term = aggregate
            term.input = plan(aggregate.input, moment)
            if let touched { term.input = restricted(term.input, keys, to: touched) }
            return weighted(LogicalPlan(.aggregate(term)), moment == .earlier ? -1 : 1)
        }
        if flaw == .earlierGroupsLost { return terms[1] }
        return union(terms, giving: columns)
    }

    func changes(
        of window: WindowNode, giving columns: [PlanColumn]
    ) throws(StarlingError) -> DeltaRows? {
        guard let input = try changes(of: window.input) else { return nil }
        let touched = affected([(input, window.partitionKeys)])
        let terms = [Moment.earlier, .later].map { moment in
            var term = window
            term.input = restricted(
                plan(window.input, moment), window.partitionKeys, to: touched)
            return weighted(LogicalPlan(.window(term)), moment == .earlier ? -1 : 1)
        }
        return union(terms, giving: columns)
    }

    func changes(of operation: SetOperationNode) throws(StarlingError) -> DeltaRows? {
        var changed: [(rows: DeltaRows, keys: [BoundExpression])] = []
        for (input, columns) in zip(operation.inputs, operation.inputColumns) {
            guard let rows = try changes(of: input) else { continue }
            changed.append((rows, columns.map { .column($0) }))
        }
        guard !changed.isEmpty else { return nil }
        if operation.kind == .union, operation.keepsDuplicates {
            return union(ofAll: changed, giving: operation.columns)
        }
        let touched = affected(changed)
        let terms = [Moment.earlier, .later].map { moment in
            var term = operation
            term.inputs = zip(operation.inputs, operation.inputColumns).map { input, columns in
                restricted(plan(input, moment), columns.map { .column($0) }, to: touched)
            }
            return weighted(LogicalPlan(.setOperation(term)), moment == .earlier ? -1 : 1)
        }
        return union(terms, giving: operation.columns)
    }

    /// The changes of UNION ALL are those of its inputs.
    private func union(
        ofAll inputs: [(rows: DeltaRows, keys: [BoundExpression])], giving columns: [PlanColumn]
    ) -> DeltaRows? {
        union(
            inputs.map { input in
                let items = zip(columns, input.keys).map { column, key in
                    ProjectItem(column: column, expression: key)
                }
                return DeltaRows(
                    plan: LogicalPlan(
                        .project(
                            ProjectNode(
                                input: input.rows.plan,
                                items: items + [ProjectItem(passing: input.rows.weight)]))),
                    weight: input.rows.weight, onlyGrows: input.rows.onlyGrows)
            }, giving: columns)
    }
}
