// What a segment's directory says behind the entries of its columns: parts that a reader may pass over
// whose kinds it does not know.
//
//   part := kind (1), bytes (4), what the kind says; 0 is the end
//
//   16  number of a column (4), registers of its distinct values that are not 0 (2 each)
//   17  number of a column (4), sum of its values (16)
//   18  number of a column (4), where its bloom filter begins in the segment, its bytes, its
//       checksum (8 each)
//   23  number of a column (4), number of the column that its values are differences to (4)
//   30  what the paths of a column of documents are (`StoredShredding`)
//   22  count of the columns of the key (4), their numbers (4 each), where the index of keys begins in
//       the segment, its bytes, its checksum (8 each)
//   35  number of a column (4), text: an analyzer, 1 where positions are known (1), where the index of
//       its terms begins in the segment, its bytes, its checksum, the bytes of its head, their
//       checksum (8 each)
//   36  number of a column (4), characters of a run (4), 1 where case does not matter (1), the error
//       that was allowed (8, floating point), where the index of runs begins, its bytes, its checksum
//       (8 each)
//   37  number of a column (4), where the index of its values begins, its bytes, its checksum, the bytes
//       of its head, their checksum (8 each)
//   38  number of a column (4), count of keys (4), these (texts), a kind of 18, 35, 36, 37, 39, 45 and
//       46 (1), and what that one says behind the number, of the path of documents that the keys lead to
//   39  number of a column (4), how its values are spread (as ANALYZE TABLE writes it)
//   40  level (1): the blocks were compressed once more where it was worth it
//   45  as 35, and 46 as 36, of all texts that are read at a path, wherever they stand

import StarlingErrors
import StarlingMemory
import StarlingTables

/// Gathers the parts of a directory by the numbers of columns.
struct SegmentParts {
    var distinct: [UInt32: DistinctRegisters] = [:]
    var sums: [UInt32: Int128] = [:]
    var spreads: [Target: SegmentSpread] = [:]
    /// The column that the values of another are differences to.
    var bases: [UInt32: UInt32] = [:]
    var filters: [Target: Extent] = [:]
    /// The index of keys, and the numbers of the key's columns.
    var index: (key: [UInt32], extent: Extent)?
    var indexes: [Target: [ColumnExtent]] = [:]

    /// Names a column, or the path of its documents that keys lead to.
    struct Target: Hashable {
        /// The number of the column in its table.
        var number: UInt32
        var keys: [[UInt8]] = []
    }

    /// Is where an index of a column lies, and how it begins.
    struct ColumnExtent {
        var kind: IndexKind
        var scope = IndexScope.column
        var extent: Extent
        var headByteCount = 0
        var headChecksum: UInt64 = 0
    }
    var shreddings: [UInt32: StoredShredding] = [:]
    var compressionLevel: Int?

    /// Is where something lies in a segment.
    struct Extent {
        var offset: Int
        var byteCount: Int
        var checksum: UInt64
    }

    private enum Kind {
        static let end: UInt8 = 0
        static let distinct: UInt8 = 16
        static let sum: UInt8 = 17
        static let filter: UInt8 = 18
        static let index: UInt8 = 22
        static let base: UInt8 = 23
        static let shredding: UInt8 = 30
        static let terms: UInt8 = 35
        static let grams: UInt8 = 36
        static let values: UInt8 = 37
        static let path: UInt8 = 38
        static let histogram: UInt8 = 39
        static let compression: UInt8 = 40
        static let termsOfPath: UInt8 = 45
        static let gramsOfPath: UInt8 = 46
    }

    /// Appends what is known of a column.
    static func append(_ summary: ColumnSummary, of number: UInt32, to writer: ByteWriter) {
        if let entries = summary.distinct?.entries {
            append(Kind.distinct, Target(number: number), to: writer) { part in
                for entry in entries { part.append(entry) }
            }
        }
        if let sum = summary.statistics.sum {
            append(Kind.sum, Target(number: number), to: writer) { $0.append(sum) }
        }
    }

    /// Appends how the values of a column or path are spread.
    static func append(
        _ spread: SegmentSpread, of target: Target, to writer: ByteWriter
    ) {
        append(Kind.histogram, target, to: writer) { part in
            switch spread {
            case .made(let histogram): part.append(histogram)
            case .stored(let bytes): part.append(Array(bytes))
            }
        }
    }

    /// Appends which column the values of another are differences to.
    static func append(base: UInt32, of number: UInt32, to writer: ByteWriter) {
        append(Kind.base, Target(number: number), to: writer) { $0.append(base) }
    }

    /// Appends where a bloom filter is.
    static func append(filter extent: Extent, of target: Target, to writer: ByteWriter) {
        append(Kind.filter, target, to: writer) { append(extent, to: $0) }
    }

    /// Appends where the index of the keys in some columns is.
    static func append(
        _ extent: Extent, ofKey key: [UInt32], to writer: ByteWriter
    ) {
        let bytes = ByteWriter(capacity: 64)
        bytes.append(UInt32(key.count))
        for number in key { bytes.append(number) }
        append(extent, to: bytes)
        append(Kind.index, bytes, to: writer)
    }

    /// Appends where an index of a column or a path is.
    static func append(_ index: ColumnExtent, of target: Target, to writer: ByteWriter) {
        let kind =
            switch index.kind {
            case .terms: index.scope == .path ? Kind.termsOfPath : Kind.terms
            case .grams: index.scope == .path ? Kind.gramsOfPath : Kind.grams
            case .values: Kind.values
            }
        append(kind, target, to: writer) { part in
            switch index.kind {
            case .terms(let analyzer, let hasPositions):
                part.append(text: analyzer)
                part.append(UInt8(hasPositions ? 1 : 0))
            case .grams(let size, let ignoresCase, let error):
                part.append(UInt32(truncatingIfNeeded: size))
                part.append(UInt8(ignoresCase ? 1 : 0))
                part.append(error)
                return append(index.extent, to: part)
            case .values: break
            }
            append(index.extent, to: part)
            part.append(UInt64(index.headByteCount))
            part.append(index.headChecksum)
        }
    }

