// Files that were opened before, with what their tails say: the next statement over the same file
// begins without reading it again, as long as the file is the same.

import StarlingErrors
import StarlingFiles
import Synchronization

/// Keeps the files of one format.
package final class OpenedFiles<File: Sendable>: Sendable {
    private struct Entry: Sendable {
        var system: ObjectIdentifier
        var information: FileInformation
        var file: File
    }

    private static var countMax: Int { 64 }

    private let entries = Mutex<[String: Entry]>([:])

    package init() {}

    /// Returns the file at `path`, opened by `open` where it is not known or has changed.
    package func file(
        _ path: String, in files: any FileSystem,
        _ open: (any ReadableFile) throws(StarlingError) -> File
    ) throws(StarlingError) -> File {
        let information = try files.information(of: path)
        let system = ObjectIdentifier(files)
        let known = entries.withLock { $0[path] }
        if let known, known.system == system, known.information == information {
            return known.file
        }
        let file = try open(try files.open(path))
        if let information {
            let entry = Entry(system: system, information: information, file: file)
            entries.withLock { all in
                if all.count >= Self.countMax { all.removeAll() }
                all[path] = entry
            }
        }
        return file
    }
}
