// Queries that are cancelled at a random moment, or meet a small limit of memory or of file sizes:
// each ends soon, with the right rows or an error that says so, and leaves nothing behind, neither
// memory in the budget nor files in the folder of spill files.

import Foundation
import Starling
import StarlingTestSupport
import StarlingThreads

package final class EndingFuzzer: Fuzzer {
    package static let name = "endings"
    package static let summary = "queries cancelled, short of memory, or short of disk"
    package static let smokeRoundCount = 12

    /// Lets the limit of file sizes be one of the things to fall short of. It holds for the whole
    /// process, so only for a process that does nothing else.
    package nonisolated(unsafe) static var limitsFileSizes = false

    /// Seconds within which a cancelled query ends, also on a busy machine under a sanitizer.
    private static let patience = 20.0

    private let folder: String
    private let database: Database
    private var expected: [Int: [String]] = [:]

    package init(folder: String) throws {
        self.folder = folder
        database = Database(
            configuration: Configuration(
                threadCount: 2, memoryLimit: 1 << 30, spillFolder: folder))
        signal(SIGXFSZ, SIG_IGN)
    }

    private static let queries = [
        """
        SELECT l_orderkey, l_linenumber, l_comment FROM tpch('lineitem', 0.01)
        ORDER BY l_comment, l_orderkey, l_linenumber
        """,
        """
        SELECT l_orderkey, count(*), sum(l_quantity), min(l_comment) FROM tpch('lineitem', 0.01)
        GROUP BY l_orderkey
        """,
        """
        SELECT l_comment, count(DISTINCT l_suppkey) FROM tpch('lineitem', 0.01) GROUP BY l_comment
        """,
        """
        SELECT o_orderkey, o_comment, l_comment FROM tpch('orders', 0.01) o
        JOIN tpch('lineitem', 0.01) l ON o_orderkey = l_orderkey WHERE l_linenumber < 3
        """,
        """
        SELECT a.l_comment, b.l_orderkey FROM tpch('lineitem', 0.01) a
        LEFT JOIN tpch('lineitem', 0.01) b ON a.l_comment = b.l_comment AND a.l_suppkey < b.l_suppkey
        """,
        """
        SELECT l_orderkey, row_number() OVER (PARTITION BY l_suppkey ORDER BY l_orderkey, l_linenumber),
        sum(l_quantity) OVER (ORDER BY l_shipdate, l_orderkey, l_linenumber ROWS 20 PRECEDING)
        FROM tpch('lineitem', 0.01)
        """,
        """
        SELECT l_comment FROM tpch('lineitem', 0.01) WHERE l_linenumber < 4
        EXCEPT SELECT l_comment FROM tpch('lineitem', 0.01) WHERE l_linenumber > 2
        """,
        "SELECT DISTINCT l_comment, l_partkey FROM tpch('lineitem', 0.01)",
        """
        WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
        SELECT count(*), sum(i) FROM n
        """,
        """
        SELECT count(*) FROM tpch('orders', 0.01) o, tpch('customer', 0.01) c
        WHERE o_totalprice + c_acctbal < 3000
        """,
        """
        SELECT o_orderkey FROM tpch('orders', 0.01) WHERE o_orderkey NOT IN
        (SELECT l_orderkey FROM tpch('lineitem', 0.01) WHERE l_quantity > 45)
        """,
        """
        SELECT c_name, (SELECT max(o_totalprice) FROM tpch('orders', 0.01) WHERE o_custkey = c_custkey)
        FROM tpch('customer', 0.01)
        """,
        """
        SELECT l_suppkey, max(l_shipmode), count(DISTINCT l_shipmode), avg(l_discount)
        FROM tpch('lineitem', 0.01) GROUP BY GROUPING SETS ((l_suppkey), (l_shipmode), ())
        """,
    ]

    package func makeInput(_ chance: inout SeededGenerator) -> [UInt8] {
        var words = ["query=\(chance.below(Self.queries.count))"]
        words.append("workers=\(1 + chance.below(2))")
        words.append("spill=\(chance.below(3) == 0 ? 1 : 0)")
        // Evenly over the orders of magnitude.
        func wide(_ bits: ClosedRange<Int>) -> Int {
            let high = 1 << Int.random(in: bits, using: &chance)
            return high + chance.below(high)
        }
        if chance.below(3) != 0 { words.append("memory=\(wide(12...26))") }
        if chance.below(2) == 0 { words.append("cancel=\(wide(4...18))") }
        if chance.below(3) == 0 { words.append("disk=\(wide(10...22))") }
        return Array(words.joined(separator: " ").utf8)
    }

    package func run(_ input: [UInt8]) throws {
        var values: [Substring: Int] = [:]
        for word in String(decoding: input, as: UTF8.self).split(separator: " ") {
            let parts = word.split(separator: "=")
            if parts.count == 2 { values[parts[0]] = Int(parts[1]) }
        }
        guard let query = values["query"], Self.queries.indices.contains(query) else { return }
        if expected[query] == nil {
            expected[query] = try Self.rows(of: database.makeSession().execute(Self.queries[query]))
        }
        let session = database.makeSession()
        for setting in [
            "SET query_mem_limit = \(values["memory"] ?? 0)",
            "SET pipeline_dop = \(values["workers"] ?? 0)",
            "SET force_spill = \(values["spill"] ?? 0)",
        ] { _ = try session.execute(setting) }
        let disk = Self.limitsFileSizes ? values["disk"] : nil
        try run(query, in: session, cancelAfter: values["cancel"], diskLimit: disk)
        try checkNothingIsLeft()
    }

    private func run(
        _ query: Int, in session: Session, cancelAfter microseconds: Int?, diskLimit: Int?
    ) throws {
        let cancellation = Cancellation()
        let moment = ConditionLocked<UInt64?>(microseconds == nil ? 0 : nil)
        if let microseconds {
            let isStarted = startThread {
                usleep(UInt32(microseconds))
                cancellation.request()
                moment.withLock { $0 = monotonicNanoseconds() }
                moment.broadcast()
            }
            guard isStarted else { return }
        }
        if let diskLimit { Self.limitFileSizes(to: diskLimit) }
        let outcome = Swift.Result {
            try session.execute(
                Self.queries[query], parameters: [], cancellation: cancellation)
        }
        if diskLimit != nil { Self.limitFileSizes(to: nil) }
        let end = monotonicNanoseconds()
        let cancelled = moment.wait(until: { $0 != nil }) { $0! }
        if microseconds != nil, end > cancelled,
            Double(end - cancelled) / 1e9 > Self.patience
        {
            throw FuzzFailure("the query goes on \(Double(end - cancelled) / 1e9) s when cancelled")
        }
        switch outcome {
        case .success(let result):
            let rows = Self.rows(of: result)
            guard rows == expected[query]! else {
                throw FuzzFailure("wrong rows: \(rows.count), not \(expected[query]!.count)")
            }
        case .failure(let error):
            let kind = (error as? DatabaseError)?.kind
            let isExplained =
                kind == .resource || (kind == .cancelled && microseconds != nil)
            guard isExplained else { throw FuzzFailure("the query ends with \(error)") }
        }
    }

    private func checkNothingIsLeft() throws {
        let used = database.budget.usedByteCount
        guard used == 0 else { throw FuzzFailure("\(used) bytes stay reserved") }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        guard files.isEmpty else { throw FuzzFailure("files stay behind: \(files)") }
    }

    private static func rows(of result: Result) -> [String] {
        let columns = result.columns.indices.map { result.texts($0) }
        return (0..<result.rowCount).map { row in
            columns.map { $0[row] ?? "NULL" }.joined(separator: "|")
        }.sorted()
    }

    private static func limitFileSizes(to byteCount: Int?) {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        limit.rlim_cur = byteCount.map { rlim_t($0) } ?? limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    }
}
