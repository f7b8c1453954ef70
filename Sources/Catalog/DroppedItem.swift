// What DROP TABLE and DROP DATABASE took away: it is kept for a while, so that RECOVER can bring it
// back.

import StarlingSyntax

/// Is a table or a whole database that was dropped.
package struct DroppedItem: Sendable {
    /// Tells it from all others.
    package var number: Int
    package var database: String
    /// Nil where the database went as a whole.
    package var table: String?
    /// When it is forgotten, in microseconds since 1970.
    package var end: Int64
    package var entries: [CatalogEntry]
    /// The functions of a database.
    package var functions: [CreateFunction]

    package init(
        number: Int, database: String, table: String?, end: Int64, entries: [CatalogEntry],
        functions: [CreateFunction] = []
    ) {
        self.number = number
        self.database = database
        self.table = table
        self.end = end
        self.entries = entries
        self.functions = functions
    }
}
