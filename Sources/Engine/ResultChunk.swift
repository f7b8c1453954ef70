// Some rows of a result that is handed over while the query runs.

import StarlingVectors

/// Holds some consecutive rows of a result, at most 8,192.
public struct ResultChunk: Sendable {
    public let columns: [ResultColumn]
    public var rowCount: Int { chunk.count }
    package let chunk: Chunk

    /// Returns one value.
    public subscript(row: Int, column: Int) -> SQLValue {
        SQLValue(chunk.columns[column].value(at: row), type: columns[column].type)
    }

    /// Returns all values of a column.
    public func column(_ index: Int) -> [SQLValue] {
        (0..<rowCount).map { self[$0, index] }
    }

    /// Returns the chunk as a result of its own, for typed access to its columns.
    public var result: Result { Result(columns: columns, chunks: [chunk]) }
}
