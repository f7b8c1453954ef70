// One SELECT with its clauses in the order of the text.

import StarlingErrors

/// Holds one SELECT block.
package struct Select: Sendable {
    package var hints: [Hint] = []
    package var isDistinct = false
    /// `DISTINCT ON (a, b)`: the first row of each of these values; empty without it.
    package var distinctOn: [Expression] = []
    package var items: [SelectItem]
    /// The tables between commas; none where there is no FROM, or FROM DUAL.
    package var from: [TableReference] = []
    package var condition: Expression?
    package var groupBy: GroupBy?
    package var having: Expression?
    package var windows: [NamedWindow] = []
    package var qualify: Expression?
    package var range: TextRange
}

extension Select: Hashable {
    /// Compares what is said, not where it stands.
    package static func == (left: Select, right: Select) -> Bool {
        left.hints == right.hints && left.isDistinct == right.isDistinct
            && left.distinctOn == right.distinctOn && left.items == right.items
            && left.from == right.from
            && left.condition == right.condition && left.groupBy == right.groupBy
            && left.having == right.having && left.windows == right.windows
            && left.qualify == right.qualify
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(hints)
        hasher.combine(isDistinct)
        hasher.combine(distinctOn)
        hasher.combine(items)
        hasher.combine(from)
        hasher.combine(condition)
        hasher.combine(groupBy)
        hasher.combine(having)
        hasher.combine(windows)
        hasher.combine(qualify)
    }
}

/// Holds one entry of the select list.
package enum SelectItem: Sendable, Hashable {
    case expression(Expression, alias: Identifier?)
    case wildcard(Wildcard)
}

/// Holds `*` or `t.*` with the columns that it leaves out or replaces.
package struct Wildcard: Sendable {
    /// Holds `expression AS name` of `* REPLACE (..)`.
    package struct Replacement: Sendable, Hashable {
        package var expression: Expression
        package var name: Identifier
    }

    package var qualifier: QualifiedName?
    /// `* EXCLUDE (a, b)`, also written EXCEPT.
    package var excluded: [Identifier] = []
    package var replaced: [Replacement] = []
    package var range: TextRange
}

extension Wildcard: Hashable {
    /// Compares what is said, not where it stands.
    package static func == (left: Wildcard, right: Wildcard) -> Bool {
        left.qualifier == right.qualifier && left.excluded == right.excluded
            && left.replaced == right.replaced
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(qualifier)
        hasher.combine(excluded)
        hasher.combine(replaced)
    }
}

/// Holds `name AS (specification)` of the WINDOW clause.
package struct NamedWindow: Sendable, Hashable {
    package var name: Identifier
    package var specification: WindowSpecification
}

/// Holds what GROUP BY lists.
package enum GroupBy: Sendable, Hashable {
    /// `GROUP BY ALL`: every item without an aggregate.
    case all
    /// The product of one or more elements.
    case elements([GroupingElement])
}

/// Holds one element of GROUP BY.
package indirect enum GroupingElement: Sendable, Hashable {
    case expression(Expression)
    /// A list is one level of several columns: `ROLLUP ((a, b), c)`.
    case rollup([[Expression]])
    case cube([[Expression]])
    /// `GROUPING SETS (..)`; a set is expressions, or a ROLLUP, a CUBE or GROUPING SETS.
    case sets([GroupingElement])
    /// `()` or `(a, b)` as a set of GROUPING SETS.
    case set([Expression])
}

/// Holds one hint of a `/*+ .. */` comment.
package enum Hint: Sendable, Hashable {
    /// `SET_VAR(name = value, ..)`.
    case setVariables([HintAssignment])
    /// `SET_USER_VARIABLE(@name = value, ..)`.
    case setUserVariables([HintAssignment])
    /// Any other hint, as it is written.
    case other(String)
}

/// Holds `name = value` within a hint.
package struct HintAssignment: Sendable, Hashable {
    package var name: Identifier
    package var value: Expression
}
