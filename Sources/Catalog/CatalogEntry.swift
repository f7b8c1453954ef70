// What stands in a catalog, and under which names.

import StarlingSyntax
import StarlingTables

/// Names an entry with its database.
package struct CatalogName: Hashable, Sendable {
    package var database: String
    package var name: String

    package init(database: String, name: String) {
        self.database = database
        self.name = name
    }
}

/// Is what a name means.
package struct CatalogEntry: Sendable {
    package enum Content: Sendable {
        case table(any Table)
        case view(ViewDefinition)
    }

    package var name: String
    package var content: Content
    /// What CREATE TABLE said of a table, where there was one.
    package var definition: CreateTable?
    /// What a table is whose rows are those of a query; nil for other tables.
    package var materialized: MaterializedView?

    package init(
        name: String, content: Content, definition: CreateTable? = nil,
        materialized: MaterializedView? = nil
    ) {
        self.name = name
        self.content = content
        self.definition = definition
        self.materialized = materialized
    }

    package var kindName: String {
        if materialized != nil { return "materialized view" }
        return switch content {
        case .table: "table"
        case .view: "view"
        }
    }
}

/// Holds a view: a query that is bound anew wherever the view is read.
package struct ViewDefinition: Sendable {
    /// Names for the query's columns; none where they keep their own.
    package var columns: [ViewColumn]
    package var query: Query
    package var comment: String?

    package init(columns: [ViewColumn], query: Query, comment: String? = nil) {
        self.columns = columns
        self.query = query
        self.comment = comment
    }
}
