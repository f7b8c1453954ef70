// Every value of every fixture, in several ways of reading.

import StarlingErrors
import StarlingFiles
import StarlingFormatSupport
import StarlingParquet
import StarlingTables
import StarlingTypes
import Testing

@Suite struct ParquetTableTests {
    private func open(_ fixture: Fixture) throws -> ParquetTable {
        let file = try ParquetFile(try LocalFileSystem().open(fixture.path))
        return try ParquetTable([file], title: fixture.name)
    }

    @Test(arguments: Fixture.all)
    func columnsAreAsWritten(_ fixture: Fixture) throws {
        let table = try open(fixture)
        let expected = try fixture.expected()
        for column in table.columns {
            let wanted = try #require(expected[column.name])
            #expect(column.type.description == wanted.type, "\(column.name)")
            // DuckDB writes every column as one that may be NULL.
            if !fixture.name.contains("duckdb") {
                #expect(column.isNullable == wanted.isNullable, "\(column.name)")
            }
            #expect(table.statistics.rowCount == wanted.values.count)
        }
    }

    @Test(arguments: Fixture.all)
    func valuesAreAsWritten(_ fixture: Fixture) throws {
        let table = try open(fixture)
        let expected = try fixture.expected()
        for (index, column) in table.columns.enumerated() {
            let values = try #require(expected[column.name]).values
            for reading in Reading.all {
                let got = try readColumn(table, index, reading)
                let wrong = got.first { $0.value != values[$0.row] }
                if let wrong {
                    Issue.record(
                        """
                        \(column.name), row \(wrong.row), \(reading): \(wrong.value) instead of \
                        \(values[wrong.row])
                        """)
                }
                if reading.keepEvery == nil, reading.windowEvery == 1 {
                    #expect(got.count == values.count)
                }
            }
        }
    }

    @Test(arguments: Fixture.all)
    func statisticsAreTrue(_ fixture: Fixture) throws {
        let table = try open(fixture)
        let expected = try fixture.expected()
        for (index, column) in table.columns.enumerated() {
            let statistics = table.statistics.columns[index]
            let values = try #require(expected[column.name]).values
            if let count = statistics.nullCount {
                #expect(count == values.count { $0.isNull }, "\(column.name)")
            }
            for value in values where !value.isNull {
                if let low = statistics.low { #expect(!precedes(value, low), "\(column.name)") }
                if let high = statistics.high { #expect(!precedes(high, value), "\(column.name)") }
            }
        }
    }

    @Test func integersHaveBounds() throws {
        let table = try open(Fixture(name: "long.groups.parquet"))
        let key = try #require(table.columns.firstIndex { $0.name == "key" })
        #expect(table.parts.count == 4)
        #expect(table.statistics.columns[key].bounds == Bounds(low: 0, high: 2 * (2199 / 3)))
        #expect(table.parts[1].statistics(ofColumn: key).bounds?.low == Int128(700 / 3 * 2))
    }

    @Test func nestedColumnsHaveTheirTypes() throws {
        let table = try open(Fixture(name: "nested.plain.parquet"))
        #expect(
            table.columns.map(\.type.description) == [
                "bigint", "array<int>", "struct<a bigint, b varchar>", "map<varchar,int>",
                "varchar",
            ])
        let last = try readColumn(table, 4, Reading()).map(\.value)
        #expect(last == [.text("x"), .null, .text("z")])
        let plain = try readColumn(table, 0, Reading()).map(\.value)
        #expect(plain == [.integer(1), .integer(2), .integer(3)])
        let lists = try readColumn(table, 1, Reading()).map(\.value)
        #expect(lists == [.list([.integer(1), .integer(2)]), .null, .list([])])
        let structures = try readColumn(table, 2, Reading()).map(\.value)
        #expect(structures == Array(repeating: .list([.integer(1), .text("x")]), count: 3))
        let maps = try readColumn(table, 3, Reading()).map(\.value)
        #expect(maps == [.list([.text("k"), .integer(1)]), .list([]), .null])
    }

    @Test func dictionariesComeAsCodes() throws {
        let table = try open(Fixture(name: "long.pages_v1.parquet"))
        let word = try #require(table.columns.firstIndex { $0.name == "word" })
        let reader = try table.parts[0].makeReader(
            columns: [ReadColumn(column: word, physicalType: .string)], context: makeContext())
        try reader.moveWindow(to: 0, count: 100)
        let first = try #require(try reader.read(0, selection: nil).dictionary)
        try reader.moveWindow(to: 2_000, count: 200)
        let second = try #require(try reader.read(0, selection: nil).dictionary)
        #expect(first === second)
        #expect(first.count == 14)
    }

    private func precedes(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): left < right
        case (.floating(let left), .floating(let right)): left < right
        case (.bytes(let left), .bytes(let right)): left.lexicographicallyPrecedes(right)
        default: false
        }
    }
}
