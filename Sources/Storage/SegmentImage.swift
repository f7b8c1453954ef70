// A segment as bytes: a directory, then the blocks of its columns.
//
//   image := "STARSEG2" or "STARSEG3", bytes of the directory (8), its checksum (8), directory, blocks,
//            blocks of paths, filters, index of keys, indexes of columns and paths
//   directory := count of rows (8), count of columns (4), of each: number of the column (4),
//                offset (8), bytes (8), checksum (8), statistics; parts (`SegmentParts`)

import StarlingBlocks
import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Writes and opens segments.
enum SegmentImage {
    private static let magic = Array("STARSEG2".utf8)
    /// Whoever does not know the paths of documents must not take what is left for the documents.
    private static let magicOfShredded = Array("STARSEG3".utf8)
    private static let headerByteCount = 24

    /// Returns the bytes of a segment of a table, with an index of its keys where one is given.
    static func make(
        _ segment: Segment, _ table: NativeTable, index: KeyIndex? = nil
    ) throws(StarlingError) -> ByteWriter {
        let segment = try segment.withoutMissingBases()
        let blocks = try Blocks(segment, level: table.compressionLevel)
        // The directory's length does not depend on what stands in it.
        let length = try directory(segment, blocks, table, index, from: 0).count
        let directory = try directory(
            segment, blocks, table, index, from: headerByteCount + length)
        let writer = ByteWriter(capacity: headerByteCount + length)
        let hasPaths = segment.columns.contains { $0.shredded != nil }
        writer.append(hasPaths ? magicOfShredded : magic)
        writer.append(UInt64(directory.count))
        writer.append(XXHash64.hash(directory.bytes))
        writer.append(directory.bytes)
        for block in blocks.columns { writer.append(block.bytes) }
        for block in blocks.paths.joined() { writer.append(block.bytes) }
        let targets = targets(segment, table)
        for (_, column) in targets { writer.append(filter: try column.filter()) }
        if let index { writer.append(index.bytes) }
        for (_, column) in targets {
            for index in column.indexes { writer.append(try index.bytes()) }
        }
        return writer
    }

    /// Holds the blocks of a segment as they are written, those of the paths a list a column.
    private struct Blocks {
        var columns: [BlockImage] = []
        var paths: [[BlockImage]] = []

        init(_ segment: Segment, level: Int?) throws(StarlingError) {
            for column in segment.columns {
                columns.append(try BlockImage(column, level: level))
                var own: [BlockImage] = []
                for path in column.shredded?.columns ?? [] {
                    own.append(try BlockImage(path, level: level))
                }
                paths.append(own)
            }
        }
    }

    /// Lists the columns and behind them the paths of documents, all of which may have filters and
    /// indexes.
    private static func targets(
        _ segment: Segment, _ table: NativeTable
    ) -> [(target: SegmentParts.Target, column: SegmentColumn)] {
        let columns = zip(segment.columns, table.identities).map { column, identity in
            (SegmentParts.Target(number: identity.number), column)
        }
        return columns
            + columns.flatMap { target, column -> [(SegmentParts.Target, SegmentColumn)] in
                guard let shredded = column.shredded else { return [] }
                return zip(shredded.paths, shredded.columns).map { path, column in
                    (SegmentParts.Target(number: target.number, keys: path.keys), column)
                }
            }
    }

