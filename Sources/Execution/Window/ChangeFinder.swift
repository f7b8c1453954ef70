import StarlingKernels
import StarlingMemory
import StarlingVectors

/// Flags the rows of consecutive chunks at which some columns change.
struct ChangeFinder {
    let columns: [Int]
    /// The last row of the chunk before; nil before the first one.
    private(set) var last: Chunk?

    /// Begins behind a row, or at the first of all, which is flagged.
    init(_ columns: [Int], behind last: Chunk? = nil) {
        self.columns = columns
        self.last = last
    }

    /// Returns a byte a row.
    mutating func flags(_ chunk: Chunk) -> Buffer {
        let buffer = Buffer.zeroed(byteCount: chunk.count)
        let flags = buffer.pointer(to: UInt8.self)
        for column in columns { markChanges(of: chunk.columns[column].flattened(), in: flags) }
        if let last {
            let pair = Buffer.zeroed(byteCount: 2)
            for column in columns {
                var rows = ColumnCollector(chunk.columns[column].physicalType)
                rows.append(last.columns[column])
                rows.append(chunk.rows(0..<1).columns[column])
                markChanges(of: rows.finish().flattened(), in: pair.pointer(to: UInt8.self))
            }
            flags[0] = pair.pointer(to: UInt8.self)[1]
        } else {
            flags[0] = 1
        }
        last = chunk.rows((chunk.count - 1)..<chunk.count)
        return buffer
    }
}
