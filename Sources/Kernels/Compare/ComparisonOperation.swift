// The comparisons as types. Greater and greaterOrEqual are less and lessOrEqual with the sides
// exchanged.
//
// Floating-point numbers have one order wherever they are compared, grouped, sorted or joined: the
// zeros are equal, NaN equals NaN, and NaN is greater than all other numbers. Without a total order
// NOT (a < b) would not be a >= b.

import StarlingVectors

protocol ComparisonOperation {
    /// Compares values; of floating-point numbers the right one must be no NaN.
    static func apply<Element: Comparable>(_ left: Element, _ right: Element) -> Bool
    /// Compares any floating-point numbers.
    static func applyTotally<Element: KernelFloat>(_ left: Element, _ right: Element) -> Bool
    /// Tells the result from how the sides order, for strings.
    static func accepts(order: Int) -> Bool
}

enum EqualOperation: ComparisonOperation {
    @inline(__always)
    static func apply<Element: Comparable>(_ left: Element, _ right: Element) -> Bool {
        left == right
    }
    @inline(__always)
    static func applyTotally<Element: KernelFloat>(_ left: Element, _ right: Element) -> Bool {
        areSame(left, right)
    }
    @inline(__always)
    static func accepts(order: Int) -> Bool { order == 0 }
}

enum NotEqualOperation: ComparisonOperation {
    @inline(__always)
    static func apply<Element: Comparable>(_ left: Element, _ right: Element) -> Bool {
        left != right
    }
    @inline(__always)
    static func applyTotally<Element: KernelFloat>(_ left: Element, _ right: Element) -> Bool {
        !areSame(left, right)
    }
    @inline(__always)
    static func accepts(order: Int) -> Bool { order != 0 }
}

enum LessOperation: ComparisonOperation {
    @inline(__always)
    static func apply<Element: Comparable>(_ left: Element, _ right: Element) -> Bool {
        left < right
    }
    @inline(__always)
    static func applyTotally<Element: KernelFloat>(_ left: Element, _ right: Element) -> Bool {
        precedes(left, right)
    }
    @inline(__always)
    static func accepts(order: Int) -> Bool { order < 0 }
}

enum LessOrEqualOperation: ComparisonOperation {
    @inline(__always)
    static func apply<Element: Comparable>(_ left: Element, _ right: Element) -> Bool {
        left <= right
    }
    @inline(__always)
    static func applyTotally<Element: KernelFloat>(_ left: Element, _ right: Element) -> Bool {
        !precedes(right, left)
    }
    @inline(__always)
    static func accepts(order: Int) -> Bool { order <= 0 }
}

/// Tells whether numbers are equal: a NaN is equal to any other.
@inline(__always)
private func areSame<Element: KernelFloat>(_ left: Element, _ right: Element) -> Bool {
    left == right || (left != left && right != right)
}

/// Tells whether a number lies below another. Two comparisons suffice: the first is also true where
/// either is NaN, and the second leaves out that the left one is.
@inline(__always)
private func precedes<Element: KernelFloat>(_ left: Element, _ right: Element) -> Bool {
    !(left >= right) && left == left
}
