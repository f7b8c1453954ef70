// Statements. Everything of the dialect that Starling executes now or will later has its own
// case; the administration of clusters and users, which it never does, is recognised by name and
// kept as text.

import StarlingErrors

/// Holds one statement and its place in the text.
package struct Statement: Sendable {
    package var kind: Kind
    package var range: TextRange
    /// Values that are to come beside the text: of `?` all, of `$3` three.
    package var parameterCount = 0

    /// Tells the forms of statements apart.
    package indirect enum Kind: Sendable, Equatable {
        case query(Query, outfile: Outfile?)
        case explain(ExplainMode, Statement)

        case insert(Insert)
        case update(Update)
        case delete(Delete)
        case merge(Merge)
        case truncate(QualifiedName, partitions: PartitionSelection?)
        case copy(Copy)

        case createTable(CreateTable)
        case alterTable(AlterTable)
        case createView(CreateView)
        case alterView(QualifiedName, columns: [ViewColumn], query: Query)
        case createMaterializedView(CreateMaterializedView)
        case alterMaterializedView(QualifiedName, AlterMaterializedViewAction)
        case refreshMaterializedView(RefreshMaterializedView)
        case cancelRefresh(QualifiedName, force: Bool)
        case createIndex(IndexDefinition, table: QualifiedName, ifNotExists: Bool)
        case createDatabase(CreateDatabase)
        case createCatalog(CreateCatalog)
        case createFunction(CreateFunction)
        case createTextAnalyzer(Identifier, properties: [Property])
        case createPipe(CreatePipe)
        case alterPipe(QualifiedName, AlterPipeAction)
        case drop(Drop)
        /// `RECOVER TABLE name`, `RECOVER DATABASE name`.
        case recover(ObjectKind, QualifiedName)
        /// `ALTER DATABASE name RENAME new`.
        case renameDatabase(QualifiedName, to: Identifier)
        /// `CLEAN LABEL [label] [FROM database]`.
        case cleanLabels(Identifier?, in: QualifiedName?)
        /// `RECOVER PARTITION name FROM table`.
        case recoverPartition(Identifier, of: QualifiedName)
        /// `RESTORE TABLE name TO VERSION AS OF n`.
        case restoreTable(QualifiedName, TimeTravel)

        case set([Assignment])
        case setCatalog(Identifier)
        case unset([Identifier])
        /// `USE database`, `USE catalog.database`.
        case use(QualifiedName)
        case show(Show)
        case describe(Describe)
        /// `SUMMARIZE table`, `SUMMARIZE 'file'`, `SUMMARIZE SELECT ..`.
        case summarize(Query)
        case help(String)

        case analyze(Analyze)
        case createAnalyze(CreateAnalyze)
        case dropStatistics(QualifiedName)
        case kill(Kill)
        case optimize(Optimize)
        /// `RECOMMEND CLUSTERING FOR name`, `RECOMMEND INDEXES FOR name`.
        case recommend(Recommendation, QualifiedName)
        /// `RECOMMEND MATERIALIZED VIEWS [FROM QUERY LOG | FOR (query), ..] [APPLY]`; no queries are
        /// those of the log.
        case recommendViews(for: [Query], applies: Bool)
        /// `CHECK TABLE a, b`: reads everything and verifies it.
        case check([QualifiedName])
        /// `REPAIR TABLE a, b`: takes out what is damaged.
        case repair([QualifiedName])
        case call(QualifiedName, [FunctionArgument])

        case prepare(Identifier, Statement)
        case execute(Identifier, [Expression])
        case deallocate(Identifier)
        case begin(isReadOnly: Bool?)
        case commit
        case rollback
        case submitTask(SubmitTask)
        /// `DROP TASK name [FORCE]`.
        case dropTask(Identifier, ifExists: Bool, force: Bool)

        /// A statement that Starling recognises and never executes; `name` is its first words.
        case other(name: String, text: String)
    }
}

extension Statement: Equatable {
    /// Compares what is said, not where it stands.
    package static func == (left: Statement, right: Statement) -> Bool {
        left.kind == right.kind
    }
}

/// Names how much EXPLAIN tells.
package enum ExplainMode: String, Sendable, CaseIterable {
    case plain = "EXPLAIN"
    case logical = "EXPLAIN LOGICAL"
    case verbose = "EXPLAIN VERBOSE"
    case costs = "EXPLAIN COSTS"
    /// Tells where the fragments of a plan run.
    case scheduler = "EXPLAIN SCHEDULER"
    /// Runs the statement and tells what each operator did.
    case analyze = "EXPLAIN ANALYZE"
    /// Tells which materialized views were considered, and why they are read or not.
    case rewrite = "EXPLAIN REWRITE"
    /// Tells which views were considered, and why they were not used.
    case traceLogsMaterializedView = "TRACE LOGS MV"
    case traceReasonMaterializedView = "TRACE REASON MV"
}

/// Names the kinds of things that are created, dropped and shown.
package enum ObjectKind: String, Sendable, CaseIterable {
    case table = "TABLE"
    case view = "VIEW"
    case materializedView = "MATERIALIZED VIEW"
    case database = "DATABASE"
    case catalog = "CATALOG"
    case index = "INDEX"
    case function = "FUNCTION"
    case pipe = "PIPE"
    case textAnalyzer = "TEXT ANALYZER"
}

/// Holds `DROP kind [IF EXISTS] name ..`.
package struct Drop: Sendable, Equatable {
    package var kind: ObjectKind
    package var ifExists: Bool
    package var isTemporary = false
    package var isGlobal = false
    package var name: QualifiedName
    /// `DROP INDEX name ON table`.
    package var table: QualifiedName?
    /// `DROP FUNCTION name(types)`.
    package var parameterTypes: [TypeName]?
    /// FORCE, and CASCADE too; RESTRICT is the default.
    package var force = false
}

/// Holds where `SELECT .. INTO OUTFILE` writes.
package struct Outfile: Sendable, Equatable {
    package var path: Property
    package var format: Property?
    package var properties: [Property]
}

/// Names what RECOMMEND tells of a table.
package enum Recommendation: String, Sendable, CaseIterable {
    case clustering = "CLUSTERING"
    case indexes = "INDEXES"
}
