// The seam between the engine and where files lie: everything that touches a file does so through
// this protocol, so that object stores and fault injection can take the local disk's place.

import StarlingErrors

/// Gives access to files by path.
package protocol FileSystem: AnyObject, Sendable {
    /// Opens a file for reading at any place.
    func open(_ path: String) throws(StarlingError) -> any ReadableFile

    /// Creates a file, or empties the one that is there, for writing from start to end.
    func create(_ path: String) throws(StarlingError) -> any WritableFile

    /// Opens a file that is there for writing behind its first `byteCount` bytes; what stood there
    /// is cut off.
    func append(to path: String, from byteCount: Int) throws(StarlingError) -> any WritableFile

    /// Takes hold of a file, made where it is missing, until what is returned goes away; nil where
    /// another process has it. Several can have it if all of them share it; they wait for one who does
    /// not.
    func lock(_ path: String, isShared: Bool) throws(StarlingError) -> (any FileLock)?

    /// Creates a file in `folder` that goes away with the last who holds it.
    func createTemporary(in folder: String) throws(StarlingError) -> any TemporaryFile

    /// Describes what lies at `path`; nil where nothing does.
    func information(of path: String) throws(StarlingError) -> FileInformation?

    /// Lists what lies in a folder, ordered by name.
    func list(_ folder: String) throws(StarlingError) -> [FolderEntry]

    func makeFolder(_ path: String) throws(StarlingError)

    /// Removes a file or an empty folder.
    func remove(_ path: String) throws(StarlingError)

    /// Makes the names in a folder survive a loss of power.
    func synchronizeFolder(_ path: String) throws(StarlingError)

    /// Moves a file; one that lies at `target` is replaced in the same instant.
    func rename(_ path: String, to target: String) throws(StarlingError)

    /// Follows links to the file that a path means; the path itself where that has none.
    func linkedFile(_ path: String) -> String

    /// Lets the same users read and write a file as another one.
    func copyPermissions(of path: String, to target: String)
}

extension FileSystem {
    package func linkedFile(_ path: String) -> String { path }
    package func copyPermissions(of path: String, to target: String) {}
}

extension FileSystem {
    /// Takes hold of a file for oneself.
    package func lock(_ path: String) throws(StarlingError) -> (any FileLock)? {
        try lock(path, isShared: false)
    }
}

/// Keeps other processes from locking the same file for as long as it lives.
package protocol FileLock: AnyObject, Sendable {}

/// Describes what lies at a path.
package struct FileInformation: Sendable, Hashable {
    package var byteCount: Int
    package var isFolder: Bool
    /// False for folders, devices and pipes.
    package var isRegular: Bool
    /// Changes when the file does, together with the size: the time of the last change.
    package var changeNanoseconds: Int64
    /// Tells files apart that bear the same name one after the other.
    package var identity: UInt64

    package init(
        byteCount: Int, isFolder: Bool, isRegular: Bool = true, changeNanoseconds: Int64,
        identity: UInt64
    ) {
        self.byteCount = byteCount
        self.isFolder = isFolder
        self.isRegular = isRegular
        self.changeNanoseconds = changeNanoseconds
        self.identity = identity
    }
}

/// Names a file or folder in a folder.
package struct FolderEntry: Sendable, Hashable {
    package var name: String
    package var isFolder: Bool

    package init(name: String, isFolder: Bool) {
        self.name = name
        self.isFolder = isFolder
    }
}
