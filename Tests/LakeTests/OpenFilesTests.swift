// Files opened by path: formats by content, patterns, and partition columns.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingLake
import StarlingMemory
import StarlingTables
import StarlingThreads
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct OpenFilesTests {
    private static let fixtures =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
        + "/ParquetTests/Fixtures"

    /// Copies fixtures to a temporary folder, gives it to `body`, and removes it.
    private func withFolder(
        _ copies: [(from: String, to: String)], _ body: (String) throws -> Void
    ) throws {
        let path = temporaryFolder() + "/starling-lake-\(UInt64.random(in: 0 ... .max))"
        let files = LocalFileSystem()
        try files.makeFolder(path)
        var made = [path]
        defer { for path in made.reversed() { try? files.remove(path) } }
        for copy in copies {
            var folder = path
            for component in copy.to.split(separator: "/").dropLast() {
                folder += "/" + component
                if try files.information(of: folder) == nil {
                    try files.makeFolder(folder)
                    made.append(folder)
                }
            }
            let source = try files.open(Self.fixtures + "/" + copy.from)
            let bytes = try source.read(0..<source.byteCount)
            let target = try files.create(path + "/" + copy.to)
            try target.write(bytes.baseAddress, count: bytes.byteCount)
            try target.close()
            made.append(path + "/" + copy.to)
        }
        try body(path)
    }

    private func readFirst(_ table: any Table, _ column: Int, part: Int) throws -> Value {
        let context = ScanContext(
            budget: MemoryBudget(byteLimit: 1 << 30, settingName: "query_mem_limit"),
            cancellation: Cancellation())
        let type = table.columns[column].type.widestPhysicalType
        let reader = try table.parts[part].makeReader(
            columns: [
                ReadColumn(column: column, physicalType: type),
                ReadColumn(column: 0, physicalType: table.columns[0].type.widestPhysicalType),
            ], context: context)
        try reader.moveWindow(to: 0, count: 5)
        #expect(try reader.read(1, selection: nil).count == 5)
        let vector = try reader.read(0, selection: Selection(all: 3))
        #expect(vector.count == 3)
        return vector.value(at: 2)
    }

    @Test func filesOfAPatternAreOneTable() throws {
        try withFolder([
            ("long.groups.parquet", "a.parquet"), ("long.delta_v2.parquet", "b.dat"),
        ]) { folder in
            let table = try openFiles(folder + "/*")
            #expect(table.statistics.rowCount == 4_400)
            #expect(table.parts.count == 5)
            #expect(table.columns.map(\.name) == ["run", "key", "gaps", "word", "mixed", "flag"])
        }
    }

    @Test func partitionKeysAreColumns() throws {
        try withFolder([
            ("duckdb.v1.parquet", "y=2023/d=2024-01-31/k=a/a.parquet"),
            ("duckdb.v1.parquet", "y=2024/d=2024-02-01/k=7/b.parquet"),
        ]) { folder in
            let table = try openFiles(folder)
            let added = table.columns.suffix(3)
            #expect(added.map(\.name) == ["y", "d", "k"])
            #expect(added.map(\.type.description) == ["int", "date", "varchar"])
            let first = table.columns.count - 3
            #expect(table.statistics.columns[first].bounds == Bounds(low: 2023, high: 2024))
            #expect(table.parts[1].statistics(ofColumn: first).bounds == Bounds(2024))
            #expect(try readFirst(table, first, part: 1) == .integer(2024))
            // 2024-01-31 is 19,753 days after 1970-01-01.
            #expect(try readFirst(table, first + 1, part: 0) == .integer(19_753))
            #expect(try readFirst(table, first + 2, part: 1) == .text("7"))
        }
    }

    @Test func errorsNameTheFile() throws {
        try withFolder([
            ("duckdb.v1.parquet", "a.parquet"), ("long.groups.parquet", "b.parquet"),
        ]) { folder in
            let mixed = #expect(throws: StarlingError.self) { try openFiles(folder + "/*.parquet") }
            #expect(mixed?.message.contains("b.parquet") == true)
            let noise = try LocalFileSystem().create(folder + "/c.txt")
            defer { try? LocalFileSystem().remove(folder + "/c.txt") }
            try noise.write([2, 3, 4, 5, 6, 7, 8, 1, 2, 3])
            try noise.close()
            let unknown = #expect(throws: StarlingError.self) { try openFiles(folder + "/c.txt") }
            #expect(unknown?.message.contains("known are parquet, orc, arrow, avro") == true)
            let missing = #expect(throws: StarlingError.self) { try openFiles(folder + "/d.txt") }
            #expect(missing?.message.contains("d.txt") == true)
            let format = #expect(throws: StarlingError.self) {
                try openFiles(folder + "/a.parquet", options: FileOptions(format: "parket"))
            }
            #expect(format?.message.contains("'parquet'") == true)
        }
    }

    /// Bytes that pass for text are no CSV where the name says that they are something else.
    @Test(arguments: ["parquet", "orc", "arrow", "avro"])
    func namesOfBinaryFormatsDecide(ending: String) throws {
        for bytes in [[], Array("hello\nworld\n".utf8), [0, 0, 0, 0, 0, 0, 0, 0, 65, 10]] {
            let path =
                temporaryFolder() + "/starling-named-\(UInt64.random(in: 0 ... .max)).\(ending)"
            let file = try LocalFileSystem().create(path)
            defer { try? LocalFileSystem().remove(path) }
            try file.write(bytes)
            try file.close()
            let error = #expect(throws: StarlingError.self) { try openFiles(path) }
            #expect(error?.kind == .file && error?.message.contains(path) == true)
            #expect(error?.message.contains("columns") == false)
        }
    }
}
