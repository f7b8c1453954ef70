// The pages of a column chunk, in order. Headers are read when the reader gets there; a page whose
// rows no one wants is neither decompressed nor looked at.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingTables

/// Lends the parts of a decompressed data page.
struct OpenPage {
    var encoding: Int
    /// Counts rows, NULLs included.
    var rowCount: Int
    /// One bit a row, set where there is a value; nil where all rows have one.
    var levels: BitRunDecoder?
    var values: UnsafeRawPointer
    var valueByteCount: Int
    /// What the values lie in.
    var owner: Buffer
}

/// Walks through the pages of one column chunk.
final class ChunkPages {
    private let file: any ReadableFile
    private let codec: Int
    private let source: ColumnSource
    private let chunkRange: Range<Int>
    private let rowCount: Int
    private let context: ScanContext
    private let decompressor: PageDecompressor

    /// The bytes of the chunk that are in memory, or a part of them where the chunk is large.
    private var bytes: Buffer?
    private var bytesRange = 0..<0
    private static let wholeChunkByteCount = 8 << 20
    private static let pieceByteCount = 2 << 20

    private var nextHeader: Int
    private var dictionaryHeader: PageHeader?
    private var dictionaryOffset = 0
    private var header: PageHeader?
    private var bodyOffset = 0
    /// The rows of the current data page.
    private(set) var pageRows = 0..<0
    private var isOpen = false
    private var pageBuffer: Buffer?

    init(
        file: any ReadableFile, chunk: ColumnChunkMetadata, source: ColumnSource, rowCount: Int,
        context: ScanContext, decompressor: PageDecompressor
    ) throws(ParquetDamage) {
        var start = chunk.dataPageOffset
        // Some writers leave 0 where there is no dictionary.
        if let offset = chunk.dictionaryPageOffset, offset > 0 { start = min(start, offset) }
        guard start >= 4, chunk.compressedByteCount >= 0,
            chunk.compressedByteCount <= file.byteCount - 8,
            start <= file.byteCount - chunk.compressedByteCount
        else { throw ParquetDamage("a column chunk lies outside of the file") }
        guard chunk.filePath == nil else {
            throw .unsupported("column chunks in other files can't be read")
        }
        if chunk.isEncrypted {
            throw .unsupported("the column is encrypted; write the file without encryption")
        }
        self.file = file
        self.codec = chunk.codec
        self.source = source
        self.chunkRange = start..<(start + chunk.compressedByteCount)
        self.rowCount = rowCount
        self.context = context
        self.decompressor = decompressor
        self.nextHeader = start
    }

    /// Gives the bytes from `offset` on; at least `count` of them.
    private func load(_ offset: Int, _ count: Int) throws(ParquetDamage) -> UnsafeRawPointer {
        if let bytes, offset >= bytesRange.lowerBound, offset + count <= bytesRange.upperBound {
            return UnsafeRawPointer(bytes.baseAddress) + (offset - bytesRange.lowerBound)
        }
        let wanted =
            chunkRange.count <= Self.wholeChunkByteCount
            ? chunkRange
            : offset..<min(chunkRange.upperBound, offset + max(count, Self.pieceByteCount))
        if bytes == nil || bytes!.byteCount < wanted.count || !isKnownUniquelyReferenced(&bytes!) {
            bytes = Buffer(byteCount: wanted.count)
        }
        do throws(StarlingError) {
            try file.read(wanted, into: bytes!.baseAddress)
        } catch {
            bytesRange = 0..<0
            throw ParquetDamage(error)
        }
        context.bytesRead.wrappingAdd(wanted.count, ordering: .relaxed)
        bytesRange = wanted
        return UnsafeRawPointer(bytes!.baseAddress) + (offset - wanted.lowerBound)
    }

    /// Reads the header at `nextHeader` and moves behind its page.
    private func readHeader() throws(ParquetDamage) -> (PageHeader, body: Int) {
        let left = chunkRange.upperBound - nextHeader
        guard left > 0 else { throw ParquetDamage("the column has fewer rows than the row group") }
        // Headers may carry statistics with long values; most are far shorter than a page.
        for limit in [min(left, 1 << 16), min(left, 1 << 24)] {
            let start = try load(nextHeader, limit)
            do throws(ParquetDamage) {
                let parsed = try PageHeader(UnsafeRawBufferPointer(start: start, count: limit))
                let body = nextHeader + parsed.headerByteCount
                guard parsed.compressedByteCount <= chunkRange.upperBound - body else {
                    throw ParquetDamage("a page is longer than its column chunk")
                }
                nextHeader = body + parsed.compressedByteCount
                return (parsed, body)
            } catch {
                if limit == left || limit == 1 << 24 { throw error }
            }
        }
        throw ParquetDamage("a page header is too long")
    }

    /// Makes the page that holds `row` the current one.
    func move(to row: Int) throws(ParquetDamage) {
        while row >= pageRows.upperBound {
            let (next, body) = try readHeader()
            switch next.kind {
            case .dictionary:
                guard dictionaryHeader == nil, pageRows.upperBound == 0 else {
                    throw ParquetDamage("a column chunk has a second dictionary")
                }
                dictionaryHeader = next
                dictionaryOffset = body
            case .data:
                if !isOpen {
                    context.rowsSkipped.wrappingAdd(pageRows.count, ordering: .relaxed)
                }
                isOpen = false
                let start = pageRows.upperBound
                guard next.valueCount <= rowCount - start else {
                    throw ParquetDamage("the column has more rows than the row group")
                }
                pageRows = start..<(start + next.valueCount)
                header = next
                bodyOffset = body
            case .other: break
            }
        }
    }

