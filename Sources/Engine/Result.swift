// The result of a statement.

import StarlingErrors
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
    /// What the statement did otherwise than it was asked to: a setting without effect, a value that
    /// did not fit. SHOW WARNINGS tells it, too.
    public let warnings: [String]
    package let chunks: [Chunk]
    public let rowCount: Int

    package init(
        columns: [ResultColumn], chunks: [Chunk], affectedRowCount: Int = 0,
        elapsedSeconds: Double = 0, warnings: [String] = []
    ) {
        self.columns = columns
        self.chunks = chunks
        self.affectedRowCount = affectedRowCount
        self.elapsedSeconds = elapsedSeconds
        self.warnings = warnings
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

    /// Returns a column of integers, nil for NULL; a value that is no integer of 64 bits is an error.
    public func integers(_ index: Int) throws(DatabaseError) -> [Int64?] {
        try numbers(index, title: "an integer of 64 bits") {
            switch $0 {
            case .integer(let number): number
            case .boolean(let flag): flag ? 1 : 0
            case .largeInteger(let number), .decimal(let number, scale: 0): Int64(exactly: number)
            default: nil
            }
        }
    }

    /// Returns a column of numbers as floating point, nil for NULL; what is no number is an error.
    public func doubles(_ index: Int) throws(DatabaseError) -> [Double?] {
        try numbers(index, title: "a number") {
            switch $0 {
            case .integer(let number): Double(number)
            case .boolean(let flag): flag ? 1 : 0
            case .largeInteger(let number): Double(number)
            case .double(let number): number
            case .decimal(let number, let scale): Double(number) / Double(powerOfTen(scale))
            default: nil
            }
        }
    }

    private func numbers<Number>(
        _ index: Int, title: String, _ number: (SQLValue) -> Number?
    ) throws(DatabaseError) -> [Number?] {
        var result: [Number?] = []
        for (row, value) in column(index).enumerated() {
            let found = number(value)
            guard found != nil || value == .null else {
                let text = self.value(row, index).text(as: columns[index].type) ?? "NULL"
                let error = StarlingError(
                    .data,
                    "'\(text)' in the column '\(columns[index].name)', which is "
                        + "\(columns[index].typeName), is not \(title); column() or texts() gives it"
                )
                throw DatabaseError(error, in: "")
            }
            result.append(found)
        }
        return result
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
