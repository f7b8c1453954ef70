// The comparisons of a join that an index over numbers can answer.

import StarlingPlans
import StarlingTypes

extension PipelinePlanner {
    /// Compares an expression of the left side with one of the right.
    struct RangeComparison {
        var left: BoundExpression
        var right: BoundExpression
        /// True where the left value is not below the right one.
        var isLeftGreater: Bool
    }

    /// Finds the conditions that compare numbers of both sides.
    func ranges(of conditions: [BoundExpression], _ node: JoinNode) -> [RangeComparison] {
        if case .nullAwareAnti = node.kind { return [] }
        let leftColumns = node.left.outputColumnIDs
        let rightColumns = node.right.outputColumnIDs
        var result: [RangeComparison] = []
        for condition in conditions {
            guard case .comparison(let comparison, let first, let second) = condition,
                first.type == second.type, Self.canRange(first.type)
            else { continue }
            let isGreater: Bool
            switch comparison {
            case .greater, .greaterOrEqual: isGreater = true
            case .less, .lessOrEqual: isGreater = false
            default: continue
            }
            let (firstColumns, secondColumns) = (first.referencedColumns, second.referencedColumns)
            guard !firstColumns.isEmpty, !secondColumns.isEmpty else { continue }
            if firstColumns.isSubset(of: leftColumns), secondColumns.isSubset(of: rightColumns) {
                result.append(
                    RangeComparison(left: first, right: second, isLeftGreater: isGreater))
            } else if firstColumns.isSubset(of: rightColumns),
                secondColumns.isSubset(of: leftColumns)
            {
                result.append(
                    RangeComparison(left: second, right: first, isLeftGreater: !isGreater))
            }
        }
        return result
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
