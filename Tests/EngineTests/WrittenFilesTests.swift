// Statements that write files: what lies there afterwards, and what doesn't.

import Starling
import StarlingFiles
import StarlingMemory
import Testing

struct WrittenFilesTests {
    private let session = Database(configuration: Configuration(threadCount: 4)).makeSession()
    private let files = LocalFileSystem()

    private func withFolder(_ body: (String) throws -> Void) throws {
        let path = temporaryFolder() + "/starling-written-\(UInt64.random(in: 0 ... .max))"
        try files.makeFolder(path)
        defer { removeFolder(path) }
        try body(path)
    }

    /// The paths of all files below a folder.
    private func found(_ folder: String, below prefix: String = "") throws -> [String] {
        try files.list(folder).flatMap { entry in
            entry.isFolder
                ? try found("\(folder)/\(entry.name)", below: "\(prefix)\(entry.name)/")
                : [prefix + entry.name]
        }
    }

    private func message(_ sql: String) -> String {
        do {
            _ = try session.execute(sql)
            return "no error"
        } catch {
            return error.description
        }
    }

    @Test func explainTellsWhatWouldBeWritten() throws {
        try withFolder { folder in
            let query = "SELECT n_name, n_regionkey FROM tpch('nation', 1)"
            func explain(_ statement: String) throws -> [String] {
                try session.execute("EXPLAIN " + statement).rows.map { row in
                    if case .string(let text) = row[0] { text } else { "" }
                }
            }
            let copied = try explain(
                "COPY (\(query) ORDER BY n_name DESC) TO '\(folder)/a.csv' (DELIMITER ';')")
            #expect(copied[0] == "WRITE csv '\(folder)/a.csv'")
            #expect(copied[1] == "    sorted by: n_name DESC")
            #expect(copied[2].contains("= ;"))
            #expect(copied.contains { $0.contains("nation") })
            let inserted = try explain(
                "INSERT INTO FILES ('path' = '\(folder)/x/', 'partition_by' = 'n_regionkey') \(query)"
            )
            #expect(inserted[0] == "WRITE parquet '\(folder)/x/*.parquet'")
            #expect(inserted[1] == "    a folder for each: n_regionkey")
            let outfile = try explain("\(query) INTO OUTFILE '\(folder)/p_' FORMAT AS json")
            #expect(outfile[0] == "WRITE json '\(folder)/p_*.jsonl'")
            #expect(try found(folder).isEmpty)
            #expect(
                message("EXPLAIN ANALYZE COPY (\(query)) TO '\(folder)/a.csv'").contains("alone"))
            #expect(
                message("EXPLAIN COPY (\(query)) TO '\(folder)/a.csv' (DELIMITR ';')")
                    .contains("delim"))
        }
    }

    @Test func everyStatementWritesArrow() throws {
        try withFolder { folder in
            let query = """
                SELECT o_orderkey, o_comment, o_orderdate, o_totalprice,
                [o_custkey, NULL, o_orderkey] AS numbers, map{o_orderpriority: o_clerk} AS texts
                FROM tpch('orders', 0.01)
                """
            for statement in [
                "COPY (\(query)) TO '\(folder)/a.arrow' (COMPRESSION lz4, BATCH_SIZE 1000)",
                "INSERT INTO FILES ('path' = '\(folder)/b', 'format' = 'arrow') \(query)",
                "\(query) INTO OUTFILE '\(folder)/c_' FORMAT AS arrow "
                    + "PROPERTIES ('compression' = 'zstd', 'stream' = 'true')",
            ] { #expect(try session.execute(statement).affectedRowCount == 15_000) }
            let names = try found(folder)
            #expect(names.count == 3, "\(names)")
            for name in names {
                let difference = try session.execute(
                    "SELECT count(*) FROM (\(query) EXCEPT SELECT * FROM '\(folder)/\(name)') t")
                #expect(difference.rows == [[0]], "\(name)")
                let count = try session.execute("SELECT count(*) FROM '\(folder)/\(name)'")
                #expect(count.rows == [[15_000]], "\(name)")
            }
        }
    }

    @Test func everyStatementWritesTheSame() throws {
        try withFolder { folder in
            let query = "SELECT o_orderkey, o_comment FROM tpch('orders', 0.01)"
            for statement in [
                "COPY (\(query)) TO '\(folder)/a.parquet'",
                "INSERT INTO FILES ('path' = 'file://\(folder)/b.parquet') \(query)",
                "\(query) INTO OUTFILE '\(folder)/c.parquet' FORMAT AS parquet",
            ] {
                let result = try session.execute(statement)
                #expect(result.affectedRowCount == 15_000)
                #expect(result.column(0) == [15_000])
                #expect(result.column(1) == [1])
            }
            #expect(try found(folder) == ["a.parquet", "b.parquet", "c.parquet"])
            for name in ["a", "b", "c"] {
                let difference = try session.execute(
                    "SELECT count(*) FROM (\(query) EXCEPT SELECT * FROM '\(folder)/\(name).parquet') t"
                )
                #expect(difference.rows == [[0]])
            }
            #expect(try session.execute("SELECT count(*) FROM '\(folder)'").rows == [[45_000]])
        }
    }

    @Test func rowsStayInTheirOrder() throws {
        try withFolder { folder in
            for (name, clause) in [("scan", ""), ("sorted", "ORDER BY l_comment, l_orderkey")] {
                let query =
                    "SELECT l_orderkey, l_linenumber, l_comment FROM tpch('lineitem', 0.05) \(clause)"
                _ = try session.execute(
                    "COPY (\(query)) TO '\(folder)/\(name).parquet' (row_group_size 10000)")
                // One thread reads a file in its order.
                let read = try session.execute(
                    "SELECT /*+ SET_VAR(pipeline_dop = 1) */ l_orderkey, l_linenumber "
                        + "FROM '\(folder)/\(name).parquet'")
                let wanted = try session.execute(
                    "SELECT /*+ SET_VAR(pipeline_dop = 1) */ l_orderkey, l_linenumber, l_comment "
                        + query.dropFirst("SELECT l_orderkey, l_linenumber, l_comment".count))
                #expect(try read.integers(0) == wanted.integers(0))
                #expect(try read.integers(1) == wanted.integers(1))
            }
        }
    }

    @Test func partitionsBecomeFolders() throws {
        try withFolder { folder in
            let rows = """
                SELECT * FROM (VALUES (1, 'a/b=c', '2024-01-01'), (2, NULL, '2024-01-01'),
                    (3, '100%', '2024-01-02'), (4, '__HIVE_DEFAULT_PARTITION__', '2024-01-02'))
                    t (n, k, d)
                """
            let result = try session.execute(
                "COPY (\(rows)) TO '\(folder)/out' (FORMAT parquet, PARTITION_BY (d, k))")
            #expect(result.column(1) == [4])
            let folders = try found("\(folder)/out").map { $0.split(separator: "/").dropLast() }
            #expect(
                folders.map { $0.joined(separator: "/") }.sorted() == [
                    "d=2024-01-01/k=__HIVE_DEFAULT_PARTITION__", "d=2024-01-01/k=a%2Fb%3Dc",
                    "d=2024-01-02/k=%5F_HIVE_DEFAULT_PARTITION__", "d=2024-01-02/k=100%25",
                ])
            let read = try session.execute("SELECT n, k FROM '\(folder)/out' ORDER BY n")
            #expect(read.texts(1) == ["a/b=c", nil, "100%", "__HIVE_DEFAULT_PARTITION__"])
        }
    }

    @Test func existingFilesAreSafe() throws {
        try withFolder { folder in
            let path = "\(folder)/x.parquet"
            _ = try session.execute("INSERT INTO FILES ('path' = '\(path)') SELECT 1 AS a")
            #expect(
                message("INSERT INTO FILES ('path' = '\(path)') SELECT 2 AS a")
                    .contains("is there already"))
            #expect(try session.execute("SELECT * FROM '\(path)'").rows == [[1]])
            _ = try session.execute("INSERT OVERWRITE FILES ('path' = '\(path)') SELECT 3 AS a")
            #expect(try session.execute("SELECT * FROM '\(path)'").rows == [[3]])
            // A statement may read the file that it replaces.
            _ = try session.execute("COPY (SELECT a + 1 AS a FROM '\(path)') TO '\(path)'")
            #expect(try session.execute("SELECT * FROM '\(path)'").rows == [[4]])
            #expect(
                message("COPY (SELECT 1 AS a) TO '\(folder)/' (FORMAT parquet)")
                    .contains("has files already"))
            _ = try session.execute(
                "COPY (SELECT 9 AS a) TO '\(folder)/' (FORMAT parquet, OVERWRITE)")
            #expect(try session.execute("SELECT * FROM '\(folder)'").rows == [[9]])
        }
    }

    @Test func failuresLeaveNothingBehind() throws {
        try withFolder { folder in
            let failing =
                "SELECT CASE WHEN o_orderkey = 30016 THEN "
                + "CAST('170000000000000000000000000000000000000' AS LARGEINT) "
                + "ELSE o_orderkey END AS a FROM tpch('orders', 0.01)"
            #expect(
                message(
                    "COPY (\(failing)) TO '\(folder)/sub/x.parquet' (row_group_size 1000)"
                )
                .contains("38 digits"))
            #expect(
                message(
                    "COPY (\(failing)) TO '\(folder)/y/' (FORMAT parquet, target_max_file_size 1)"
                )
                .contains("38 digits"))
            let left = try files.list(folder)
            #expect(left.isEmpty)
            #expect(
                message("COPY (SELECT * FROM tpch('orders', 0.01)) TO '/dev/full' (FORMAT parquet)")
                    .contains("no space is left"))
            #expect(
                message("COPY (SELECT 1) TO 'x.parquet' (compresion zstd)").contains("compression"))
            #expect(message("COPY (SELECT 1) TO 'x' (FORMAT parqet)").contains("parquet"))
        }
    }

    @Test func cancelledStatementsLeaveNothingBehind() async throws {
        let folder = temporaryFolder() + "/starling-written-\(UInt64.random(in: 0 ... .max))"
        try files.makeFolder(folder)
        defer { removeFolder(folder) }
        let session = session
        let task = Task {
            try await session.execute(
                "COPY (SELECT * FROM tpch('lineitem', 10)) TO '\(folder)/x.parquet'")
        }
        while try files.list(folder).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        let meanwhile = try files.list(folder)
        #expect(meanwhile.allSatisfy { $0.name.hasPrefix(".") })
        task.cancel()
        await #expect(throws: DatabaseError.self) { try await task.value }
        let left = try files.list(folder)
        #expect(left.isEmpty)
    }

    @Test func sizesMakeFiles() throws {
        try withFolder { folder in
            let rows = "SELECT * FROM tpch('orders', 0.01)"
            let result = try session.execute(
                "COPY (\(rows)) TO '\(folder)/many' "
                    + "(FORMAT parquet, target_max_file_size '50KB', row_group_size 1000)")
            let count = try #require(result.integers(1)[0])
            #expect(count > 3)
            #expect(try found("\(folder)/many").count == Int(count))
            #expect(try session.execute("SELECT count(*) FROM '\(folder)/many'").rows == [[15_000]])
            // Nothing is written as a file without rows.
            _ = try session.execute("COPY (\(rows) WHERE 1 = 0) TO '\(folder)/none.parquet'")
            let empty = try session.execute("SELECT * FROM '\(folder)/none.parquet'")
            #expect(empty.rowCount == 0)
            #expect(empty.columns.count == 9)
        }
    }

    @Test func clusteredRowsShareRowGroups() throws {
        try withFolder { folder in
            let rows = "SELECT o_orderkey, o_custkey FROM tpch('orders', 0.05)"
            _ = try session.execute(
                "COPY (\(rows)) TO '\(folder)/z.parquet' "
                    + "(row_group_size 1000, cluster_by (o_orderkey, o_custkey))")
            let sums = "count(*), sum(o_orderkey), sum(o_custkey)"
            #expect(
                try session.execute("SELECT \(sums) FROM '\(folder)/z.parquet'").rows
                    == session.execute("SELECT \(sums) FROM tpch('orders', 0.05)").rows)
            // 75 row groups; along the curve a value of either column is in a fraction of them.
            for condition in ["o_orderkey = 150000", "o_custkey = 3700"] {
                let lines = try session.execute(
                    "EXPLAIN ANALYZE SELECT * FROM '\(folder)/z.parquet' WHERE \(condition)")
                let text = lines.texts(0).compactMap { $0 }.joined()
                let pruned = try #require(text.split(separator: "pruned ").dropFirst().first)
                #expect(try #require(Int(pruned.prefix { $0.isNumber })) > 40, "\(text)")
            }
        }
    }

    @Test func theSampleIsReadBack() throws {
        try withFolder { folder in
            let names = try session.writeSample(folder: "\(folder)/it's", scale: 0.01)
            #expect(names.count == 8)
            #expect(try session.execute("SELECT count(*) FROM lineitem").rows == [[60_175]])
        }
    }
}

/// Removes a folder with all that is in it.
func removeFolder(_ folder: String) {
    let files = LocalFileSystem()
    for entry in (try? files.list(folder)) ?? [] {
        let path = "\(folder)/\(entry.name)"
        if entry.isFolder { removeFolder(path) } else { try? files.remove(path) }
    }
    try? files.remove(folder)
}
