// Parquet as a row of the formats. Footers are kept between queries: a footer is read again when
// its file has changed.

import StarlingErrors
import StarlingFiles
import StarlingFormats
import StarlingTables
import Synchronization

package enum ParquetFormat: FileFormat {
    package static let name = "parquet"

    package static func recognizes(_ start: FileStart) -> Bool {
        ParquetFile.recognizes(start.bytes)
    }

    package static func open(
        _ path: String, in files: any FileSystem, options: FileOptions
    ) throws(StarlingError) -> ParquetFile {
        try openFile(path, in: files)
    }

    package static func table(
        of files: [ParquetFile], title: String
    ) throws(StarlingError) -> FileTable {
        let table = try ParquetTable(files, title: title)
        return FileTable(table: table, partCounts: table.partCounts)
    }

    private struct CachedFile: Sendable {
        var system: ObjectIdentifier
        var information: FileInformation
        var file: ParquetFile
    }

    private static let cache = Mutex<[String: CachedFile]>([:])
    private static let cachedFileCountMax = 64

    private static func openFile(
        _ path: String, in files: any FileSystem
    ) throws(StarlingError) -> ParquetFile {
        let information = try files.information(of: path)
        let system = ObjectIdentifier(files)
        let cached = cache.withLock { $0[path] }
        if let cached, cached.system == system, cached.information == information {
            return cached.file
        }
        let file = try ParquetFile(try files.open(path))
        if let information {
            let entry = CachedFile(system: system, information: information, file: file)
            cache.withLock { all in
                if all.count >= cachedFileCountMax { all.removeAll() }
                all[path] = entry
            }
        }
        return file
    }
}
