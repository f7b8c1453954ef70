// Avro files against the values that fastavro and Polars wrote into them.

import StarlingAvro
import StarlingErrors
import StarlingFiles
import StarlingFormatSupport
import StarlingFormats
import StarlingTables
import StarlingTestSupport
import StarlingTypes
import Testing

extension Fixture {
    static let folder =
        #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures"
    static let all = all(in: folder, endingIn: ".avro")
}

struct AvroTableTests {
    private func table(_ file: any ReadableFile, partByteCount: Int? = nil) throws -> any Table {
        try AvroFormat.table(of: [AvroFile(file, partByteCount: partByteCount)], title: "avro")
            .table
    }

    @Test func thereAreFixtures() { #expect(Fixture.all.count >= 18) }

    @Test(arguments: Fixture.all, [nil, 1, 9_000])
    func valuesAreAsWritten(_ fixture: Fixture, partByteCount: Int?) throws {
        let table = try table(
            LocalFileSystem().open(fixture.path), partByteCount: partByteCount)
        let expected = try fixture.expected()
        #expect(table.columns.count == expected.count)
        for (index, column) in table.columns.enumerated() {
            let wanted = try #require(expected[column.name])
            #expect(column.type.description == wanted.type, "\(column.name)")
            #expect(column.isNullable == wanted.isNullable, "\(column.name)")
            #expect(table.statistics.rowCount == wanted.values.count)
            for reading in Reading.all {
                let got = try readColumn(table, index, reading)
                #expect(
                    reading.keepEvery != nil || reading.windowEvery > 1
                        || got.count == wanted.values.count)
                let wrong = got.first { $0.value != wanted.values[$0.row] }
                if let wrong {
                    Issue.record(
                        """
                        \(column.name), row \(wrong.row), \(reading): \(wrong.value) instead of \
                        \(wanted.values[wrong.row])
                        """)
                }
            }
        }
    }

    /// Reads all columns of a window together, as scans do.
    @Test(arguments: Fixture.all)
    func columnsAreReadTogether(_ fixture: Fixture) throws {
        let table = try table(LocalFileSystem().open(fixture.path), partByteCount: 9_000)
        let expected = try fixture.expected()
        var row = 0
        for part in table.parts {
            let reader = try part.makeReader(
                columns: table.columns.enumerated().map {
                    ReadColumn(column: $0, physicalType: $1.type.widestPhysicalType)
                }, context: makeContext())
            for start in stride(from: 0, to: part.rowCount, by: 50) {
                let count = min(50, part.rowCount - start)
                try reader.moveWindow(to: start, count: count)
                #expect(try reader.firstRowInFile == row)
                for (index, column) in table.columns.enumerated().reversed() {
                    let vector = try reader.read(index, selection: nil)
                    let wanted = try #require(expected[column.name]).values[row..<(row + count)]
                    let got = (0..<count).map { vector.value(at: $0) }
                    #expect(got == Array(wanted), "\(column.name), from row \(row)")
                }
                row += count
            }
        }
    }

    @Test(arguments: Fixture.all)
    func filesAreRecognizedByContent(_ fixture: Fixture) throws {
        #expect(AvroFormat.recognizes(FileStart(bytes: try Fixture.bytes(fixture.path))))
    }

    @Test func otherFilesAreNotRecognized() {
        for text in ["PAR1 and so on", "Obj", "Obj\u{2}", "", "{\"a\": 1}"] {
            #expect(!AvroFormat.recognizes(FileStart(bytes: Array(text.utf8))))
        }
    }
}
