// The page index: for each column chunk where its pages lie, and their bounds.

/// Writes the two halves of the page index.
enum PageIndex {
    /// The bounds of the pages.
    static func columnIndex(_ column: EncodedColumn, isNullable: Bool) -> [UInt8] {
        let pages = column.pages
        var writer = ThriftWriter()
        writer.writeStructure { index in
            index.write(1, flagList: pages.map { $0.nullCount == $0.rowCount })
            // A page of NULLs has the empty text.
            index.write(2, binaryList: pages.map { $0.low?.bytes ?? [] })
            index.write(3, binaryList: pages.map { $0.high?.bytes ?? [] })
            index.write(4, int32: column.boundaryOrder)
            index.write(5, int64List: pages.map(\.nullCount))
            if isNullable {
                // Definition levels: how many rows have level 0, how many 1, page after page.
                index.write(
                    7, int64List: pages.flatMap { [$0.nullCount, $0.rowCount - $0.nullCount] })
            }
        }
        return writer.bytes
    }

    /// Where the pages lie.
    static func offsetIndex(_ column: EncodedColumn, chunkOffset: Int) -> [UInt8] {
        var writer = ThriftWriter()
        writer.writeStructure { index in
            index.write(1, structures: column.pages) { page, location in
                location.write(1, int64: chunkOffset + page.offset)
                location.write(2, int32: page.byteCount)
                location.write(3, int64: page.firstRow)
            }
            if column.textByteCount != nil {
                index.write(2, int64List: column.pages.map(\.textByteCount))
            }
        }
        return writer.bytes
    }
}
