// Names and what they mean. The catalog of a process: databases with tables and views.

import StarlingErrors
import StarlingSyntax
import StarlingTables
import Synchronization

/// Maps names to tables and views; may be asked and changed from many sessions at once.
package final class Catalog: Sendable {
    package static let defaultDatabase = "main"
    /// The database of tables that tell what there is; they are made where they are named.
    package static let systemDatabase = "information_schema"
    package static let defaultCatalog = "default_catalog"

    /// By lower-case names of database and entry.
    private let databases = Mutex<[String: [String: CatalogEntry]]>([defaultDatabase: [:]])

    /// By lower-case names of database, '' for GLOBAL ones, and function.
    let functions = Mutex<[String: [String: CreateFunction]]>([:])

    package init() {}

    package func entry(_ name: CatalogName) -> CatalogEntry? {
        databases.withLock { $0[name.database.lowercased()]?[name.name.lowercased()] }
    }

    package func hasDatabase(_ database: String) -> Bool {
        if database.lowercased() == Self.systemDatabase { return true }
        return databases.withLock { $0[database.lowercased()] != nil }
    }

    package var databaseNames: [String] {
        databases.withLock { ($0.keys + [Self.systemDatabase]).sorted() }
    }

    /// Lists a database's entries by name.
    package func entries(in database: String) -> [CatalogEntry] {
        databases.withLock { databases in
            (databases[database.lowercased()] ?? [:]).values.sorted { $0.name < $1.name }
        }
    }

    package func createDatabase(_ database: String, ifNotExists: Bool) throws(StarlingError) {
        let existed = databases.withLock { databases in
            if database.lowercased() == Self.systemDatabase { return true }
            if databases[database.lowercased()] != nil { return true }
            databases[database.lowercased()] = [:]
            return false
        }
        if existed && !ifNotExists {
            throw StarlingError(.binding, "database '\(database)' exists already")
        }
    }

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

    /// Adds an entry; says no where the name is taken, unless it is to be replaced by its like.
    package func add(
        _ entry: CatalogEntry, to database: String, replacing: Bool
    ) throws(StarlingError) {
        enum Outcome {
            case added
            case taken(CatalogEntry)
            case noDatabase
        }
        let key = entry.name.lowercased()
        let outcome: Outcome = databases.withLock { databases in
            guard databases[database.lowercased()] != nil else { return .noDatabase }
            if let old = databases[database.lowercased()]![key] {
                let isLike = old.kindName == entry.kindName
                if !replacing || !isLike { return .taken(old) }
            }
            databases[database.lowercased()]![key] = entry
            return .added
        }
        switch outcome {
        case .added: return
        case .taken(let old) where replacing:
            throw StarlingError(
                .binding,
                "'\(old.name)' is a \(old.kindName), which no \(entry.kindName) replaces")
        case .taken(let old):
            throw StarlingError(.binding, "\(old.kindName) '\(entry.name)' exists already")
        case .noDatabase: throw unknownDatabase(database)
        }
    }

    /// Removes an entry and tells whether it was there.
    package func remove(_ name: CatalogName) -> Bool {
        databases.withLock {
            $0[name.database.lowercased()]?.removeValue(forKey: name.name.lowercased()) != nil
        }
    }

    /// Removes a database and tells whether it was there.
    package func removeDatabase(_ database: String) -> Bool {
        functions.withLock { $0[database.lowercased()] = nil }
        return databases.withLock { $0.removeValue(forKey: database.lowercased()) != nil }
    }

    package func unknownDatabase(_ database: String) -> StarlingError {
        if database.lowercased() == Self.systemDatabase {
            return StarlingError(
                .binding, "'\(database)' tells what there is; nothing can be made or changed in it")
        }
        var message = "there is no database '\(database)'"
        if let near = nearestName(to: database, among: databaseNames) {
            message += "; did you mean '\(near)'?"
        }
        return StarlingError(.binding, message)
    }
}

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

    package init(name: String, content: Content, definition: CreateTable? = nil) {
        self.name = name
        self.content = content
        self.definition = definition
    }

    package var kindName: String {
        switch content {
        case .table: "table"
        case .view: "view"
        }
    }
}

/// Holds a view: a query that is bound anew wherever the view is read.
package struct ViewDefinition: Sendable {
    package var columnNames: [String]
    package var query: Query
    package var comment: String?

    package init(columnNames: [String], query: Query, comment: String? = nil) {
        self.columnNames = columnNames
        self.query = query
        self.comment = comment
    }
}
