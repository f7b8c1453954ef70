// What statistics, row indexes and bloom filters exclude, and that it is true.

import StarlingErrors
import StarlingFiles
import StarlingFormatSupport
import StarlingFormats
import StarlingORC
import StarlingTables
import StarlingTestSupport
import StarlingTypes
import Testing

@Suite struct ORCPruningTests {
    static let files = ["pruning.zstd", "pruning.stripes", "long.plain", "types.zstd_12"].map {
        Fixture.named("\($0).orc")
    }

    private func column(_ name: String, of table: any Table) throws -> Int {
        try #require(table.columns.firstIndex { $0.name == name })
    }

    /// Checks statistics against the values that they are about.
    private func check(
        _ statistics: ColumnStatistics, _ values: ArraySlice<Value>, _ place: String
    ) {
        let present = values.filter { !$0.isNull }
        if let count = statistics.nullCount {
            #expect(count == values.count - present.count, "\(place)")
        }
        if let low = statistics.low {
            #expect(!present.contains { $0.precedes(low) }, "\(place)")
            if statistics.isLowExact { #expect(present.contains(low), "\(place)") }
        }
        if let high = statistics.high {
            #expect(!present.contains { high.precedes($0) }, "\(place)")
            if statistics.isHighExact { #expect(present.contains(high), "\(place)") }
        }
    }

    @Test(arguments: Fixture.readable)
    func statisticsAreTrue(_ fixture: Fixture) throws {
        let table = try fixture.table()
        let expected = try fixture.expected()
        for (index, column) in table.columns.enumerated() {
            let values = try #require(expected[column.name]).values[...]
            check(table.statistics.columns[index], values, "\(fixture) \(column.name)")
            var first = 0
            for part in table.parts {
                let rows = first..<(first + part.rowCount)
                check(
                    part.statistics(ofColumn: index), values[rows],
                    "\(fixture) \(column.name) \(rows)")
                let zones = try part.zones(ofColumn: index, context: makeContext()) ?? []
                if let last = zones.last { #expect(last.rows.upperBound == part.rowCount) }
                for zone in zones {
                    check(
                        zone.statistics,
                        values[(first + zone.rows.lowerBound)..<(first + zone.rows.upperBound)],
                        "\(fixture) \(column.name) \(zone.rows)")
                }
                first = rows.upperBound
            }
        }
    }

    @Test func boundsAreKnown() throws {
        let table = try Fixture.named("pruning.zstd.orc").table()
        let exact = ["key", "day", "text", "gaps", "sparse", "word", "price", "big", "flag"]
        for name in exact {
            let statistics = table.statistics.columns[try column(name, of: table)]
            #expect(statistics.isLowExact && statistics.isHighExact, "\(name)")
        }
        for name in ["time", "real"] {
            let statistics = table.statistics.columns[try column(name, of: table)]
            #expect(statistics.low != nil && statistics.high != nil, "\(name)")
        }
        let key = try column("key", of: table)
        #expect(table.statistics.columns[key].bounds == Bounds(low: 0, high: 3_597))
        let zones = try table.parts[0].zones(ofColumn: key, context: makeContext())
        #expect(zones?.count == 12)
        #expect(zones?[3].statistics.bounds == Bounds(low: 900, high: 1_197))
    }

    @Test func stripesHaveStatistics() throws {
        let table = try Fixture.named("pruning.stripes.orc").table()
        let key = try column("key", of: table)
        #expect(
            table.parts.map { $0.statistics(ofColumn: key).bounds } == [
                Bounds(low: 0, high: 1_197), Bounds(low: 1_200, high: 2_397),
                Bounds(low: 2_400, high: 3_597),
            ])
    }

    @Test func bloomFiltersExclude() throws {
        for name in ["pruning.zstd", "pruning.stripes"] {
            let fixture = Fixture.named("\(name).orc")
            let table = try fixture.table()
            let expected = try fixture.expected()
            for columnName in ["key", "day", "text", "sparse", "word"] {
                let index = try column(columnName, of: table)
                let values = try #require(expected[columnName]).values
                var first = 0
                for part in table.parts {
                    for value in values[first..<(first + part.rowCount)] where !value.isNull {
                        #expect(
                            try !part.lacks([value], inColumn: index, context: makeContext()),
                            "\(columnName) \(value)")
                    }
                    first += part.rowCount
                }
            }
            let sparse = try column("sparse", of: table)
            let others = (0..<200).map { Value.integer(-1 - $0 * 7_919) }
            let excluded = try others.filter {
                try table.parts[0].lacks([$0], inColumn: sparse, context: makeContext())
            }
            // Each of the row groups has a filter that is wrong about one in twenty.
            #expect(excluded.count > 80, "\(name)")
            let text = try column("text", of: table)
            #expect(
                try table.parts[0].lacks(
                    [.text("no such text at all")], inColumn: text, context: makeContext()))
        }
    }

    @Test(arguments: files + ["long.dictionary", "long.rle1"].map { Fixture.named("\($0).orc") })
    func piecesOfStripesGiveTheSameRows(_ fixture: Fixture) throws {
        let file = try ORCFile(LocalFileSystem().open(fixture.path))
        let table = try ORCTable([file], title: "orc", pieceRowCount: 250)
        if !fixture.name.hasPrefix("types") { #expect(table.parts.count >= 4) }
        let expected = try fixture.expected()
        for (index, column) in table.columns.enumerated() {
            let wanted = try #require(expected[column.name]).values
            for reading in Reading.all {
                let got = try readColumn(table, index, reading)
                if let wrong = got.first(where: { $0.value != wanted[$0.row] }) {
                    Issue.record("\(column.name), \(reading): row \(wrong.row), \(wrong.value)")
                }
            }
            var first = 0
            for part in table.parts {
                let rows = first..<(first + part.rowCount)
                check(part.statistics(ofColumn: index), wanted[rows], "\(column.name) \(rows)")
                for zone in try part.zones(ofColumn: index, context: makeContext()) ?? [] {
                    check(
                        zone.statistics,
                        wanted[(first + zone.rows.lowerBound)..<(first + zone.rows.upperBound)],
                        "\(column.name) \(zone.rows)")
                }
                first = rows.upperBound
            }
            #expect(first == wanted.count)
        }
    }

    @Test(arguments: files)
    func fieldsAreReadWithoutTheirStructures(_ fixture: Fixture) throws {
        guard fixture.name.hasPrefix("pruning") else { return }
        let table = try fixture.table()
        let pair = try column("pair", of: table)
        #expect(table.canReadField([1], ofColumn: pair))
        #expect(!table.canReadField([2], ofColumn: pair))
        let expected = try #require(try fixture.expected()["pair"]).values
        var row = 0
        for part in table.parts {
            let reader = try part.makeReader(
                columns: [ReadColumn(column: pair, physicalType: .string, path: [1])],
                context: makeContext())
            for start in stride(from: 0, to: part.rowCount, by: 70) {
                let count = min(70, part.rowCount - start)
                try reader.moveWindow(to: start, count: count)
                let vector = try reader.read(0, selection: nil)
                for index in 0..<count {
                    var wanted = Value.null
                    if case .list(let fields) = expected[row] { wanted = fields[1] }
                    #expect(vector.value(at: index) == wanted)
                    row += 1
                }
            }
        }
        #expect(row == expected.count)
    }
}
