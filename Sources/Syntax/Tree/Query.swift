// Queries: WITH, a body, ORDER BY, LIMIT. The body is a SELECT, a set operation, VALUES or a
// query in parentheses.

import StarlingErrors

/// Holds a query with everything that applies to its whole result.
package struct Query: Sendable {
    package var with: WithClause?
    package var body: QueryBody
    package var orderBy: OrderBy = .items([])
    package var limit: Limit?
    package var range: TextRange
}

extension Query {
    /// The query itself where all of this one is a query in parentheses.
    var withoutParentheses: Query {
        guard with == nil, orderBy == .items([]), limit == nil,
            case .parenthesised(let inner) = body
        else { return self }
        return inner.withoutParentheses
    }
}

extension Query: Hashable {
    /// Compares what is said, not where it stands.
    package static func == (left: Query, right: Query) -> Bool {
        left.with == right.with && left.body == right.body && left.orderBy == right.orderBy
            && left.limit == right.limit
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(with)
        hasher.combine(body)
        hasher.combine(orderBy)
        hasher.combine(limit)
    }
}

/// Tells the forms of a query's body apart.
package indirect enum QueryBody: Sendable, Hashable {
    case select(Select)
    case setOperation(SetOperation)
    /// `VALUES (1, 2), (3, 4)`: one or more rows of one or more expressions.
    case values([[Expression]])
    /// A query in parentheses, which has its own WITH, ORDER BY and LIMIT.
    case parenthesised(Query)

    /// Covers the body's text.
    package var range: TextRange {
        switch self {
        case .select(let select): select.range
        case .setOperation(let operation): operation.left.range.union(operation.right.range)
        case .values(let rows): rows[0][0].range.union(rows[rows.count - 1].last!.range)
        case .parenthesised(let query): query.range
        }
    }
}

/// Holds `left UNION [ALL] right` and its relatives.
package struct SetOperation: Sendable, Hashable {
    /// Names the operation; MINUS is EXCEPT.
    package enum Kind: String, Sendable {
        case union = "UNION"
        case intersect = "INTERSECT"
        case except = "EXCEPT"
    }

    package var kind: Kind
    /// Tells that duplicates stay.
    package var isAll: Bool
    package var left: QueryBody
    package var right: QueryBody
}

/// Holds the common table expressions in front of a query or a statement.
package struct WithClause: Sendable, Hashable {
    package var isRecursive: Bool
    package var tables: [CommonTable]
}

/// Holds `name (columns) AS (query)`.
package struct CommonTable: Sendable, Hashable {
    package var name: Identifier
    package var columns: [Identifier]
    /// `AS MATERIALIZED` is true, `AS NOT MATERIALIZED` is false, silence is nil.
    package var isMaterialized: Bool?
    package var query: Query
}

/// Holds one key of an order.
package struct SortItem: Sendable, Hashable {
    package var expression: Expression
    package var isDescending: Bool
    /// Is nil where the text doesn't say; then NULLs come first if ascending, else last.
    package var areNullsFirst: Bool?
}

/// Holds the order of a query's result; no items means no order.
package enum OrderBy: Sendable, Hashable {
    case items([SortItem])
    /// `ORDER BY ALL`: every column from left to right.
    case all(isDescending: Bool, areNullsFirst: Bool?)
}

/// Holds `LIMIT count OFFSET offset`; at least one is there.
package struct Limit: Sendable, Hashable {
    package var count: Expression?
    package var offset: Expression?
}
