// The conditions of a join by what can be done with them: equalities of both sides are keys, and
// comparisons of numbers are ranges that an index can answer.

import StarlingTypes

/// Sorts the conditions of a join.
package struct JoinConditions {
    /// Compares an expression of the left side with one of the right.
    package struct Equality {
        package var left: BoundExpression
        package var right: BoundExpression
        package var isNullSafe: Bool
    }

    /// Says which of an expression of the left side and one of the right is greater.
    package struct Range {
        package var left: BoundExpression
        package var right: BoundExpression
        /// True where the left value is not below the right one.
        package var isLeftGreater: Bool
    }

    package private(set) var equalities: [Equality] = []
    /// The conditions that are no equalities of both sides, ranges among them.
    package private(set) var others: [BoundExpression] = []

    private let leftColumns: Set<ColumnID>
    private let rightColumns: Set<ColumnID>
    private let kind: JoinNode.Kind

    package init(of join: JoinNode) {
        leftColumns = join.left.outputColumnIDs
        rightColumns = join.right.outputColumnIDs
        kind = join.kind
        for condition in join.conditions.flatMap(\.conjuncts) {
            if let equality = equality(condition) {
                equalities.append(equality)
            } else {
                others.append(condition)
            }
        }
    }

    private func equality(_ condition: BoundExpression) -> Equality? {
        guard case .comparison(let comparison, let first, let second) = condition,
            comparison == .equal || comparison == .nullSafeEqual,
            // The key of NOT IN is a key even where one side of it is a constant.
            let sides = sides(first, second, takesConstants: kind == .nullAwareAnti)
        else { return nil }
        return Equality(
            left: sides.left, right: sides.right, isNullSafe: comparison == .nullSafeEqual)
    }

    /// The conditions among `others` that compare numbers of both sides.
    package var ranges: [Range] {
        if kind == .nullAwareAnti { return [] }
        return others.compactMap { condition in
            guard case .comparison(let comparison, let first, let second) = condition,
                first.type == second.type, Self.canRange(first.type),
                let sides = sides(first, second, takesConstants: false)
            else { return nil }
            switch comparison {
            case .greater, .greaterOrEqual:
                return Range(
                    left: sides.left, right: sides.right, isLeftGreater: !sides.areSwapped)
            case .less, .lessOrEqual:
                return Range(
                    left: sides.left, right: sides.right, isLeftGreater: sides.areSwapped)
            default: return nil
            }
        }
    }

    private func sides(
        _ first: BoundExpression, _ second: BoundExpression, takesConstants: Bool
    ) -> (left: BoundExpression, right: BoundExpression, areSwapped: Bool)? {
        let (firstColumns, secondColumns) = (first.referencedColumns, second.referencedColumns)
        guard takesConstants || (!firstColumns.isEmpty && !secondColumns.isEmpty) else {
            return nil
        }
        if firstColumns.isSubset(of: leftColumns), secondColumns.isSubset(of: rightColumns) {
            return (first, second, false)
        }
        if firstColumns.isSubset(of: rightColumns), secondColumns.isSubset(of: leftColumns) {
            return (second, first, true)
        }
        return nil
    }

    private static func canRange(_ type: LogicalType) -> Bool {
        switch type {
        case .tinyint, .smallint, .int, .bigint, .float, .double, .decimal, .date, .datetime,
            .time:
            true
        default: false
        }
    }
}
