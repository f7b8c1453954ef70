// Derives what a condition can be from the statistics of its columns.

import StarlingErrors
import StarlingKernels
import StarlingPlans
import StarlingTables
import StarlingTypes

/// Says which truth values a condition can have for the rows of a part.
struct Outcome {
    var canBeTrue: Bool
    var canBeFalse: Bool
    var canBeNull: Bool

    static let unknown = Outcome(canBeTrue: true, canBeFalse: true, canBeNull: true)
    static let null = Outcome(canBeTrue: false, canBeFalse: false, canBeNull: true)

    var saysNothing: Bool { canBeTrue && canBeFalse && canBeNull }
}

/// Derives outcomes of conditions, whose lists ascend, from statistics.
struct StatisticsReasoning {
    let layout: ColumnLayout
    let rowCount: Int
    let statistics: (Int) -> ColumnStatistics

    func judge(_ conjunct: FilterConjunct) -> Outcome {
        conjunct.range.map { judge(conjunct.expression, within: $0) }
            ?? judge(conjunct.expression)
    }

    func judge(_ condition: BoundExpression) -> Outcome {
        let outcome = judgeByBounds(condition)
        return outcome.saysNothing && isSurelyNull(condition) ? .null : outcome
    }

    private func judgeByBounds(_ condition: BoundExpression) -> Outcome {
        switch condition {
        case .literal(.integer(let number), _):
            return Outcome(canBeTrue: number != 0, canBeFalse: number == 0, canBeNull: false)
        case .literal(.null, _): return .null
        case .column where condition.type == .boolean:
            return judge(.notEqual, condition, .literal(.integer(0), .boolean))
        case .and(let parts):
            let all = parts.map(judge)
            return Outcome(
                canBeTrue: all.allSatisfy(\.canBeTrue),
                canBeFalse: all.contains(where: \.canBeFalse),
                canBeNull: all.contains(where: \.canBeNull))
        case .or(let parts):
            let all = parts.map(judge)
            return Outcome(
                canBeTrue: all.contains(where: \.canBeTrue),
                canBeFalse: all.allSatisfy(\.canBeFalse),
                canBeNull: all.contains(where: \.canBeNull))
        case .not(let operand):
            let inner = judge(operand)
            return Outcome(
                canBeTrue: inner.canBeFalse, canBeFalse: inner.canBeTrue, canBeNull: inner.canBeNull
            )
        case .isNull(let operand): return judgeNullTest(operand)
        case .comparison(let comparison, let left, let right):
            return judge(comparison, left, right)
        case .inList(let operand, let values): return judgeList(operand, values)
        case .like(let operand, let pattern, let escape):
            return judgeLike(operand, pattern, escape)
        default: return .unknown
        }
    }

    func judge(_ operand: BoundExpression, within range: Bounds) -> Outcome {
        guard let known = statistics(of: operand) else {
            return isSurelyNull(operand) ? .null : .unknown
        }
        if isAllNull(known) { return .null }
        let canBeNull = known.nullCount != 0
        var outcome = Outcome(canBeTrue: true, canBeFalse: true, canBeNull: canBeNull)
        if let low = known.low?.integer, low > range.high { outcome.canBeTrue = false }
        if let high = known.high?.integer, high < range.low { outcome.canBeTrue = false }
        if let bounds = known.bounds, range.contains(bounds) { outcome.canBeFalse = false }
        return outcome
    }

    /// Finds the statistics of a column, through conversions that keep the number.
    private func statistics(of operand: BoundExpression) -> ColumnStatistics? {
        operand.columnKeepingValues(in: layout).map(statistics)
    }

    private func isAllNull(_ known: ColumnStatistics) -> Bool {
        rowCount > 0 && known.nullCount == rowCount
    }

    /// Tells whether an expression is NULL because columns are in all rows.
    private func isSurelyNull(_ expression: BoundExpression) -> Bool {
        let columns = expression.referencedColumns.filter { id in
            layout.position(of: id).map { isAllNull(statistics($0)) } ?? false
        }
        return !columns.isEmpty && expression.isNull(whenNull: columns)
    }

    private func judgeNullTest(_ operand: BoundExpression) -> Outcome {
        if isSurelyNull(operand) {
            return Outcome(canBeTrue: true, canBeFalse: false, canBeNull: false)
        }
        guard let known = statistics(of: operand), let nullCount = known.nullCount else {
            return .unknown
        }
        return Outcome(
            canBeTrue: nullCount > 0, canBeFalse: nullCount < rowCount, canBeNull: false)
    }

