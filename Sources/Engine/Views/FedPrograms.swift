// The compiled queries of tables that materialized views feed, each used as long as the table has the same
// columns and the same views.

import StarlingCatalog
import StarlingErrors
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingViews
import Synchronization

/// Keeps compiled queries by the names of tables.
final class FedPrograms: Sendable {
    private struct Known: Sendable {
        var definition: CreateTable?
        var columns: [TableColumn]
        /// The stored rows of the views.
        var feeders: [ObjectIdentifier]
        var program: ViewProgram
    }

    private let known = Mutex<[CatalogName: Known]>([:])

    /// Returns the query of a table, which `compile` makes where the one that is known is of another
    /// shape.
    func program(
        of fed: FedTable, _ table: NativeTable, _ definition: CreateTable?,
        compile: () throws(StarlingError) -> ViewProgram
    ) throws(StarlingError) -> ViewProgram {
        let feeders = fed.feeders.map(\.later.key)
        if let known = known.withLock({ $0[fed.name.folded] }), known.feeders == feeders,
            known.columns == table.columns, known.definition == definition
        {
            return known.program
        }
        let program = try compile()
        known.withLock {
            $0[fed.name.folded] = Known(
                definition: definition, columns: table.columns, feeders: feeders, program: program)
        }
        return program
    }

    /// Drops the query of a table that nothing feeds any more.
    func forget(_ name: CatalogName) {
        known.withLock { $0[name.folded] = nil }
    }
}
