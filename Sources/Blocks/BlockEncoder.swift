// Vectors into blocks: for each kind of values the encodings that may be worth it are tried, and the
// smallest is kept.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Says where blocks will lie, and so what is worth its time.
package enum BlockPurpose: Sendable {
    /// Texts stay as they are, since they would be decoded again and again.
    case memory
    case disk
}

/// Encodes columns as blocks.
package enum BlockEncoder {
    /// Encodes a column and opens what it became, maybe in relation to the values of `base`.
    package static func encode(
        _ vector: Vector, for purpose: BlockPurpose, sharing pool: DictionaryPool? = nil,
        beside base: ColumnBlock? = nil
    ) throws(StarlingError) -> ColumnBlock {
        let base = base.flatMap { $0.canBeBase && $0.rowCount == vector.count ? $0 : nil }
        let others = try base?.read(0..<vector.count, as: .int64)
        let writer = ByteWriter(capacity: 65_536)
        write(vector, for: purpose, beside: others, into: writer)
        let byteCount = writer.count
        return try ColumnBlock(
            writer.takeBuffer(), byteCount: byteCount, sharing: pool, beside: base)
    }

    /// Appends the block of a column; the writer's count is a multiple of 8, before and after. The
    /// values may follow from `others`, numbers of 64 bits.
    package static func write(
        _ vector: Vector, for purpose: BlockPurpose, beside others: Vector? = nil,
        into writer: ByteWriter
    ) {
        let source = vector.isConstant ? vector.flattened() : vector
        let nullCount = source.validity.map { source.count - $0.validCount(of: source.count) } ?? 0
        let start = writer.count
        var header = BlockHeader(
            encoding: 0, physicalType: source.physicalType.rawValue,
            hasNulls: nullCount > 0 ? 1 : 0, rowCount: UInt32(source.count),
            nullCount: UInt32(nullCount), bodyOffset: 0)
        writer.append(header)
        if nullCount > 0 { appendValidity(of: source, to: writer) }
        header.bodyOffset = UInt32(writer.count - start)
        header.encoding =
            appendValues(
                of: source, for: purpose, beside: others, to: writer
            ).rawValue
        writer.pad(toMultipleOf: 8)
        header.byteCount = UInt64(writer.count - start)
        writer.start.storeBytes(of: header, toByteOffset: start, as: BlockHeader.self)
    }

    private static func appendValidity(of source: Vector, to writer: ByteWriter) {
        let words = source.validity!.words
        for word in 0..<Validity.wordCount(for: source.count) { writer.append(words[word]) }
    }

    private static func appendValues(
        of source: Vector, for purpose: BlockPurpose, beside others: Vector?,
        to writer: ByteWriter
    ) -> BlockEncoding {
        switch source.physicalType {
        case .int8, .int16, .int32, .int64, .int128:
            IntegerEncoder.append(source.flattened(), beside: others, to: writer)
        case .float32, .float64: DecimalEncoder.append(source.flattened(), to: writer)
        case .string: TextEncoder.append(source, for: purpose, to: writer)
        case .list: appendLists(source.compacted(), for: purpose, to: writer)
        case .structure: appendStructures(source.flattened(), for: purpose, to: writer)
        }
    }

    private static func appendLists(
        _ source: Vector, for purpose: BlockPurpose, to writer: ByteWriter
    ) -> BlockEncoding {
        let ranges = source.pointer(to: ListRange.self)
        let lengths = Buffer(byteCount: source.count * 8)
        let target = lengths.pointer(to: Int64.self)
        for row in 0..<source.count { target[row] = Int64(ranges[row].count) }
        appendExtents(target, count: source.count, to: writer)
        appendChildren(source, for: purpose, to: writer)
        return .lists
    }

    private static func appendStructures(
        _ source: Vector, for purpose: BlockPurpose, to writer: ByteWriter
    ) -> BlockEncoding {
        appendChildren(source, for: purpose, to: writer)
        return .structures
    }

    private static func appendChildren(
        _ source: Vector, for purpose: BlockPurpose, to writer: ByteWriter
    ) {
        let children = source.children?.vectors ?? []
        writer.append(UInt64(children.count))
        for child in children { appendNested(child, for: purpose, to: writer) }
    }

    /// Appends a block within the body of another, behind its byte count.
    static func appendNested(
        _ vector: Vector, for purpose: BlockPurpose, to writer: ByteWriter
    ) {
        let start = writer.count
        writer.append(UInt64(0))
        write(vector, for: purpose, into: writer)
        writer.start.storeBytes(
            of: UInt64(writer.count - start - 8), toByteOffset: start, as: UInt64.self)
    }

    /// Appends lengths and where each run of them begins.
    static func appendExtents(
        _ lengths: UnsafePointer<Int64>, count: Int, to writer: ByteWriter
    ) {
        IntegerSequenceWriter.write(lengths, count: count, into: writer)
        var sum: UInt64 = 0
        for start in stride(from: 0, to: count, by: packedCount) {
            writer.append(sum)
            for row in start..<min(start + packedCount, count) { sum &+= UInt64(lengths[row]) }
        }
        writer.append(sum)
    }
}
