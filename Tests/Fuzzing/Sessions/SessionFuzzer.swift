// Sessions of one database that read and write at once. Each knows its own rows; those who watch know
// what holds for all rows together at every moment, in this process and for one that only reads.

import Foundation
import Starling
import StarlingTestSupport
import StarlingThreads

package final class SessionFuzzer: Fuzzer {
    package static let name = "sessions"
    package static let summary = "sessions that read and write at once, each with rows of its own"
    package static let smokeRoundCount = 3

    private let folder: String

    package init(folder: String) { self.folder = folder }

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        let words = [
            "stored=\(chance.below(3) > 0 ? 1 : 0)", "members=\(2 + chance.below(4))",
            "steps=\(10 + chance.below(40))", "layout=\(chance.below(Self.layouts.count))",
            "views=\(chance.below(3) > 0 ? 1 : 0)", "seed=\(chance.below(1 << 40))",
        ]
        return Array(words.joined(separator: " ").utf8)
    }

    private static let layouts = [
        "", " ORDER BY (n)", " PARTITION BY (owner)", " PARTITION BY (owner) ORDER BY (n)",
    ]

    private static let views = [
        """
        CREATE MATERIALIZED VIEW per_owner AS
        SELECT owner, count(*) AS c, sum(n) AS s FROM events GROUP BY owner
        """,
        """
        CREATE MATERIALIZED VIEW per_item AS
        SELECT e.owner, count(*) AS c, sum(i.v) AS s FROM events e JOIN items i ON e.n = i.k
        GROUP BY e.owner
        """,
    ]

    /// What gives no row at any moment.
    private static let watched = [
        "SELECT count(*), sum(amount) FROM ledger HAVING count(*) <> 40 OR sum(amount) <> 4000",
        "SELECT k FROM items GROUP BY k HAVING count(*) > 1",
    ]

    private static let watchedViews = [
        """
        SELECT owner, c, s FROM per_owner EXCEPT
        SELECT owner, count(*), sum(n) FROM events GROUP BY owner
        """,
        """
        SELECT e.owner, count(*), sum(i.v) FROM events e JOIN items i ON e.n = i.k GROUP BY e.owner
        EXCEPT SELECT owner, c, s FROM per_item
        """,
    ]

    package func run(_ input: [UInt8]) throws {
        var values: [Substring: Int] = [:]
        for word in String(decoding: input, as: UTF8.self).split(separator: " ") {
            let parts = word.split(separator: "=")
            if parts.count == 2 { values[parts[0]] = Int(parts[1]) }
        }
        let path = values["stored"] == 1 ? folder + "/sessions-\(UUID().uuidString)" : nil
        defer { if let path { try? FileManager.default.removeItem(atPath: path) } }
        let hasViews = values["views"] == 1
        let rows = try crowd(values, path: path)
        guard let path else { return }
        let database = try open(path)
        try Self.watch(database.makeSession(), hasViews: hasViews)
        for own in rows { try own.check(database.makeSession()) }
    }

    private func open(_ path: String?) throws -> Database {
        var configuration = Configuration(threadCount: 2)
        configuration.logByteCount = 1 << 17
        configuration.packedSegmentCount = 4
        guard let path else { return Database(configuration: configuration) }
        return try Database(path: path, configuration: configuration)
    }

    /// Lets members change a new database at once, and returns the rows that they leave.
    private func crowd(_ values: [Substring: Int], path: String?) throws -> [OwnRows] {
        let database = try open(path)
        let session = database.makeSession()
        let hasViews = values["views"] == 1
        for statement in [
            "CREATE TABLE ledger AS SELECT i AS id, CAST(100 AS BIGINT) AS amount "
                + "FROM TABLE(generate_series(0, 39)) AS s(i)",
            "CREATE TABLE items (k BIGINT, owner INT, v BIGINT, note STRING) PRIMARY KEY (k)",
            "CREATE TABLE events (owner INT, n BIGINT, note STRING)"
                + Self.layouts[(values["layout"] ?? 0) % Self.layouts.count],
        ] + (hasViews ? Self.views : []) { _ = try session.execute(statement) }
        let steps = values["steps"] ?? 0
        let seed = UInt64(values["seed"] ?? 0)
        let crowd = Crowd()
        for number in 0..<max(1, values["members"] ?? 1) {
            crowd.start {
                var member = CrowdMember(number, of: database, seed: seed)
                for _ in 0..<steps where !crowd.isEnding { try member.step() }
                try member.rows.check(database.makeSession())
                return member.rows
            }
        }
        crowd.watch {
            try Self.watch(database.makeSession(), hasViews: hasViews)
            if let path {
                var configuration = Configuration(threadCount: 1)
                configuration.isReadOnly = true
                let reader = try Database(path: path, configuration: configuration)
                try Self.watch(reader.makeSession(), hasViews: hasViews)
            }
        }
        return try crowd.wait()
    }

    private static func watch(_ session: Session, hasViews: Bool) throws {
        _ = try session.execute("SET enable_materialized_view_rewrite = false")
        for query in watched + (hasViews ? watchedViews : []) {
            let result: Starling.Result
            do { result = try session.execute(query) } catch {
                throw FuzzFailure("\(error)\n\(query)")
            }
            guard result.rowCount == 0 else {
                let first = result.columns.indices.map { result.texts($0)[0] ?? "NULL" }
                // What is wrong for a moment and what stays wrong have other causes.
                sleep(1)
                let later = try session.execute(query).rowCount
                throw FuzzFailure(
                    "\(result.rowCount) rows, as \(first), and \(later) a second later: \(query)")
            }
        }
    }
}
