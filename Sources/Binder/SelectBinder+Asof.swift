// ASOF joins: each left row with the one right row of its keys whose moment is nearest on the asked
// side. Both sides become one stream, ordered by keys and moment, in which every left row takes the
// values of the last right row before it:
//
//     side 0: right rows     SELECT keys, moment, 0, NULL …, right columns
//     side 1: left rows      SELECT keys, moment, 1, left columns, NULL …
//     UNION ALL, then last_value(column) FILTER (WHERE side = 0)
//                         OVER (PARTITION BY keys ORDER BY moment, side ROWS UNBOUNDED PRECEDING)
//
// `>=` lets right rows of the same moment come first, `>` left ones; `<=` and `<` turn the order
// round. Further conditions are asked of the pairs that were found so. An ASOF join runs in parallel,
// spills as windows do, and costs a sort of both sides.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTypes

extension SelectBinder {
    /// Holds what an ASOF join compares.
    private struct AsofCondition {
        var keys: [(left: BoundExpression, right: BoundExpression)] = []
        var moment: (left: BoundExpression, comparison: ComparisonOperator, right: BoundExpression)?
        /// What the nearest right row has to fulfil to be a partner.
        var further: [BoundExpression] = []
    }

    func bindAsof(
        _ join: Join, _ reference: TableReference, beside outerLeft: BoundSource?
    ) throws(StarlingError) -> BoundSource {
        let left = try bind(join.left, beside: outerLeft)
        let right = try bind(join.right, beside: outerLeft)
        try checkNames(left.columns, right.columns, join.right)
        let names = try sharedNames(join, left, right)
        let condition = try asofCondition(join, left, right, names, reference)
        guard let moment = condition.moment else {
            throw StarlingError(
                .binding, "an ASOF join needs one comparison with >=, >, <= or < of both sides",
                at: reference.range)
        }
        let isAscending = moment.comparison == .greaterOrEqual || moment.comparison == .greater
        let isStrict = moment.comparison == .greater || moment.comparison == .less
        let rightSide: Int128 = isStrict ? 1 : 0
        let (leftColumns, rightColumns) = (left.planColumns, right.planColumns)
        let types = condition.keys.map(\.left.type) + [moment.left.type]

        let rightKeys = condition.keys.map(\.right) + [moment.right]
        let matchable = LogicalPlan(
            .filter(
                FilterNode(input: right.plan, conjuncts: rightKeys.map { .not(.isNull($0)) })))
        let leftItems =
            compared(condition.keys.map(\.left) + [moment.left], side: 1 - rightSide)
            + leftColumns.map(ProjectItem.init(passing:)) + rightColumns.map(missing)
        let rightItems =
            compared(rightKeys, side: rightSide) + leftColumns.map(missing)
            + rightColumns.map(ProjectItem.init(passing:))
        let columns = leftItems.map {
            binder.allocator.makeColumn(
                $0.column.name, $0.column.type, analyzers: $0.column.analyzers)
        }
        let union = SetOperationNode(
            kind: .union, keepsDuplicates: true,
            inputs: [
                LogicalPlan(.project(ProjectNode(input: left.plan, items: leftItems))),
                LogicalPlan(.project(ProjectNode(input: matchable, items: rightItems))),
            ], inputColumns: [leftItems.map(\.column), rightItems.map(\.column)], columns: columns)

        let side = columns[types.count]
        let isRight = trueOrNull(where: side, is: rightSide)
        let picked = [side] + columns.suffix(rightColumns.count)
        let windows = try mapAll(picked) { (column) throws(StarlingError) in
            try lastValue(of: column, where: isRight)
        }
        let window = WindowNode(
            input: LogicalPlan(.setOperation(union)),
            partitionKeys: columns.prefix(condition.keys.count).map { BoundExpression.column($0) },
            orderKeys: [
                SortKey(
                    expression: .column(columns[types.count - 1]), isAscending: isAscending,
                    nullsFirst: true),
                SortKey(expression: .column(side), isAscending: true, nullsFirst: nil),
            ], items: windows)
        let nearest = keeping(leftSide: 1 - rightSide, side, of: window, join.kind)
        let passed = Array(columns[(types.count + 1)...].prefix(leftColumns.count))
        let found = windows.dropFirst().map(\.column)
        let mapping = Dictionary(
            uniqueKeysWithValues: zip((leftColumns + rightColumns).map(\.id), passed + found))
        let (plan, partners) = fulfilling(
            condition.further.map { $0.renaming(mapping) }, nearest, passed, found, join.kind)
        let ownLeft = left.replacing(leftColumns, by: passed, plan)
        let ownRight = right.replacing(rightColumns, by: partners, plan)
        var result = BoundSource(plan: plan, columns: ownLeft.columns + ownRight.columns)
        mergeShared(names, &result, ownLeft, ownRight, .left)
        return result
    }

