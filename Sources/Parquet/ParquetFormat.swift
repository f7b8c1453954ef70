// Parquet as a row of the formats. Footers are kept between queries.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingTables

package enum ParquetFormat: FileFormat {
    package static let name = "parquet"
    package static let fileExtensions = ["parquet", "parq", "pq"]

    package static func recognizes(_ start: FileStart) -> Bool {
        ParquetFile.recognizes(start.bytes)
    }

    package static func open(
        _ path: String, in files: any FileSystem, options: FileOptions
    ) throws(StarlingError) -> ParquetFile {
        try opened.file(path, in: files) { (file) throws(StarlingError) in
            try ParquetFile(file)
        }
    }

    package static func table(
        of files: [ParquetFile], title: String
    ) throws(StarlingError) -> FileTable {
        let table = try ParquetTable(files, title: title)
        return FileTable(table: table, partCounts: table.partCounts)
    }

    private static let opened = OpenedFiles<ParquetFile>()
}
