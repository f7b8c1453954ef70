// A stretch of a column as bytes that say themselves how to read them: the unit that our own tables
// store, check, keep in memory and decode window by window.
//
//   block := BlockHeader, a bit a row where there are NULLs (in words of 8 bytes), values
//
// Everything is little-endian and begins at multiples of 8 bytes.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds the encoded values of up to 2³² rows of a column.
package final class ColumnBlock: Sendable {
    /// Lists of lists, and so on, no deeper than this: opening them is recursive.
    private static let depthMax = 128

    package let rowCount: Int
    package let nullCount: Int
    package let physicalType: PhysicalType
    /// The bytes of the block, which begin at a multiple of 8 in their buffer.
    package let buffer: Buffer
    package let offset: Int
    package let byteCount: Int

    package let encoding: BlockEncoding
    /// The block of another column that the values are written in relation to; nil for all others.
    package let base: ColumnBlock?
    private let validity: Validity?
    private let values: any BlockValues

    /// Opens the block at `offset` of `buffer`; says what is wrong where it can't be one. Short
    /// dictionaries become those of the pool; relations are to the values of `base`.
    package init(
        _ buffer: Buffer, at offset: Int = 0, byteCount: Int, depth: Int = 0,
        sharing pool: DictionaryPool? = nil, beside base: ColumnBlock? = nil
    ) throws(StarlingError) {
        guard depth < Self.depthMax else { throw blockDamage("it lies in \(depth) others") }
        guard offset % 8 == 0, byteCount >= BlockHeader.byteCount,
            offset + byteCount <= buffer.byteCount
        else { throw blockDamage("it has \(byteCount) bytes") }
        let start = buffer.baseAddress + offset
        let header = start.load(as: BlockHeader.self)
        guard let encoding = BlockEncoding(rawValue: header.encoding),
            let physicalType = PhysicalType(rawValue: header.physicalType)
        else { throw blockDamage("its encoding has the number \(header.encoding)") }
        let rowCount = Int(header.rowCount)
        let validityBytes = header.hasNulls != 0 ? Validity.wordCount(for: rowCount) * 8 : 0
        let bodyOffset = Int(header.bodyOffset)
        guard header.byteCount <= UInt64(byteCount), header.nullCount <= header.rowCount,
            bodyOffset == BlockHeader.byteCount + validityBytes,
            bodyOffset <= Int(header.byteCount)
        else { throw blockDamage("its parts lie outside of it") }
        self.rowCount = rowCount
        nullCount = Int(header.nullCount)
        self.encoding = encoding
        self.base = encoding.isRelation ? base : nil
        self.physicalType = physicalType
        self.buffer = buffer
        self.offset = offset
        self.byteCount = Int(header.byteCount)
        validity =
            header.hasNulls != 0
            ? Validity(buffer: buffer, wordOffset: (offset + BlockHeader.byteCount) / 8) : nil
        values = try Self.open(
            encoding,
            BlockBytes(
                buffer: buffer, rowCount: rowCount, validity: validity,
                physicalType: physicalType, depth: depth,
                body: UnsafeRawBufferPointer(
                    start: start + bodyOffset, count: Int(header.byteCount) - bodyOffset)), pool,
            base)
    }

    /// Stands for a part of the values in the same rows.
    private init(_ block: ColumnBlock, _ values: any BlockValues) {
        rowCount = block.rowCount
        nullCount = block.nullCount
        encoding = block.encoding
        base = block.base
        physicalType = block.physicalType
        buffer = block.buffer
        offset = block.offset
        byteCount = block.byteCount
        validity = block.validity
        self.values = values
    }

    /// The same lists with the values of a field of the structures in them as elements, of which
    /// nothing else is read.
    package func lists(ofField field: Int) throws(StarlingError) -> ColumnBlock {
        guard let lists = values.lists(ofField: field) else {
            throw blockDamage("its lists have no structures with a field \(field)")
        }
        return ColumnBlock(self, lists)
    }

    /// A field of structures, of which none is NULL.
    func field(_ field: Int) -> ColumnBlock? {
        guard nullCount == 0, let structures = values as? StructureValues,
            structures.fields.indices.contains(field)
        else { return nil }
        return structures.fields[field]
    }

    private static func open(
        _ encoding: BlockEncoding, _ bytes: BlockBytes, _ pool: DictionaryPool?,
        _ base: ColumnBlock?
    ) throws(StarlingError) -> any BlockValues {
        switch encoding {
        case .plain: try PlainValues(bytes)
        case .integers: try IntegerValues(bytes)
        case .integerDictionary: try IntegerDictionaryValues(bytes)
        case .integerRuns: try IntegerRunValues(bytes)
        case .decimals: try DecimalValues(bytes)
        case .texts: try TextValues(bytes)
        case .textDictionary: try TextDictionaryValues(bytes, pool)
        case .textFrames: try TextFrameValues(bytes)
        case .textPieces: try TextPieceValues(bytes)
        case .textForm: try TextFormValues(bytes)
        case .lists: try ListValues(bytes)
        case .structures: try StructureValues(bytes)
        case .differences: try RelatedValues(bytes, base: base, isProduct: false)
        case .products: try RelatedValues(bytes, base: base, isProduct: true)
        }
    }

    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: buffer.baseAddress + offset, count: byteCount)
    }

    package var dictionary: VectorDictionary? { values.dictionary }

    /// The bounds of each `packedCount` rows, where they are known.
    package var bounds: [Bounds]? { values.bounds }

    /// The least and the largest string of each `packedCount` rows, where they are known.
    package var textBounds: [(low: Value, high: Value)]? { values.textBounds }

    /// The bytes that reading may come to hold beside the block's own.
    var decodedByteCount: Int { values.decodedByteCount }

    /// The bytes that the block holds, or may come to.
    package var heldByteCount: Int { buffer.byteCount + decodedByteCount }

    /// Reads rows of the block, all or the selected ones, integers in the extents `type`.
    package func read(
        _ rows: Range<Int>, _ selection: Selection? = nil, as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        guard rows.lowerBound >= 0, rows.upperBound <= rowCount else {
            throw blockDamage("row \(rows.upperBound) of \(rowCount) is asked for")
        }
        var vector: Vector
        if let selection {
            vector = try values.read(rows, selection, as: type)
        } else {
            vector = try values.read(rows, as: type)
        }
        if let validity {
            let window = validity.slice(from: rows.lowerBound, count: rows.count)
            vector.validity = selection.map { window.gathered(by: $0) } ?? window
        }
        return vector
    }
}
