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
    private let codec: Int
    private let source: ColumnSource
    private let rowCount: Int
    private let context: ScanContext
    private let decompressor: PageDecompressor
    private let bytes: ChunkBytes
    /// Where pages lie, where that is known and some are to be left out.
    private var layout: PageLayout?

    private var nextHeader: Int
    private var hasReadLeadingPages = false
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
        guard let range = chunk.byteRange, range.upperBound <= file.byteCount - 8 else {
            throw ParquetDamage("a column chunk lies outside of the file")
        }
        guard chunk.filePath == nil else {
            throw .unsupported("column chunks in other files can't be read")
        }
        if chunk.isEncrypted {
            throw .unsupported("the column is encrypted; write the file without encryption")
        }
        self.codec = chunk.codec
        self.source = source
        self.rowCount = rowCount
        self.context = context
        self.decompressor = decompressor
        bytes = ChunkBytes(file: file, range: range, context: context)
        nextHeader = range.lowerBound
    }

    /// Goes straight to the pages of `rows` from now on, and reads no others, or only those that
    /// are asked for where the column is late; nothing may have been read yet.
    func expect(_ rows: RowRanges, _ layout: PageLayout, isLate: Bool) {
        self.layout = layout
        var sections = layout.sections(of: rows, joiningGapsOf: Self.gapByteCount)
        let leading = bytes.range.lowerBound..<layout.locations[0].offset
        if let first = sections.first, first.lowerBound - leading.upperBound <= Self.gapByteCount {
            sections[0] = leading.lowerBound..<first.upperBound
        } else {
            sections.insert(leading, at: 0)
        }
        bytes.expect(sections, isLate: isLate)
    }

    /// Reading so much that isn't needed costs less than another request.
    private static let gapByteCount = 32 << 10

    /// Reads the header at `nextHeader` and moves behind its page.
    private func readHeader() throws(ParquetDamage) -> (PageHeader, body: Int) {
        let left = bytes.range.upperBound - nextHeader
        guard left > 0 else { throw ParquetDamage("the column has fewer rows than the row group") }
        // Headers may carry statistics with long values; most are far shorter than a page.
        let first = min(left, layout.map { pageByteCount($0) } ?? 1 << 16)
        for limit in [first, min(left, 1 << 16), min(left, 1 << 24)] {
            let start = try bytes.load(nextHeader, limit)
            do throws(ParquetDamage) {
                let parsed = try PageHeader(UnsafeRawBufferPointer(start: start, count: limit))
                let body = nextHeader + parsed.headerByteCount
                guard parsed.compressedByteCount <= bytes.range.upperBound - body else {
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

    /// Counts the bytes of the page at `nextHeader`, where the page index knows it.
    private func pageByteCount(_ layout: PageLayout) -> Int {
        let start = layout.locations[0].offset
        if nextHeader < start { return start - nextHeader }
        let row = min(pageRows.upperBound, rowCount - 1)
        let location = layout.locations[layout.page(ofRow: row)]
        return location.offset == nextHeader ? location.byteCount : 1 << 16
    }

    /// Makes the page that holds `row` the current one.
    func move(to row: Int) throws(ParquetDamage) {
        if let layout { try jump(to: row, layout) }
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
                if let layout, layout.rows(ofPage: layout.page(ofRow: start)) != pageRows {
                    throw ParquetDamage("the page index contradicts the pages")
                }
                header = next
                bodyOffset = body
            case .other: break
            }
        }
    }

    /// Passes over the pages before that of `row` without looking at them.
    private func jump(to row: Int, _ layout: PageLayout) throws(ParquetDamage) {
        guard row >= pageRows.upperBound else { return }
        let location = layout.locations[layout.page(ofRow: row)]
        guard location.firstRow > pageRows.upperBound else {
            if pageRows.upperBound == 0 { try readLeadingPages(layout) }
            return
        }
        if !isOpen { context.rowsSkipped.wrappingAdd(pageRows.count, ordering: .relaxed) }
        context.rowsSkipped.wrappingAdd(
            location.firstRow - pageRows.upperBound, ordering: .relaxed)
        isOpen = true
        nextHeader = location.offset
        pageRows = location.firstRow..<location.firstRow
    }

    /// Reads the headers before the first data page, of which one may be a dictionary's, and stays
    /// at its place where that is behind them.
    private func readLeadingPages(_ layout: PageLayout) throws(ParquetDamage) {
        if hasReadLeadingPages { return }
        hasReadLeadingPages = true
        let place = nextHeader
        nextHeader = bytes.range.lowerBound
        while nextHeader < layout.locations[0].offset {
            let (page, body) = try readHeader()
            switch page.kind {
            case .dictionary where dictionaryHeader == nil:
                dictionaryHeader = page
                dictionaryOffset = body
            case .other: break
            default: throw ParquetDamage("the page index contradicts the pages")
            }
        }
        nextHeader = max(nextHeader, place)
    }

    /// Tells whether the values of the current page lie in the dictionary.
    var hasCodes: Bool { header.map { $0.encoding == 2 || $0.encoding == 8 } ?? false }

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
        let start = try bytes.load(bodyOffset, header.compressedByteCount)
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
        if let layout {
            try readLeadingPages(layout)
        } else if dictionaryHeader == nil, pageRows.upperBound == 0, rowCount > 0 {
            try move(to: 0)
        }
        guard let header = dictionaryHeader else { return nil }
        guard header.encoding == 0 || header.encoding == 2 else {
            throw ParquetDamage("a dictionary has the unknown encoding \(header.encoding)")
        }
        let start = try bytes.load(dictionaryOffset, header.compressedByteCount)
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
            guard count == byteCount || byteCount == 0, let owner = bytes.owner else {
                throw ParquetDamage("an uncompressed page has two different sizes")
            }
            return (start, owner)
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
