// CREATE VIEW and everything about materialized views.

/// Holds a column of a view: a name and what it is for.
package struct ViewColumn: Sendable, Equatable {
    package var name: Identifier
    package var comment: String?
}

/// Holds `CREATE VIEW`.
package struct CreateView: Sendable, Equatable {
    package var orReplace: Bool
    package var isTemporary: Bool
    package var ifNotExists: Bool
    package var name: QualifiedName
    package var columns: [ViewColumn]
    package var comment: String?
    /// `SECURITY NONE|INVOKER`.
    package var security: Identifier?
    package var properties: [Property]
    package var query: Query
}

extension CreateView {
    /// Makes what puts another query in the place of a view's.
    package init(
        replacing name: QualifiedName, columns: [ViewColumn], comment: String?, query: Query,
        isTemporary: Bool
    ) {
        self.init(
            orReplace: true, isTemporary: isTemporary, ifNotExists: false, name: name,
            columns: columns, comment: comment, security: nil, properties: [], query: query)
    }
}

/// Holds `CREATE MATERIALIZED VIEW`, synchronous or not.
package struct CreateMaterializedView: Sendable, Equatable {
    package var orReplace = false
    package var ifNotExists = false
    package var name: QualifiedName
    package var columns: [ViewColumn] = []
    /// `INTO`: the table that gets the rows, too.
    package var target: QualifiedName?
    package var indexes: [IndexDefinition] = []
    package var comment: String?
    package var partitionBy: [Expression] = []
    package var distribution: Distribution?
    package var sortKey: [Identifier] = []
    package var refresh: RefreshScheme?
    package var properties: [Property] = []
    package var query: Query
}

/// Holds when a materialized view is refreshed.
package struct RefreshScheme: Sendable, Equatable {
    /// Names what brings a refresh about.
    package enum Trigger: Sendable, Equatable {
        /// `REFRESH IMMEDIATE` or `REFRESH DEFERRED` alone.
        case unspecified
        case manual
        /// `ASYNC`: on every change of a base table; with EVERY, on a schedule.
        case asynchronous(start: String?, every: Expression?)
        /// `INCREMENTAL`.
        case incremental
        /// `SYNC`: within the transaction that changes a base table.
        case synchronous
    }

    /// IMMEDIATE is true, DEFERRED is false, silence is nil.
    package var isImmediate: Bool?
    package var trigger: Trigger
}

/// Holds a change of a materialized view.
package enum AlterMaterializedViewAction: Sendable, Equatable {
    case rename(Identifier)
    case active
    case inactive
    case refresh(RefreshScheme)
    case setProperties([Property])
    case swap(with: Identifier)
    case addIndex(IndexDefinition)
    case dropIndex(Identifier, ifExists: Bool)
}

/// Holds `REFRESH MATERIALIZED VIEW name ..`.
package struct RefreshMaterializedView: Sendable, Equatable {
    /// Names the partitions to refresh.
    package enum Scope: Sendable, Equatable {
        case all
        /// `PARTITION START ('..') END ('..')`.
        case range(start: String, end: String)
        /// `PARTITION (('a'), ('b'))`.
        case list([[Expression]])
    }

    package var name: QualifiedName
    package var scope: Scope
    package var force: Bool
    /// `WITH SYNC MODE` is true, `WITH ASYNC MODE` false.
    package var isSynchronous: Bool?
    package var priority: Int?
}