    // MARK: What is compared

    private func asofCondition(
        _ join: Join, _ left: BoundSource, _ right: BoundSource, _ names: [String],
        _ reference: TableReference
    ) throws(StarlingError) -> AsofCondition {
        var conjuncts: [BoundExpression] = []
        if case .on(let condition)? = join.condition {
            let both = Scope(columns: left.columns + right.columns, parent: outer)
            let expressions = ExpressionBinder(binder, scope: both)
            expressions.clause = "ON"
            conjuncts = try expressions.bindCondition(condition).conjuncts
        }
        // Of USING the last column is the moment, as in DuckDB.
        for (position, name) in names.enumerated() {
            let equality = try equality(name, left, right, reference)
            if position == names.count - 1, case .comparison(_, let first, let second) = equality {
                conjuncts.append(.comparison(.greaterOrEqual, first, second))
            } else {
                conjuncts.append(equality)
            }
        }
        var result = AsofCondition()
        let (leftIDs, rightIDs) = (
            Set(left.planColumns.map(\.id)), Set(right.planColumns.map(\.id))
        )
        for conjunct in conjuncts {
            guard case .comparison(let comparison, var first, var second) = conjunct else {
                try addFurther(conjunct, leftIDs, to: &result, reference)
                continue
            }
            var own = comparison
            if first.referencedColumns.isSubset(of: rightIDs),
                second.referencedColumns.isSubset(of: leftIDs)
            {
                swap(&first, &second)
                own = comparison.mirrored
            }
            guard first.referencedColumns.isSubset(of: leftIDs), !first.referencedColumns.isEmpty,
                second.referencedColumns.isSubset(of: rightIDs),
                !second.referencedColumns.isEmpty
            else {
                try addFurther(conjunct, leftIDs, to: &result, reference)
                continue
            }
            switch own {
            case .equal: result.keys.append((first, second))
            case .greater, .greaterOrEqual, .less, .lessOrEqual:
                guard result.moment == nil else { throw asofError(reference) }
                result.moment = (first, own, second)
            default: try addFurther(conjunct, leftIDs, to: &result, reference)
            }
        }
        return result
    }

    private func addFurther(
        _ condition: BoundExpression, _ leftIDs: Set<ColumnID>, to result: inout AsofCondition,
        _ reference: TableReference
    ) throws(StarlingError) {
        guard !condition.referencedColumns.isDisjoint(with: leftIDs), !condition.containsSubquery
        else { throw asofError(reference) }
        result.further.append(condition)
    }

    private func asofError(_ reference: TableReference) -> StarlingError {
        StarlingError(
            .binding,
            "an ASOF join takes equalities of both sides, one comparison with >=, >, <= or <, and "
                + "conditions on the pairs found so, joined by AND; what asks the right side alone "
                + "belongs into a subquery there",
            at: reference.range)
    }

    // MARK: Pieces of the plan

    private func compared(_ keys: [BoundExpression], side: Int128) -> [ProjectItem] {
        var items = keys.map { key in
            ProjectItem(
                column: binder.allocator.makeColumn("key", key.type), expression: key)
        }
        items.append(
            ProjectItem(
                column: binder.allocator.makeColumn("side", .tinyint, isNullable: false),
                expression: .literal(.integer(side), .tinyint)))
        return items
    }

