// Bloom filters never deny a value that is there, and mostly deny those that are not.

import StarlingFiles
import StarlingFormatSupport
import StarlingMemory
import StarlingParquet
import StarlingTables
import StarlingTypes
import Testing

@Suite struct BloomFilterTests {
    /// The hashes are those that xxHash's own documentation and tools give.
    @Test(
        arguments: [
            ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B),
            ("abc", 0x44BC_2CF5_AD77_0999),
            ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
        ] as [(String, UInt64)])
    func hashesAreThoseOfXXHash(_ text: String, _ hash: UInt64) {
        #expect(XXHash64.hash(Array(text.utf8)) == hash)
    }

    @Test(arguments: Fixture.all)
    func valuesThatOccurAreNotDenied(_ fixture: Fixture) throws {
        let file = try ParquetFile(try LocalFileSystem().open(fixture.path))
        let table = try ParquetTable([file], title: fixture.name)
        let expected = try fixture.expected()
        for (index, column) in table.columns.enumerated() {
            let values = try #require(expected[column.name]).values
            var firstRow = 0
            for part in table.parts {
                for value in values[firstRow..<(firstRow + part.rowCount)] where !value.isNull {
                    let isDenied = try part.lacks([value], inColumn: index, context: makeContext())
                    #expect(!isDenied, "\(column.name), \(value)")
                }
                firstRow += part.rowCount
            }
        }
    }

    @Test func absentValuesAreDenied() throws {
        let fixture = Fixture(name: "pruning.pages_v1.parquet")
        let file = try ParquetFile(try LocalFileSystem().open(fixture.path))
        let table = try ParquetTable([file], title: fixture.name)
        func denied(_ column: String, _ values: [Value]) throws -> Int {
            let index = try #require(table.columns.firstIndex { $0.name == column })
            return try values.count {
                try table.parts[0].lacks([$0], inColumn: index, context: makeContext())
            }
        }
        let absent = (0..<200).map { Value.integer(Int128($0) * 7 + 2_000_000_000_000) }
        #expect(try denied("sparse", absent) > 180)
        #expect(try denied("sparse", [.integer(1 << 70)]) == 1)
        #expect(try denied("text", (600..<800).map { .text("text 00\($0)") }) > 180)
        #expect(try denied("price", (600..<800).map { .integer($0) }) > 180)
        // There is no filter to ask.
        #expect(try denied("key", [.integer(1)]) == 0)
    }
}
