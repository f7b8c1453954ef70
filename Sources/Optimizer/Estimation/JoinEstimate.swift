// How many rows a join gives: the product of its sides, divided for each equality by the larger
// number of distinct values.

import StarlingPlans
import StarlingTypes

struct JoinEstimate {
    let left: RelationEstimate
    let right: RelationEstimate

    func of(_ kind: JoinNode.Kind, _ conditions: [BoundExpression]) -> RelationEstimate {
        let matching = self.matching(conditions)
        switch kind {
        case .inner: return matching
        case .left:
            var result = padded(matching, conditions)
            result.rowCount = max(matching.rowCount, left.rowCount)
            return result
        case .single:
            var result = padded(matching, conditions)
            result.rowCount = left.rowCount
            return result
        case .full:
            var result = matching
            result.rowCount = max(matching.rowCount, left.rowCount + right.rowCount)
            return result
        case .semi: return left.scaled(by: semiFraction(conditions))
        case .anti, .nullAwareAnti: return left.scaled(by: max(0.02, 1 - semiFraction(conditions)))
        case .mark(let mark):
            var result = left
            result.columns[mark.id] = ColumnEstimate(distinctCount: 2)
            return result
        }
    }

    /// Counts the NULLs that rows without a match have on the right.
    private func padded(
        _ matching: RelationEstimate, _ conditions: [BoundExpression]
    ) -> RelationEstimate {
        var result = matching
        let matched = min(
            semiFraction(conditions), matching.rowCount / max(1, left.rowCount))
        for id in right.columns.keys {
            let nullFraction = right.columns[id]?.nullFraction ?? 0
            result.columns[id]?.nullFraction = 1 - matched * (1 - nullFraction)
        }
        return result
    }

    private func matching(_ conditions: [BoundExpression]) -> RelationEstimate {
        var combined = self.combined
        let rows = max(combined.rowCount * fraction(of: conditions), 0)
        combined.rowCount = rows
        for (id, column) in left.columns where rows < left.rowCount {
            combined.columns[id] = column.scaled(from: left.rowCount, to: rows)
        }
        for (id, column) in right.columns where rows < right.rowCount {
            combined.columns[id] = column.scaled(from: right.rowCount, to: rows)
        }
        return combined
    }

    private var combined: RelationEstimate {
        var combined = RelationEstimate(rowCount: left.rowCount * right.rowCount)
        combined.columns = left.columns.merging(right.columns) { first, _ in first }
        return combined
    }

    /// The share of all pairs of rows that satisfy the conditions.
    func fraction(of conditions: [BoundExpression]) -> Double {
        var others: [BoundExpression] = []
        var leftCounts: [Double] = []
        var rightCounts: [Double] = []
        for condition in conditions {
            if let (leftSide, rightSide) = sides(of: condition) {
                leftCounts.append(left.distinctCount(of: leftSide))
                rightCounts.append(right.distinctCount(of: rightSide))
            } else {
                others.append(condition)
            }
        }
        var fraction = 1 / divisor(leftCounts, rightCounts)
        if !others.isEmpty { fraction *= self.fraction(ofOthers: others) }
        return fraction
    }

    /// What a disjunction implies for each side alone, the sides have been filtered by: of the pairs
    /// that are left it takes few away.
    private func fraction(ofOthers conditions: [BoundExpression]) -> Double {
        let selectivity = Selectivity(input: combined)
        let (disjunctions, rest) = conditions.partitioned { condition in
            if case .or = condition { true } else { false }
        }
        let fraction = rest.isEmpty ? 1 : selectivity.of(rest)
        return disjunctions.isEmpty ? fraction : fraction * max(0.3, selectivity.of(disjunctions))
    }

    /// The number of keys that the rows are spread over. Of a composite key no side has more
    /// combinations than rows, and the side with fewer is the one that has them all.
    private func divisor(_ leftCounts: [Double], _ rightCounts: [Double]) -> Double {
        guard leftCounts.count > 1 else {
            return max(1, leftCounts.first ?? 1, rightCounts.first ?? 1)
        }
        let leftKeys = min(leftCounts.reduce(1, *), max(1, left.rowCount))
        let rightKeys = min(rightCounts.reduce(1, *), max(1, right.rowCount))
        let single = zip(leftCounts, rightCounts).map { max($0, $1) }.max() ?? 1
        return max(1, single, min(leftKeys, rightKeys))
    }

    /// The share of left rows that have a match.
    private func semiFraction(_ conditions: [BoundExpression]) -> Double {
        var fraction = right.rowCount < 0.5 ? 0.01 : 1.0
        var (leftKeys, rightKeys) = (1.0, 1.0)
        for condition in conditions {
            if let (leftSide, rightSide) = sides(of: condition) {
                let leftCount = left.distinctCount(of: leftSide)
                let rightCount = right.distinctCount(of: rightSide)
                fraction = min(fraction, rightCount / max(leftCount, 1))
                leftKeys *= max(leftCount, 1)
                rightKeys *= max(rightCount, 1)
            } else {
                fraction *= 0.7
            }
        }
        // Few rows on the right have few of a composite key's combinations, whatever its parts.
        leftKeys = min(leftKeys, max(1, left.rowCount))
        rightKeys = min(rightKeys, max(1, right.rowCount))
        return min(1, max(min(fraction, rightKeys / leftKeys), 1e-6))
    }

    /// Splits an equality into its left and right side.
    private func sides(of condition: BoundExpression) -> (BoundExpression, BoundExpression)? {
        guard case .comparison(let comparison, let first, let second) = condition,
            comparison == .equal || comparison == .nullSafeEqual
        else { return nil }
        let firstColumns = first.referencedColumns
        let secondColumns = second.referencedColumns
        guard !firstColumns.isEmpty, !secondColumns.isEmpty else { return nil }
        if belongs(firstColumns, left), belongs(secondColumns, right) { return (first, second) }
        if belongs(firstColumns, right), belongs(secondColumns, left) { return (second, first) }
        return nil
    }

    private func belongs(_ columns: Set<ColumnID>, _ side: RelationEstimate) -> Bool {
        columns.allSatisfy { side.columns[$0] != nil }
    }
}
