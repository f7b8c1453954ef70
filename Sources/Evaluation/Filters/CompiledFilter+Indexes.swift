// What of a filter indexes may answer: conditions on single columns with constants, and whatever AND,
// OR and NOT make of them.

import StarlingFunctions
import StarlingKernels
import StarlingPlans
import StarlingTables
import StarlingTypes

extension CompiledFilter {
    /// Says for each conjunct what indexes may be asked; ranges of one column are one. `column` gives the
    /// column of the table for a position in the layout; nil where that is only a part of one.
    package func indexConditions(
        _ column: @escaping (Int) -> Int?
    ) -> [IndexCondition] {
        let reader = IndexConditionReader(layout: layout, column: column)
        let conditions: [IndexCondition] = conjuncts.map { conjunct in
            guard conjunct.facts.isDeterministic else { return .unknown }
            guard let range = conjunct.range else { return reader.read(conjunct.expression) }
            return reader.condition(on: conjunct.expression) {
                .range(
                    column: $0, low: .integer(range.low), high: .integer(range.high),
                    includesLow: true, includesHigh: true)
            }
        }
        return IndexCondition.joiningRanges(conditions)
    }
}

/// Reads what indexes of a table may know of conditions of its scan, while that is planned.
package struct IndexableConditions {
    private let reader: IndexConditionReader

    package init(of scan: ScanNode) {
        let columns = scan.columns.map { column in
            PhysicalColumn(
                column: column.column, physicalType: column.column.type.widestPhysicalType,
                bounds: nil)
        }
        reader = IndexConditionReader(layout: ColumnLayout(columns)) { place in
            scan.columns[place].path.isEmpty ? scan.columns[place].position : nil
        }
    }

    package func condition(_ expression: BoundExpression) -> IndexCondition {
        reader.read(expression)
    }
}

/// Finds conditions that indexes know in expressions.
private struct IndexConditionReader {
    let layout: ColumnLayout
    let column: (Int) -> Int?

    func column(of expression: BoundExpression) -> Int? {
        expression.columnKeepingValues(in: layout).flatMap(column)
    }

    /// Makes a condition on the column that an operand is, or one that some element of it passes
    /// where the operand is an element of an array.
    func condition(
        on operand: BoundExpression, _ make: (Int) -> IndexCondition
    ) -> IndexCondition {
        if let place = column(of: operand) { return make(place) }
        guard let place = column(ofElement: operand) else { return .unknown }
        return make(place).passedBySomeElement
    }

    /// The column of arrays of which this is an element.
    private func column(ofElement expression: BoundExpression) -> Int? {
        switch expression {
        case .call(let function, _, let arguments):
            guard function.name == "element_at", case .array? = arguments.first?.type else {
                return nil
            }
            return column(of: arguments[0])
        case .cast(let inner, let type):
            return inner.keepsValue(castTo: type) ? column(ofElement: inner) : nil
        default: return nil
        }
    }

    func read(_ condition: BoundExpression) -> IndexCondition {
        switch condition {
        case .and(let parts): return .all(parts.map(read))
        case .or(let parts): return .any(parts.map(read))
        case .not(let inner): return .not(read(inner))
        case .isNull(let operand):
            return self.condition(on: operand) { .isNull(column: $0) }
        case .inList(let operand, let values):
            return self.condition(on: operand) { .values(column: $0, values) }
        case .like(let operand, let pattern, let escape):
            guard case .bytes(let text)? = pattern.constantValue else { return .unknown }
            return self.condition(on: operand) {
                .like(column: $0, pattern: text, escape: escape)
            }
        case .comparison(let comparison, let left, let right):
            return right.constantValue == nil
                ? read(comparison.mirrored, right, left) : read(comparison, left, right)
        case .call(let function, _, let arguments): return read(function, arguments)
        case .lambda(let call): return read(call)
        default: return .unknown
        }
    }

    /// `any_match(x -> …, list)` is true where the condition is of some element, for which the
    /// parameter stands.
    private func read(_ call: LambdaCall) -> IndexCondition {
        guard call.kind == .anyMatch, call.lists.count == 1, call.bodies.count == 1,
            let parameter = call.parameters.first, let place = column(of: call.lists[0])
        else { return .unknown }
        let element = PhysicalColumn(
            column: parameter, physicalType: parameter.type.widestPhysicalType, bounds: nil)
        let reader = IndexConditionReader(layout: ColumnLayout([element])) { _ in place }
        return reader.read(call.bodies[0]).passedBySomeElement
    }

    private func read(
        _ comparison: ComparisonOperator, _ operand: BoundExpression, _ constant: BoundExpression
    ) -> IndexCondition {
        guard let value = constant.constantValue, !value.isNull else { return .unknown }
        if case .call(let function, _, let arguments) = operand,
            Self.similarities.contains(function.name)
        {
            return readSimilarity(function, arguments, comparison, value)
        }
        return condition(on: operand) { place in
            switch comparison {
            case .equal: .values(column: place, [value])
            case .notEqual: .not(.values(column: place, [value]))
            case .less, .lessOrEqual:
                .range(
                    column: place, low: nil, high: value, includesLow: true,
                    includesHigh: comparison == .lessOrEqual)
            case .greater, .greaterOrEqual:
                .range(
                    column: place, low: value, high: nil,
                    includesLow: comparison == .greaterOrEqual, includesHigh: true)
            case .nullSafeEqual: .unknown
            }
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
            case .bytes(let query)? = arguments[1].constantValue,
            let analyzer = arguments[2].constantValue?.text
        else { return .unknown }
        return condition(on: arguments[0]) {
            .match(column: $0, function: function.name, query: query, analyzer: analyzer)
        }
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

    private static let similarities = ["ngram_search", "ngram_search_case_insensitive"]

    /// `ngram_search(c, 'text', n) > 0.5`: rows without a common run have 0.
    private func readSimilarity(
        _ function: ScalarFunction, _ arguments: [BoundExpression],
        _ comparison: ComparisonOperator, _ value: Value
    ) -> IndexCondition {
        guard let kind = Self.similarities.firstIndex(of: function.name), arguments.count == 3,
            case .floating(let least) = value,
            (comparison == .greater && least >= 0) || (comparison == .greaterOrEqual && least > 0),
            case .bytes(let text)? = arguments[1].constantValue,
            let size = arguments[2].constantValue?.integer.flatMap({ Int(exactly: $0) })
        else { return .unknown }
        return condition(on: arguments[0]) {
            .sharesRuns(column: $0, text: text, size: size, ignoresCase: kind == 1)
        }
    }
}

extension IndexCondition {
    /// Says that some element of a list passes what this says of those of its column.
    fileprivate var passedBySomeElement: IndexCondition {
        let inner = ofElements
        return inner.isKnown ? .someElement(inner) : .unknown
    }

    /// What remains of it where a list has other elements beside the one that is meant: that one of
    /// them has something says nothing about which have not.
    private var ofElements: IndexCondition {
        switch self {
        case .all(let parts): .all(parts.map(\.ofElements))
        case .any(let parts): .any(parts.map(\.ofElements))
        case .values(let column, let values):
            .hasElements(column: column, values, areAllNeeded: false)
        case .not, .isNull, .hasElements, .someElement: .unknown
        default: self
        }
    }
}
