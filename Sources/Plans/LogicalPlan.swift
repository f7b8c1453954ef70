// A plan: what the binder makes, the rules improve, EXPLAIN prints and the executor runs. One type
// from beginning to end; the optimizer leaves its choices in the nodes.

import StarlingErrors
import StarlingFunctions
import StarlingTables
import StarlingTypes

/// Gives rows.
package struct LogicalPlan: Sendable {
    package indirect enum Node: Sendable {
        case scan(ScanNode)
        case values(ValuesNode)
        case filter(FilterNode)
        case project(ProjectNode)
        case aggregate(AggregateNode)
        case join(JoinNode)
        case window(WindowNode)
        case unnest(UnnestNode)
        case sort(SortNode)
        case limit(LimitNode)
        case setOperation(SetOperationNode)
        /// Computes a common table expression once for all its readers in the body.
        case shared(SharedNode)
        case sharedScan(SharedScanNode)
        case recursion(RecursionNode)
    }

    package var node: Node
    /// Set by the optimizer.
    package var estimatedRowCount: Double?
    /// Numbers the nodes of a finished plan, so that measurements find their node.
    package var number: Int = 0

    package init(_ node: Node) { self.node = node }
}

/// Reads a table.
package struct ScanNode: Sendable {
    package var table: any Table
    /// The name it bears in the query.
    package var alias: String
    package var columns: [ScanColumn]
    /// Conditions on rows, evaluated while reading.
    package var conjuncts: [BoundExpression]
    /// Where the table is named in the text.
    package var place: TextRange?

    package init(
        table: any Table, alias: String, columns: [ScanColumn],
        conjuncts: [BoundExpression] = [], place: TextRange? = nil
    ) {
        self.place = place
        self.table = table
        self.alias = alias
        self.columns = columns
        self.conjuncts = conjuncts
    }
}

/// Ties a column of the plan to a column of the table.
package struct ScanColumn: Sendable {
    package var column: PlanColumn
    package var position: Int
    /// The fields that lead from the table's column to what is read: positions in structures.
    package var path: [Int]

    package init(column: PlanColumn, position: Int, path: [Int] = []) {
        self.column = column
        self.position = position
        self.path = path
    }
}

/// Gives literal rows. One row without columns is what `SELECT 1` reads from.
package struct ValuesNode: Sendable {
    package var columns: [PlanColumn]
    /// Rows that are computed; none where all values are known.
    package var rows: [[BoundExpression]] = []
    /// Rows of which all values are known, so that no rule has to look at them.
    package var constants: [[Value]] = []
    /// Where they were known from, where that is not the text.
    package var origin: String?

    package init(columns: [PlanColumn], rows: [[BoundExpression]], origin: String? = nil) {
        self.columns = columns
        self.rows = rows
        self.origin = origin
    }

    package init(columns: [PlanColumn], constants: [[Value]]) {
        self.columns = columns
        self.constants = constants
    }

    package var rowCount: Int { rows.count + constants.count }
}

package struct FilterNode: Sendable {
    package var input: LogicalPlan
    package var conjuncts: [BoundExpression]

    package init(input: LogicalPlan, conjuncts: [BoundExpression]) {
        self.input = input
        self.conjuncts = conjuncts
    }
}

/// Gives exactly its items; a column that passes through is an item too.
package struct ProjectNode: Sendable {
    package var input: LogicalPlan
    package var items: [ProjectItem]

    package init(input: LogicalPlan, items: [ProjectItem]) {
        self.input = input
        self.items = items
    }
}

/// Names the result of an expression. An item may keep the identity of a column it passes through.
package struct ProjectItem: Sendable {
    package var column: PlanColumn
    package var expression: BoundExpression

    package init(column: PlanColumn, expression: BoundExpression) {
        self.column = column
        self.expression = expression
    }

    package init(passing column: PlanColumn) {
        self.init(column: column, expression: .column(column))
    }
}

/// Groups rows. Without keys there is one group, also over no rows. DISTINCT is a grouping without
/// aggregates.
package struct AggregateNode: Sendable {
    package var input: LogicalPlan
    package var keys: [ProjectItem]
    /// Positions in `keys` a set; nil where there is just one set with all keys. Keys that are not
    /// in a row's set are NULL.
    package var groupingSets: [[Int]]?
    /// Receives the bitmap of the keys left out of a row's set, as BIGINT; bit 0 is the last key.
    package var groupingColumn: PlanColumn?
    package var aggregates: [AggregateItem]

    package init(
        input: LogicalPlan, keys: [ProjectItem], groupingSets: [[Int]]? = nil,
        groupingColumn: PlanColumn? = nil, aggregates: [AggregateItem]
    ) {
        self.input = input
        self.keys = keys
        self.groupingSets = groupingSets
        self.groupingColumn = groupingColumn
        self.aggregates = aggregates
    }
}

package struct AggregateItem: Sendable {
    package var column: PlanColumn
    package var function: AggregateFunction
    package var signature: FunctionSignature
    package var arguments: [BoundExpression]
    package var isDistinct: Bool
    /// FILTER (WHERE …).
    package var condition: BoundExpression?
    package var ordering: [SortKey]

    package init(
        column: PlanColumn, function: AggregateFunction, signature: FunctionSignature,
        arguments: [BoundExpression], isDistinct: Bool = false,
        condition: BoundExpression? = nil, ordering: [SortKey] = []
    ) {
        self.column = column
        self.function = function
        self.signature = signature
        self.arguments = arguments
        self.isDistinct = isDistinct
        self.condition = condition
        self.ordering = ordering
    }
}

package struct SortKey: Hashable, Sendable {
    package var expression: BoundExpression
    package var isAscending: Bool
    package var nullsFirst: Bool

    package init(expression: BoundExpression, isAscending: Bool = true, nullsFirst: Bool? = nil) {
        self.expression = expression
        self.isAscending = isAscending
        self.nullsFirst = nullsFirst ?? isAscending
    }
}

/// Orders rows; with a limit it keeps only the first ones.
package struct SortNode: Sendable {
    package var input: LogicalPlan
    package var keys: [SortKey]
    package var limit: Int?
    package var offset: Int

    package init(input: LogicalPlan, keys: [SortKey], limit: Int? = nil, offset: Int = 0) {
        self.input = input
        self.keys = keys
        self.limit = limit
        self.offset = offset
    }
}

package struct LimitNode: Sendable {
    package var input: LogicalPlan
    package var limit: Int?
    package var offset: Int

    package init(input: LogicalPlan, limit: Int?, offset: Int) {
        self.input = input
        self.limit = limit
        self.offset = offset
    }
}

/// UNION, INTERSECT and EXCEPT; the columns of the inputs correspond by position.
package struct SetOperationNode: Sendable {
    package enum Kind: Sendable {
        case union
        case intersect
        case except
    }

    package var kind: Kind
    package var keepsDuplicates: Bool
    /// Two inputs, or more for UNION ALL.
    package var inputs: [LogicalPlan]
    /// The columns of each input that take part, as many as `columns`.
    package var inputColumns: [[PlanColumn]]
    package var columns: [PlanColumn]

    package init(
        kind: Kind, keepsDuplicates: Bool, inputs: [LogicalPlan], inputColumns: [[PlanColumn]],
        columns: [PlanColumn]
    ) {
        self.kind = kind
        self.keepsDuplicates = keepsDuplicates
        self.inputs = inputs
        self.inputColumns = inputColumns
        self.columns = columns
    }
}
