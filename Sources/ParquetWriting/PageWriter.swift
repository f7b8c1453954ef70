// Pages with their headers, in both versions of the format.

import StarlingErrors
import StarlingMemory

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

    /// Appends a data page.
    func append(
        _ body: ByteWriter, _ levels: PageLevels, encoding: Int, _ facts: inout PageFacts,
        to result: inout EncodedColumn
    ) throws(StarlingError) {
        let before = result.bytes!.count
        if options.pageVersion == 2 {
            try appendSecondVersion(body, levels, encoding, facts.rowCount, to: &result)
        } else {
            try appendFirstVersion(body, levels, encoding, to: &result)
        }
        facts.byteCount = result.bytes!.count - before
    }

    private func appendFirstVersion(
        _ body: ByteWriter, _ levels: PageLevels, _ encoding: Int,
        to result: inout EncodedColumn
    ) throws(StarlingError) {
        var page = body
        let parts = [levels.repetitions, levels.definitions].compactMap { $0 }
        if !parts.isEmpty {
            page = ByteWriter(capacity: body.count + parts.reduce(0) { $0 + $1.count + 4 })
            for part in parts {
                page.append(UInt32(part.count).littleEndian)
                page.append(part.bytes)
            }
            page.append(body.bytes)
        }
        let compressed = ByteWriter(capacity: page.count / 2)
        try compressor.compress(page.bytes, to: compressed)
        append(compressed, kind: 0, uncompressedByteCount: page.count, to: &result) { writer in
            writer.write(5) { header in
                header.write(1, int32: levels.entryCount)
                header.write(2, int32: encoding)
                header.write(3, int32: ValueEncoding.runLength.code)
                header.write(4, int32: ValueEncoding.runLength.code)
            }
        }
    }

    private func appendSecondVersion(
        _ body: ByteWriter, _ levels: PageLevels, _ encoding: Int, _ rowCount: Int,
        to result: inout EncodedColumn
    ) throws(StarlingError) {
        let repetitionByteCount = levels.repetitions?.count ?? 0
        let definitionByteCount = levels.definitions?.count ?? 0
        let levelByteCount = repetitionByteCount + definitionByteCount
        let page = ByteWriter(capacity: levelByteCount + body.count / 2)
        func appendLevels() {
            for part in [levels.repetitions, levels.definitions] {
                if let part { page.append(part.bytes) }
            }
        }
        appendLevels()
        try compressor.compress(body.bytes, to: page)
        var isCompressed = compressor.codec != .none
        if isCompressed, page.count - levelByteCount >= body.count {
            // What grows is better left as it is.
            isCompressed = false
            page.removeAll()
            appendLevels()
            page.append(body.bytes)
        }
        append(
            page, kind: 3, uncompressedByteCount: levelByteCount + body.count, to: &result
        ) { writer in
            writer.write(8) { header in
                header.write(1, int32: levels.entryCount)
                header.write(2, int32: levels.entryCount - levels.valueCount)
                header.write(3, int32: rowCount)
                header.write(4, int32: encoding)
                header.write(5, int32: definitionByteCount)
                header.write(6, int32: repetitionByteCount)
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
