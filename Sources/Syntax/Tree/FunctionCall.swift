// Calls of scalar, aggregate and window functions: all are written alike, and only the binder
// knows which one a name means.

/// Holds one argument; table functions take them by name too, `start => 2`.
package struct FunctionArgument: Sendable, Hashable {
    package var name: Identifier?
    package var value: Expression
}

/// Holds a call with every decoration that aggregates and window functions take.
package struct FunctionCall: Sendable, Hashable {
    /// Tells what happens to NULL values: `IGNORE NULLS`, `RESPECT NULLS`.
    package enum NullTreatment: String, Sendable {
        case ignore = "IGNORE NULLS"
        case respect = "RESPECT NULLS"
    }

    package var name: QualifiedName
    package var isDistinct = false
    /// Tells that the argument is `*`, as in `count(*)`; then `arguments` is empty.
    package var isStar = false
    /// Hints in brackets after DISTINCT, `count(DISTINCT [skew] x)`.
    package var hints: [Identifier] = []
    package var arguments: [FunctionArgument] = []
    /// `array_agg(x ORDER BY y)`, and `WITHIN GROUP (ORDER BY y)`.
    package var orderBy: [SortItem] = []
    /// `group_concat(x SEPARATOR ',')`.
    package var separator: Expression?
    package var filter: Expression?
    package var nullTreatment: NullTreatment?
    package var window: WindowReference?
}

/// Holds what stands after OVER: the name of a window, or a specification.
package enum WindowReference: Sendable, Hashable {
    case named(Identifier)
    case inline(WindowSpecification)
}

/// Holds the partitions, the order and the frame of a window.
package struct WindowSpecification: Sendable, Hashable {
    /// A window of the WINDOW clause that this one extends.
    package var base: Identifier?
    package var hints: [Identifier] = []
    package var partitionBy: [Expression] = []
    package var orderBy: [SortItem] = []
    package var frame: WindowFrame?
}

/// Holds the rows around the current one over which a window function runs.
package struct WindowFrame: Sendable, Hashable {
    /// Names the measure of the bounds.
    package enum Unit: String, Sendable {
        case rows = "ROWS"
        case range = "RANGE"
        case groups = "GROUPS"
    }

    /// Names an end of the frame.
    package enum Bound: Sendable, Hashable {
        case unboundedPreceding
        case preceding(Expression)
        case currentRow
        case following(Expression)
        case unboundedFollowing
    }

    /// Names what is left out of the frame.
    package enum Exclusion: String, Sendable {
        case currentRow = "CURRENT ROW"
        case group = "GROUP"
        case ties = "TIES"
        case noOthers = "NO OTHERS"
    }

    package var unit: Unit
    package var start: Bound
    /// Is nil in the short form without BETWEEN, where the frame ends at the current row.
    package var end: Bound?
    package var exclusion: Exclusion?
}
