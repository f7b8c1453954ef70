// CREATE TABLE with everything that StarRocks lets a table say: key kind, partitions,
// distribution, sort key, rollups, indexes, properties.

/// Holds `CREATE TABLE`, with columns, `LIKE other` or `AS query`.
package struct CreateTable: Sendable, Equatable {
    package var orReplace = false
    package var isExternal = false
    package var isTemporary = false
    package var ifNotExists = false
    package var name: QualifiedName
    /// For CREATE TABLE .. AS these have names only.
    package var columns: [ColumnDefinition] = []
    package var indexes: [IndexDefinition] = []
    package var engine: Identifier?
    package var key: TableKey?
    package var comment: String?
    package var partitioning: Partitioning?
    package var distribution: Distribution?
    package var rollups: [RollupDefinition] = []
    /// `ORDER BY (a, b)`, the sort key.
    package var sortKey: [Identifier] = []
    /// The curve that the last columns of the sort key lie on.
    package var sortCurve: SortCurve?
    package var properties: [Property] = []
    package var brokerProperties: [Property] = []
    package var like: QualifiedName?
    /// `CLONE other`: the same rows, too.
    package var clone: QualifiedName?
    /// `CLONE other FOR VERSION AS OF n`.
    package var cloneTime: TimeTravel?
    package var query: Query?
}

/// Holds one column of a table.
package struct ColumnDefinition: Sendable, Equatable {
    package var name: Identifier
    /// Marks the column of `ADD COLUMN IF NOT EXISTS`.
    package var ifNotExists = false
    /// Is nil in CREATE TABLE .. AS, and in a generated column that leaves it to the expression.
    package var type: TypeName?
    /// Marks a key column of `ADD COLUMN c INT KEY`.
    package var isKey = false
    /// `SUM`, `REPLACE_IF_NOT_NULL`, or a function whose states the column holds.
    package var aggregation: ColumnAggregation?
    package var isNullable: Bool?
    package var isAutoIncrement = false
    package var defaultValue: Expression?
    package var generated: Expression?
    package var comment: String?
}

/// Holds how an AGGREGATE KEY table combines a column's values.
package struct ColumnAggregation: Sendable, Equatable {
    package var function: Identifier
    /// The argument types of `avg(tinyint)`.
    package var argumentTypes: [TypeName]
}

/// Holds the kind of a table and its key columns.
package struct TableKey: Sendable, Equatable {
    /// Names what happens to rows with equal keys.
    package enum Kind: String, Sendable {
        case duplicate = "DUPLICATE KEY"
        case aggregate = "AGGREGATE KEY"
        case unique = "UNIQUE KEY"
        case primary = "PRIMARY KEY"
    }

    package var kind: Kind
    package var columns: [Identifier]
}

/// Holds an index of a table.
package struct IndexDefinition: Sendable, Equatable {
    package var name: Identifier
    package var columns: [Identifier]
    /// Leads to what is indexed in the documents of the last column: `(e -> 'user.name')`.
    package var path: String?
    /// `BITMAP`, `NGRAMBF`, `GIN`, `VECTOR`.
    package var method: Identifier?
    package var properties: [Property] = []
    package var comment: String?

    package init(
        name: Identifier, columns: [Identifier], path: String?, method: Identifier? = nil
    ) {
        self.name = name
        self.columns = columns
        self.path = path
        self.method = method
    }
}

/// Holds how a table is cut into partitions.
package enum Partitioning: Sendable, Equatable {
    /// `RANGE (a) (..)`; the key may be an expression.
    case range([Expression], [PartitionDefinition])
    /// `LIST (a, b) (..)`.
    case list([Identifier], [PartitionDefinition])
    /// `PARTITION BY date_trunc('day', dt), city`: created as rows come. The text's form with
    /// parentheses around the list is the same.
    case expressions([Expression], [PartitionDefinition])
}

/// Holds one partition, or a run of them.
package enum PartitionDefinition: Sendable, Equatable {
    /// `PARTITION p VALUES LESS THAN (..)`.
    case lessThan(PartitionHead, PartitionBound)
    /// `PARTITION p VALUES [(..), (..))`.
    case fixedRange(PartitionHead, from: PartitionBound, to: PartitionBound)
    /// `PARTITION p VALUES IN (..)`: rows of values; of one value each for one column.
    case list(PartitionHead, [[Expression]])
    /// `START (..) END (..) EVERY (..)`.
    case every(start: Expression, end: Expression, step: Expression)
}

/// Holds what all named partitions have.
package struct PartitionHead: Sendable, Equatable {
    package var name: Identifier
    package var ifNotExists: Bool
    package var properties: [Property]

    package init(name: Identifier, ifNotExists: Bool, properties: [Property]) {
        self.name = name
        self.ifNotExists = ifNotExists
        self.properties = properties
    }
}

/// Holds an end of a range partition; MAXVALUE is the end of all values.
package enum PartitionBound: Sendable, Equatable {
    case maximum
    /// One value a column; nil is MAXVALUE.
    case values([Expression?])
}

/// Holds how rows are spread over buckets.
package struct Distribution: Sendable, Equatable {
    /// The columns of HASH; none is RANDOM.
    package var hashColumns: [Identifier]
    package var buckets: Int?
}

/// Holds `name (columns)` of ROLLUP.
package struct RollupDefinition: Sendable, Equatable {
    package var name: Identifier
    package var columns: [Identifier]
    package var duplicateKey: [Identifier] = []
    /// `ORDER BY (a, b)`.
    package var sortKey: [Identifier] = []
    package var from: Identifier?
    package var properties: [Property] = []
}
