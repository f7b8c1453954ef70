// Statements about sessions, metadata and upkeep.

/// Names whose variable is meant.
package enum VariableScope: String, Sendable {
    case global = "GLOBAL"
    case session = "SESSION"
    case local = "LOCAL"
}

/// Holds one assignment of SET.
package struct Assignment: Sendable, Equatable {
    /// Names what is assigned.
    package enum Target: Sendable, Equatable {
        /// `SET name = ..`, `SET GLOBAL name = ..`, `SET @@SESSION.name = ..`.
        case variable(Identifier, scope: VariableScope?)
        /// `SET @name = ..`.
        case user(Identifier)
        /// `SET NAMES charset`.
        case names
        /// `SET [SESSION] TRANSACTION ..`, accepted and ignored.
        case transaction
    }

    package var target: Target
    /// A word such as ON is a column of that name; DEFAULT is `.defaultValue`.
    package var value: Expression
}

/// Holds `SHOW subject [FROM name] [LIKE '..' | WHERE ..] [ORDER BY ..] [LIMIT ..]`.
package struct Show: Sendable, Equatable {
    /// The words after SHOW that name the subject, in upper case: `TABLES`, `FULL COLUMNS`,
    /// `CREATE TABLE`, `PARTITIONS`, `MATERIALIZED VIEWS`, `ALTER TABLE COLUMN`.
    package var subject: String
    /// The thing itself: the table of CREATE TABLE or of PARTITIONS FROM.
    package var name: QualifiedName?
    /// The database of a second FROM or IN.
    package var database: QualifiedName?
    package var pattern: String?
    package var condition: Expression?
    package var orderBy: [SortItem] = []
    package var limit: Limit?

    /// True for what tells how the statement before it ended.
    package var isDiagnostic: Bool { subject.hasSuffix("WARNINGS") || subject.hasSuffix("ERRORS") }
}

/// Holds `DESC name` and `DESC FILES(..)`.
package struct Describe: Sendable, Equatable {
    /// Names what is described.
    package enum Subject: Sendable, Equatable {
        case table(QualifiedName)
        case path(String)
        case function(TableFunction)
        case query(Query)
        case textAnalyzer(Identifier)
    }

    package var subject: Subject
    /// `DESC name ALL`: rollups too.
    package var all: Bool
}

/// Holds `ANALYZE TABLE ..`.
package struct Analyze: Sendable, Equatable {
    /// Names the columns that are looked at.
    package enum Extent: Sendable, Equatable {
        /// Those of the list; without one, all.
        case listed
        case all
        /// `PREDICATE COLUMNS`: those that conditions have used.
        case predicate
        /// `MULTIPLE COLUMNS (a, b)`: the list as one.
        case together
    }

    /// Names what is collected.
    package enum Action: Sendable, Equatable {
        case statistics
        case updateHistogram(buckets: Int?)
        case dropHistogram
    }

    /// FULL is true, SAMPLE is false, silence is nil.
    package var isFull: Bool?
    package var table: QualifiedName
    package var columns: [QualifiedName]
    package var extent = Extent.listed
    package var partitions: PartitionSelection?
    package var action: Action
    /// `WITH SYNC MODE` is true, `WITH ASYNC MODE` false.
    package var isSynchronous: Bool?
    package var properties: [Property]
}

/// Holds `CREATE ANALYZE`, which collects on a schedule.
package struct CreateAnalyze: Sendable, Equatable {
    /// Names what is looked at.
    package enum Scope: Sendable, Equatable {
        case all
        case database(QualifiedName)
        case table(QualifiedName, columns: [QualifiedName])
    }

    package var isFull: Bool?
    package var scope: Scope
    package var properties: [Property]
}

/// Holds `KILL [QUERY | CONNECTION | ANALYZE] id`.
package struct Kill: Sendable, Equatable {
    package var kind: Identifier?
    package var id: Expression
}

/// Holds `OPTIMIZE TABLE name`, which compacts, clusters and cleans.
package struct Optimize: Sendable, Equatable {
    package var table: QualifiedName
    package var partitions: [Identifier]
    package var condition: Expression?
    package var clustering: Clustering?
    package var isFinal: Bool

    /// Says by what the rows are ordered from now on.
    package enum Clustering: Sendable, Equatable {
        /// `CLUSTER BY zorder(a, b)`.
        case key(TableSortKey)
        /// `CLUSTER AUTO`: by what queries ask for.
        case automatic
    }
}

extension Optimize {
    /// Packs the rows of a table, or of some of its partitions.
    package init(packing table: QualifiedName, _ partitions: [Identifier]) {
        self.init(
            table: table, partitions: partitions, condition: nil, clustering: nil, isFinal: false)
    }
}

/// Holds `CREATE DATABASE`.
package struct CreateDatabase: Sendable, Equatable {
    package var ifNotExists: Bool
    package var name: QualifiedName
    package var properties: [Property]
}

/// Holds `CREATE EXTERNAL CATALOG`.
package struct CreateCatalog: Sendable, Equatable {
    package var ifNotExists: Bool
    package var name: Identifier
    package var comment: String?
    package var properties: [Property]
}

/// Holds `CREATE FUNCTION` in its two forms: with properties, or as an expression or a query.
package struct CreateFunction: Sendable, Equatable {
    /// Holds a parameter; the form with properties has types alone.
    package struct Parameter: Sendable, Equatable {
        package var name: Identifier?
        package var type: TypeName?
        package var defaultValue: Expression?
    }

    /// Holds what the function does.
    package enum Body: Sendable, Equatable {
        case properties([Property])
        case expression(Expression)
        case table(Query)
    }

    package var orReplace: Bool
    package var isGlobal: Bool
    package var isTemporary = false
    package var ifNotExists: Bool
    /// `AGGREGATE`, `TABLE`, where it is written.
    package var kind: Identifier?
    package var name: QualifiedName
    package var parameters: [Parameter]
    package var isVariadic: Bool
    package var returns: TypeName?
    package var body: Body
    /// The text between `$$` of an inline function, for the properties form.
    package var code: String?
}

/// Holds `CREATE PIPE`.
package struct CreatePipe: Sendable, Equatable {
    package var orReplace: Bool
    package var ifNotExists: Bool
    package var name: QualifiedName
    package var properties: [Property]
    package var insert: Statement
}

/// Holds a change of a pipe.
package enum AlterPipeAction: Sendable, Equatable {
    case suspend
    case resume(ifSuspended: Bool)
    case setProperties([Property])
    case retryAll
    case retryFile(String)
}

/// Holds `SUBMIT TASK`.
package struct SubmitTask: Sendable, Equatable {
    package var hints: [Hint]
    package var name: QualifiedName?
    /// `SCHEDULE [START ('..')] EVERY (INTERVAL ..)`.
    package var start: String?
    package var every: Expression?
    package var properties: [Property]
    package var statement: Statement
}
