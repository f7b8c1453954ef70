// The database that a file or a suite runs in: in memory, or in a folder that is closed and opened
// again between statements.

import Foundation
import Starling

/// Holds a database and a session of it for one run.
final class LogicDatabase {
    /// The folder of a database on disk; nil in memory.
    private let path: String?
    private var opened: Session?

    init(under configuration: LogicConfiguration) throws {
        path =
            configuration == .reopenEachStatement
            ? NSTemporaryDirectory() + "/starling-logic-\(UUID().uuidString)" : nil
        opened = try openDatabase().makeSession()
    }

    deinit {
        opened = nil
        if let path { try? FileManager.default.removeItem(atPath: path) }
    }

    var session: Session { opened! }

    private func openDatabase() throws -> Database {
        let configuration = Configuration(threadCount: 2)
        guard let path else { return Database(configuration: configuration) }
        return try Database(path: path, configuration: configuration)
    }

    /// Closes a database on disk and opens it again; the session goes on.
    func reopen() throws {
        guard path != nil else { return }
        let suspended = session.suspend()
        opened = nil
        do { opened = suspended.resume(in: try openDatabase()) } catch {
            // The file goes on, and fails for what is missing now.
            opened = suspended.resume(in: Database(configuration: Configuration(threadCount: 2)))
            throw error
        }
    }
}
