// Addition, subtraction and multiplication as types, so that one loop serves them all.

/// Defines an arithmetic operator on all numbers.
protocol ArithmeticOperation: Sendable {
    static func wrapping<Number: StoredInteger>(_ left: Number, _ right: Number) -> Number
    static func checked<Number: StoredInteger>(
        _ left: Number, _ right: Number
    ) -> (partialValue: Number, overflow: Bool)
    /// Computes the wrapped result, and a negative number exactly where it overflows: without a
    /// branch, for lanes.
    static func flagged<Number: StoredInteger>(
        _ left: Number, _ right: Number
    ) -> (partialValue: Number, flag: Number)
    static func floating(_ left: Double, _ right: Double) -> Double
    /// The bits of the result's magnitude, of operands of so many.
    static func bitCount(_ left: Int, _ right: Int) -> Int
}

enum Addition: ArithmeticOperation {
    @inline(__always)
    static func wrapping<Number: StoredInteger>(_ left: Number, _ right: Number) -> Number {
        left &+ right
    }
    @inline(__always)
    static func checked<Number: StoredInteger>(
        _ left: Number, _ right: Number
    ) -> (partialValue: Number, overflow: Bool) { left.addingReportingOverflow(right) }
    @inline(__always)
    static func flagged<Number: StoredInteger>(
        _ left: Number, _ right: Number
    ) -> (partialValue: Number, flag: Number) {
        let sum = left &+ right
        return (sum, (left ^ sum) & (right ^ sum))
    }
    @inline(__always)
    static func floating(_ left: Double, _ right: Double) -> Double { left + right }
    static func bitCount(_ left: Int, _ right: Int) -> Int { max(left, right) + 1 }
}

enum Subtraction: ArithmeticOperation {
    @inline(__always)
    static func wrapping<Number: StoredInteger>(_ left: Number, _ right: Number) -> Number {
        left &- right
    }
    @inline(__always)
    static func checked<Number: StoredInteger>(
        _ left: Number, _ right: Number
    ) -> (partialValue: Number, overflow: Bool) { left.subtractingReportingOverflow(right) }
    @inline(__always)
    static func flagged<Number: StoredInteger>(
        _ left: Number, _ right: Number
    ) -> (partialValue: Number, flag: Number) {
        let difference = left &- right
        return (difference, (left ^ right) & (left ^ difference))
    }
    @inline(__always)
    static func floating(_ left: Double, _ right: Double) -> Double { left - right }
    static func bitCount(_ left: Int, _ right: Int) -> Int { max(left, right) + 1 }
}

enum Multiplication: ArithmeticOperation {
    @inline(__always)
    static func wrapping<Number: StoredInteger>(_ left: Number, _ right: Number) -> Number {
        left &* right
    }
    @inline(__always)
    static func checked<Number: StoredInteger>(
        _ left: Number, _ right: Number
    ) -> (partialValue: Number, overflow: Bool) { left.multipliedReportingOverflow(by: right) }
    @inline(__always)
    static func flagged<Number: StoredInteger>(
        _ left: Number, _ right: Number
    ) -> (partialValue: Number, flag: Number) {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return (product, overflow ? -1 : 0)
    }
    @inline(__always)
    static func floating(_ left: Double, _ right: Double) -> Double { left * right }
    static func bitCount(_ left: Int, _ right: Int) -> Int { left + right }
}
