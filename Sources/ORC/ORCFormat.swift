// ORC as a row of the formats.

import StarlingErrors
import StarlingFiles
import StarlingFormats

package enum ORCFormat: FileFormat {
    package static let name = "orc"
    package static let fileExtensions = ["orc"]

    package static func recognizes(_ start: FileStart) -> Bool {
        ORCFile.recognizes(start.bytes)
    }

    package static func open(
        _ path: String, in files: any FileSystem, options: FileOptions
    ) throws(StarlingError) -> ORCFile {
        try opened.file(path, in: files) { (file) throws(StarlingError) in try ORCFile(file) }
    }

    private static let opened = OpenedFiles<ORCFile>()

    package static func table(
        of files: [ORCFile], title: String
    ) throws(StarlingError) -> FileTable {
        let table = try ORCTable(files, title: title)
        return FileTable(table: table, partCounts: table.partCounts)
    }
}