    /// Tells where each block lies in the image, and its checksum.
    private static func directory(
        _ segment: Segment, _ blocks: Blocks, _ table: NativeTable, _ index: KeyIndex?,
        from start: Int
    ) throws(StarlingError) -> ByteWriter {
        let writer = ByteWriter()
        writer.append(UInt64(segment.rowCount))
        writer.append(UInt32(segment.columns.count))
        var offset = start
        for (place, column) in segment.columns.enumerated() {
            let block = blocks.columns[place]
            writer.append(table.identities[place].number)
            writer.append(UInt64(offset))
            writer.append(UInt64(block.byteCount))
            writer.append(block.checksum)
            writer.append(column.statistics)
            offset += block.byteCount
        }
        var shreddings: [StoredShredding] = []
        for (place, column) in segment.columns.enumerated() {
            guard let shredded = column.shredded else { continue }
            let extents = blocks.paths[place].map { block in
                defer { offset += block.byteCount }
                return SegmentParts.Extent(
                    offset: offset, byteCount: block.byteCount, checksum: block.checksum)
            }
            shreddings.append(
                StoredShredding(shredded, of: table.identities[place].number, at: extents))
        }
        if let level = table.compressionLevel {
            SegmentParts.append(compressionLevel: level, to: writer)
        }
        for (column, identity) in zip(segment.columns, table.identities) {
            SegmentParts.append(column.summary, of: identity.number, to: writer)
            guard let base = try segment.base(of: column) else { continue }
            SegmentParts.append(
                base: table.identities[base].number, of: identity.number, to: writer)
        }
        let targets = targets(segment, table)
        for (target, column) in targets {
            guard let spread = column.summary.spread else { continue }
            SegmentParts.append(spread, of: target, to: writer)
        }
        for (target, column) in targets {
            guard let filter = try column.filter() else { continue }
            let bytes = ByteWriter(capacity: filter.byteCount)
            bytes.append(filter: filter)
            let extent = SegmentParts.Extent(
                offset: offset, byteCount: bytes.count, checksum: XXHash64.hash(bytes.bytes))
            SegmentParts.append(filter: extent, of: target, to: writer)
            offset += bytes.count
        }
        for shredding in shreddings { SegmentParts.append(shredding, to: writer) }
        if let index {
            SegmentParts.append(
                SegmentParts.Extent(
                    offset: offset, byteCount: index.bytes.count,
                    checksum: XXHash64.hash(index.bytes)), ofKey: table.keyNumbers, to: writer)
            offset += index.bytes.count
        }
        for (target, column) in targets {
            for index in column.indexes {
                let known = try index.extent(from: offset)
                SegmentParts.append(known, of: target, to: writer)
                offset += known.extent.byteCount
            }
        }
        writer.pad(toMultipleOf: 8)
        return writer
    }

    /// Is what a directory says: where a column's block is, and what is known of it.
    struct Entry {
        /// The number of the column in its table.
        var number: UInt32
        var place: StoredBlock
        var summary: ColumnSummary
        var filter: StoredFilter?
        var indexes: [StoredColumnIndex] = []
        /// False for columns that the table does not have any more.
        var isKnown: Bool
        /// The number of the column that the values are differences to.
        var base: UInt32?
        /// The paths of documents.
        var paths: [Path] = []
        var shredding: StoredShredding?

        /// Is where the block of a path is, and what is known of its values.
        struct Path {
            var place: StoredBlock
            var summary: ColumnSummary
            var filter: StoredFilter?
            var indexes: [StoredColumnIndex]
        }

        /// Makes the column, whose blocks are read when they are asked for, or now and kept, with
        /// those of its indexes that are wanted.
        func column(
            _ wanted: [WantedIndex], cache: BlockCache?, isKept: Bool,
            beside base: SegmentColumn? = nil
        ) throws(StarlingError) -> SegmentColumn {
            var shredded: ShreddedBlocks?
            if let shredding {
                var columns: [SegmentColumn] = []
                for (path, known) in zip(paths, shredding.paths) {
                    let entry = Entry(
                        number: number, place: path.place, summary: path.summary,
                        filter: path.filter, indexes: path.indexes, isKnown: true)
                    columns.append(
                        try entry.column(
                            wanted.ofPath(known.path.keys), cache: cache, isKept: isKept))
                }
                shredded = ShreddedBlocks(
                    shredding.paths.map(\.path), columns, wholeCount: shredding.wholeCount,
                    keptPaths: shredding.keptPaths)
            }
            let indexes = self.indexes.filter { wanted.contains(WantedIndex(kind: $0.kind)) }.map {
                ColumnIndex($0, rowCount: place.rowCount, cache: isKept ? nil : cache)
            }
            return isKept
                ? SegmentColumn(
                    try place.read(beside: try base?.block()), summary, filter: filter,
                    indexes: indexes, shredded: shredded)
                : SegmentColumn(
                    place, summary, filter: filter, indexes: indexes, cache: cache,
                    shredded: shredded, base: base)
        }
    }

    /// Is what the directory of a segment says.
    struct Directory {
        var rowCount: Int
        var entries: [Entry]
        /// Where the index of keys is, if there is one.
        var index: StoredIndex?

