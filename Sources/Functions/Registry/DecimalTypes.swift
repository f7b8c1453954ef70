// The result types of DECIMAL arithmetic, as StarRocks' `ArithmeticExpr` computes them.
//
// One difference: integers count with all the digits they can have (INT 10, BIGINT 19), where
// StarRocks takes 9 and 18, so that a declared precision always holds its values.

import StarlingErrors
import StarlingTypes

/// Computes precisions and scales of results.
enum DecimalTypes {
    typealias Digits = (precision: Int, scale: Int)

    /// Gives the digits that a number takes part in decimal arithmetic with; nil where it makes
    /// the arithmetic floating.
    static func digits(of type: LogicalType) -> Digits? {
        guard let digits = type.asDecimal else { return nil }
        // Small integers count as the 9 digits of a 32-bit decimal.
        return type.isDecimal ? digits : (max(9, digits.precision), 0)
    }

    static func sum(_ left: Digits, _ right: Digits) -> Digits {
        let scale = max(left.scale, right.scale)
        let whole = max(left.precision - left.scale, right.precision - right.scale)
        return (min(38, whole + scale + 1), scale)
    }

    /// Throws where the scales add up to more than 38.
    static func product(_ left: Digits, _ right: Digits) throws(StarlingError) -> Digits {
        let scale = left.scale + right.scale
        guard scale <= 38 else {
            throw StarlingError(
                .binding,
                "the product has \(scale) digits behind the point, more than 38; "
                    + "cast an operand to a smaller scale")
        }
        return (min(38, left.precision + right.precision), scale)
    }

    /// The scale of a quotient whose dividend has `scale`; avg() has the same.
    static func quotientScale(_ scale: Int) -> Int {
        scale <= 6 ? scale + 6 : max(scale, 12)
    }

    static func remainder(_ left: Digits, _ right: Digits) -> Digits {
        let isWide = max(left.precision, right.precision) > 18
        return (isWide ? 38 : 18, max(left.scale, right.scale))
    }
}
