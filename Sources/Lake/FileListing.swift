// What lies at a path, for `FILES('list_files_only' = 'true')`: names, sizes and times instead of
// rows.

import StarlingErrors
import StarlingFiles

/// Describes a file or folder.
package struct ListedFile: Sendable {
    package var path: String
    /// 0 for folders.
    package var byteCount: Int
    package var isFolder: Bool
    /// Microseconds since 1970-01-01 00:00:00 UTC.
    package var changeMicroseconds: Int64
}

/// Lists the files that a path, a pattern or a list of them names, and what lies in folders, below
/// them too where `recursively` says so.
package func listFiles(
    _ path: String, recursively: Bool, in files: any FileSystem = localFiles
) throws(StarlingError) -> [ListedFile] {
    var listing = FileListing(files, recursively: recursively)
    for piece in try FileList.pieces(of: path, in: files) {
        for entry in try FileSearch.entries(piece, in: files) { try listing.add(entry) }
    }
    return listing.found
}

private struct FileListing {
    private let files: any FileSystem
    private let isRecursive: Bool
    private(set) var found: [ListedFile] = []

    init(_ files: any FileSystem, recursively: Bool) {
        self.files = files
        isRecursive = recursively
    }

    /// Adds a file, or what is in a folder.
    mutating func add(_ path: String) throws(StarlingError) {
        guard let information = try files.information(of: path) else { return }
        guard information.isFolder else { return append(path, information) }
        for entry in try files.list(path) {
            let inner = path.hasSuffix("/") ? path + entry.name : path + "/" + entry.name
            // It may have gone away in the meantime.
            guard let information = try files.information(of: inner) else { continue }
            append(inner, information)
            if information.isFolder, isRecursive { try add(inner) }
        }
    }

    private mutating func append(_ path: String, _ information: FileInformation) {
        found.append(
            ListedFile(
                path: path, byteCount: information.isFolder ? 0 : information.byteCount,
                isFolder: information.isFolder,
                changeMicroseconds: information.changeNanoseconds / 1_000))
    }
}
