// The rows of a table that have the keys of other rows, read by the indexes of segments: as many rows are
// read as are found, however many the table has.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

extension NativeTable {
    /// Finds the rows that have the keys of rows of another table, in which the key stands at
    /// `positions`; nil where a join is faster, as the indexes would be asked for too many keys.
    package func numbers(
        ofRowsWithKeysOf other: NativeTable, at positions: [Int], _ search: KeySearch
    ) throws(StarlingError) -> RowNumbers? {
        guard let key = keyColumns, positions.count == key.positions.count,
            !key.positions.contains(where: { columns[$0].type.isFloating })
        else { return nil }
        // A question takes about a tenth of what a row takes in a join.
        let keyCount = other.statistics.rowCount
        guard keyCount * segments.count <= 10 * (keyCount + statistics.rowCount) else { return nil }
        var numbers = RowNumbers()
        for segment in other.segments {
            let keys = try KeyRows(segment, at: positions, as: key.types)
            for (place, found) in try search.matches(keys, in: segments, by: key).enumerated()
            where !found.isEmpty {
                numbers.insert(segment: place, rows: found.map(\.row))
            }
        }
        return numbers
    }

    /// Reads rows into a table of their own: all columns, and their numbers in one more.
    package func reading(_ numbers: RowNumbers) throws(StarlingError) -> NativeTable {
        var chunks: [Chunk] = []
        for (place, set) in numbers.sets.sorted(by: { $0.key < $1.key }) {
            let rows = set.rows.map { UInt32(truncatingIfNeeded: $0) }.sorted()
            for start in stride(from: 0, to: rows.count, by: chunkCapacity) {
                let part = Array(rows[start..<min(start + chunkCapacity, rows.count)])
                var read: [Vector] = []
                for (position, column) in columns.enumerated() {
                    read.append(
                        try segments[place].values(
                            ofColumn: position, at: part, as: column.type.widestPhysicalType))
                }
                let own = part.map {
                    Value.integer(Int128(RowNumbers.number(segment: place, row: Int($0))))
                }
                chunks.append(
                    Chunk(columns: read + [Vector(.int64, values: own)], count: part.count))
            }
        }
        let row = TableColumn(name: NumberedTable.rowColumn, type: .bigint, isNullable: false)
        let table = NativeTable(name: name, columns: columns + [row])
        return chunks.isEmpty ? table : try table.appending(chunks)
    }
}
