// The page index: for each column chunk where its pages lie, and their bounds.

/// Writes the two halves of the page index.
enum PageIndex {
    /// The bounds of the pages.
    static func columnIndex(_ column: EncodedColumn) -> [UInt8] {
        let pages = column.pages
        var writer = ThriftWriter()
        writer.writeStructure { index in
            index.write(1, flagList: pages.map { $0.valueCount == 0 })
            // A page of NULLs has the empty text.
            index.write(2, binaryList: pages.map { $0.low?.bytes ?? [] })
            index.write(3, binaryList: pages.map { $0.high?.bytes ?? [] })
            index.write(4, int32: column.boundaryOrder)
            index.write(5, int64List: pages.map { $0.entryCount - $0.valueCount })
            // How often each level comes, page after page.
            let repetitions = pages.flatMap(\.repetitionCounts)
            let definitions = pages.flatMap(\.definitionCounts)
            if !repetitions.isEmpty { index.write(6, int64List: repetitions) }
            if !definitions.isEmpty { index.write(7, int64List: definitions) }
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
