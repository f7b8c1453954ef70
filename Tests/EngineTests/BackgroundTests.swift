// What a database does by itself: tasks one after the other, tables that are packed while others read
// and change them, and an end that waits for nobody.

import Foundation
import Starling
import StarlingMemory
import StarlingThreads
import Synchronization
import Testing

@Suite struct BackgroundTests {
    private final class Folder {
        let path = temporaryFolder() + "/starling-background-\(UInt64.random(in: 0 ... .max))"

        deinit { removeFolder(path) }

        func open(byItself: Bool = true, packedSegmentCount: Int = 16) throws -> Session {
            var configuration = Configuration(threadCount: 2)
            configuration.runsInBackground = byItself
            configuration.packedSegmentCount = packedSegmentCount
            return try Database(path: path, configuration: configuration).makeSession()
        }
    }

    private let folder = Folder()

    private func run(_ session: Session, _ statements: String...) throws {
        for statement in statements { _ = try session.execute(statement) }
    }

    private func number(_ session: Session, _ query: String) throws -> Int64? {
        try session.execute(query).integers(0)[0]
    }

    private func partCount(_ session: Session, _ table: String) throws -> Int? {
        let lines = try session.execute("EXPLAIN ANALYZE SELECT sum(length(a)) FROM \(table)")
            .texts(0).compactMap { $0 }
        let parts = lines.compactMap { $0.split(separator: "parts ").dropFirst().first }
        return parts.first.flatMap { Int($0.prefix { $0.isNumber }) }
    }

    /// Rows that need a file.
    private static func rows(_ ids: ClosedRange<Int>) -> String {
        "SELECT generate_series AS id, concat_ws(' ', xx_hash3_64(concat(generate_series, 'a')), "
            + "xx_hash3_64(concat(generate_series, 'b')), xx_hash3_64(concat(generate_series, 'c')), "
            + "xx_hash3_64(concat(generate_series, 'd'))) AS a "
            + "FROM TABLE(generate_series(\(ids.lowerBound), \(ids.upperBound)))"
    }

    // MARK: Tasks

    @Test(arguments: [true, false]) func tasksAreDoneOnceAndInOrder(isAutomatic: Bool) {
        let tasks = BackgroundTasks(isAutomatic: isAutomatic)
        let done = Mutex<[String]>([])
        let mayGoOn = ConditionLocked(!isAutomatic)
        tasks.request("first") { _ in
            mayGoOn.wait(until: { $0 }) { _ in }
            done.withLock { $0.append("first") }
        }
        // While the first one runs, or waits, the others wait.
        for name in ["second", "third", "second"] {
            tasks.request(name) { _ in done.withLock { $0.append(name) } }
        }
        mayGoOn.withLock { $0 = true }
        mayGoOn.broadcast()
        tasks.runAll()
        #expect(done.withLock { $0 } == ["first", "second", "third"])
        tasks.request("second") { _ in done.withLock { $0.append("again") } }
        tasks.runAll()
        #expect(done.withLock { $0.last } == "again")
    }

    @Test func theEndStopsWhatRunsAndForgetsTheRest() {
        let tasks = BackgroundTasks(isAutomatic: true)
        let hasBegun = ConditionLocked(false)
        let done = Mutex<[String]>([])
        tasks.request("long") { cancellation in
            hasBegun.withLock { $0 = true }
            hasBegun.broadcast()
            while !cancellation.isCancelled { pause(nanoseconds: 100_000) }
            done.withLock { $0.append("long") }
        }
        tasks.request("other") { _ in done.withLock { $0.append("other") } }
        hasBegun.wait(until: { $0 }) { _ in }
        tasks.stop()
        #expect(done.withLock { $0 } == ["long"])
        tasks.request("late") { _ in done.withLock { $0.append("late") } }
        tasks.runAll()
        #expect(done.withLock { $0 } == ["long"])
    }

