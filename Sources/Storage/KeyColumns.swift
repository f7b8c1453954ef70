import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is the key of a table: the columns that its rows are looked up by.
package struct KeyColumns: Sendable {
    let numbers: [UInt32]
    /// Where the columns stand in the table.
    package let positions: [Int]
    let types: [PhysicalType]

    /// Returns the index of a segment's keys.
    func index(of segment: Segment) throws(StarlingError) -> KeyIndex {
        try segment.keys.index(of: segment, by: numbers, at: positions, as: types)
    }

    func rows(of segment: Segment) throws(StarlingError) -> KeyRows {
        try KeyRows(segment, at: positions, as: types)
    }
}

extension NativeTable {
    package var uniqueColumns: [Int]? { keyRepeats ? nil : keyColumns?.positions }

    /// The key of the table; nil where there is none.
    package var keyColumns: KeyColumns? {
        guard !keyNumbers.isEmpty else { return nil }
        let positions = keyNumbers.compactMap { number in
            identities.firstIndex { $0.number == number }
        }
        guard positions.count == keyNumbers.count else { return nil }
        return KeyColumns(
            numbers: keyNumbers, positions: positions,
            types: positions.map { columns[$0].type.widestPhysicalType })
    }
}
