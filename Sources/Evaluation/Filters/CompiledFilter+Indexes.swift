// What of a filter indexes may answer: conditions on single columns with constants, and whatever AND,
// OR and NOT make of them.

import StarlingFunctions
import StarlingKernels
import StarlingPlans
import StarlingTables
import StarlingTypes

extension CompiledFilter {
    /// Says for each conjunct what indexes may be asked. `column` gives the column of the table for a
    /// position in the layout; nil where that is only a part of one.
    package func indexConditions(
        _ column: @escaping (Int) -> Int?
    ) -> [IndexCondition] {
        let reader = IndexConditionReader(layout: layout, column: column)
        return conjuncts.map { conjunct in
            guard conjunct.facts.isDeterministic else { return .unknown }
            guard let range = conjunct.range else { return reader.read(conjunct.expression) }
            guard let place = reader.column(of: conjunct.expression) else { return .unknown }
            return .range(
                column: place, low: .integer(range.low), high: .integer(range.high),
                includesLow: true, includesHigh: true)
        }
    }
}

/// Finds conditions that indexes know in expressions.
private struct IndexConditionReader {
    let layout: ColumnLayout
    let column: (Int) -> Int?

    func column(of expression: BoundExpression) -> Int? {
        expression.columnKeepingValues(in: layout).flatMap(column)
    }

    func read(_ condition: BoundExpression) -> IndexCondition {
        switch condition {
        case .and(let parts): return .all(parts.map(read))
        case .or(let parts): return .any(parts.map(read))
        case .not(let inner): return .not(read(inner))
        case .isNull(let operand):
            return column(of: operand).map { .isNull(column: $0) } ?? .unknown
        case .inList(let operand, let values):
            return column(of: operand).map { .values(column: $0, values) } ?? .unknown
        case .like(let operand, let pattern, let escape):
            guard case .bytes(let text)? = pattern.constantValue, let place = column(of: operand)
            else { return .unknown }
            return .like(column: place, pattern: text, escape: escape)
        case .comparison(let comparison, let left, let right):
            return right.constantValue == nil
                ? read(comparison.mirrored, right, left) : read(comparison, left, right)
        case .call(let function, _, let arguments): return read(function, arguments)
        default: return .unknown
        }
    }

    private func read(
        _ comparison: ComparisonOperator, _ operand: BoundExpression, _ constant: BoundExpression
    ) -> IndexCondition {
        guard let value = constant.constantValue, !value.isNull else { return .unknown }
        if case .call(let function, _, let arguments) = operand {
            return readSimilarity(function, arguments, comparison, value)
        }
        guard let place = column(of: operand) else { return .unknown }
        switch comparison {
        case .equal: return .values(column: place, [value])
        case .notEqual: return .not(.values(column: place, [value]))
        case .less, .lessOrEqual:
            return .range(
                column: place, low: nil, high: value, includesLow: true,
                includesHigh: comparison == .lessOrEqual)
        case .greater, .greaterOrEqual:
            return .range(
                column: place, low: value, high: nil,
                includesLow: comparison == .greaterOrEqual, includesHigh: true)
        case .nullSafeEqual: return .unknown
        }
    }

    /// MATCH and its relatives with a constant to look for, and what asks for elements of arrays.
    private func read(
        _ function: ScalarFunction, _ arguments: [BoundExpression]
    ) -> IndexCondition {
        switch function.name {
        case "array_contains":
            guard let place = column(of: arguments[0]), let value = arguments[1].constantValue
            else { return .unknown }
            return .hasElements(column: place, [value], areAllNeeded: true)
        case "array_contains_all", "arrays_overlap":
            return readElements(
                arguments, areAllNeeded: function.name == "array_contains_all")
        default: break
        }
        guard TextMatching.isMatch(function), arguments.count == 3,
            let place = column(of: arguments[0]),
            case .bytes(let query)? = arguments[1].constantValue,
            let analyzer = arguments[2].constantValue?.text
        else { return .unknown }
        return .match(
            column: place, function: function.name, query: query, analyzer: analyzer)
    }

    private func readElements(
        _ arguments: [BoundExpression], areAllNeeded: Bool
    ) -> IndexCondition {
        // It does not matter which of two arrays has the elements of the other.
        let (lists, elements) =
            areAllNeeded || arguments[1].constantValue != nil
            ? (arguments[0], arguments[1]) : (arguments[1], arguments[0])
        guard let place = column(of: lists), case .list(let values)? = elements.constantValue
        else { return .unknown }
        return .hasElements(column: place, values, areAllNeeded: areAllNeeded)
    }

    /// `ngram_search(c, 'text', n) > 0.5`: rows without a common run have 0.
    private func readSimilarity(
        _ function: ScalarFunction, _ arguments: [BoundExpression],
        _ comparison: ComparisonOperator, _ value: Value
    ) -> IndexCondition {
        let names = ["ngram_search", "ngram_search_case_insensitive"]
        guard let kind = names.firstIndex(of: function.name), arguments.count == 3,
            case .floating(let least) = value,
            (comparison == .greater && least >= 0) || (comparison == .greaterOrEqual && least > 0),
            let place = column(of: arguments[0]),
            case .bytes(let text)? = arguments[1].constantValue,
            let size = arguments[2].constantValue?.integer.flatMap({ Int(exactly: $0) })
        else { return .unknown }
        return .sharesRuns(column: place, text: text, size: size, ignoresCase: kind == 1)
    }
}
