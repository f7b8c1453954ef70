// Conditions that name the values they want, `c = 5` or `c IN (1, 2)`: what indexes over values are
// asked for.

import StarlingPlans
import StarlingTypes

/// Names values of which a column must have one.
package struct RequiredValues: Sendable {
    package var column: Int
    package var values: [Value]

    static let countMax = 1_024
    /// Wider ranges do not count as lists of their values.
    static let rangeWidthMax = 64

    init(column: Int, values: [Value]) {
        self.column = column
        self.values = values
    }

    /// Reads an equality, a list, or several of them about the same column joined by OR.
    init?(of condition: BoundExpression, in layout: ColumnLayout) {
        switch condition {
        case .comparison(.equal, let left, let right):
            let (operand, constant) = right.constantValue == nil ? (right, left) : (left, right)
            guard let value = constant.constantValue, !value.isNull,
                let column = operand.columnKeepingValues(in: layout)
            else { return nil }
            self.init(column: column, values: [value])
        case .inList(let operand, let values):
            guard values.count <= Self.countMax,
                let column = operand.columnKeepingValues(in: layout)
            else { return nil }
            self.init(column: column, values: values.filter { !$0.isNull })
        case .or(let parts):
            let all = parts.compactMap { RequiredValues(of: $0, in: layout) }
            guard all.count == parts.count, let first = all.first,
                all.allSatisfy({ $0.column == first.column })
            else { return nil }
            let values = all.flatMap(\.values)
            guard values.count <= Self.countMax else { return nil }
            self.init(column: first.column, values: values)
        default: return nil
        }
    }
}
