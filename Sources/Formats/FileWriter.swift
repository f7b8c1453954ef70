// What writing a kind of lake file takes: the mirror of `FileFormat`. A statement's rows come as
// blocks, which workers encode in parallel and which are appended to files in order; everything
// around that (files that appear whole or not at all, folders of partitions, sizes) is the same for
// all formats and lies in `Writing`. The format's row in `lakeFormats` (`Lake`) names it.

import StarlingErrors
import StarlingFiles
import StarlingTables
import StarlingVectors

/// Writes one kind of lake file; one value serves all files and all workers of a statement.
package protocol FileWriter: Sendable {
    /// What `encode` makes of rows: bytes, and what the file has to know of them at its end.
    associatedtype Block: EncodedBlock

    /// The name that options use.
    static var name: String { get }

    /// The options that it takes, a row each.
    static var options: [WriteOption] { get }

    /// The options that the ends of a file's name stand for where they are not given, as `gz` does.
    static func options(meantByEnds ends: [String]) -> [(name: String, value: String)]

    /// Reads the options; throws for a value or a type of column that can't be written.
    init(_ rows: WrittenRows, options: WriteOptions) throws(StarlingError)

    /// The end of the names of files that get one from the engine, without the dot.
    var fileExtension: String { get }

    /// Rows of a block, the last one of a file aside.
    var blockRowCount: Int { get }

    /// Encodes rows; called by many workers at once.
    func encode(_ chunks: [Chunk]) throws(StarlingError) -> Block

    /// Begins a file.
    func begin(_ file: any WritableFile) throws(StarlingError) -> any FileAssembler<Block>
}

extension FileWriter {
    package static func options(
        meantByEnds ends: [String]
    ) -> [(name: String, value: String)] { [] }
}

/// Holds encoded rows.
package protocol EncodedBlock: Sendable {
    var rowCount: Int { get }
}

/// Puts one file together; called by one thread at a time. It neither closes nor names the file.
package protocol FileAssembler<Block>: AnyObject {
    associatedtype Block: EncodedBlock

    /// Counts the bytes that were written.
    var byteCount: Int { get }

    func append(_ block: Block) throws(StarlingError)

    /// Writes what stands behind the last block.
    func finish() throws(StarlingError)
}

/// Describes the rows of a statement that writes.
package struct WrittenRows: Sendable {
    /// Names a column that the rows are ordered by.
    package struct Order: Sendable, Hashable {
        package var column: Int
        package var isAscending: Bool
        package var nullsFirst: Bool

        package init(column: Int, isAscending: Bool, nullsFirst: Bool) {
            self.column = column
            self.isAscending = isAscending
            self.nullsFirst = nullsFirst
        }
    }

    package var columns: [TableColumn]
    /// The order that the rows come in, most important first; empty where there is none.
    package var orders: [Order]

    package init(columns: [TableColumn], orders: [Order] = []) {
        self.columns = columns
        self.orders = orders
    }
}
