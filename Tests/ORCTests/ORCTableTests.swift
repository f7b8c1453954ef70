// ORC files against the values that pyarrow wrote into them, and files made by hand.

import StarlingErrors
import StarlingFiles
import StarlingFormatSupport
import StarlingFormats
import StarlingORC
import StarlingTables
import StarlingTestSupport
import StarlingTypes
import Testing

extension Fixture {
    static let folder =
        #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures"
    static let files = all(in: folder, endingIn: ".orc")
    static let readable = files.filter { !$0.name.hasPrefix("unreadable") }

    static func named(_ name: String) -> Fixture { Fixture(folder: folder, name: name) }

    func table() throws -> any Table {
        try ORCFormat.table(of: [try ORCFile(LocalFileSystem().open(path))], title: "orc").table
    }
}

@Suite struct ORCTableTests {
    @Test func thereAreFixtures() { #expect(Fixture.readable.count >= 40) }

    @Test(arguments: Fixture.readable)
    func valuesAreAsWritten(_ fixture: Fixture) throws {
        let table = try fixture.table()
        let expected = try fixture.expected()
        #expect(table.columns.count == expected.count)
        for (index, column) in table.columns.enumerated() {
            let wanted = try #require(expected[column.name])
            #expect(column.type.description == wanted.type, "\(column.name)")
            #expect(table.statistics.rowCount == wanted.values.count)
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

    @Test(arguments: Fixture.files)
    func filesAreRecognizedByContent(_ fixture: Fixture) throws {
        #expect(ORCFormat.recognizes(FileStart(bytes: try Fixture.bytes(fixture.path))))
    }

    @Test func otherFilesAreNotRecognized() {
        for text in ["ORC,b,c\n1,2,3\n", "PAR1 and so on", "a,b\n", "", "{\"a\": 1}"] {
            #expect(!ORCFormat.recognizes(FileStart(bytes: Array(text.utf8))))
        }
    }

    @Test(arguments: [
        ("lzo", "compressed with LZO"),
        ("encrypted", "column b, stripe 0: the column is encrypted"),
    ])
    func whatCannotBeReadIsNamed(file: String, message: String) throws {
        let error = #expect(throws: StarlingError.self) {
            _ = try readColumn(
                Fixture.named("unreadable.\(file).orc").table(), 1, Reading())
        }
        #expect(error?.kind == .unsupported)
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    }

    @Test func otherColumnsOfAnEncryptedFileAreRead() throws {
        let table = try Fixture.named("unreadable.encrypted.orc").table()
        #expect(try readColumn(table, 0, Reading()).map(\.value) == [.integer(1), .integer(2)])
    }
}
