// The pages of a leaf of a nested column, in order, each with its levels decoded. A page that
// surely holds none of the wanted rows is passed over by its header.

import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingTables

/// Holds a decompressed page and a level of each kind for every entry.
final class LeafPage {
    let page: OpenPage
    let entryCount: Int
    /// Nil where all are 0.
    let definitions: Buffer?
    let repetitions: Buffer?
    /// The values before the next entry that the decoder has not passed over yet.
    var valuesToSkip = 0

    init(_ page: OpenPage, entryCount: Int, definitions: Buffer?, repetitions: Buffer?) {
        self.page = page
        self.entryCount = entryCount
        self.definitions = definitions
        self.repetitions = repetitions
    }

    /// Counts the rows that begin in the page; nil where its first one began before.
    var rowCount: Int? {
        guard let repetitions = repetitions?.pointer(to: UInt8.self), entryCount > 0 else {
            return entryCount
        }
        guard repetitions[0] == 0 else { return nil }
        var count = 0
        for entry in 0..<entryCount where repetitions[entry] == 0 { count &+= 1 }
        return count
    }
}

/// Walks through the pages of the column chunk of a leaf.
final class LeafPages {
    private let file: any ReadableFile
    private let chunk: ColumnChunkMetadata
    private let range: Range<Int>
    private let definitionMaximum: Int
    private let repetitionMaximum: Int
    private let context: ScanContext
    private let decompressor: PageDecompressor

    private var bytes: Buffer?
    private var bytesRange = 0..<0
    private static let wholeChunkByteCount = 8 << 20
    private static let pieceByteCount = 2 << 20
    /// A page with more entries is taken for damage before memory is asked for.
    private static let entryCountMaximum = 1 << 26

    /// Where pages lie, where that is known and some are to be left out. Such pages begin with rows.
    private var layout: PageLayout?
    /// The stretches of the file in which wanted pages lie.
    private var sections: [Range<Int>] = []
    /// The number of the next data page, where the layout is known.
    private var nextPage = 0

    private var nextHeader: Int
    private var entriesSeen = 0
    private var dictionary: OpenPage?

    init(
        file: any ReadableFile, chunk: ColumnChunkMetadata, leaf: SchemaNode,
        carrier: ColumnSource.Carrier, rowCount: Int, context: ScanContext,
        decompressor: PageDecompressor
    ) throws(ParquetDamage) {
        guard chunk.filePath == nil else {
            throw .unsupported("column chunks in other files can't be read")
        }
        if chunk.isEncrypted {
            throw .unsupported("the column is encrypted; write the file without encryption")
        }
        guard chunk.hasMetadata, chunk.physicalType == carrier.rawValue,
            chunk.valueCount >= rowCount
        else { throw ParquetDamage("a column chunk contradicts the schema") }
        var start = chunk.dataPageOffset
        // Some writers leave 0 where there is no dictionary.
        if let offset = chunk.dictionaryPageOffset, offset > 0 { start = min(start, offset) }
        guard start >= 4, chunk.compressedByteCount >= 0,
            chunk.compressedByteCount <= file.byteCount - 8,
            start <= file.byteCount - chunk.compressedByteCount
        else { throw ParquetDamage("a column chunk lies outside of the file") }
        self.file = file
        self.chunk = chunk
        range = start..<(start + chunk.compressedByteCount)
        definitionMaximum = leaf.definitionLevel
        repetitionMaximum = leaf.depth
        self.context = context
        self.decompressor = decompressor
        nextHeader = start
    }

    /// Goes straight to the pages of `rows` from now on; nothing may have been read yet.
    func expect(_ rows: RowRanges, _ layout: PageLayout) {
        self.layout = layout
        sections = layout.sections(of: rows, joiningGapsOf: Self.gapByteCount)
    }

    /// Reading so much that isn't needed costs less than another request.
    private static let gapByteCount = 32 << 10

    /// True where no row goes on in the next page.
    var beginsWithRows: Bool { layout != nil }

    /// Gives `count` bytes from `offset` on, in memory that is not written again.
    private func load(
        _ offset: Int, _ count: Int
    ) throws(ParquetDamage) -> (start: UnsafeRawPointer, owner: Buffer) {
        if let bytes, offset >= bytesRange.lowerBound, offset + count <= bytesRange.upperBound {
            return (
                UnsafeRawPointer(bytes.baseAddress) + (offset - bytesRange.lowerBound), bytes
            )
        }
        let wanted = piece(at: offset, count)
        let buffer = Buffer(byteCount: wanted.count)
        do throws(StarlingError) {
            try file.read(wanted, into: buffer.baseAddress)
        } catch {
            throw ParquetDamage(error)
        }
        context.bytesRead.wrappingAdd(wanted.count, ordering: .relaxed)
        bytes = buffer
        bytesRange = wanted
        return (UnsafeRawPointer(buffer.baseAddress) + (offset - wanted.lowerBound), buffer)
    }

