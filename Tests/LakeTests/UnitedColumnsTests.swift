// Files with different columns read as one table; expected rows follow from what
// tools/fixtures/lake.py writes.

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
}
