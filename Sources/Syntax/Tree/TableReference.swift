// What stands in FROM: tables, files, functions, subqueries, and joins of them.

import StarlingErrors

/// Holds one source of rows and its place in the text.
package struct TableReference: Sendable {
    package var kind: Kind
    package var range: TextRange

    package init(_ kind: Kind, at range: TextRange) {
        self.kind = kind
        self.range = range
    }

    /// Tells the forms of sources apart.
    package indirect enum Kind: Sendable, Hashable {
        case table(NamedTable)
        /// `'folder/*.parquet'`, a string in place of a name.
        case path(String, alias: TableAlias?)
        case function(TableFunction)
        /// A query in parentheses, VALUES too.
        case subquery(Query, isLateral: Bool, alias: TableAlias?)
        case join(Join)
        case pivot(Pivot)
        case unpivot(Unpivot)
    }
}

extension TableReference: Hashable {
    /// Compares what is said, not where it stands.
    package static func == (left: TableReference, right: TableReference) -> Bool {
        left.kind == right.kind
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
    }
}

/// Holds a table or view by name, with all that narrows what is read of it.
package struct NamedTable: Sendable, Hashable {
    package var name: QualifiedName
    package var timeTravel: TimeTravel?
    package var partitions: PartitionSelection?
    /// `TABLET (1, 2)`.
    package var tablets: [String] = []
    /// `REPLICA (1, 2)`.
    package var replicas: [String] = []
    package var sample: TableSample?
    package var alias: TableAlias?
    /// Hints in brackets: `[_META_]`, `[_SYNC_MV_]`.
    package var hints: [Identifier] = []
}

/// Names the state of a table that is read.
package enum TimeTravel: Sendable, Hashable {
    /// `FOR VERSION AS OF snapshot`, a number, or the name of a branch or tag.
    case version(Expression)
    /// `FOR TIMESTAMP AS OF time`, also `FOR SYSTEM_TIME AS OF`.
    case timestamp(Expression)
    /// `FOR VERSION BETWEEN a AND b`, `FOR TIMESTAMP ALL`: all states in a time.
    case period(isVersion: Bool, Period)

    /// Names the ends of a time.
    package enum Period: Sendable, Hashable {
        case all
        case between(Expression, Expression)
        case fromTo(Expression, Expression)
    }
}

/// Names partitions of a table.
package struct PartitionSelection: Sendable, Hashable {
    package var isTemporary: Bool
    /// `PARTITION (p1, p2)`.
    package var names: [Identifier]
    /// `PARTITION (dt = '2024-01-01', ..)`.
    package var values: [PartitionValue]

    /// Holds `column = value`; without a value, a column of a dynamic overwrite.
    package struct PartitionValue: Sendable, Hashable {
        package var column: Identifier
        package var value: Expression?
    }
}

/// Names the part of a table's rows that is read.
package enum TableSample: Sendable, Hashable {
    /// `TABLESAMPLE method (amount PERCENT)`.
    case share(Share)
    /// `SAMPLE ('percent' = '10')`.
    case properties([Property])

    /// Holds what TABLESAMPLE says.
    package struct Share: Sendable, Hashable {
        /// BERNOULLI, SYSTEM, RESERVOIR, where it is written.
        package var method: Identifier?
        package var amount: Expression
        /// ROWS instead of PERCENT.
        package var isRows: Bool
        package var seed: Expression?
    }
}

/// Holds a call that gives a table: `unnest(a)`, `TABLE(f(x))`, `FILES('path' = '..')`.
package struct TableFunction: Sendable, Hashable {
    package var name: QualifiedName
    package var arguments: [FunctionArgument] = []
    /// The `'key' = 'value'` arguments of FILES.
    package var properties: [Property] = []
    /// Tells that it is written `TABLE(f(..))`.
    package var isWrapped = false
    package var isLateral = false
    package var alias: TableAlias?
}

/// Holds a join of two sources.
package struct Join: Sendable, Hashable {
    /// Names which rows a join keeps.
    package enum Kind: String, Sendable, CaseIterable {
        case inner = "INNER JOIN"
        case cross = "CROSS JOIN"
        case leftOuter = "LEFT OUTER JOIN"
        case rightOuter = "RIGHT OUTER JOIN"
        case fullOuter = "FULL OUTER JOIN"
        case leftSemi = "LEFT SEMI JOIN"
        case rightSemi = "RIGHT SEMI JOIN"
        case leftAnti = "LEFT ANTI JOIN"
        case rightAnti = "RIGHT ANTI JOIN"
        case nullAwareLeftAnti = "NULL AWARE LEFT ANTI JOIN"
        case asofInner = "ASOF INNER JOIN"
        case asofLeft = "ASOF LEFT JOIN"
    }

    /// Holds what decides whether two rows match.
    package enum Condition: Sendable, Hashable {
        case on(Expression)
        case using([Identifier])
        case natural
    }

    package var kind: Kind
    package var left: TableReference
    package var right: TableReference
    package var condition: Condition?
    /// `[BROADCAST]`, `[SHUFFLE]`, `[SKEW|t.c('a')]`: as written, without brackets.
    package var hint: String?
}

/// Holds `source PIVOT (aggregates FOR columns IN (values))`.
package struct Pivot: Sendable, Hashable {
    /// Holds an aggregate with its alias.
    package struct Aggregate: Sendable, Hashable {
        package var call: Expression
        package var alias: Identifier?
    }

    /// Holds one value, or one row of values, and the name of its columns.
    package struct Value: Sendable, Hashable {
        package var values: [Expression]
        package var alias: Identifier?
    }

    package var source: TableReference
    package var aggregates: [Aggregate]
    package var columns: [QualifiedName]
    package var values: [Value]
    package var alias: TableAlias?
}

/// Holds `source UNPIVOT (value FOR name IN (columns))`.
package struct Unpivot: Sendable, Hashable {
    /// Holds one column, or as many as there are value columns, and the name that the rows get.
    package struct Column: Sendable, Hashable {
        package var columns: [QualifiedName]
        package var label: Expression?
    }

    package var source: TableReference
    package var includesNulls: Bool
    package var values: [Identifier]
    package var name: Identifier
    package var columns: [Column]
    package var alias: TableAlias?
}
