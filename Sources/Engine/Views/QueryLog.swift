// The last queries that read tables, from which materialized views are recommended. They are kept with the
// database as what queries filter by is (`Database+Filters.swift`).

import StarlingErrors
import StarlingStorage
import StarlingSyntax
import Synchronization

/// Remembers queries.
final class QueryLog: Sendable {
    private static let countMax = 1_000

    /// Is a query, and how often it came.
    struct Entry: Sendable {
        var database: String
        var query: Query
        var count: Double
    }

    private struct Question: Hashable {
        var database: String
        var query: Query
    }

    private struct State: Sendable {
        var entries: [Entry] = []
        /// Where the next one goes once all places are taken.
        var next = 0
        var hasNews = false
    }

    private let state = Mutex(State())

    func record(_ query: Query, in database: String) {
        add(Entry(database: database, query: query, count: 1))
    }

    private func add(_ entry: Entry) {
        state.withLock { state in
            state.hasNews = true
            guard state.entries.count >= Self.countMax else {
                state.entries.append(entry)
                return
            }
            state.entries[state.next] = entry
            state.next = (state.next + 1) % Self.countMax
        }
    }

    /// What is known, each query once, the most frequent first.
    var entries: [Entry] {
        var places: [Question: Int] = [:]
        var result: [Entry] = []
        for entry in state.withLock({ $0.entries }) {
            let question = Question(database: entry.database, query: entry.query)
            if let place = places[question] {
                result[place].count += entry.count
            } else {
                places[question] = result.count
                result.append(entry)
            }
        }
        return result.enumerated().sorted {
            ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
        }.map(\.element)
    }

    // MARK: The database's folder

    /// What is to be kept; nil where nothing came since this was asked last.
    func takeNews() -> [LoggedQuery]? {
        let hasNews = state.withLock { state in
            defer { state.hasNews = false }
            return state.hasNews
        }
        guard hasNews else { return nil }
        return entries.map {
            LoggedQuery(database: $0.database, sql: $0.query.sql(), count: $0.count)
        }
    }

    /// Takes over what was known before.
    func restore(_ queries: [LoggedQuery]) {
        for logged in queries.prefix(Self.countMax).reversed() {
            guard let query = try? parseQuery(logged.sql) else { continue }
            add(Entry(database: logged.database, query: query, count: logged.count))
        }
        state.withLock { $0.hasNews = false }
    }
}

extension StatementRunner {
    /// Longer texts are lists of values, which no view serves.
    private static let loggedByteCountMax = 16 << 10

    /// Runs a query that somebody asks, and remembers it where it means the same whenever it is run.
    func answer(_ query: Query) throws(StarlingError) -> Result {
        hasReadVariables = false
        try applyHints(of: query)
        let limited = try limited(query)
        let result =
            if let receiver {
                try stream(limited, to: receiver)
            } else {
                try execute(try bind(limited))
            }
        if parameters.isEmpty, namedParameters.isEmpty, !hasReadVariables, query.readsTables,
            query.range.end - query.range.start <= Self.loggedByteCountMax
        {
            session.database.queries.record(query, in: session.currentDatabase)
        }
        return result
    }

    /// Lets a query without LIMIT give as many rows as sql_select_limit says.
    private func limited(_ query: Query) throws(StarlingError) -> Query {
        let count = settings.integer("sql_select_limit")
        guard query.limit == nil, count < Int.max else { return query }
        var query = query
        query.limit = try parseQuery("SELECT 1 LIMIT \(count)").limit
        return query
    }
}

extension Query {
    fileprivate var readsTables: Bool { with != nil || body.readsTables }
}

extension QueryBody {
    fileprivate var readsTables: Bool {
        switch self {
        case .select(let select): !select.from.isEmpty
        case .setOperation(let operation):
            operation.left.readsTables || operation.right.readsTables
        case .values: false
        case .parenthesised(let query): query.readsTables
        }
    }
}
