// Files that are valid and can't be read as a whole, and statistics that mean less than they seem
// to: each gives an error that names the column, or no bound at all.

import StarlingErrors
import StarlingFiles
import StarlingFormatSupport
import StarlingParquet
import StarlingTables
import StarlingTypes
import Testing

@Suite struct OddFileTests {
    private func open(_ name: String) throws -> ParquetTable {
        let path = "\(Fixture.folder)/odd.\(name).parquet"
        return try ParquetTable([try ParquetFile(LocalFileSystem().open(path))], title: name)
    }

    private func column(_ name: String, of table: ParquetTable) throws -> Int {
        try #require(table.columns.firstIndex { $0.name == name })
    }

    @Test(arguments: ["at", "day", "price", "old"])
    func valuesThatTheTypeDoesNotHaveAreErrors(_ name: String) throws {
        let table = try open("infinity")
        let column = try column(name, of: table)
        let error = #expect(throws: StarlingError.self) {
            try readColumn(table, column, Reading())
        }
        #expect(error?.kind == .file)
        #expect(error?.message.contains("column \(name)") ?? false)
        // Rows that no one asks for don't matter.
        let others = try readColumn(table, column, Reading(keepEvery: 2))
        #expect(others.count == 2)
    }

    @Test func checksumsAreComparedOnDemand() throws {
        let table = try open("checksums")
        #expect(try readColumn(table, 0, Reading()).count == 40)
        let error = #expect(throws: StarlingError.self) {
            try readColumn(table, 0, Reading(verifiesChecksums: true))
        }
        #expect(error?.message.contains("checksum") ?? false)
        let right = Fixture(name: "handmade.checksums.parquet")
        let file = try ParquetFile(LocalFileSystem().open(right.path))
        let checked = try ParquetTable([file], title: right.name)
        #expect(try readColumn(checked, 0, Reading(verifiesChecksums: true)).count == 40)
    }

    @Test func encryptedColumnsAreNamed() throws {
        let table = try open("partly_encrypted")
        #expect(try readColumn(table, 0, Reading()).map(\.value) == [1, 2, 3].map { .integer($0) })
        let error = #expect(throws: StarlingError.self) {
            try readColumn(table, 1, Reading())
        }
        #expect(error?.kind == .unsupported)
        #expect(error?.message.contains("column secret") ?? false)
        let whole = #expect(throws: StarlingError.self) { try open("encrypted_footer") }
        #expect(whole?.kind == .unsupported)
        #expect(whole?.message.contains("encrypted") ?? false)
    }

    @Test func boundsCountOnlyWhereTheyAreCertain() throws {
        let table = try open("bounds")
        func statistics(_ name: String) throws -> ColumnStatistics {
            table.parts[0].statistics(ofColumn: try column(name, of: table))
        }
        #expect(try statistics("nan").low == nil)
        let zero = try statistics("zero")
        #expect(zero.low == .floating(0) && zero.high == .floating(0))
        #expect(!zero.isLowExact && !zero.isHighExact)
        let cut = try statistics("cut")
        #expect(cut.low == .text("ab") && cut.high == .text("ac"))
        #expect(!cut.isLowExact && !cut.isHighExact)
        #expect(try statistics("old_text").low == nil)
        let old = try statistics("old_int")
        #expect(old.bounds == Bounds(low: 5, high: 7))
        #expect(old.isLowExact && old.isHighExact)
        #expect(try statistics("unsigned").bounds == nil)
        let exact = try statistics("exact")
        #expect(exact.low == .text("a") && exact.isLowExact && exact.isHighExact)
    }

    @Test func boundsWithoutOrderCountForSignedNumbersOnly() throws {
        let table = try open("unordered")
        for name in ["zero", "cut", "exact", "unsigned"] {
            let known = table.parts[0].statistics(ofColumn: try column(name, of: table))
            #expect(known.low == nil && known.high == nil, "\(name)")
        }
        let old = table.parts[0].statistics(ofColumn: try column("old_int", of: table))
        #expect(old.bounds == Bounds(low: 5, high: 7))
    }
}
