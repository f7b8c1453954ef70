import StarlingErrors
import StarlingMemory
import StarlingTypes

/// Is what the segments of a table know a column by, whatever it is called and wherever it stands.
package struct ColumnIdentity: Sendable, Hashable {
    /// Tells the column from all others that its table has and had.
    package var number: UInt32
    /// What rows have in it that were written before it was there.
    package var initialValue: Value

    package init(number: UInt32, initialValue: Value = .null) {
        self.number = number
        self.initialValue = initialValue
    }

    /// Numbers the columns of a new table.
    static func first(_ count: Int) -> [ColumnIdentity] {
        (0..<count).map { ColumnIdentity(number: UInt32($0 + 1)) }
    }
}

extension ByteWriter {
    func append(_ identity: ColumnIdentity) {
        append(identity.number)
        append(identity.initialValue)
    }
}

extension RecordReader {
    mutating func identity() throws(StarlingError) -> ColumnIdentity {
        let number = try integer(UInt32.self)
        return ColumnIdentity(number: number, initialValue: try value() ?? .null)
    }
}
