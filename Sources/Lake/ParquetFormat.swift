// Parquet as a row of the formats. Footers are kept between queries: a footer is read again when
// its file has changed.

import StarlingErrors
import StarlingFiles
import StarlingParquet
import StarlingTables
import Synchronization

package enum ParquetFormat: FileFormat {
    package static let name = "parquet"

    package static func recognizes(_ start: [UInt8]) -> Bool { ParquetFile.recognizes(start) }

    package static func open(
        _ paths: [String], in files: any FileSystem, options: FileOptions, title: String
    ) throws(StarlingError) -> OpenedFiles {
        var opened: [ParquetFile] = []
        for path in paths { opened.append(try openFile(path, in: files)) }
        let table = try ParquetTable(opened, title: "\(name) \(title)")
        return OpenedFiles(table: table, partCounts: table.partCounts)
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
