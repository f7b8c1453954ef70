// Files with different columns read as one table; expected rows follow from what
// tools/fixtures/lake.py writes.

import StarlingErrors
import StarlingFiles
import StarlingFormatSupport
import StarlingFormats
import StarlingLake
import StarlingMemory
import StarlingTables
import StarlingThreads
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct UnitedColumnsTests {
    private static let folder =
        #filePath.split(separator: "/").dropLast(1).reduce("") { $0 + "/" + $1 } + "/Fixtures/"

    /// Reads all rows, columns and virtual columns, as text.
    private func rows(_ table: any Table) throws -> [[String]] {
        let context = ScanContext(
            budget: MemoryBudget(byteLimit: 1 << 30, settingName: "query_mem_limit"),
            cancellation: Cancellation())
        let columns = table.columns + table.virtualColumns
        var result: [[String]] = []
        for part in table.parts {
            let reader = try part.makeReader(
                columns: columns.enumerated().map {
                    ReadColumn(column: $0, physicalType: $1.type.widestPhysicalType)
                }, context: context)
            try reader.moveWindow(to: 0, count: part.rowCount)
            let vectors = try columns.indices.map { try reader.read($0, selection: nil) }
            for row in 0..<part.rowCount {
                result.append(
                    zip(vectors, columns).map { $0.value(at: row).text(as: $1.type) ?? "-" })
            }
        }
        return result
    }

    @Test func typesWiden() throws {
        let paths = ["narrow", "wide"].map { Self.folder + $0 + ".parquet" }
        let table = try openFiles(paths.joined(separator: ", "))
        #expect(table.columns.map(\.name) == ["a", "b", "d", "s", "k"])
        #expect(
            table.columns.map(\.type) == [
                .bigint, .decimal(precision: 20, scale: 1), .datetime, .string, .double,
            ])
        #expect(table.statistics.rowCount == 5)
        #expect(table.statistics.columns[0].bounds == Bounds(low: -5, high: 1_000_000_000_000))
        #expect(table.statistics.columns[1].bounds == Bounds(low: -70, high: 25))
        #expect(
            try rows(table) == [
                ["1", "1.5", "2024-01-01 00:00:00", "1", "1.5", paths[0], "0", "0"],
                ["-", "-", "2024-01-01 00:00:00", "2", "2.5", paths[0], "1", "0"],
                ["3", "2.5", "2024-01-01 00:00:00", "-", "-", paths[0], "2", "0"],
                ["1000000000000", "1.0", "2024-01-01 05:06:07", "x", "7", paths[1], "0", "1"],
                ["-5", "-7.0", "-", "y", "-", paths[1], "1", "1"],
            ])
    }

    @Test func missingColumnsAreAnErrorOrCounted() throws {
        let error = #expect(throws: StarlingError.self) { try openFiles(Self.folder) }
        #expect(error?.message.contains("short.parquet has no column 'b'") == true)
        let options = FileOptions(["fill_mismatch_column_with": "null"])
        let table = try openFiles(Self.folder, options: options)
        #expect(table.statistics.rowCount == 6)
        #expect(
            try rows(table)[3] == [
                "5", "-", "-", "-", "-", Self.folder + "short.parquet", "0", "1",
            ])
        #expect(options.report.warnings.count == 4)
        #expect(throws: StarlingError.self) {
            try openFiles(
                Self.folder, options: FileOptions(["fill_mismatch_column_with": "zero"]))
        }
    }

    @Test func unknownPropertiesAreNoted() throws {
        let options = FileOptions(["fill_mismatch_column": "null"])
        _ = try openFiles(Self.folder + "narrow.parquet", options: options)
        #expect(options.report.warnings.count == 1)
        #expect(options.report.warnings[0].contains("fill_mismatch_column_with"))
    }

    @Test func schemaChoosesColumnsAndTypes() throws {
        func open(_ schema: String, _ more: [String: String] = [:]) throws -> any Table {
            let options = ["schema": schema].merging(more) { $1 }
            return try openFiles(Self.folder + "narrow.parquet", options: FileOptions(options))
        }
        let table = try open("d DATETIME, A BIGINT")
        #expect(table.columns.map(\.name) == ["d", "A"])
        #expect(table.columns.map(\.type) == [.datetime, .bigint])
        #expect(
            try rows(table).map { Array($0[0...1]) } == [
                ["2024-01-01 00:00:00", "1"], ["2024-01-01 00:00:00", "-"],
                ["2024-01-01 00:00:00", "3"],
            ])
        let loss = #expect(throws: StarlingError.self) { try open("a SMALLINT") }
        #expect(loss?.message.contains("CAST") == true)
        #expect(throws: StarlingError.self) { try open("aa INT") }
        let filled = try open("z INT, a INT", ["fill_mismatch_column_with": "null"])
        #expect(try rows(filled).map { $0[0] } == ["-", "-", "-"])
    }

    @Test func propertiesOfOtherStorageAreNoted() throws {
        let options = FileOptions(["aws.s3.region": "us-west-2", "username": "x"])
        _ = try openFiles("file://" + Self.folder + "narrow.parquet", options: options)
        #expect(options.report.warnings.count == 2)
        #expect(options.report.warnings.allSatisfy { $0.contains("storage elsewhere") })
        let error = #expect(throws: StarlingError.self) { try openFiles("s3://bucket/a.parquet") }
        #expect(error?.message.contains("s3://") == true)
    }

    @Test func filesAreListed() throws {
        func names(_ path: String, recursively: Bool = false) throws -> [String] {
            try listFiles(path, recursively: recursively).map { file in
                String(file.path.dropFirst(Self.folder.count)) + (file.isFolder ? "/" : "")
            }
        }
        #expect(try names(Self.folder) == ["narrow.parquet", "short.parquet", "wide.parquet"])
        #expect(try names(Self.folder + "[ns]*") == ["narrow.parquet", "short.parquet"])
        let narrow = try listFiles(Self.folder + "narrow.parquet", recursively: false)
        let opened = try LocalFileSystem().open(Self.folder + "narrow.parquet")
        #expect(narrow.map(\.byteCount) == [opened.byteCount])
        // 2024-01-01 in microseconds.
        #expect(narrow[0].changeMicroseconds > 1_704_067_200_000_000)
        let above = String(Self.folder.dropLast("Fixtures/".count))
        let flat = try listFiles(above, recursively: false).map(\.path)
        #expect(flat.contains(above + "Fixtures") && !flat.contains(Self.folder + "short.parquet"))
        let deep = try listFiles(above, recursively: true).map(\.path)
        #expect(deep.contains(above + "Fixtures") && deep.contains(Self.folder + "short.parquet"))
        #expect(throws: StarlingError.self) { try listFiles(above + "none", recursively: true) }
    }

    /// Keys that a file's beginning lacks are read, whatever the other files have.
    @Test func filesOfJSONAgree() throws {
        let folder = temporaryFolder() + "/starling-json-\(UInt64.random(in: 0 ... .max))"
        let files = LocalFileSystem()
        try files.makeFolder(folder)
        let texts = [
            #"{"a":1,"s":{"x":1},"l":[],"n":null}"#,
            #"{"a":2.5,"s":{"y":"z"},"l":[{"k":1}],"n":{"m":true}}"#,
            #"{"b":"only here","s":{"x":2.5,"y":null}}"#,
        ]
        defer {
            for number in texts.indices { try? files.remove("\(folder)/\(number).json") }
            try? files.remove(folder)
        }
        for (number, text) in texts.enumerated() {
            let file = try files.create("\(folder)/\(number).json")
            try file.write(Array(text.utf8))
            try file.close()
        }
        let table = try openFiles(folder)
        #expect(
            table.columns.map { "\($0.name) \($0.type)" } == [
                "a double", "s struct<x double, y varchar>", "l array<struct<k bigint>>",
                "n struct<m boolean>", "b varchar",
            ])
        let rows = try uncountedRows(of: table).map { row in
            zip(row, table.columns).map { $0.text(as: $1.type) ?? "-" }
        }
        #expect(
            rows == [
                ["1", #"{"x":1,"y":null}"#, "[]", "-", "-"],
                ["2.5", #"{"x":null,"y":"z"}"#, #"[{"k":1}]"#, #"{"m":1}"#, "-"],
                ["-", #"{"x":2.5,"y":null}"#, "-", "-", "only here"],
            ])
    }
}
