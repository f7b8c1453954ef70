// Changes of rows between BEGIN and COMMIT. A session sees the database as it was at BEGIN, with its
// own changes; COMMIT makes them again on what is there then, all in one commit, or none of them where
// another session has changed the same rows.

import StarlingCatalog
import StarlingErrors
import StarlingStorage

/// Gathers what a session changes until it commits.
final class Transaction {
    /// What the session sees.
    private(set) var contents: CatalogContents
    /// What ROLLBACK brings back of the session's own tables.
    let temporary: CatalogContents
    private let isReadOnly: Bool
    private let catalog: Catalog
    private var steps: [Step] = []

    /// Is what a statement changes, to be done again on other contents, and its record.
    private struct Step {
        var body: (inout CatalogContents) throws(StarlingError) -> Void
        var changes: () throws(StarlingError) -> [Change]
    }

    init(_ catalog: Catalog, temporary: CatalogContents, isReadOnly: Bool) {
        self.catalog = catalog
        contents = catalog.beginTransaction()
        self.temporary = temporary
        self.isReadOnly = isReadOnly
    }

    deinit { catalog.endTransaction() }

    var isEmpty: Bool { steps.isEmpty }

    /// Does what a statement does, for this session alone; `follow` lets other things follow, which
    /// COMMIT sees to by itself.
    func add(
        _ changes: @escaping () throws(StarlingError) -> [Change],
        _ body: @escaping (inout CatalogContents) throws(StarlingError) -> Void,
        follow: (inout CatalogContents) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        guard !isReadOnly else {
            throw StarlingError(.binding, "the transaction is READ ONLY")
        }
        var copy = contents
        copy.beginChange()
        try body(&copy)
        try follow(&copy)
        contents = copy
        steps.append(Step(body: body, changes: changes))
    }

    /// Does everything again.
    func apply(to contents: inout CatalogContents) throws(StarlingError) {
        for step in steps { try step.body(&contents) }
    }

    /// What stands in the log, once everything was applied.
    func changes() throws(StarlingError) -> [Change] {
        var changes: [Change] = []
        for step in steps { changes += try step.changes() }
        return changes
    }
}
