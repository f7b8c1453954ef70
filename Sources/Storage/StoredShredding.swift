// What a segment's directory says of the paths of a column of documents.
//
//   shredding := number of the column (4), documents looked at as a whole (8), count of words of the
//                filter of kept paths (4; 0 where there is none), these (4 each), count of paths (4),
//                of each: path, where its block is, its bytes, its checksum (8 each), statistics, 1
//                and the sum (16) or 0, count of registers (4), these (2 each)
//   path := count of keys (4), these (texts), type, documents with JSON's null there (8), with something
//           else in the remainder (8)
//   type := its number (1), of lists the type of the elements, of records count of paths (4), these

import StarlingBlocks
import StarlingErrors
import StarlingMemory
import StarlingShredding
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is what is stored of the paths of a column of documents.
struct StoredShredding {
    /// Is a path, and where its block is.
    struct Path {
        var path: ShreddedPath
        var extent: SegmentParts.Extent
        var summary: ColumnSummary
    }

    /// The number of the column in its table.
    var number: UInt32
    var wholeCount: Int
    var keptPaths: SplitBlockFilter?
    var paths: [Path]

    /// Describes the paths of a column, whose blocks lie at `extents`.
    init(_ shredded: ShreddedBlocks, of number: UInt32, at extents: [SegmentParts.Extent]) {
        self.number = number
        wholeCount = shredded.wholeCount
        keptPaths = shredded.keptPaths
        paths = zip(zip(shredded.paths, shredded.columns), extents).map { known, extent in
            Path(path: known.0, extent: extent, summary: known.1.summary)
        }
    }

    /// Where the block of a path is, and what must be true of it.
    func place(
        of path: Path, _ stored: StoredSegment, column: TableColumn?, number: Int, rowCount: Int,
        _ pool: DictionaryPool?
    ) -> StoredBlock {
        StoredBlock(
            segment: stored,
            column: column.map {
                TableColumn(
                    name: $0.name + "." + path.path.text, type: path.path.type.logicalType)
            },
            number: number, rowCount: rowCount, offset: path.extent.offset,
            byteCount: path.extent.byteCount, checksum: path.extent.checksum,
            pool: pool?.part(path.path.keys))
    }
}

// MARK: Bytes

extension ByteWriter {
    /// Appends what a part says of the paths of a column.
    func append(_ shredding: StoredShredding) {
        append(shredding.number)
        append(UInt64(shredding.wholeCount))
        let words = shredding.keptPaths?.words ?? []
        append(UInt32(words.count))
        for word in words { append(word) }
        append(UInt32(shredding.paths.count))
        for path in shredding.paths { append(path) }
    }

    private func append(_ path: StoredShredding.Path) {
        append(path.path)
        append(UInt64(path.extent.offset))
        append(UInt64(path.extent.byteCount))
        append(path.extent.checksum)
        append(path.summary.statistics)
        append(UInt8(path.summary.statistics.sum == nil ? 0 : 1))
        if let sum = path.summary.statistics.sum { append(sum) }
        let entries = path.summary.distinct?.entries ?? []
        append(UInt32(entries.count))
        for entry in entries { append(entry) }
    }

    private func append(_ path: ShreddedPath) {
        append(UInt32(path.keys.count))
        for key in path.keys {
            append(UInt32(key.count))
            append(key)
        }
        append(path.type)
        append(UInt64(path.nullCount))
        append(UInt64(path.otherCount))
    }

    private func append(_ type: ShreddedType) {
        append(type.code)
        switch type {
        case .list(let element): append(element)
        case .records(let paths):
            append(UInt32(paths.count))
            for path in paths { append(path) }
        default: break
        }
    }
}

extension StoredShredding {
    init(_ reader: inout RecordReader) throws(StarlingError) {
        number = try reader.integer(UInt32.self)
        wholeCount = try reader.count()
        var words: [UInt32] = []
        for _ in 0..<(try reader.integer(UInt32.self)) {
            words.append(try reader.integer(UInt32.self))
        }
        keptPaths = SplitBlockFilter(words: words)
        paths = []
        for _ in 0..<(try reader.integer(UInt32.self)) { paths.append(try Path(&reader)) }
    }
}

extension StoredShredding.Path {
    fileprivate init(_ reader: inout RecordReader) throws(StarlingError) {
        path = try ShreddedPath(&reader, depth: 0)
        extent = SegmentParts.Extent(
            offset: try reader.count(), byteCount: try reader.count(),
            checksum: try reader.integer(UInt64.self))
        var statistics = try reader.statistics()
        if try reader.integer(UInt8.self) != 0 { statistics.sum = try reader.integer(Int128.self) }
        var entries: [UInt16] = []
        for _ in 0..<(try reader.integer(UInt32.self)) {
            entries.append(try reader.integer(UInt16.self))
        }
        summary = ColumnSummary(
            statistics,
            distinct: statistics.estimatedDistinctCount == nil && entries.isEmpty
                ? nil : DistinctRegisters(entries: entries))
    }
}

extension ShreddedPath {
    /// Types in types, no deeper than this: reading them is recursive.
    fileprivate static let depthMax = 32

    fileprivate init(_ reader: inout RecordReader, depth: Int) throws(StarlingError) {
        var keys: [[UInt8]] = []
        for _ in 0..<(try reader.integer(UInt32.self)) { keys.append(try reader.bytes()) }
        self.init(
            keys: keys, type: try ShreddedType(&reader, depth: depth),
            nullCount: try reader.count(), otherCount: try reader.count())
    }
}

extension ShreddedType {
    fileprivate init(_ reader: inout RecordReader, depth: Int) throws(StarlingError) {
        guard depth < ShreddedPath.depthMax else {
            throw reader.failure("the type of a path is too deep")
        }
        let code = try reader.integer(UInt8.self)
        switch code {
        case Self.listCode: self = .list(try ShreddedType(&reader, depth: depth + 1))
        case Self.recordsCode:
            var paths: [ShreddedPath] = []
            for _ in 0..<(try reader.integer(UInt32.self)) {
                paths.append(try ShreddedPath(&reader, depth: depth + 1))
            }
            self = .records(paths)
        default:
            guard let type = ShreddedType(code: code) else {
                throw reader.failure("the type of a path is not known")
            }
            self = type
        }
    }
}
