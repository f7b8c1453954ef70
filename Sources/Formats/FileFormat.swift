// What a kind of lake file is to the engine: how it is recognized, and how its files become tables.
//
// To add a format:
// 1. Write a module with a type that is a `LakeFile`: one opened file, its columns, and its parts
//    (`PartedFile`, where nothing is shared between files).
// 2. Write its `FileFormat` there and, where files are also written, its `FileWriter`.
// 3. Name both in a row of `lakeFormats` (module `Lake`).
// Patterns, lists, folders, partition keys, the union of different columns, virtual columns,
// compression and standard input are the same for all formats and no format's business.

import StarlingErrors
import StarlingFiles
import StarlingTables

/// Reads one kind of lake file.
package protocol FileFormat: Sendable {
    associatedtype File: LakeFile

    /// The name that options and EXPLAIN use.
    static var name: String { get }

    /// The ends of names that no file of another format has, in lower case.
    static var fileExtensions: [String] { get }

    /// The properties of FILES() that files of this format understand, in lower case.
    static var optionNames: [String] { get }

    /// Tells that a file of no bytes is one of the format, with no rows and no columns.
    static var hasEmptyFiles: Bool { get }

    /// Tells by a file's beginning whether it is of this format.
    static func recognizes(_ start: FileStart) -> Bool

    /// Opens one file as far as its columns are known.
    static func open(
        _ path: String, in files: any FileSystem, options: FileOptions
    ) throws(StarlingError) -> File

    /// Lets files that are read together agree on their columns, as far as the format can; what
    /// still differs is widened column by column.
    static func unite(_ files: [File]) throws(StarlingError) -> [File]

    /// Makes a table of files that have the same columns; its parts are in the order of the files.
    static func table(of files: [File], title: String) throws(StarlingError) -> FileTable
}

extension FileFormat {
    package static var fileExtensions: [String] { [] }

    package static var optionNames: [String] { [] }

    package static var hasEmptyFiles: Bool { false }

    package static func unite(_ files: [File]) throws(StarlingError) -> [File] { files }
}

/// Is one opened file.
package protocol LakeFile: Sendable {
    var path: String { get }
    /// The columns in the file's order.
    var columns: [TableColumn] { get }
    /// Where in each column instants lie.
    var instants: [InstantPlaces] { get }
}

extension LakeFile {
    package var instants: [InstantPlaces] { columns.map { _ in .none } }
}

/// Is a file whose parts need nothing of other files.
package protocol PartedFile: LakeFile {
    var parts: [any TablePart] { get }
    /// What is known of the whole file.
    var statistics: TableStatistics { get }

    /// Tells whether a field of a column can be read without the structure that it is in.
    func canReadField(_ path: [Int], ofColumn column: Int) -> Bool
}

extension PartedFile {
    package func canReadField(_ path: [Int], ofColumn column: Int) -> Bool { false }
}

/// Is a file whose rows are only estimated, as those of text are.
package protocol EstimatedFile: PartedFile {
    var estimatedRowCount: Int { get }
}

extension EstimatedFile {
    package var statistics: TableStatistics {
        TableStatistics(
            rowCount: estimatedRowCount, isRowCountExact: false,
            columns: columns.map { _ in ColumnStatistics() })
    }
}

/// Holds a table of files, and how many of its parts come from each file.
package struct FileTable: Sendable {
    package var table: any Table
    package var partCounts: [Int]

    package init(table: any Table, partCounts: [Int]) {
        self.table = table
        self.partCounts = partCounts
    }
}

extension FileFormat where File: PartedFile {
    /// Puts the parts of all files one after the other.
    package static func table(
        of files: [File], title: String
    ) throws(StarlingError) -> FileTable {
        let parts = files.map(\.parts)
        let columns = files[0].columns.enumerated().map { position, column in
            var column = column
            column.isNullable = files.contains { $0.columns[position].isNullable }
            return column
        }
        let table = PartsTable(
            title: title, columns: columns, parts: parts.flatMap { $0 }, files: files,
            statistics: TableStatistics(merging: files.map(\.statistics)))
        return FileTable(table: table, partCounts: parts.map(\.count))
    }
}

/// Is a table of parts that somebody else has made.
private final class PartsTable: Table {
    let title: String
    let columns: [TableColumn]
    let parts: [any TablePart]
    let statistics: TableStatistics
    private let files: [any PartedFile]

    init(
        title: String, columns: [TableColumn], parts: [any TablePart], files: [any PartedFile],
        statistics: TableStatistics
    ) {
        self.title = title
        self.columns = columns
        self.parts = parts
        self.files = files
        self.statistics = statistics
    }

    func canReadField(_ path: [Int], ofColumn column: Int) -> Bool {
        files.allSatisfy { $0.canReadField(path, ofColumn: column) }
    }
}
