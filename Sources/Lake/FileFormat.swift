// What a kind of lake file is to the engine: how it is recognized, and how files of it become a
// table. A format is a row in `fileFormats`.

import StarlingErrors
import StarlingFiles
import StarlingTables

/// Reads one kind of lake file.
package protocol FileFormat: Sendable {
    /// The name that options and EXPLAIN use.
    static var name: String { get }

    /// Tells by a file's first bytes (up to 64) whether it is of this format.
    static func recognizes(_ start: [UInt8]) -> Bool

    /// Makes a table of files that have the same columns; its parts are in the order of the files.
    static func open(
        _ paths: [String], in files: any FileSystem, options: FileOptions, title: String
    ) throws(StarlingError) -> OpenedFiles
}

/// Holds a table of files, and which of its parts come from which file.
package struct OpenedFiles: Sendable {
    package var table: any Table
    package var partCounts: [Int]

    package init(table: any Table, partCounts: [Int]) {
        self.table = table
        self.partCounts = partCounts
    }
}

/// Holds what a user said about files beyond their path.
package struct FileOptions: Sendable {
    /// The format; nil where the content decides.
    package var format: String?
    /// Whether folders named `key=value` give columns.
    package var readsPartitionKeys = true

    package init(format: String? = nil, readsPartitionKeys: Bool = true) {
        self.format = format
        self.readsPartitionKeys = readsPartitionKeys
    }
}

/// All formats, in the order in which they are asked whether they recognize a file.
package let fileFormats: [any FileFormat.Type] = [ParquetFormat.self]
