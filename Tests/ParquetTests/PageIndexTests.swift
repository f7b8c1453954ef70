// Page indexes say the truth about pages, and pages that no one wants are not read.

import StarlingErrors
import StarlingFiles
import StarlingFormatSupport
import StarlingParquet
import StarlingTables
import StarlingTestSupport
import StarlingTypes
import Testing

@Suite struct PageIndexTests {
    private static let indexed = Fixture.all.filter {
        $0.name.hasPrefix("matrix") || $0.name.hasPrefix("pruning")
            || $0.name.hasPrefix("shapes.pages") || $0.name.hasPrefix("shapes.groups")
    }

    private func open(_ fixture: Fixture) throws -> ParquetTable {
        let file = try ParquetFile(try LocalFileSystem().open(fixture.path))
        return try ParquetTable([file], title: fixture.name)
    }

    @Test(arguments: indexed)
    func zonesAreTrue(_ fixture: Fixture) throws {
        let table = try open(fixture)
        let expected = try fixture.expected()
        for (index, column) in table.columns.enumerated() {
            let values = try #require(expected[column.name]).values
            var firstRow = 0
            for part in table.parts {
                defer { firstRow += part.rowCount }
                guard let zones = try part.zones(ofColumn: index, context: makeContext()) else {
                    continue
                }
                #expect(zones.first?.rows.lowerBound == 0)
                #expect(zones.last?.rows.upperBound == part.rowCount)
                for (zone, next) in zip(zones, zones.dropFirst()) {
                    #expect(zone.rows.upperBound == next.rows.lowerBound)
                }
                for zone in zones {
                    let held = zone.rows.map { values[firstRow + $0] }
                    check(zone.statistics, held, column.name)
                }
            }
        }
    }

    private func check(_ known: ColumnStatistics, _ values: [Value], _ name: String) {
        if let count = known.nullCount { #expect(count == values.count { $0.isNull }, "\(name)") }
        for value in values where !value.isNull {
            if let low = known.low { #expect(!value.precedes(low), "\(name)") }
            if let high = known.high { #expect(!high.precedes(value), "\(name)") }
        }
    }

    @Test func sortedColumnsHaveZones() throws {
        let table = try open(Fixture(name: "pruning.pages_v1.parquet"))
        let zones = try #require(
            try table.parts[1].zones(ofColumn: 0, context: makeContext()))
        #expect(zones.count == 9)
        #expect(zones[2].rows == 120..<180)
        #expect(zones[2].statistics.bounds == Bounds(low: 3 * 620, high: 3 * 679))
        let gaps = try #require(try table.parts[0].zones(ofColumn: 3, context: makeContext()))
        #expect(gaps[2].statistics.nullCount == 60 && gaps[2].statistics.low == nil)
    }

    @Test(arguments: indexed)
    func expectedRowsAreRead(_ fixture: Fixture) throws {
        let table = try open(fixture)
        let expected = try fixture.expected()
        var generator = SeededGenerator(seed: 5)
        for (index, column) in table.columns.enumerated() {
            let values = try #require(expected[column.name]).values
            for round in 0..<4 {
                var firstRow = 0
                for part in table.parts {
                    let rows = randomRanges(part.rowCount, &generator)
                    for (row, value) in try read(
                        part, index, column.type, rows, isLate: round % 2 == 1)
                    {
                        #expect(value == values[firstRow + row], "\(column.name), row \(row)")
                    }
                    firstRow += part.rowCount
                }
            }
        }
    }

    private func randomRanges(_ rowCount: Int, _ generator: inout SeededGenerator) -> RowRanges {
        var result = RowRanges()
        var row = 0
        while row < rowCount {
            let start = row + Int(generator.next() % 80)
            let end = start + 1 + Int(generator.next() % 30)
            if end <= rowCount { result.append(start..<end) }
            row = end + 1
        }
        return result
    }

    private func read(
        _ part: any TablePart, _ column: Int, _ type: LogicalType, _ rows: RowRanges, isLate: Bool
    ) throws -> [(Int, Value)] {
        let context = makeContext(verifiesChecksums: true)
        let reader = try part.makeReader(
            columns: [ReadColumn(column: column, physicalType: type.widestPhysicalType)],
            context: context)
        reader.expect(rows, late: isLate ? [0] : [])
        _ = try reader.dictionary(of: 0)
        var result: [(Int, Value)] = []
        for range in rows.ranges {
            try reader.moveWindow(to: range.lowerBound, count: range.count)
            let vector = try reader.read(0, selection: nil)
            for (index, row) in range.enumerated() { result.append((row, vector.value(at: index))) }
        }
        return result
    }

    /// Leaves of nested columns go straight to the pages of the wanted rows too.
    @Test(arguments: ["shapes.pages_v1.parquet", "shapes.pages_v2.parquet"])
    func pagesOfNestedColumnsArePassedOver(name: String) throws {
        let table = try open(Fixture(name: name))
        let expected = try Fixture(name: name).expected()
        for column in ["numbers", "points", "deep", "maps"] {
            let index = try #require(table.columns.firstIndex { $0.name == column })
            let type = table.columns[index].type.widestPhysicalType
            func read(_ rows: Range<Int>) throws -> (bytes: Int, skipped: Int) {
                let context = makeContext()
                let reader = try table.parts[0].makeReader(
                    columns: [ReadColumn(column: index, physicalType: type)], context: context)
                reader.expect(RowRanges(rows), late: [])
                try reader.moveWindow(to: rows.lowerBound, count: rows.count)
                let vector = try reader.read(0, selection: nil)
                let values = rows.indices.map { vector.value(at: $0 - rows.lowerBound) }
                #expect(values == Array(expected[column]!.values[rows]))
                return (
                    context.bytesRead.load(ordering: .relaxed),
                    context.rowsSkipped.load(ordering: .relaxed)
                )
            }
            let (some, all) = (try read(70..<90), try read(0..<96))
            #expect(some.skipped >= 40 && all.skipped == 0)
            #expect(some.bytes < all.bytes, "\(column)")
        }
    }

    @Test func pagesThatNoOneWantsAreNotRead() throws {
        let table = try open(Fixture(name: "pruning.pages_v2.parquet"))
        func bytesRead(_ rows: RowRanges?, isLate: Bool = false) throws -> Int {
            let context = makeContext()
            let reader = try table.parts[0].makeReader(
                columns: [ReadColumn(column: 2, physicalType: .string)], context: context)
            if let rows { reader.expect(rows, late: isLate ? [0] : []) }
            try reader.moveWindow(to: 400, count: 10)
            let vector = try reader.read(0, selection: nil)
            #expect(vector.value(at: 0) == .text("text 00400"))
            return context.bytesRead.load(ordering: .relaxed)
        }
        let all = try bytesRead(nil)
        let some = try bytesRead(RowRanges(400..<410))
        #expect(some * 4 < all, "\(some) of \(all) bytes")
        #expect(try bytesRead(RowRanges(0..<500), isLate: true) <= all)
    }

    @Test func rowRangesIntersect() {
        var left = RowRanges(0..<10)
        left.append(20..<30)
        left.append(30..<40)
        #expect(left.ranges == [0..<10, 20..<40])
        var right = RowRanges(5..<25)
        right.append(39..<50)
        #expect(left.intersection(right).ranges == [5..<10, 20..<25, 39..<40])
        #expect(left.overlaps(9..<20) && !left.overlaps(10..<20) && left.overlaps(0..<1))
        #expect(left.intersection(RowRanges()).isEmpty && left.rowCount == 30)
    }
}
