// What tables of different moments have in common, for those who compare a table with what it was.

import StarlingTypes

/// Names what snapshots of one table have in common, and other tables have not.
package enum TableLineage: Sendable, Hashable {
    /// A table of the database.
    case table(ObjectIdentifier)
    /// The files that a query names by a text.
    case files(String)
}

/// Names a file as it was at a moment.
package struct FileVersion: Sendable, Hashable {
    package var path: String
    package var byteCount: Int
    package var changeNanoseconds: Int64
    /// Tells files apart that bear the same name one after the other.
    package var identity: UInt64

    package init(path: String, byteCount: Int, changeNanoseconds: Int64, identity: UInt64) {
        self.path = path
        self.byteCount = byteCount
        self.changeNanoseconds = changeNanoseconds
        self.identity = identity
    }
}

/// Is a table of files that can be told from those of another moment.
package protocol TableOfFiles: Table {
    /// What the query says of the files.
    var source: String { get }
    /// The files as they were before they were read.
    var files: [FileVersion] { get }
    /// The position of the virtual column that other files beside it may change.
    var unsteadyColumn: Int? { get }
    /// The positions of the columns that folders named `key=value` stand for.
    var folderColumns: Range<Int> { get }

    /// Gives what the folders of a file, which may be gone, say of those columns; nil where they are
    /// folders of another kind.
    func folderValues(of path: String) -> [Value]?

    /// Gives the parts of some of the files.
    func parts(of files: Set<FileVersion>) -> [any TablePart]
}

extension TableOfFiles {
    package var lineage: TableLineage? { .files(source) }

    /// Returns the same table with some of its files alone.
    package func keeping(_ files: Set<FileVersion>) -> any Table {
        PartsOfTable(self, parts(of: files), answeredCount: 0)
    }
}
