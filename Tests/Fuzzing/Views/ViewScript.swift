// Runs a script of statements and compares views with their queries. Beside SQL there are lines of its
// own:
//
//   STORED                      the database is in a folder
//   DISK                        the database is on a disk that can fail
//   REOPEN                      closes it, and opens it again
//   CRASH count statement       runs a statement, during which the disk ends after so many operations,
//                               and opens what is left of the database
//   VIEW name scheme | query    creates a view; the scheme is SYNC or MANUAL, and BY column behind it
//                               says how it is partitioned
//   PARTITION name value        refreshes one partition of such a view
//   KEPT name scheme | query    creates a view whose first column tells of which partition a row came
//   RETAIN table name keys      drops a partition, of which such views retain what they have
//   COMPARE name | query        the table has the rows of the query, from then on
//   FILE name query             writes a file of the rows among those that the view `name` shows, in
//                               one of three folders, which says what is in the column b
//   REWRITE name query          writes one of them anew
//   LOSE name                   removes one of them
//   QUERY query                 gives the same rows with views and without them

import Foundation
import Starling
import StarlingCrashes
import StarlingTestSupport
import StarlingViews

final class ViewScript {
    private struct View {
        var name: String
        var query: String
        var isSynchronous: Bool
        /// What it is partitioned by, which stands first in its rows.
        var partitionColumn: String?
        /// The rows at the last refresh, where the view is not kept in commits.
        var rows: [String] = []
        /// True where the first column tells of which partition a row came.
        var retains = false
        /// What the first column has in rows that are retained, and these.
        var retainedKeys: Set<String> = []
        var retained: [String] = []

        /// The rows that the view is to have, given those of its query.
        func rows(of query: [String]) -> [String] {
            guard !retainedKeys.isEmpty else { return query }
            return (query.filter { !retainedKeys.contains(Self.key(of: $0)) } + retained).sorted()
        }

        static func key(of row: String) -> String {
            String(row.prefix { $0 != "," })
        }
    }

    private enum Storage {
        case memory
        case folder
        case disk(SimulatedDisk)
    }

    private let path: String
    private var storage = Storage.memory
    private let flaw: SeededFlaw?
    private var database: Database
    private var session: Session
    private var views: [View] = []
    /// A query is never answered by the view that is compared with it.
    private var settings = [
        "SET enable_materialized_view_rewrite = false",
        "SET materialized_view_rewrite_mode = 'force'",
    ]
    private var isInTransaction = false
    private(set) var refusedCount = 0
    private var lake: String { path + "-lake" }
    private var files: [String] = []
    private var fileCount = 0

