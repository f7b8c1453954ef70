import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingWriting
import Testing

@Suite struct FileSinkTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func lines(_ rows: Range<Int>) -> [String] { rows.map { "\($0)" } }

    /// However many workers bring the morsels, the rows of a file are in their order.
    @Test(arguments: [1, 2, 4], [1, 64, 1_000, 100_000])
    func rowsComeInTheOrderOfTheirMorsels(workerCount: Int, blockRowCount: Int) throws {
        var statement = WrittenStatement(folder, "file.lines")
        statement.workerCount = workerCount
        statement.writer = TextLines(blockRowCount: blockRowCount)
        let counts = try statement.run(makeMorsels(20, chunkCount: 3, rowCount: 50))
        let written = WrittenLines(try folder.read("file.lines"))
        #expect(written.rows == lines(0..<3_000))
        #expect(written.isEnded)
        // All blocks but the last are full.
        #expect(written.blocks.dropLast().allSatisfy { $0 == blockRowCount })
        #expect(written.blocks.reduce(0, +) == 3_000)
        #expect((written.blocks.last ?? 0) <= blockRowCount)
        #expect(counts.rowCount == 3_000 && counts.fileCount == 1)
        #expect(counts.byteCount == (try folder.read("file.lines")).utf8.count)
        #expect(try folder.contents() == ["file.lines"])
    }

    /// Rows without an order are all there.
    @Test func rowsWithoutAnOrderAreAllWritten() throws {
        let statement = WrittenStatement(folder, "file.lines")
        _ = try statement.run(makeMorsels(20, chunkCount: 3, rowCount: 50), isNumbered: false)
        let written = WrittenLines(try folder.read("file.lines"))
        #expect(written.rows.sorted() == lines(0..<3_000).sorted())
        #expect(written.blocks == [1_000, 1_000, 1_000])
    }

    /// Where memory is short, blocks are cut early; no row is lost, none comes twice.
    @Test(arguments: [1, 20_000, 100_000])
    func shortMemoryMakesSmallerBlocks(byteLimit: Int) throws {
        var statement = WrittenStatement(folder, "file.lines")
        statement.writer = TextLines(blockRowCount: 1_000_000)
        statement.byteLimit = byteLimit
        _ = try statement.run(makeMorsels(120, chunkCount: 1, rowCount: 2_000))
        let written = WrittenLines(try folder.read("file.lines"))
        #expect(written.rows.sorted() == lines(0..<240_000).sorted())
        #expect(written.blocks.count > 1)
    }

    @Test func filesEndAtTheSizeThatIsWanted() throws {
        var statement = WrittenStatement(folder, "out")
        statement.options = [("target_max_file_size", "2KB")]
        statement.writer = TextLines(blockRowCount: 100)
        let counts = try statement.run(makeMorsels(10, chunkCount: 3, rowCount: 50))
        let names = try folder.contents("out/")
        #expect(names.count == counts.fileCount && names.count > 1)
        // Files are numbered in the order of their rows.
        func number(_ name: String) -> Int {
            Int(name.split(separator: "_").last?.split(separator: ".").first ?? "") ?? -1
        }
        let ordered = names.sorted { number($0) < number($1) }
        #expect(ordered.map(number) == Array(0..<names.count))
        let files = try ordered.map { WrittenLines(try folder.read($0)) }
        #expect(files.flatMap(\.rows) == lines(0..<1_500))
        #expect(files.filter { !$0.isEnded }.isEmpty)
        for name in ordered.dropLast() {
            #expect(try folder.read(name).utf8.count >= 2_048)
        }
    }

    /// No rows are a table too.
    @Test func noRowsMakeAFileWithoutRows() throws {
        let counts = try WrittenStatement(folder, "file.lines").run([])
        #expect(try folder.read("file.lines") == "end\n")
        #expect(counts.rowCount == 0 && counts.fileCount == 1)
    }

    @Test func whatFailsLeavesNothing() throws {
        try folder.write("old", to: "old")
        var statement = WrittenStatement(folder, "new/deep/file.lines")
        statement.writer.refused = .integer(2_345)
        let error = #expect(throws: StarlingError.self) {
            try statement.run(makeMorsels(20, chunkCount: 3, rowCount: 50))
        }
        #expect(error == StarlingError(.data, "this cannot be written"))
        #expect(try folder.contents() == ["old"])
    }

    // MARK: Partitions

    private func partitioned(by names: String) -> WrittenStatement {
        var statement = WrittenStatement(folder, "out")
        statement.columns = [
            TableColumn(name: "n", type: .bigint), TableColumn(name: "kind", type: .string),
            TableColumn(name: "day", type: .date),
        ]
        statement.options = [("partition_by", names)]
        statement.writer = TextLines(blockRowCount: 64)
        return statement
    }

    private func file(in partition: String) throws -> WrittenLines {
        let names = try folder.contents("out/\(partition)/")
        try #require(names.count == 1)
        return WrittenLines(try folder.read(names[0]))
    }

    @Test(arguments: [1, 4])
    func valuesBecomeFolders(workerCount: Int) throws {
        var statement = partitioned(by: "kind")
        statement.workerCount = workerCount
        let kinds: [Value] = [.text("a"), .null, .text("x/y")]
        let counts = try statement.run(
            makeMorsels(20, chunkCount: 3, rowCount: 50) { row in
                [(.string, kinds[row % 3]), (.int32, .integer(19_782))]
            })
        let folders = ["kind=a", "kind=__HIVE_DEFAULT_PARTITION__", "kind=x%2Fy"]
        for (place, name) in folders.enumerated() {
            let written = try file(in: name)
            // The rows of a partition keep their order, and lack the column.
            let rows = stride(from: place, to: 3_000, by: 3).map { "\($0),19782" }
            #expect(written.rows == rows)
            #expect(written.blocks.dropLast().allSatisfy { $0 == 64 })
        }
        #expect(try folder.contents("out/").filter { $0.hasSuffix("/") }.count == 3)
        #expect(counts.rowCount == 3_000 && counts.fileCount == 3)
    }

    @Test func severalColumnsNestTheirFolders() throws {
        var statement = partitioned(by: "day, kind")
        statement.options.append(("write_partition_columns", "true"))
        _ = try statement.run(
            makeMorsels(2, chunkCount: 2, rowCount: 50) { row in
                [
                    (.string, .text(row % 2 == 0 ? "even" : "odd")),
                    (.int32, .integer(row < 100 ? 19_782 : 0)),
                ]
            })
        let early = try file(in: "day=2024-02-29/kind=odd")
        #expect(early.rows == stride(from: 1, to: 100, by: 2).map { "\($0),odd,19782" })
        let late = try file(in: "day=1970-01-01/kind=even")
        #expect(late.rows == stride(from: 100, to: 200, by: 2).map { "\($0),even,0" })
    }

    /// As Hive escapes what means something in paths, with the digits of the byte.
    @Test(arguments: [
        ("plain", "plain"), ("a b", "a b"), ("", ""), ("x/y", "x%2Fy"), ("a=b", "a%3Db"),
        ("100%", "100%25"), ("it's", "it%27s"), ("\"q\"", "%22q%22"), ("a:b", "a%3Ab"),
        ("a\nb", "a%0Ab"), ("a\\b", "a%5Cb"), ("{x}[y]^", "%7Bx%7D%5By%5D%5E"), ("Ünï", "Ünï"),
        ("a?b#c*d", "a%3Fb%23c%2Ad"), ("..", ".."), ("\u{7F}\u{1}", "%7F%01"),
        ("__HIVE_DEFAULT_PARTITION__", "%5F_HIVE_DEFAULT_PARTITION__"),
    ])
    func namesOfFoldersAreEscaped(value: String, name: String) throws {
        _ = try partitioned(by: "kind").run(
            makeMorsels(1, chunkCount: 1, rowCount: 3) { _ in
                [(.string, .text(value)), (.int32, .null)]
            })
        #expect(try file(in: "kind=\(name)").rows == ["0,NULL", "1,NULL", "2,NULL"])
    }

    @Test func noRowsMakeNoPartition() throws {
        let counts = try partitioned(by: "kind").run([])
        #expect(counts.fileCount == 0)
        #expect(try folder.contents() == ["out/"])
    }

    /// More partitions than files may be open at once.
    @Test func manyPartitionsAreWritten() throws {
        let counts = try partitioned(by: "kind").run(
            makeMorsels(10, chunkCount: 1, rowCount: 300) { row in
                [(.string, .text("k\(row % 300)")), (.int32, .null)]
            })
        #expect(counts.rowCount == 3_000 && counts.fileCount >= 300)
        var rows: [String] = []
        for name in try folder.contents("out/kind=k7/") {
            let written = WrittenLines(try folder.read(name))
            #expect(written.isEnded)
            rows += written.rows
        }
        #expect(
            rows.compactMap { Int($0.prefix { $0 != "," }) }.sorted()
                == Array(stride(from: 7, to: 3_000, by: 300)))
    }
}
