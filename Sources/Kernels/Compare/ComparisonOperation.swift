// The comparisons as types. Greater and greaterOrEqual are less and lessOrEqual with the sides
// exchanged.

import StarlingVectors

protocol ComparisonOperation {
    static func apply<Element: Comparable>(_ left: Element, _ right: Element) -> Bool
    /// Tells the result from how the sides order, for strings.
    static func accepts(order: Int) -> Bool
}

enum EqualOperation: ComparisonOperation {
    @inline(__always)
    static func apply<Element: Comparable>(_ left: Element, _ right: Element) -> Bool {
        left == right
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
    static func accepts(order: Int) -> Bool { order != 0 }
}

enum LessOperation: ComparisonOperation {
    @inline(__always)
    static func apply<Element: Comparable>(_ left: Element, _ right: Element) -> Bool {
        left < right
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
    static func accepts(order: Int) -> Bool { order <= 0 }
}
