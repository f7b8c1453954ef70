// The result of a statement.

import StarlingPlans
import StarlingTypes
import StarlingVectors

/// Names a column of a result and its SQL type.
public struct ResultColumn: Sendable {
    public let name: String
    /// The type as SQL writes it, in lower case: `decimal(15,2)`.
    public var typeName: String { type.description }
    package let type: LogicalType

    package init(name: String, type: LogicalType) {
        self.name = name
        self.type = type
    }
}

/// Holds the rows that a statement gave, column by column.
public struct Result: Sendable {
    public let columns: [ResultColumn]
    /// The rows that a statement inserted, changed or deleted.
    public let affectedRowCount: Int
    /// Seconds from the call to the last row.
    public let elapsedSeconds: Double
    package let chunks: [Chunk]
    public let rowCount: Int

    package init(
        columns: [ResultColumn], chunks: [Chunk], affectedRowCount: Int = 0,
        elapsedSeconds: Double = 0
    ) {
        self.columns = columns
        self.chunks = chunks
        self.affectedRowCount = affectedRowCount
        self.elapsedSeconds = elapsedSeconds
        rowCount = chunks.reduce(0) { $0 + $1.count }
    }

    /// Is the result of nothing: no columns, no rows.
    package static let empty = Result(columns: [], chunks: [])

    /// Returns one value.
    public subscript(row: Int, column: Int) -> SQLValue {
        SQLValue(value(row, column), type: columns[column].type)
    }

    package func value(_ row: Int, _ column: Int) -> Value {
        var row = row
        for chunk in chunks {
            if row < chunk.count { return chunk.columns[column].value(at: row) }
            row -= chunk.count
        }
        preconditionFailure("the result has \(rowCount) rows")
    }

    /// Returns all values of a column.
    public func column(_ index: Int) -> [SQLValue] {
        chunks.flatMap { chunk in
            (0..<chunk.count).map {
                SQLValue(chunk.columns[index].value(at: $0), type: columns[index].type)
            }
        }
    }

    /// Returns a column of integers, nil for NULL.
    public func integers(_ index: Int) -> [Int64?] {
        column(index).map {
            switch $0 {
            case .integer(let number): number
            case .boolean(let flag): flag ? 1 : 0
            case .largeInteger(let number): Int64(exactly: number)
            default: nil
            }
        }
    }

    /// Returns a column of numbers as floating point, nil for NULL.
    public func doubles(_ index: Int) -> [Double?] {
        column(index).map {
            switch $0 {
            case .integer(let number): Double(number)
            case .largeInteger(let number): Double(number)
            case .double(let number): number
            case .decimal(let number, let scale): Double(number) / Double(powerOfTen(scale))
            default: nil
            }
        }
    }

    /// Returns a column as text in the way the shell prints it, nil for NULL.
    public func texts(_ index: Int) -> [String?] {
        let type = columns[index].type
        return chunks.flatMap { chunk in
            (0..<chunk.count).map { chunk.columns[index].value(at: $0).text(as: type) }
        }
    }

    /// The rows one by one.
    public var rows: [[SQLValue]] {
        chunks.flatMap { chunk in
            (0..<chunk.count).map { row in
                columns.indices.map {
                    SQLValue(chunk.columns[$0].value(at: row), type: columns[$0].type)
                }
            }
        }
    }
}
