// The fixtures of the format, and rows read from its files.

import StarlingCSV
import StarlingFiles
import StarlingFormatSupport
import StarlingTypes
import StarlingVectors

enum CSVFixture {
    static let folder =
        #filePath.split(separator: "/").dropLast(1).reduce("") { $0 + "/" + $1 } + "/Fixtures/"

    /// The names of all files with text, each with the name of its values.
    static let all: [(file: String, rows: String)] = {
        let names = (try? LocalFileSystem().list(folder).map(\.name)) ?? []
        return names.filter { $0.contains(".csv") && !$0.hasPrefix("typed") }.map { name in
            (name, String(name.prefix { $0 != "." }) + ".rows")
        }
    }()

    static func bytes(_ name: String) throws -> [UInt8] { try Fixture.bytes(folder + name) }

    static func rows(_ name: String) throws -> [[String?]] { try expectedTexts(folder + name) }

    static func values(of file: CSVFile, window: Int = chunkCapacity) throws -> [[Value]] {
        try uncountedRows(of: CSVFormat.table(of: [file], title: "csv").table, window: window)
    }

    static func texts(of file: CSVFile, window: Int = chunkCapacity) throws -> [[String?]] {
        try values(of: file, window: window).map { row in
            zip(row, file.columns).map { $0.text(as: $1.type) }
        }
    }
}
