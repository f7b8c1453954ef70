// Names and what they mean. The catalog of a process: databases with tables, views and functions.
// Changes are made one after the other, each seen whole or not at all.

import StarlingErrors
import StarlingSyntax
import Synchronization

/// Maps names to tables and views; may be asked and changed from many sessions at once.
package final class Catalog: Sendable {
    package static let defaultDatabase = "main"
    /// The database of tables that tell what there is; they are made where they are named.
    package static let systemDatabase = "information_schema"
    package static let defaultCatalog = "default_catalog"

    private let contents = Mutex(CatalogContents())
    /// Held by who makes a change; readers don't wait for it.
    private let turn = Mutex<Void>(())

    /// Counts those who rely on rows staying where they are.
    private let transactionCount = Atomic<Int>(0)

    package init() {}

    // MARK: Transactions

    /// Returns everything at this moment; until `endTransaction` changes that only move rows are not
    /// to be made.
    package func beginTransaction() -> CatalogContents {
        turn.withLock { _ in
            transactionCount.wrappingAdd(1, ordering: .relaxed)
            return snapshot
        }
    }

    package func endTransaction() { transactionCount.wrappingSubtract(1, ordering: .relaxed) }

    /// Tells whether somebody relies on rows staying where they are; certain for who makes a change.
    package var hasTransactions: Bool { transactionCount.load(ordering: .relaxed) > 0 }

    // MARK: Changes

    /// Makes a change: to a copy of what is there, which takes the place of it once `record` has made
    /// the change durable. Returns what `record` returns.
    package func change<Receipt>(
        _ body: (inout CatalogContents) throws(StarlingError) -> Void,
        recording record: () throws(StarlingError) -> Receipt
    ) throws(StarlingError) -> Receipt {
        try turn.withLock { _ throws(StarlingError) in
            var copy = contents.withLock { $0 }
            copy.beginChange()
            try body(&copy)
            let receipt = try record()
            contents.withLock { $0 = copy }
            return receipt
        }
    }

    /// Makes a change that nothing records.
    package func change(
        _ body: (inout CatalogContents) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        try change(body) { () throws(StarlingError) in }
    }

    // MARK: What there is

    package func entry(_ name: CatalogName) -> CatalogEntry? {
        contents.withLock { $0.entry(name) }
    }

    package func hasDatabase(_ database: String) -> Bool {
        if database.lowercased() == Self.systemDatabase { return true }
        return contents.withLock { $0.hasDatabase(database) }
    }

    package var databaseNames: [String] {
        (contents.withLock { $0.databaseNames } + [Self.systemDatabase]).sorted()
    }

    /// Lists a database's entries by name.
    package func entries(in database: String) -> [CatalogEntry] {
        contents.withLock { $0.entries(in: database) }
    }

    /// Finds a function of a database.
    package func function(_ name: CatalogName) -> CreateFunction? {
        contents.withLock { $0.function(name) }
    }

    /// Lists a database's functions by name, or those that are GLOBAL where the database is ''.
    package func functions(in database: String) -> [CreateFunction] {
        contents.withLock { $0.functions(in: database) }
    }

    /// Everything at this moment.
    package var snapshot: CatalogContents { contents.withLock { $0 } }

    // MARK: What names mean

    /// Finds out which entry a name in a statement means, whether it is there or not.
    package func resolve(
        _ name: QualifiedName, in currentDatabase: String
    ) throws(StarlingError) -> CatalogName {
        let parts = name.parts.map(\.text)
        if parts.count > 2 { try checkCatalog(name.parts[parts.count - 3]) }
        return CatalogName(
            database: parts.count > 1 ? parts[parts.count - 2] : currentDatabase,
            name: parts[parts.count - 1])
    }

    /// Finds out which database a name such as `catalog.database` means.
    package func resolveDatabase(_ name: QualifiedName) throws(StarlingError) -> String {
        if name.parts.count > 1 { try checkCatalog(name.parts[name.parts.count - 2]) }
        return name.last.text
    }

    /// Says no to names of catalogs other than the own one.
    package func checkCatalog(_ name: Identifier) throws(StarlingError) {
        guard name.text.lowercased() != Self.defaultCatalog else { return }
        let near = nearestName(to: name.text, among: [Self.defaultCatalog])
        throw StarlingError(
            .binding,
            "there is no catalog '\(name.text)'; "
                + (near.map { "did you mean '\($0)'?" }
                    ?? "'\(Self.defaultCatalog)' is the only one of this version"),
            at: name.range)
    }

    package func unknownDatabase(_ database: String) -> StarlingError {
        contents.withLock { $0.unknownDatabase(database) }
    }
}
