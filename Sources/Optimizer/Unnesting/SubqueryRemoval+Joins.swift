// Subqueries in the conditions of joins.
//
// 1. Above an inner join they are a filter.
// 2. In any other join a subquery that refers to one side goes below the join, on that side.
// 3. One that refers to both sides needs the pairs of rows. The rows of the preserved sides are
//    numbered, the pairs are an inner join with a filter above, and the numbers bring them back to
//    the rows that have none: L ⟕p R → L' ⟕(number) σp(L' ⋈ R).

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTypes

extension SubqueryRemoval {
    func rewriteJoin(_ join: JoinNode) throws(StarlingError) -> LogicalPlan {
        var join = join
        let (nested, plain) = join.conditions.flatMap(\.conjuncts).partitioned {
            $0.containsSubquery
        }
        join.conditions = plain
        if join.kind == .inner {
            let filter = FilterNode(input: LogicalPlan(.join(join)), conjuncts: nested)
            return try rewriteFilter(filter)
        }
        let leftColumns = join.left.outputColumnIDs
        let rightColumns = join.right.outputColumnIDs
        var left = JoinedInput(plan: join.left)
        var right = JoinedInput(plan: join.right)
        var toRight: [BoundExpression] = []
        var pairwise: [BoundExpression] = []
        for condition in nested {
            let mayFilterRight = join.kind == .left || join.kind == .semi || join.kind == .anti
            if mayFilterRight, condition.referencedColumns.isDisjoint(with: leftColumns) {
                toRight.append(condition)
            } else if condition.outermostSubqueries.allSatisfy({ subquery in
                let columns = subquery.referencedColumns
                return columns.isDisjoint(with: leftColumns)
                    || columns.isDisjoint(with: rightColumns)
            }) {
                join.conditions.append(
                    try attach(condition, leftColumns, left: &left, right: &right))
            } else {
                pairwise.append(condition)
            }
        }
        join.left = left.plan
        join.right = try rewriteFilter(FilterNode(input: right.plan, conjuncts: toRight))
        join.isDependent = refersOutside(join.right, of: join.left)
        return pairwise.isEmpty
            ? LogicalPlan(.join(join)) : try joinPairs(join, satisfying: pairwise)
    }

    /// Joins each subquery to the side whose columns it reads.
    private func attach(
        _ expression: BoundExpression, _ leftColumns: Set<ColumnID>, left: inout JoinedInput,
        right: inout JoinedInput
    ) throws(StarlingError) -> BoundExpression {
        guard case .subquery = expression else {
            return try expression.mapChildren { (child) throws(StarlingError) in
                try attach(child, leftColumns, left: &left, right: &right)
            }
        }
        return expression.referencedColumns.isDisjoint(with: leftColumns)
            ? try attach(expression, to: &right) : try attach(expression, to: &left)
    }

    // MARK: Conditions on pairs of rows

    /// Holds a side whose rows are numbered, computed once and read twice.
    private struct NumberedSide {
        let id: SharedPlanID
        let definition: LogicalPlan
        /// Gives the side's own columns.
        let rows: LogicalPlan
        /// The column that numbers `rows`.
        let number: PlanColumn
        /// Gives copies of the columns, for making pairs.
        let partners: LogicalPlan
        let partnerNumber: PlanColumn
        /// The copies by the columns that they stand for.
        let copies: [ColumnID: PlanColumn]

        func sharing(_ body: LogicalPlan) -> LogicalPlan {
            LogicalPlan(
                .shared(SharedNode(id: id, name: "side", definition: definition, body: body)))
        }
    }

    private func numbered(_ side: LogicalPlan) -> NumberedSide {
        let id = context.makeSharedID()
        let number = context.allocator.makeColumn("row_number", .bigint, isNullable: false)
        let item = WindowItem(
            column: number, function: .ranking(.rowNumber),
            signature: FunctionSignature([], returns: .bigint), arguments: [],
            frame: .wholePartition)
        let window = LogicalPlan(
            .window(WindowNode(input: side, partitionKeys: [], orderKeys: [], items: [item])))
        let columns = window.outputColumns
        let sources = columns.map(context.allocator.makeCopy)
        let partners = columns.map(context.allocator.makeCopy)
        func scan(_ given: [PlanColumn]) -> LogicalPlan {
            LogicalPlan(
                .sharedScan(
                    SharedScanNode(id: id, name: "side", columns: given, sourceColumns: sources)))
        }
        func table(_ copies: [PlanColumn]) -> [ColumnID: PlanColumn] {
            Dictionary(zip(columns.map(\.id), copies), uniquingKeysWith: { first, _ in first })
        }
        return NumberedSide(
            id: id, definition: window.renaming(table(sources)), rows: scan(columns),
            number: number, partners: scan(partners), partnerNumber: partners[partners.count - 1],
            copies: table(partners))
    }

    private func joinPairs(
        _ join: JoinNode, satisfying conditions: [BoundExpression]
    ) throws(StarlingError) -> LogicalPlan {
        let left = numbered(join.left)
        switch join.kind {
        case .left, .semi, .anti:
            let pairs = try pairs(join, conditions, left.partners, join.right, left.copies)
            let result = JoinNode(
                kind: join.kind, left: left.rows, right: pairs,
                conditions: [equality(left.number, left.partnerNumber)])
            return left.sharing(LogicalPlan(.join(result)))
        case .full:
            let right = numbered(join.right)
            let copies = left.copies.merging(right.copies) { first, _ in first }
            var pairs = try pairs(join, conditions, left.partners, right.partners, copies)
            pairs = LogicalPlan(
                .project(
                    ProjectNode(
                        input: pairs,
                        items: [
                            ProjectItem(passing: left.partnerNumber),
                            ProjectItem(passing: right.partnerNumber),
                        ])))
            let padded = JoinNode(
                kind: .left, left: left.rows, right: pairs,
                conditions: [equality(left.number, left.partnerNumber)])
            var partner = right.partnerNumber
            partner.isNullable = true
            let result = JoinNode(
                kind: .full, left: LogicalPlan(.join(padded)), right: right.rows,
                conditions: [equality(partner, right.number)])
            return left.sharing(right.sharing(LogicalPlan(.join(result))))
        case .inner, .nullAwareAnti, .mark, .single:
            throw StarlingError(
                .unsupported,
                "a subquery in the ON of a NULL AWARE ANTI JOIN can refer to one side only; "
                    + "write NOT IN")
        }
    }

    /// Makes the pairs of rows that satisfy all conditions.
    private func pairs(
        _ join: JoinNode, _ nested: [BoundExpression], _ left: LogicalPlan, _ right: LogicalPlan,
        _ copies: [ColumnID: PlanColumn]
    ) throws(StarlingError) -> LogicalPlan {
        let right = right.renaming(copies)
        let inner = JoinNode(
            kind: .inner, left: left, right: right,
            conditions: join.conditions.map { $0.renaming(copies) },
            isDependent: refersOutside(right, of: left))
        return try rewriteFilter(
            FilterNode(
                input: LogicalPlan(.join(inner)), conjuncts: nested.map { $0.renaming(copies) }))
    }

    private func equality(_ left: PlanColumn, _ right: PlanColumn) -> BoundExpression {
        .comparison(.equal, .column(left), .column(right))
    }
}

extension BoundExpression {
    /// The subqueries in here that are in no other one.
    fileprivate var outermostSubqueries: [BoundExpression] {
        if case .subquery = self { return [self] }
        return children.flatMap(\.outermostSubqueries)
    }
}