        /// The columns, those first that others may be differences to.
        var entriesAfterBases: [Entry] {
            entries.filter { $0.base == nil } + entries.filter { $0.base != nil }
        }

        /// Tells whether the values of a column that the table has are differences to these.
        func isBase(_ entry: Entry) -> Bool {
            entries.contains { $0.isKnown && $0.base == entry.number }
        }
    }

    /// Opens a segment of a table, whose blocks are read when they are asked for, or now and kept.
    static func open(
        _ stored: StoredSegment, _ table: NativeTable, cache: BlockCache?, isKept: Bool
    ) throws(StarlingError) -> Segment {
        let found = try entries(of: stored, table)
        var known: [UInt32: SegmentColumn] = [:]
        for entry in found.entriesAfterBases where entry.isKnown || found.isBase(entry) {
            known[entry.number] = try entry.column(
                entry.isKnown ? table.wantedIndexes(ofColumn: entry.number) : [], cache: cache,
                isKept: isKept, beside: entry.base.flatMap { known[$0] })
        }
        let columns = table.columns.indices.map { position in
            known[table.identities[position].number]
                ?? table.initialColumn(position, rowCount: found.rowCount)
        }
        return Segment(
            columns: columns, rowCount: found.rowCount,
            pieces: [SegmentPiece(number: stored.number, rowCount: found.rowCount)],
            keys: SegmentKeys(found.index, cache: isKept ? nil : cache))
    }

    /// Reads what the directory says of rows, columns and keys.
    static func entries(
        of stored: StoredSegment, _ table: NativeTable
    ) throws(StarlingError) -> Directory {
        var directory = try directory(of: stored)
        let rowCount = try directory.count()
        guard rowCount > 0, rowCount <= Segment.rowCountMax + chunkCapacity else {
            throw stored.damage("it has \(rowCount) rows")
        }
        var entries: [Entry] = []
        let columnCount = Int(try directory.integer(UInt32.self))
        for number in 0..<columnCount {
            let identity = try directory.integer(UInt32.self)
            let position = table.identities.firstIndex { $0.number == identity }
            let place = StoredBlock(
                segment: stored, column: position.map { table.columns[$0] }, number: number + 1,
                rowCount: rowCount, offset: try directory.count(),
                byteCount: try directory.count(), checksum: try directory.integer(UInt64.self),
                pool: position.map { table.pools[$0] })
            entries.append(
                Entry(
                    number: identity, place: place,
                    summary: ColumnSummary(try directory.statistics()),
                    isKnown: position != nil))
        }
        let parts = try SegmentParts(&directory)
        for place in entries.indices {
            entries[place].place.compressionLevel = parts.compressionLevel
            let number = entries[place].number
            entries[place].base = parts.bases[number]
            entries[place].summary.distinct = parts.distinct[number]
            entries[place].summary.statistics.sum = parts.sums[number]
            let target = SegmentParts.Target(number: number)
            entries[place].summary.spread = parts.spreads[target]
            entries[place].filter = parts.filter(
                of: target, stored, entries[place].place.column)
            entries[place].indexes = parts.indexes(of: target, stored)
        }
        var number = entries.count
        for place in entries.indices {
            guard let shredding = parts.shreddings[entries[place].number] else { continue }
            entries[place].shredding = shredding
            entries[place].paths = shredding.paths.map { path in
                number += 1
                let block = entries[place].place
                let target = SegmentParts.Target(
                    number: entries[place].number, keys: path.path.keys)
                let own = shredding.place(
                    of: path, stored, column: block.column, number: number,
                    rowCount: rowCount, block.pool)
                var summary = path.summary
                summary.spread = parts.spreads[target]
                return Entry.Path(
                    place: own, summary: summary,
                    filter: parts.filter(of: target, stored, own.column),
                    indexes: parts.indexes(of: target, stored))
            }
        }
        let index = parts.index.map { (key, extent) in
            StoredIndex(
                segment: stored, key: key, rowCount: rowCount, offset: extent.offset,
                byteCount: extent.byteCount, checksum: extent.checksum)
        }
        return Directory(rowCount: rowCount, entries: entries, index: index)
    }