    private func judge(
        _ comparison: ComparisonOperator, _ left: BoundExpression, _ right: BoundExpression
    ) -> Outcome {
        if left.constantValue != nil, right.constantValue == nil {
            return judge(comparison.mirrored, right, left)
        }
        guard let constant = right.constantValue, comparison != .nullSafeEqual else {
            return .unknown
        }
        if constant.isNull { return .null }
        guard let known = statistics(of: left) else { return .unknown }
        if isAllNull(known) { return .null }
        let orderOfLow = known.low.flatMap { $0.order(to: constant) }
        let orderOfHigh = known.high.flatMap { $0.order(to: constant) }
        var outcome = Outcome(
            canBeTrue: true, canBeFalse: true, canBeNull: known.nullCount != 0)
        let isAbove = orderOfLow.map { $0 > 0 } ?? false
        let isAtLeast = orderOfLow.map { $0 >= 0 } ?? false
        let isBelow = orderOfHigh.map { $0 < 0 } ?? false
        let isAtMost = orderOfHigh.map { $0 <= 0 } ?? false
        switch comparison {
        case .equal, .nullSafeEqual:
            outcome.canBeTrue = !isAbove && !isBelow
            outcome.canBeFalse = !(isAtLeast && isAtMost)
        case .notEqual:
            outcome.canBeTrue = !(isAtLeast && isAtMost)
            outcome.canBeFalse = !isAbove && !isBelow
        case .less: (outcome.canBeTrue, outcome.canBeFalse) = (!isAtLeast, !isBelow)
        case .lessOrEqual: (outcome.canBeTrue, outcome.canBeFalse) = (!isAbove, !isAtMost)
        case .greater: (outcome.canBeTrue, outcome.canBeFalse) = (!isAtMost, !isAbove)
        case .greaterOrEqual: (outcome.canBeTrue, outcome.canBeFalse) = (!isBelow, !isAtLeast)
        }
        // NaN is greater than all numbers, and bounds don't tell whether it is among the values.
        if left.type.isFloating, !known.excludesNaN {
            switch comparison {
            case .equal, .less, .lessOrEqual, .nullSafeEqual: outcome.canBeFalse = true
            case .notEqual, .greater, .greaterOrEqual: outcome.canBeTrue = true
            }
        }
        return outcome
    }

    /// Judges a list that ascends, with what has no order at its end.
    private func judgeList(_ operand: BoundExpression, _ values: [Value]) -> Outcome {
        guard let known = statistics(of: operand), values.last?.hasOrder ?? false else {
            return .unknown
        }
        if isAllNull(known) { return .null }
        var outcome = Outcome(
            canBeTrue: true, canBeFalse: true, canBeNull: known.nullCount != 0)
        let place = known.low.map { values.count(below: $0) } ?? 0
        guard place < values.count else {
            outcome.canBeTrue = false
            return outcome
        }
        guard let low = known.low, let high = known.high else {
            outcome.canBeTrue = known.high.map { !$0.precedes(values[place]) } ?? true
            return outcome
        }
        outcome.canBeTrue = !high.precedes(values[place])
        let isNaNPossible = operand.type.isFloating && !known.excludesNaN
        if low.order(to: high) == 0, values[place].order(to: low) == 0, !isNaNPossible {
            outcome.canBeFalse = false
        }
        return outcome
    }

    private func judgeLike(
        _ operand: BoundExpression, _ pattern: BoundExpression, _ escape: UInt8?
    ) -> Outcome {
        guard case .bytes(let text)? = pattern.constantValue, let known = statistics(of: operand)
        else { return .unknown }
        let prefix = LikePattern(text, escape: escape).prefix
        var outcome = Outcome.unknown
        if case .bytes(let low)? = known.low, prefix.lexicographicallyPrecedes(low),
            !low.starts(with: prefix)
        {
            outcome.canBeTrue = false
        }
        if case .bytes(let high)? = known.high, high.lexicographicallyPrecedes(prefix) {
            outcome.canBeTrue = false
        }
        return outcome
    }
}

extension BoundExpression {
    /// Finds the column that this is, through conversions that keep the value.
    func columnKeepingValues(in layout: ColumnLayout) -> Int? {
        switch self {
        case .column(let column): return layout.position(of: column.id)
        case .cast(let inner, let target):
            return inner.keepsValue(castTo: target) ? inner.columnKeepingValues(in: layout) : nil
        default: return nil
        }
    }

    /// Tells whether a conversion keeps the value.
    func keepsValue(castTo target: LogicalType) -> Bool {
        let keepsOrder =
            type.isInteger && target.isInteger
            && (target.bounds?.contains(type.bounds ?? Bounds(0)) ?? false)
        return keepsOrder || type.isText(like: target)
    }
}

extension BoundExpression {
    /// The same condition with its lists in ascending order, what has no order at their end.
    func withAscendingLists() throws(StarlingError) -> BoundExpression {
        let inner = try mapChildren { (child) throws(StarlingError) in
            try child.withAscendingLists()
        }
        guard case .inList(let operand, let values) = inner else { return inner }
        let ascending = values.filter(\.hasOrder).sorted { $0.precedes($1) }
        return .inList(operand, ascending + values.filter { !$0.hasOrder })
    }
}

extension Value {
    /// False for NULL, NaN and lists.
    fileprivate var hasOrder: Bool { order(to: self) != nil }
}

extension [Value] {
    /// Counts the values of an ascending list that lie below another.
    fileprivate func count(below value: Value) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].precedes(value) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
