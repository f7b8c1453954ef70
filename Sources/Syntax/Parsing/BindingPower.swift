// How tightly operators bind, loosest first: MySQL's order as StarRocks has it. Comparisons group
// to the left; a predicate such as LIKE or BETWEEN binds tighter than they do, so that
// `a = b LIKE c` is `a = (b LIKE c)`. Shifts are the loosest of the arithmetic.

/// Orders operators by how tightly they bind.
enum BindingPower: Int, Comparable {
    case lambda, or, xor, and, not, comparison, predicate, shift, bitOr, bitAnd, sum, product
    case bitXor, concat, unary, postfix, primary

    static func < (left: BindingPower, right: BindingPower) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The next tighter one: what the right operand of a left-associative operator needs.
    var tighter: BindingPower { BindingPower(rawValue: rawValue + 1) ?? .primary }
}

extension BinaryOperator {
    var bindingPower: BindingPower {
        switch self {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .nullSafeEqual:
            .comparison
        case .shiftLeft, .shiftRight, .shiftRightLogical: .shift
        case .bitOr: .bitOr
        case .bitAnd: .bitAnd
        case .add, .subtract: .sum
        case .multiply, .divide, .integerDivide, .modulo: .product
        case .bitXor: .bitXor
        case .concat: .concat
        case .jsonValue, .jsonText: .postfix
        }
    }
}

extension LogicalOperator {
    var bindingPower: BindingPower {
        switch self {
        case .and: .and
        case .xor: .xor
        case .or: .or
        }
    }
}

extension Expression.Kind {
    /// Tells how tightly the outermost operator binds.
    var bindingPower: BindingPower {
        switch self {
        case .logical(let logical, _): logical.bindingPower
        case .not: .not
        case .isNull, .isTruth, .isDistinct, .quantified: .comparison
        case .between, .inList, .inQuery, .pattern: .predicate
        case .binary(let binary, _, _): binary.bindingPower
        case .unary: .unary
        case .lambda: .lambda
        case .element, .slice, .field, .atTimeZone: .postfix
        default: .primary
        }
    }
}
