// Names and what they mean. The catalog of a process: databases with tables and views.

import StarlingErrors
import StarlingSyntax
import StarlingTables
import Synchronization

/// Maps names to tables and views; may be asked and changed from many sessions at once.
package final class Catalog: Sendable {
    package static let defaultDatabase = "main"

    /// By lower-case names of database and entry.
    private let databases = Mutex<[String: [String: CatalogEntry]]>([defaultDatabase: [:]])

    package init() {}

    package func entry(_ name: CatalogName) -> CatalogEntry? {
        databases.withLock { $0[name.database.lowercased()]?[name.name.lowercased()] }
    }

    package func hasDatabase(_ database: String) -> Bool {
        databases.withLock { $0[database.lowercased()] != nil }
    }

    package var databaseNames: [String] { databases.withLock { $0.keys.sorted() } }

    /// Lists a database's entries by name.
    package func entries(in database: String) -> [CatalogEntry] {
        databases.withLock { databases in
            (databases[database.lowercased()] ?? [:]).values.sorted { $0.name < $1.name }
        }
    }

    package func createDatabase(_ database: String, ifNotExists: Bool) throws(StarlingError) {
        let existed = databases.withLock { databases in
            if databases[database.lowercased()] != nil { return true }
            databases[database.lowercased()] = [:]
            return false
        }
        if existed && !ifNotExists {
            throw StarlingError(.binding, "database '\(database)' exists already")
        }
    }

    /// Adds an entry; says no where the name is taken, unless it is to be replaced.
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
            if let old = databases[database.lowercased()]![key], !replacing { return .taken(old) }
            databases[database.lowercased()]![key] = entry
            return .added
        }
        switch outcome {
        case .added: return
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
        databases.withLock { $0.removeValue(forKey: database.lowercased()) != nil }
    }

    package func unknownDatabase(_ database: String) -> StarlingError {
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

    package init(name: String, content: Content) {
        self.name = name
        self.content = content
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
