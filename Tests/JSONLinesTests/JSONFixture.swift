// The fixtures of the format, and rows read from its files.

import StarlingJSONLines
import StarlingFiles
import StarlingFormatSupport
import StarlingTypes
import StarlingVectors

enum JSONFixture {
    static let folder =
        #filePath.split(separator: "/").dropLast(1).reduce("") { $0 + "/" + $1 } + "/Fixtures/"

    /// The names of all files; they have the same records.
    static let all: [String] = {
        let names = (try? LocalFileSystem().list(folder).map(\.name)) ?? []
        return names.filter { $0.contains(".json") }
    }()

    static func bytes(_ name: String) throws -> [UInt8] { try Fixture.bytes(folder + name) }

    static func rows(_ name: String) throws -> [[String?]] { try expectedTexts(folder + name) }

    static func values(of file: JSONFile, window: Int = chunkCapacity) throws -> [[Value]] {
        try uncountedRows(of: JSONFormat.table(of: [file], title: "json").table, window: window)
    }

    static func texts(of file: JSONFile, window: Int = chunkCapacity) throws -> [[String?]] {
        try values(of: file, window: window).map { row in
            zip(row, file.columns).map { $0.text(as: $1.type) }
        }
    }
}
