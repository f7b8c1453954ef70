// Files and streams of Arrow against the values that pyarrow wrote into them.

import StarlingArrow
import StarlingErrors
import StarlingFiles
import StarlingFormatSupport
import StarlingFormats
import StarlingTables
import StarlingTypes
import Testing

extension Fixture {
    static let folder =
        #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures"
    static let all = all(in: folder, endingIn: ".arrow")
}

struct ArrowTableTests {
    private func table(_ file: any ReadableFile) throws -> any Table {
        try ArrowFormat.table(of: [try ArrowFile(file)], title: "arrow").table
    }

    @Test func thereAreFixtures() { #expect(Fixture.all.count >= 15) }

    @Test(arguments: Fixture.all)
    func valuesAreAsWritten(_ fixture: Fixture) throws {
        let table = try table(LocalFileSystem().open(fixture.path))
        let expected = try fixture.expected()
        #expect(table.columns.count == expected.count)
        for (index, column) in table.columns.enumerated() {
            let wanted = try #require(expected[column.name])
            #expect(column.type.description == wanted.type, "\(column.name)")
            #expect(table.statistics.rowCount == wanted.values.count)
            if let count = table.statistics.columns[index].nullCount {
                #expect(count == wanted.values.count { $0.isNull }, "\(column.name)")
            }
            for reading in Reading.all {
                let got = try readColumn(table, index, reading)
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

    @Test(arguments: Fixture.all.filter { !$0.name.contains("legacy") })
    func filesAreRecognizedByContent(_ fixture: Fixture) throws {
        #expect(ArrowFormat.recognizes(FileStart(bytes: try Fixture.bytes(fixture.path))))
    }

    @Test func otherFilesAreNotRecognized() {
        for text in ["PAR1 and so on and so on", "a,b,c\n1,2,3\n", "", "{\"a\": 1}"] {
            #expect(!ArrowFormat.recognizes(FileStart(bytes: Array(text.utf8))))
        }
    }

    @Test(arguments: Fixture.all)
    func damagedFilesGiveErrorsOrRows(_ fixture: Fixture) throws {
        let bytes = try Fixture.bytes(fixture.path)
        let findings = try DamageTrials(bytes, .arrow(bytes)).findings {
            try table(MemoryFile($0))
        }
        #expect(findings.isEmpty)
    }
}