    /// Appends how the blocks were compressed once more.
    static func append(compressionLevel level: Int, to writer: ByteWriter) {
        let bytes = ByteWriter(capacity: 8)
        bytes.append(UInt8(level))
        append(Kind.compression, bytes, to: writer)
    }

    /// Appends what is known of the paths of a column of documents.
    static func append(_ shredding: StoredShredding, to writer: ByteWriter) {
        let bytes = ByteWriter()
        bytes.append(shredding)
        append(Kind.shredding, bytes, to: writer)
    }

    private static func append(_ extent: Extent, to writer: ByteWriter) {
        writer.append(UInt64(extent.offset))
        writer.append(UInt64(extent.byteCount))
        writer.append(extent.checksum)
    }

    private static func append(
        _ kind: UInt8, _ target: Target, to writer: ByteWriter, _ write: (ByteWriter) -> Void
    ) {
        let bytes = ByteWriter(capacity: 64)
        bytes.append(target.number)
        if !target.keys.isEmpty {
            bytes.append(UInt32(target.keys.count))
            for key in target.keys {
                bytes.append(UInt32(key.count))
                bytes.append(key)
            }
            bytes.append(kind)
        }
        write(bytes)
        append(target.keys.isEmpty ? kind : Kind.path, bytes, to: writer)
    }

    private static func append(_ kind: UInt8, _ bytes: ByteWriter, to writer: ByteWriter) {
        writer.append(kind)
        writer.append(UInt32(bytes.count))
        writer.append(bytes.bytes)
    }

    /// Reads all parts up to the end of the directory.
    init(_ reader: inout RecordReader) throws(StarlingError) {
        while !reader.isAtEnd {
            let kind = try reader.integer(UInt8.self)
            if kind == Kind.end { return }
            var part = try reader.part()
            switch kind {
            case Kind.distinct:
                let number = try part.integer(UInt32.self)
                let rest = part.rest()
                let entries = stride(from: rest.startIndex, to: rest.endIndex - 1, by: 2).map {
                    UInt16(rest[$0]) | UInt16(rest[$0 + 1]) << 8
                }
                distinct[number] = DistinctRegisters(entries: entries)
            case Kind.sum:
                let number = try part.integer(UInt32.self)
                sums[number] = try part.integer(Int128.self)
            case Kind.base:
                let number = try part.integer(UInt32.self)
                bases[number] = try part.integer(UInt32.self)
            case Kind.index:
                var key: [UInt32] = []
                for _ in 0..<(try part.integer(UInt32.self)) {
                    key.append(try part.integer(UInt32.self))
                }
                index = (key, try Self.extent(&part))
            case Kind.shredding:
                let shredding = try StoredShredding(&part)
                shreddings[shredding.number] = shredding
            case Kind.compression: compressionLevel = Int(try part.integer(UInt8.self))
            case Kind.path:
                var target = Target(number: try part.integer(UInt32.self))
                for _ in 0..<(try part.integer(UInt32.self)) {
                    target.keys.append(try part.bytes())
                }
                try add(try part.integer(UInt8.self), target, &part)
            case Kind.filter, Kind.terms, Kind.grams, Kind.values, Kind.histogram:
                try add(kind, Target(number: try part.integer(UInt32.self)), &part)
            default: continue
            }
        }
    }

    private mutating func add(
        _ kind: UInt8, _ target: Target, _ part: inout RecordReader
    ) throws(StarlingError) {
        switch kind {
        case Kind.filter: filters[target] = try Self.extent(&part)
        case Kind.histogram: spreads[target] = .stored(part.rest())
        case Kind.terms, Kind.grams, Kind.values, Kind.termsOfPath, Kind.gramsOfPath:
            indexes[target, default: []].append(try Self.index(kind, &part))
        default: return
        }
    }

    private static func index(
        _ kind: UInt8, _ part: inout RecordReader
    ) throws(StarlingError) -> ColumnExtent {
        let own: IndexKind
        let scope: IndexScope =
            kind == Kind.termsOfPath || kind == Kind.gramsOfPath ? .path : .column
        switch kind {
        case Kind.terms, Kind.termsOfPath:
            let analyzer = try part.text()
            own = .terms(
                analyzer: analyzer, hasPositions: try part.integer(UInt8.self) != 0)
        case Kind.grams, Kind.gramsOfPath:
            let size = Int(try part.integer(UInt32.self))
            let ignoresCase = try part.integer(UInt8.self) != 0
            let error = Double(bitPattern: try part.integer(UInt64.self))
            guard size > 0, (0.000_01...0.5).contains(error) else {
                throw part.failure("an index of runs of \(size) characters")
            }
            own = .grams(size: size, ignoresCase: ignoresCase, error: error)
            return ColumnExtent(kind: own, scope: scope, extent: try extent(&part))
        default: own = .values
        }
        return ColumnExtent(
            kind: own, scope: scope, extent: try extent(&part), headByteCount: try part.count(),
            headChecksum: try part.integer(UInt64.self))
    }

    private static func extent(_ part: inout RecordReader) throws(StarlingError) -> Extent {
        Extent(
            offset: try part.count(), byteCount: try part.count(),
            checksum: try part.integer(UInt64.self))
    }
}