    @Test func whoWritesMuchWaits() throws {
        let cancellation = Cancellation()
        let start = monotonicNanoseconds()
        try cancellation.wait(until: start + 30_000_000)
        #expect(monotonicNanoseconds() >= start + 30_000_000)
        cancellation.request()
        #expect(throws: (any Error).self) {
            try cancellation.wait(until: monotonicNanoseconds() + 60_000_000_000)
        }
    }

    // MARK: Packing

    @Test func smallLoadsArePackedWhenToldTo() throws {
        let session = try folder.open(byItself: false)
        try run(
            session, "CREATE TABLE t (id BIGINT, a STRING)",
            "CREATE TABLE s (id BIGINT, a STRING) ORDER BY (a)")
        for load in 0..<20 {
            for table in ["t", "s"] {
                try run(
                    session,
                    "INSERT INTO \(table) \(Self.rows(load * 3_000 + 1 ... load * 3_000 + 3_000))")
            }
        }
        for table in ["t", "s"] { #expect(try partCount(session, table) == 20) }
        session.database.runBackgroundTasks()
        for table in ["t", "s"] {
            #expect(try partCount(session, table) == 1)
            #expect(
                try session.execute("SELECT count(*), count(DISTINCT id), sum(id) FROM \(table)")
                    .rows == [[60_000, 60_000, 1_800_030_000]])
        }
        #expect(try number(session, "SELECT id FROM t LIMIT 1") == 1)
    }

    @Test func theLogGivesItsRowsToFiles() throws {
        let session = try folder.open(byItself: false)
        try run(session, "CREATE TABLE t (id BIGINT, a STRING) PRIMARY KEY (id)")
        for load in 0..<30 {
            try run(
                session,
                "INSERT INTO t SELECT generate_series, concat('text ', generate_series % 9) "
                    + "FROM TABLE(generate_series(\(load * 5_000 + 1), \(load * 5_000 + 5_000)))")
        }
        let before = try #require(try partCount(session, "t"))
        session.database.runBackgroundTasks()
        #expect(try #require(try partCount(session, "t")) < before)
        #expect(try number(session, "SELECT sum(id) FROM t") == 150_000 * 150_001 / 2)
        try run(session, "INSERT INTO t VALUES (7, 'seven'), (150001, 'new')")
        #expect(try session.execute("SELECT a FROM t WHERE id = 7").texts(0) == ["seven"])
        #expect(try number(session, "SELECT count(*) FROM t") == 150_001)
    }

    @Test func rowsThatAreGoneGiveTheirSpaceBack() throws {
        func byteCount() throws -> Int {
            let files = FileManager.default
            let segments = folder.path + "/segments"
            return try files.contentsOfDirectory(atPath: segments).reduce(0) { sum, name in
                let known = try files.attributesOfItem(atPath: segments + "/" + name)
                return sum + (known[.size] as? Int ?? 0)
            }
        }
        let session = try folder.open(byItself: false)
        try run(
            session, "CREATE TABLE t (id BIGINT, a STRING) PROPERTIES ('snapshot_retention' = '0')")
        try run(session, "INSERT INTO t \(Self.rows(1...600_000))")
        let full = try byteCount()
        try run(session, "DELETE FROM t WHERE id % 5 < 2")
        session.database.runBackgroundTasks()
        #expect(try number(session, "SELECT count(*) FROM t") == 360_000)
        #expect(try number(session, "SELECT sum(id) FROM t WHERE id % 5 = 4") == 36_000_180_000)
        // What replaced the file is acknowledged by the next commit that waits for the disk.
        try run(session, "INSERT INTO t VALUES (0, 'last')")
        #expect(try byteCount() * 10 < full * 7)
    }

    @Test func transactionsKeepRowsWhereTheyAre() throws {
        let session = try folder.open(byItself: false)
        try run(session, "CREATE TABLE t (id BIGINT, a STRING)")
        for load in 0..<16 {
            try run(
                session, "INSERT INTO t \(Self.rows(load * 3_000 + 1 ... load * 3_000 + 3_000))")
        }
        let other = session.database.makeSession()
        try run(other, "BEGIN", "DELETE FROM t WHERE id % 2 = 0")
        session.database.runBackgroundTasks()
        #expect(try partCount(session, "t") == 16)
        try run(other, "COMMIT")
        session.database.runBackgroundTasks()
        #expect(try #require(try partCount(session, "t")) < 16)
        #expect(try number(session, "SELECT count(*) FROM t") == 24_000)
        // One that is given up holds nothing up any more.
        try run(other, "BEGIN", "ROLLBACK")
        #expect(!session.database.catalog.hasTransactions)
    }

    @Test func upsertsGoOnMeanwhile() throws {
        var last: [Int: Int] = [:]
        func check(_ session: Session) throws {
            #expect(try number(session, "SELECT count(*) FROM t") == Int64(last.count))
            #expect(try number(session, "SELECT count(DISTINCT id) FROM t") == Int64(last.count))
            #expect(
                try number(session, "SELECT sum(n) FROM t") == Int64(last.values.reduce(0, +)))
        }
        do {
            let session = try folder.open(packedSegmentCount: 3)
            try run(
                session, "CREATE TABLE t (id BIGINT, n BIGINT, a STRING) PRIMARY KEY (id)")
            for load in 0..<60 {
                let rows = load * 1_500...load * 1_500 + 2_999
                try run(
                    session,
                    "INSERT INTO t SELECT id * 7919 % 40009, \(load), a FROM (\(Self.rows(rows))) AS r"
                )
                for row in rows { last[row * 7_919 % 40_009] = load }
                try check(session)
            }
            // Closing waits for no packing.
        }
        let session = try folder.open(packedSegmentCount: 3)
        try check(session)
        session.database.runBackgroundTasks()
        try check(session)
    }
}
