// Pages with their headers, in both versions of the format.

import StarlingErrors

/// Compresses pages and appends them to a column chunk.
struct PageWriter {
    private let options: ParquetOptions
    private let compressor: PageCompressor

    init(_ options: ParquetOptions, _ compressor: PageCompressor) {
        self.options = options
        self.compressor = compressor
    }

    func appendDictionary(
        _ page: ByteWriter, count: Int, isSorted: Bool, to result: inout EncodedColumn
    ) throws(StarlingError) {
        let compressed = ByteWriter(capacity: page.count / 2)
        try compressor.compress(page.bytes, to: compressed)
        append(compressed, kind: 2, uncompressedByteCount: page.count, to: &result) { writer in
            writer.write(7) { header in
                header.write(1, int32: count)
                header.write(2, int32: ValueEncoding.plain.code)
                header.write(3, flag: isSorted)
            }
        }
    }

    /// Appends a data page; `levels` are definition levels, nil where the column has none.
    func append(
        _ body: ByteWriter, levels: ByteWriter?, encoding: Int, _ facts: inout PageFacts,
        to result: inout EncodedColumn
    ) throws(StarlingError) {
        let before = result.bytes!.count
        if options.pageVersion == 2 {
            try appendSecondVersion(body, levels, encoding, facts, to: &result)
        } else {
            try appendFirstVersion(body, levels, encoding, facts, to: &result)
        }
        facts.byteCount = result.bytes!.count - before
    }

    private func appendFirstVersion(
        _ body: ByteWriter, _ levels: ByteWriter?, _ encoding: Int, _ facts: PageFacts,
        to result: inout EncodedColumn
    ) throws(StarlingError) {
        var page = body
        if let levels {
            page = ByteWriter(capacity: body.count + levels.count + 4)
            page.append(UInt32(levels.count).littleEndian)
            page.append(levels.bytes)
            page.append(body.bytes)
        }
        let compressed = ByteWriter(capacity: page.count / 2)
        try compressor.compress(page.bytes, to: compressed)
        append(compressed, kind: 0, uncompressedByteCount: page.count, to: &result) { writer in
            writer.write(5) { header in
                header.write(1, int32: facts.rowCount)
                header.write(2, int32: encoding)
                header.write(3, int32: ValueEncoding.runLength.code)
                header.write(4, int32: ValueEncoding.runLength.code)
            }
        }
    }

    private func appendSecondVersion(
        _ body: ByteWriter, _ levels: ByteWriter?, _ encoding: Int, _ facts: PageFacts,
        to result: inout EncodedColumn
    ) throws(StarlingError) {
        let levelByteCount = levels?.count ?? 0
        let page = ByteWriter(capacity: levelByteCount + body.count / 2)
        if let levels { page.append(levels.bytes) }
        try compressor.compress(body.bytes, to: page)
        var isCompressed = compressor.codec != .none
        if isCompressed, page.count - levelByteCount >= body.count {
            // What grows is better left as it is.
            isCompressed = false
            page.removeAll()
            if let levels { page.append(levels.bytes) }
            page.append(body.bytes)
        }
        append(
            page, kind: 3, uncompressedByteCount: levelByteCount + body.count, to: &result
        ) { writer in
            writer.write(8) { header in
                header.write(1, int32: facts.rowCount)
                header.write(2, int32: facts.nullCount)
                header.write(3, int32: facts.rowCount)
                header.write(4, int32: encoding)
                header.write(5, int32: levelByteCount)
                header.write(6, int32: 0)
                header.write(7, flag: isCompressed)
            }
        }
    }

    private func append(
        _ compressed: ByteWriter, kind: Int, uncompressedByteCount: Int,
        to result: inout EncodedColumn, _ body: (inout ThriftWriter) -> Void
    ) {
        var header = ThriftWriter()
        header.writeStructure { writer in
            writer.write(1, int32: kind)
            writer.write(2, int32: uncompressedByteCount)
            writer.write(3, int32: compressed.count)
            if options.writesChecksums {
                let checksum = PageCompressor.checksum(compressed.bytes)
                writer.write(4, int32: Int(Int32(bitPattern: checksum)))
            }
            body(&writer)
        }
        result.bytes!.append(header.bytes)
        result.bytes!.append(compressed.bytes)
        result.uncompressedByteCount += header.bytes.count + uncompressedByteCount
    }
}