    /// A function that picks rows passes over those whose condition is NULL.
    private func trueOrNull(where side: PlanColumn, is wanted: Int128) -> BoundExpression {
        .conditional(
            [
                ConditionalBranch(
                    condition: .comparison(
                        .equal, .column(side), .literal(.integer(wanted), .tinyint)),
                    result: .literal(.boolean(true), .boolean))
            ], otherwise: .null(.boolean), .boolean)
    }

    /// Gives NULL in the place of a column of the other side.
    private func missing(_ column: PlanColumn) -> ProjectItem {
        ProjectItem(
            column: binder.allocator.makeColumn(column.name, column.type),
            expression: .null(column.type))
    }

    /// Keeps the left rows, and of an inner join only those that took a right one.
    private func keeping(
        leftSide: Int128, _ side: PlanColumn, of window: WindowNode, _ kind: Join.Kind
    ) -> LogicalPlan {
        var conjuncts: [BoundExpression] = [
            .comparison(.equal, .column(side), .literal(.integer(leftSide), .tinyint))
        ]
        if kind == .asofInner { conjuncts.append(.not(.isNull(.column(window.items[0].column)))) }
        return LogicalPlan(
            .filter(FilterNode(input: LogicalPlan(.window(window)), conjuncts: conjuncts)))
    }

    /// Takes the partners away that don't fulfil the conditions, and from an inner join their rows.
    private func fulfilling(
        _ conditions: [BoundExpression], _ plan: LogicalPlan, _ left: [PlanColumn],
        _ right: [PlanColumn], _ kind: Join.Kind
    ) -> (LogicalPlan, [PlanColumn]) {
        guard !conditions.isEmpty else { return (plan, right) }
        if kind == .asofInner {
            let filter = FilterNode(input: plan, conjuncts: conditions)
            return (LogicalPlan(.filter(filter)), right)
        }
        let partners = right.map {
            binder.allocator.makeColumn($0.name, $0.type, analyzers: $0.analyzers)
        }
        // All columns of a row go by one answer, whatever the conditions ask.
        let answer = binder.allocator.makeColumn("answer", .boolean)
        let asked = ProjectNode(
            input: plan,
            items: (left + right).map(ProjectItem.init(passing:))
                + [ProjectItem(column: answer, expression: .and(conditions))])
        let items = zip(partners, right).map { partner, column in
            let kept = ConditionalBranch(condition: .column(answer), result: .column(column))
            return ProjectItem(
                column: partner,
                expression: .conditional([kept], otherwise: .null(column.type), column.type))
        }
        let project = ProjectNode(
            input: LogicalPlan(.project(asked)), items: left.map(ProjectItem.init(passing:)) + items
        )
        return (LogicalPlan(.project(project)), partners)
    }

    private func lastValue(
        of column: PlanColumn, where condition: BoundExpression
    ) throws(StarlingError) -> WindowItem {
        guard let function = FunctionRegistry.builtin.window("last_value") else {
            throw StarlingError(.internal, "last_value() is missing")
        }
        return WindowItem(
            column: binder.allocator.makeColumn(
                column.name, column.type, analyzers: column.analyzers),
            function: .ranking(function),
            signature: FunctionSignature([column.type], returns: column.type),
            arguments: [.column(column)], condition: condition,
            frame: WindowFrame(unit: .rows, start: .unboundedPreceding, end: .currentRow))
    }
}

extension BoundSource {
    /// The columns that names refer to, each once.
    fileprivate var planColumns: [PlanColumn] {
        var known: Set<ColumnID> = []
        return columns.map(\.column).filter { known.insert($0.id).inserted }
    }

    /// Lets names refer to other columns of another plan.
    fileprivate func replacing(
        _ old: [PlanColumn], by new: [PlanColumn], _ plan: LogicalPlan
    ) -> BoundSource {
        let map = Dictionary(uniqueKeysWithValues: zip(old.map(\.id), new))
        return BoundSource(
            plan: plan,
            columns: columns.map { column in
                var column = column
                if let other = map[column.column.id] { column.column = other }
                return column
            })
    }
}