    init(in folder: String, flaw: SeededFlaw?) throws {
        self.flaw = flaw
        database = Database(configuration: Self.configuration(flaw))
        path = folder + "/views-\(UInt64.random(in: 0 ... .max))"
        session = database.makeSession()
        for setting in settings { _ = try session.execute(setting) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
        try? FileManager.default.removeItem(atPath: lake)
    }

    private static func configuration(_ flaw: SeededFlaw?) -> Configuration {
        var configuration = Configuration(threadCount: 2)
        configuration.viewFlaw = flaw
        return configuration
    }

    func run(_ line: String) throws {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        switch words[0] {
        case "STORED":
            storage = .folder
            try open()
        case "DISK":
            storage = .disk(SimulatedDisk())
            try open()
        case "CRASH": try crash(words[1])
        case "REOPEN":
            guard !isInTransaction else { return }
            if case .memory = storage { return }
            try open()
            try compare(after: line)
        case "VIEW": try create(words[1])
        case "KEPT":
            try create(words[1])
            let name = words[1].split(separator: " ")[0]
            for place in views.indices where views[place].name == name {
                views[place].retains = true
            }
        case "RETAIN": try retain(words[1])
        case "PARTITION": try refreshPartition(words[1])
        case "COMPARE":
            let halves = words[1].split(separator: "|", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            views.append(View(name: halves[0], query: halves[1], isSynchronous: true))
            try compare(after: line)
        case "QUERY": try compareRewriting(words[1])
        case "FILE", "REWRITE", "LOSE": try changeFiles(words[0], words[1])
        default: try execute(line)
        }
    }

    private func open() throws {
        var configuration = Self.configuration(flaw)
        database = Database(configuration: configuration)
        session = database.makeSession()
        switch storage {
        case .memory: break
        case .folder: database = try Database(path: path, configuration: configuration)
        case .disk(let disk):
            // The log begins anew now and then, which may fail like all else.
            configuration.logByteCount = 3_000
            configuration.runsInBackground = false
            database = try Database(path: "/d", on: disk, configuration: configuration)
        }
        session = database.makeSession()
        for setting in settings { _ = try session.execute(setting) }
    }

    /// Runs a statement that the disk may not survive; afterwards it was done or it was not, and views
    /// that are kept in commits have the rows of their queries in either case.
    private func crash(_ text: String) throws {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard case .disk(let disk) = storage, let count = Int(words[0]) else {
            return try execute(words[1])
        }
        let refreshed = views.firstIndex { $0.name == refreshedView(words[1]) }
        let refreshedRows = try refreshed.map { try views[$0].rows(of: rows(of: views[$0].query)) }
        disk.end(after: count)
        _ = try? session.execute(words[1])
        database.runBackgroundTasks()
        var chance = SeededGenerator(seed: UInt64(count))
        storage = .disk(disk.afterLossOfPower(&chance))
        isInTransaction = false
        try open()
        if let refreshed {
            let found = try rows(of: "SELECT * FROM \(views[refreshed].name)")
            if found == refreshedRows { views[refreshed].rows = found }
        }
        try compare(after: "CRASH \(text)")
    }

    private func create(_ text: String) throws {
        let halves = text.split(separator: "|", maxSplits: 1).map(String.init)
        let words = halves[0].split(separator: " ").map(String.init)
        let isSynchronous = words[1] == "SYNC"
        let query = halves[1].trimmingCharacters(in: .whitespaces)
        let partitionColumn = words.count > 3 ? words[3] : nil
        guard try !hasTooManyRows(query) else { return }
        do {
            _ = try session.execute(
                "CREATE MATERIALIZED VIEW \(words[0]) "
                    + (partitionColumn.map { "PARTITION BY \($0) " } ?? "")
                    + (isSynchronous ? "" : "REFRESH DEFERRED MANUAL ") + "AS \(query)")
        } catch {
            let isRefused = [
                "cannot be:", "changes without one", "no table or view", "PARTITION BY takes",
            ].contains {
                "\(error)".contains($0)
            }
            guard isRefused else { throw FuzzFailure("\(error)\nof \(query)") }
            refusedCount += 1
            return
        }
        views.append(
            View(
                name: words[0], query: query, isSynchronous: isSynchronous,
                partitionColumn: partitionColumn))
        try compare(after: "CREATE of \(words[0])")
    }

    /// Tells whether a query has more rows than can be compared again and again, as joins of joins may.
    private func hasTooManyRows(_ query: String) throws -> Bool {
        let limit = 5_000
        guard
            let count = try? rows(
                of:
                    "SELECT count(*) FROM (SELECT 1 FROM (\(query)) AS q LIMIT \(limit + 1)) AS some"
            )
        else { return false }
        return count == ["\(limit + 1)"]
    }

    /// Makes a view over the files of a folder, and changes these.
    private func changeFiles(_ change: String, _ text: String) throws {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        if change == "LOSE" {
            guard files.count > 1 else { return }
            try FileManager.default.removeItem(atPath: files.removeFirst())
        } else {
            let path =
                change == "REWRITE"
                ? files[files.count / 2] : "\(lake)/b=\(fileCount % 3)/\(fileCount).parquet"
            _ = try session.execute("COPY (\(words[1])) TO '\(path)'")
            if change == "FILE" {
                files.append(path)
                fileCount += 1
            }
        }
        if change == "FILE", fileCount == 1 {
            _ = try session.execute(
                "CREATE VIEW \(words[0]) AS SELECT * FROM '\(lake)/*/*.parquet'")
        }
        try compare(after: change)
    }

    private func execute(_ statement: String) throws {
        if statement.hasPrefix("SET ") { settings.append(statement) }
        if let name = refreshedView(statement), !views.contains(where: { $0.name == name }) {
            return
        }
        do { _ = try session.execute(statement) } catch {
            let text = "\(error)"
            guard !text.contains("materialized view"), !text.contains("internal") else {
                throw FuzzFailure("\(text)\nof \(statement)")
            }
        }
        if statement == "BEGIN" { isInTransaction = true }
        if statement == "COMMIT" || statement == "ROLLBACK" { isInTransaction = false }
        if case .disk = storage { database.runBackgroundTasks() }
        if let name = refreshedView(statement) {
            for place in views.indices where views[place].name == name {
                views[place].rows = views[place].rows(of: try rows(of: views[place].query))
            }
        }
        try compare(after: statement)
    }

    /// Refreshes one partition; the rows of the others stay as they are.
    private func refreshPartition(_ text: String) throws {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let place = views.firstIndex(where: { $0.name == words[0] }),
            let column = views[place].partitionColumn, !isInTransaction
        else { return }
        let condition = "WHERE \(column) <=> \(words[1])"
        let old = try rows(of: "SELECT * FROM \(words[0]) \(condition)")
        let new = try rows(of: "SELECT * FROM (\(views[place].query)) AS q \(condition)")
        let statement = "REFRESH MATERIALIZED VIEW \(words[0]) PARTITION ((\(words[1])))"
        do { _ = try session.execute(statement) } catch {
            throw FuzzFailure("\(error)\nof \(statement)")
        }
        if !views[place].isSynchronous {
            for row in old {
                views[place].rows.firstIndex(of: row).map { _ = views[place].rows.remove(at: $0) }
            }
            views[place].rows = (views[place].rows + new).sorted()
        }
        try compare(after: statement)
    }

    /// Drops a partition of a table, if it is there and the views have taken over all of it.
    private func retain(_ text: String) throws {
        let words = text.split(separator: " ").map(String.init)
        guard !isInTransaction else { return }
        let expected = try views.map(expectedRows)
        let statement = "ALTER TABLE \(words[0]) DROP PARTITION \(words[1]) RETAIN IN VIEWS"
        do { _ = try session.execute(statement) } catch {
            let isRefused = ["has no partition", "REFRESH MATERIALIZED VIEW comes first"].contains {
                "\(error)".contains($0)
            }
            guard isRefused else { throw FuzzFailure("\(error)\nof \(statement)") }
            return try compare(after: statement)
        }
        for place in views.indices where views[place].retains {
            let keys = Set(words.dropFirst(2)).subtracting(views[place].retainedKeys)
            views[place].retained += expected[place].filter { keys.contains(View.key(of: $0)) }
            views[place].retainedKeys.formUnion(keys)
        }
        try compare(after: statement)
    }

    private func expectedRows(of view: View) throws -> [String] {
        view.isSynchronous ? view.rows(of: try rows(of: view.query)) : view.rows
    }

    private func refreshedView(_ statement: String) -> String? {
        guard statement.hasPrefix("REFRESH MATERIALIZED VIEW ") else { return nil }
        return String(statement.split(separator: " ")[3])
    }

    /// Compares each view with its query.
    private func compare(after statement: String) throws {
        for view in views {
            let found = try rows(of: "SELECT * FROM \(view.name)")
            let expected = try expectedRows(of: view)
            guard found != expected else { continue }
            let missing = expected.filter { !found.contains($0) }.prefix(5)
            let more = found.filter { !expected.contains($0) }.prefix(5)
            throw FuzzFailure(
                "\(view.name) has \(found.count) rows instead of \(expected.count) after "
                    + "\(statement)\nas \(view.query)\nmissing: \(Array(missing))\n"
                    + "too many: \(Array(more))")
        }
    }

    private func compareRewriting(_ query: String) throws {
        _ = try session.execute("SET enable_materialized_view_rewrite = true")
        let answer = Swift.Result { try rows(of: query) }
        _ = try session.execute("SET enable_materialized_view_rewrite = false")
        let plain = Swift.Result { try rows(of: query) }
        // The query of a view may read another one that was refused.
        if case .failure(let failure) = plain, "\(failure)".contains("there is no table or view") {
            return
        }
        let (without, with) = (try plain.get(), try answer.get())
        guard with != without else { return }
        throw FuzzFailure(
            "\(with.count) rows with views and \(without.count) without them\nof \(query)\n"
                + "with: \(with.filter { !without.contains($0) }.prefix(5))\n"
                + "without: \(without.filter { !with.contains($0) }.prefix(5))")
    }

    private func rows(of query: String) throws -> [String] {
        let result: Result
        do { result = try session.execute(query) } catch {
            throw FuzzFailure("\(error)\nof \(query)")
        }
        let columns = result.columns.indices.map { result.texts($0) }
        return (0..<result.rowCount).map { row in
            columns.map { $0[row] ?? "NULL" }.joined(separator: ",")
        }.sorted()
    }
}