    private func piece(at offset: Int, _ count: Int) -> Range<Int> {
        if layout != nil {
            let section = sections.first { $0.contains(offset) }
            let end = min(section?.upperBound ?? 0, offset + Self.wholeChunkByteCount)
            return offset..<max(end, offset + count)
        }
        if range.count <= Self.wholeChunkByteCount { return range }
        return offset..<min(range.upperBound, offset + max(count, Self.pieceByteCount))
    }

    /// Reads the header at `nextHeader` and moves behind its page.
    private func readHeader() throws(ParquetDamage) -> (PageHeader, body: Int) {
        let left = range.upperBound - nextHeader
        guard left > 0 else { throw ParquetDamage("the column has fewer values than it says") }
        // A page of a known length has no longer header.
        let first = layout.map { pageByteCount($0) } ?? 1 << 16
        for limit in [min(left, first), min(left, 1 << 16), min(left, 1 << 24)] {
            let (start, owner) = try load(nextHeader, limit)
            do throws(ParquetDamage) {
                let parsed = try PageHeader(UnsafeRawBufferPointer(start: start, count: limit))
                withExtendedLifetime(owner) {}
                let body = nextHeader + parsed.headerByteCount
                guard parsed.compressedByteCount <= range.upperBound - body else {
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

    /// Counts the bytes of the page at `nextHeader`, as the page index has them.
    private func pageByteCount(_ layout: PageLayout) -> Int {
        let start = layout.locations[0].offset
        if nextHeader < start { return start - nextHeader }
        return layout.locations[min(nextPage, layout.locations.count - 1)].byteCount
    }

    private var isAtEnd: Bool {
        if let layout { return nextPage == layout.locations.count }
        return entriesSeen >= chunk.valueCount
    }

    /// Passes over pages with none but skippable rows without looking at them.
    private func jump(_ skippable: inout Int, _ layout: PageLayout) {
        guard skippable > 0, nextHeader >= layout.locations[0].offset else { return }
        let row = layout.locations[nextPage].firstRow
        let target = layout.page(ofRow: min(row + skippable, layout.rowCount - 1))
        guard target > nextPage else { return }
        let passed = layout.locations[target].firstRow - row
        skippable -= passed
        context.rowsSkipped.wrappingAdd(passed, ordering: .relaxed)
        nextPage = target
        nextHeader = layout.locations[target].offset
    }

    /// Opens the next data page; nil behind the last one. Of `skippable` rows those are taken away
    /// that lie in pages which were passed over.
    func next(skippable: inout Int) throws(ParquetDamage) -> LeafPage? {
        while !isAtEnd {
            if let layout { jump(&skippable, layout) }
            let start = nextHeader
            let (header, body) = try readHeader()
            guard header.kind != .dictionary else {
                guard dictionary == nil, entriesSeen == 0 else {
                    throw ParquetDamage("a column chunk has a second dictionary")
                }
                try check(header, body)
                dictionary = try openDictionary(header, body)
                continue
            }
            guard header.kind == .data else { continue }
            guard header.valueCount <= chunk.valueCount - entriesSeen else {
                throw ParquetDamage("the pages have more values than the column chunk")
            }
            guard header.valueCount <= Self.entryCountMaximum else {
                throw .unsupported("a page has \(header.valueCount) values")
            }
            entriesSeen += header.valueCount
            if let layout {
                guard layout.locations[nextPage].offset == start else { throw Self.contradiction }
                nextPage += 1
            }
            if let rowCount = rowCount(of: header), rowCount <= skippable {
                skippable -= rowCount
                context.rowsSkipped.wrappingAdd(rowCount, ordering: .relaxed)
                continue
            }
            if header.valueCount == 0, layout == nil { continue }
            try check(header, body)
            let page = try open(header, body)
            if let layout, page.rowCount != layout.rows(ofPage: nextPage - 1).count {
                throw Self.contradiction
            }
            return page
        }
        return nil
    }

    private static let contradiction = ParquetDamage("the page index contradicts the pages")

    /// Compares a page with its checksum where that is asked for.
    private func check(_ header: PageHeader, _ body: Int) throws(ParquetDamage) {
        guard context.verifiesChecksums, let expected = header.checksum else { return }
        let (start, owner) = try load(body, header.compressedByteCount)
        let found = PageDecompressor.checksum(start, byteCount: header.compressedByteCount)
        withExtendedLifetime(owner) {}
        if found != expected { throw ParquetDamage("a page differs from its checksum") }
    }

    /// Counts a page's rows where its header tells.
    private func rowCount(of header: PageHeader) -> Int? {
        repetitionMaximum == 0 ? header.valueCount : header.rowCount
    }

    /// Returns the dictionary of the pages opened so far.
    func openedDictionary() -> OpenPage? { dictionary }

    private func openDictionary(
        _ header: PageHeader, _ body: Int
    ) throws(ParquetDamage) -> OpenPage {
        guard header.encoding == 0 || header.encoding == 2 else {
            throw ParquetDamage("a dictionary has the unknown encoding \(header.encoding)")
        }
        let content = try decompressed(
            body, header.compressedByteCount, isCompressed: chunk.codec != 0,
            byteCount: header.uncompressedByteCount)
        return OpenPage(
            encoding: 0, rowCount: header.valueCount, levels: nil, values: content.start,
            valueByteCount: header.uncompressedByteCount, owner: content.owner)
    }

    private func open(_ header: PageHeader, _ body: Int) throws(ParquetDamage) -> LeafPage {
        let count = header.valueCount
        guard header.isVersion2 else {
            let content = try decompressed(
                body, header.compressedByteCount, isCompressed: chunk.codec != 0,
                byteCount: header.uncompressedByteCount)
            var rest = LevelBytes(
                next: content.start, byteCount: header.uncompressedByteCount)
            let repetitions = try rest.take(
                maximum: repetitionMaximum, count: count,
                encoding: header.repetitionLevelEncoding)
            let definitions = try rest.take(
                maximum: definitionMaximum, count: count, encoding: header.levelEncoding)
            let page = OpenPage(
                encoding: header.encoding, rowCount: count, levels: nil, values: rest.next,
                valueByteCount: rest.byteCount, owner: content.owner)
            return LeafPage(
                page, entryCount: count, definitions: definitions, repetitions: repetitions)
        }
        let levelByteCount = header.definitionByteCount + header.repetitionByteCount
        guard levelByteCount <= header.compressedByteCount,
            levelByteCount <= header.uncompressedByteCount
        else { throw ParquetDamage("a page's levels are longer than the page") }
        let (start, owner) = try load(body, header.compressedByteCount)
        var levels: [Buffer?] = []
        var offset = 0
        for (maximum, byteCount) in [
            (repetitionMaximum, header.repetitionByteCount),
            (definitionMaximum, header.definitionByteCount),
        ] {
            if maximum == 0 || byteCount == 0 {
                levels.append(nil)
            } else {
                levels.append(
                    try LevelDecoder.decodeRuns(
                        start + offset, byteCount: byteCount, maximum: maximum, count: count))
            }
            offset += byteCount
        }
        withExtendedLifetime(owner) {}
        let content = try decompressed(
            body + levelByteCount, header.compressedByteCount - levelByteCount,
            isCompressed: chunk.codec != 0 && header.isCompressed,
            byteCount: header.uncompressedByteCount - levelByteCount)
        let page = OpenPage(
            encoding: header.encoding, rowCount: count, levels: nil, values: content.start,
            valueByteCount: header.uncompressedByteCount - levelByteCount, owner: content.owner)
        if definitionMaximum > 0, levels[1] == nil {
            // Without definition levels all values are there.
            let all = Buffer(byteCount: count)
            all.pointer(to: UInt8.self).update(
                repeating: UInt8(definitionMaximum), count: count)
            levels[1] = all
        }
        return LeafPage(
            page, entryCount: count, definitions: levels[1], repetitions: levels[0])
    }

    private func decompressed(
        _ offset: Int, _ count: Int, isCompressed: Bool, byteCount: Int
    ) throws(ParquetDamage) -> (start: UnsafeRawPointer, owner: Buffer) {
        let (start, owner) = try load(offset, count)
        if !isCompressed || byteCount == 0 {
            guard count == byteCount || byteCount == 0 else {
                throw ParquetDamage("an uncompressed page has two different sizes")
            }
            return (start, owner)
        }
        try PageDecompressor.checkGrowth(chunk.codec, from: count, to: byteCount)
        let target = Buffer(byteCount: byteCount)
        try decompressor.decompress(
            chunk.codec, start, byteCount: count, into: target.baseAddress,
            targetByteCount: byteCount)
        withExtendedLifetime(owner) {}
        return (UnsafeRawPointer(target.baseAddress), target)
    }
}

/// Takes levels from the start of a page of version 1.
private struct LevelBytes {
    var next: UnsafeRawPointer
    var byteCount: Int

    mutating func take(
        maximum: Int, count: Int, encoding: Int
    ) throws(ParquetDamage) -> Buffer? {
        guard maximum > 0 else { return nil }
        let tooLong = ParquetDamage("a page's levels are longer than the page")
        if encoding == 4 {
            let length = (count * LevelDecoder.width(maximum) + 7) / 8
            guard length <= byteCount else { throw tooLong }
            defer {
                next += length
                byteCount -= length
            }
            return try LevelDecoder.decodeBits(
                next, byteCount: length, maximum: maximum, count: count)
        }
        guard encoding == 3 else {
            throw ParquetDamage("a page's levels have the unknown encoding \(encoding)")
        }
        guard byteCount >= 4 else { throw tooLong }
        let length = Int(UInt32(littleEndian: next.loadUnaligned(as: UInt32.self)))
        guard length <= byteCount - 4 else { throw tooLong }
        defer {
            next += 4 + length
            byteCount -= 4 + length
        }
        return try LevelDecoder.decodeRuns(
            next + 4, byteCount: length, maximum: maximum, count: count)
    }
}
