// A session that outlives its database: for tests that close and open one in the middle of a script.

import StarlingCatalog
import StarlingFormats
import StarlingSyntax
import StarlingTypes

/// Holds what a session knows besides its database.
package struct SuspendedSession {
    fileprivate let settings: Settings
    fileprivate let currentDatabase: String
    fileprivate let userVariables: [String: (value: Value, type: LogicalType)]
    fileprivate let temporary: Catalog
    fileprivate let preparedStatements: [String: Statement]
    fileprivate let warnings: [String]
    fileprivate let rejectedRecords: [RejectedRecord]

    /// Goes on with a database.
    package func resume(in database: Database) -> Session {
        let session = Session(database, temporary: temporary)
        session.settings = settings
        session.currentDatabase = currentDatabase
        session.userVariables = userVariables
        session.preparedStatements = preparedStatements
        session.warnings = warnings
        session.rejectedRecords = rejectedRecords
        return session
    }
}

extension Session {
    /// Leaves the database; the session must run nothing any more.
    package func suspend() -> SuspendedSession {
        SuspendedSession(
            settings: settings, currentDatabase: currentDatabase, userVariables: userVariables,
            temporary: temporary, preparedStatements: preparedStatements, warnings: warnings,
            rejectedRecords: rejectedRecords)
    }
}
