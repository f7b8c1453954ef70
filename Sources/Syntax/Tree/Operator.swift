// Operators with the spelling that the printer uses. How tightly they bind is in
// BindingPower.swift, where the parser and the printer share it.

/// Names an operator in front of one operand.
package enum UnaryOperator: String, Sendable {
    case minus = "-"
    case plus = "+"
    case bitNot = "~"
}

/// Names the operator of a chain of truth values.
package enum LogicalOperator: String, Sendable {
    case and = "AND"
    case xor = "XOR"
    case or = "OR"
}

/// Names an operator between two operands.
package enum BinaryOperator: String, Sendable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case integerDivide = "DIV"
    /// `%` and MOD.
    case modulo = "%"
    case bitAnd = "&"
    case bitOr = "|"
    case bitXor = "^"
    case shiftLeft = "BITSHIFTLEFT"
    case shiftRight = "BITSHIFTRIGHT"
    case shiftRightLogical = "BITSHIFTRIGHTLOGICAL"
    /// `||` under PIPES_AS_CONCAT.
    case concat = "||"
    case equal = "="
    /// `<>` and `!=`.
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    /// Equality for which NULL equals NULL.
    case nullSafeEqual = "<=>"
    /// `json -> path`: the value as JSON.
    case jsonValue = "->"
    /// `json ->> path`: the value as text.
    case jsonText = "->>"

    /// Tells whether the result is a truth value of comparing the operands.
    package var isComparison: Bool {
        switch self {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .nullSafeEqual:
            true
        default: false
        }
    }
}
