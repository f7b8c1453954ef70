// The footer of a file: the schema, and for every column chunk where it lies and what is in it.

/// Writes the footer.
struct Footer {
    private let encoder: RowGroupEncoder
    private let facts: FileFacts

    init(_ encoder: RowGroupEncoder, _ facts: FileFacts) {
        self.encoder = encoder
        self.facts = facts
    }

    var bytes: [UInt8] {
        var writer = ThriftWriter()
        writer.writeStructure { footer in
            footer.write(1, int32: 2)
            encoder.schema.write(to: &footer, field: 2)
            footer.write(3, int64: facts.groups.reduce(0) { $0 + $1.rowCount })
            footer.write(4, structures: Array(facts.groups.enumerated())) {
                write($0.element, number: $0.offset, &$1)
            }
            footer.write(6, text: "Starling")
            // The order that bounds are in: that of the column's type.
            footer.write(7, structures: encoder.schema.leaves) { _, order in order.write(1) { _ in }
            }
        }
        return writer.bytes
    }

    private func write(_ group: GroupFacts, number: Int, _ writer: inout ThriftWriter) {
        let columnCount = encoder.schema.leaves.count
        let chunks = facts.chunks[(number * columnCount)..<((number + 1) * columnCount)]
        writer.write(1, structures: Array(chunks)) { chunk, element in
            element.write(2, int64: chunk.offset)
            element.write(3, structureBytes: facts.metadata.bytes[chunk.metadata])
            if let place = chunk.offsetIndex {
                element.write(4, int64: place.lowerBound)
                element.write(5, int32: place.count)
            }
            if let place = chunk.columnIndex {
                element.write(6, int64: place.lowerBound)
                element.write(7, int32: place.count)
            }
        }
        writer.write(2, int64: group.uncompressedByteCount)
        writer.write(3, int64: group.rowCount)
        let orders = encoder.leafOrders
        if !orders.isEmpty {
            writer.write(4, structures: orders) { order, element in
                element.write(1, int32: order.column)
                element.write(2, flag: order.isDescending)
                element.write(3, flag: order.nullsFirst)
            }
        }
        writer.write(5, int64: group.offset)
        writer.write(6, int64: group.byteCount)
        if number <= Int(Int16.max) { writer.write(7, int16: number) }
    }

    /// What the footer says of a column chunk at `offset`.
    static func metadata(
        of column: EncodedColumn, _ encoder: RowGroupEncoder, _ position: Int, offset: Int,
        bloomFilter: Range<Int>?
    ) -> [UInt8] {
        var writer = ThriftWriter()
        writer.writeStructure { metadata in
            write(column, encoder, position, offset: offset, bloomFilter, &metadata)
        }
        return writer.bytes
    }

    private static func write(
        _ column: EncodedColumn, _ encoder: RowGroupEncoder, _ position: Int, offset: Int,
        _ bloomFilter: Range<Int>?, _ writer: inout ThriftWriter
    ) {
        let leaf = encoder.schema.leaves[position]
        let hasDictionary = column.dictionaryPageOffset != nil
        var encodings = [column.encoding]
        for code in [ValueEncoding.runLength.code] + (hasDictionary ? [0] : [])
        where !encodings.contains(code) { encodings.append(code) }
        writer.write(1, int32: leaf.type.code)
        writer.write(2, int32List: encodings)
        writer.write(3, textList: leaf.path)
        writer.write(4, int32: encoder.options.codec.code)
        writer.write(5, int64: column.valueCount)
        writer.write(6, int64: column.uncompressedByteCount)
        writer.write(7, int64: column.byteCount)
        writer.write(9, int64: offset + column.dataPageOffset)
        if let dictionary = column.dictionaryPageOffset {
            writer.write(11, int64: offset + dictionary)
        }
        if encoder.options.writesStatistics {
            writer.write(12) { writeStatistics(column, &$0) }
        }
        let dataPageKind = encoder.options.pageVersion == 2 ? 3 : 0
        var pageKinds = [(dataPageKind, column.encoding, column.pages.count)]
        if hasDictionary { pageKinds.insert((2, 0, 1), at: 0) }
        writer.write(13, structures: pageKinds) { kind, element in
            element.write(1, int32: kind.0)
            element.write(2, int32: kind.1)
            element.write(3, int32: kind.2)
        }
        if let place = bloomFilter {
            writer.write(14, int64: place.lowerBound)
            writer.write(15, int32: place.count)
        }
        writer.write(16) { sizes in
            if let count = column.textByteCount { sizes.write(1, int64: count) }
            let repetitions = column.levelCounts(\.repetitionCounts)
            let definitions = column.levelCounts(\.definitionCounts)
            if !repetitions.isEmpty { sizes.write(2, int64List: repetitions) }
            if !definitions.isEmpty { sizes.write(3, int64List: definitions) }
        }
    }

    private static func writeStatistics(_ column: EncodedColumn, _ writer: inout ThriftWriter) {
        writer.write(3, int64: column.nullCount)
        if let count = column.distinctCount { writer.write(4, int64: count) }
        if let high = column.high { writer.write(5, binary: high.bytes) }
        if let low = column.low { writer.write(6, binary: low.bytes) }
        if let high = column.high { writer.write(7, flag: high.isExact) }
        if let low = column.low { writer.write(8, flag: low.isExact) }
    }
}
