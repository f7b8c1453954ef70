// What a segment's directory says behind the entries of its columns: parts that a reader may pass over
// whose kinds it does not know.
//
//   part := kind (1), bytes (4), what the kind says; 0 is the end
//
//   16  number of a column (4), registers of its distinct values that are not 0 (2 each)
//   17  number of a column (4), sum of its values (16)
//   18  number of a column (4), where its bloom filter begins in the segment, its bytes, its
//       checksum (8 each)

import StarlingErrors
import StarlingMemory
import StarlingTables

/// Gathers the parts of a directory by the numbers of columns.
struct SegmentParts {
    var distinct: [UInt32: DistinctRegisters] = [:]
    var sums: [UInt32: Int128] = [:]
    var filters: [UInt32: Extent] = [:]
    /// What others know how to read, by its kind.
    var others: [UInt8: RecordReader] = [:]

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
    }

    /// Appends what is known of a column, whose filter begins at `filter`.
    static func append(
        _ summary: ColumnSummary, of number: UInt32, filter: Extent?, to writer: ByteWriter
    ) {
        if let entries = summary.distinct?.entries {
            append(Kind.distinct, number, byteCount: entries.count * 2, to: writer)
            for entry in entries { writer.append(entry) }
        }
        if let sum = summary.statistics.sum {
            append(Kind.sum, number, byteCount: 16, to: writer)
            writer.append(sum)
        }
        if let filter {
            append(Kind.filter, number, byteCount: 24, to: writer)
            writer.append(UInt64(filter.offset))
            writer.append(UInt64(filter.byteCount))
            writer.append(filter.checksum)
        }
    }

    private static func append(
        _ kind: UInt8, _ number: UInt32, byteCount: Int, to writer: ByteWriter
    ) {
        writer.append(kind)
        writer.append(UInt32(byteCount + 4))
        writer.append(number)
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
                var entries: [UInt16] = []
                while !part.isAtEnd { entries.append(try part.integer(UInt16.self)) }
                distinct[number] = DistinctRegisters(entries: entries)
            case Kind.sum:
                let number = try part.integer(UInt32.self)
                sums[number] = try part.integer(Int128.self)
            case Kind.filter:
                let number = try part.integer(UInt32.self)
                filters[number] = Extent(
                    offset: try part.count(), byteCount: try part.count(),
                    checksum: try part.integer(UInt64.self))
            default: others[kind] = part
            }
        }
    }
}
