// The files of a table as they were before they were read, so that a later look at them finds what has
// changed since.

import StarlingErrors
import StarlingFiles
import StarlingTables

/// Names files as they are.
struct FileVersions {
    var files: [FileVersion] = []
    /// False where some are pipes or devices, of which nothing is known.
    var areComparable = true

    init(of paths: [String], in system: any FileSystem) throws(StarlingError) {
        for path in paths {
            let known = try system.information(of: path)
            if known?.isRegular != true || path == FileList.standardInput { areComparable = false }
            files.append(
                FileVersion(
                    path: path, byteCount: known?.byteCount ?? 0,
                    changeNanoseconds: known?.changeNanoseconds ?? 0,
                    identity: known?.identity ?? 0))
        }
    }
}