    /// Reads the directory, after its checksum.
    private static func directory(
        of stored: StoredSegment
    ) throws(StarlingError) -> RecordReader {
        guard stored.byteCount >= headerByteCount else { throw stored.damage("it is cut off") }
        let header = Array(try stored.read(0..<headerByteCount), headerByteCount)
        guard header.starts(with: magic) || header.starts(with: magicOfShredded) else {
            throw stored.damage("it does not begin as one")
        }
        var reader = RecordReader(header[8...], of: stored.source.path)
        let length = try reader.integer(UInt64.self)
        let checksum = try reader.integer(UInt64.self)
        guard length <= UInt64(stored.byteCount - headerByteCount) else {
            throw stored.damage("its directory is cut off")
        }
        let end = headerByteCount + Int(length)
        let directory = Array(try stored.read(headerByteCount..<end), Int(length))
        guard directory.withUnsafeBytes({ XXHash64.hash($0) }) == checksum else {
            throw stored.damage("its directory has a wrong checksum")
        }
        return RecordReader(directory[...], of: stored.source.path)
    }
}

extension SegmentParts {
    /// The bloom filter of a column or path.
    fileprivate func filter(
        of target: Target, _ stored: StoredSegment, _ column: TableColumn?
    ) -> StoredFilter? {
        filters[target].map {
            StoredFilter(
                segment: stored, column: column, offset: $0.offset, byteCount: $0.byteCount,
                checksum: $0.checksum)
        }
    }

    /// The indexes of a column or path.
    fileprivate func indexes(of target: Target, _ stored: StoredSegment) -> [StoredColumnIndex] {
        (indexes[target] ?? []).map {
            StoredColumnIndex(
                segment: stored, kind: $0.kind, scope: $0.scope, offset: $0.extent.offset,
                byteCount: $0.extent.byteCount, checksum: $0.extent.checksum,
                headByteCount: $0.headByteCount, headChecksum: $0.headChecksum)
        }
    }
}

extension Array<UInt8> {
    fileprivate init(_ buffer: Buffer, _ count: Int) {
        self.init(UnsafeRawBufferPointer(start: buffer.baseAddress, count: count))
    }
}

extension ByteWriter {
    /// Appends the words of a bloom filter.
    fileprivate func append(filter: SplitBlockFilter?) {
        for word in filter?.words ?? [] { append(word) }
    }

    /// Appends what is known of a column.
    func append(_ statistics: ColumnStatistics) {
        let flags = [statistics.isLowExact, statistics.isHighExact, statistics.excludesNaN]
        append(flags.enumerated().reduce(UInt8(0)) { $0 | ($1.element ? 1 : 0) << $1.offset })
        append(Int64(statistics.nullCount ?? -1))
        append(Int64(statistics.estimatedDistinctCount ?? -1))
        append(statistics.estimatedByteWidth ?? -1)
        append(statistics.low)
        append(statistics.high)
    }

    /// Appends a value that is no list; others are as if there were none.
    func append(_ value: Value?) {
        switch value {
        case .integer(let number):
            append(UInt8(1))
            append(number)
        case .floating(let number):
            append(UInt8(2))
            append(number)
        case .bytes(let bytes):
            append(UInt8(3))
            append(UInt32(bytes.count))
            append(bytes)
        default: append(UInt8(0))
        }
    }
}

extension RecordReader {
    mutating func statistics() throws(StarlingError) -> ColumnStatistics {
        let flags = try integer(UInt8.self)
        let nullCount = try integer(Int64.self)
        let distinctCount = try integer(Int64.self)
        let width = Double(bitPattern: try integer(UInt64.self))
        var statistics = ColumnStatistics(low: try value(), high: try value())
        statistics.nullCount = nullCount < 0 ? nil : Int(nullCount)
        statistics.estimatedDistinctCount = distinctCount < 0 ? nil : Int(distinctCount)
        statistics.estimatedByteWidth = width < 0 ? nil : width
        statistics.isLowExact = flags & 1 != 0
        statistics.isHighExact = flags & 2 != 0
        statistics.excludesNaN = flags & 4 != 0
        return statistics
    }

    mutating func value() throws(StarlingError) -> Value? {
        switch try integer(UInt8.self) {
        case 0: return nil
        case 1: return .integer(try integer(Int128.self))
        case 2: return .floating(Double(bitPattern: try integer(UInt64.self)))
        case 3: return .bytes(try bytes())
        default: throw failure("a bound has no type")
        }
    }
}