    /// Decompresses the current page.
    func open() throws(ParquetDamage) -> OpenPage {
        guard let header else { throw ParquetDamage("the column has no data page") }
        isOpen = true
        var levelByteCount = 0
        if header.isVersion2 {
            levelByteCount = header.definitionByteCount + header.repetitionByteCount
        }
        guard levelByteCount <= header.compressedByteCount,
            levelByteCount <= header.uncompressedByteCount
        else { throw ParquetDamage("a page's levels are longer than the page") }
        let start = try load(bodyOffset, header.compressedByteCount)
        try check(header, start)
        let isCompressed = codec != 0 && (!header.isVersion2 || header.isCompressed)
        let valueByteCount = header.uncompressedByteCount - levelByteCount
        let content = try decompressed(
            start + levelByteCount, header.compressedByteCount - levelByteCount,
            isCompressed: isCompressed, byteCount: valueByteCount, reusing: &pageBuffer)
        var page = OpenPage(
            encoding: header.encoding, rowCount: pageRows.count, levels: nil,
            values: content.start, valueByteCount: valueByteCount, owner: content.owner)
        if source.isOptional {
            if header.isVersion2 {
                if header.definitionByteCount > 0 {
                    page.levels = BitRunDecoder(
                        runs: start + header.repetitionByteCount,
                        byteCount: header.definitionByteCount)
                }
            } else {
                try splitLevels(&page, encoding: header.levelEncoding)
            }
        }
        return page
    }

    /// Compares a page with its checksum where that is asked for.
    private func check(_ header: PageHeader, _ body: UnsafeRawPointer) throws(ParquetDamage) {
        guard context.verifiesChecksums, let expected = header.checksum else { return }
        let found = PageDecompressor.checksum(body, byteCount: header.compressedByteCount)
        if found != expected { throw ParquetDamage("a page differs from its checksum") }
    }

    /// Takes the definition levels from the start of a page of version 1.
    private func splitLevels(_ page: inout OpenPage, encoding: Int) throws(ParquetDamage) {
        var skipped = 0
        if encoding == 3 {
            guard page.valueByteCount >= 4 else {
                throw ParquetDamage("a page is too short for its levels")
            }
            let length = Int(UInt32(littleEndian: page.values.loadUnaligned(as: UInt32.self)))
            guard length <= page.valueByteCount - 4 else {
                throw ParquetDamage("a page's levels are longer than the page")
            }
            page.levels = BitRunDecoder(runs: page.values + 4, byteCount: length)
            skipped = 4 + length
        } else if encoding == 4 {
            skipped = (page.rowCount + 7) / 8
            guard skipped <= page.valueByteCount else {
                throw ParquetDamage("a page's levels are longer than the page")
            }
            // BIT_PACKED counts bits from the highest. The levels aren't needed in that form, so
            // they are turned around in place, in memory that belongs to this page.
            let copy = Buffer(byteCount: skipped)
            for index in 0..<skipped {
                let byte = page.values.load(fromByteOffset: index, as: UInt8.self)
                copy.pointer(to: UInt8.self)[index] = Self.reversed(byte)
            }
            bitPackedLevels = copy
            page.levels = BitRunDecoder(bits: copy.baseAddress, byteCount: skipped)
        } else {
            throw ParquetDamage("a page's levels have the unknown encoding \(encoding)")
        }
        page.values += skipped
        page.valueByteCount -= skipped
    }

    private var bitPackedLevels: Buffer?

    private static func reversed(_ byte: UInt8) -> UInt8 {
        var result: UInt8 = 0
        for bit in 0..<8 where byte & (1 << UInt8(bit)) != 0 { result |= 0x80 >> UInt8(bit) }
        return result
    }

    /// Decompresses the dictionary page; nil where the chunk has none.
    func openDictionary() throws(ParquetDamage) -> OpenPage? {
        if dictionaryHeader == nil, pageRows.upperBound == 0, rowCount > 0 { try move(to: 0) }
        guard let header = dictionaryHeader else { return nil }
        guard header.encoding == 0 || header.encoding == 2 else {
            throw ParquetDamage("a dictionary has the unknown encoding \(header.encoding)")
        }
        let start = try load(dictionaryOffset, header.compressedByteCount)
        try check(header, start)
        var none: Buffer?
        let content = try decompressed(
            start, header.compressedByteCount, isCompressed: codec != 0,
            byteCount: header.uncompressedByteCount, reusing: &none)
        return OpenPage(
            encoding: 0, rowCount: header.valueCount, levels: nil, values: content.start,
            valueByteCount: header.uncompressedByteCount, owner: content.owner)
    }

    /// Decompresses `count` bytes, or lends them as they are.
    private func decompressed(
        _ start: UnsafeRawPointer, _ count: Int, isCompressed: Bool, byteCount: Int,
        reusing buffer: inout Buffer?
    ) throws(ParquetDamage) -> (start: UnsafeRawPointer, owner: Buffer) {
        if !isCompressed || byteCount == 0 {
            guard count == byteCount || byteCount == 0, let bytes else {
                throw ParquetDamage("an uncompressed page has two different sizes")
            }
            return (start, bytes)
        }
        try PageDecompressor.checkGrowth(codec, from: count, to: byteCount)
        if buffer == nil || buffer!.byteCount < byteCount || !isKnownUniquelyReferenced(&buffer!) {
            buffer = Buffer(byteCount: byteCount)
        }
        let target = buffer!
        try decompressor.decompress(
            codec, start, byteCount: count, into: target.baseAddress, targetByteCount: byteCount)
        return (UnsafeRawPointer(target.baseAddress), target)
    }
}
