import StarlingBlocks
import StarlingErrors
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is where a block of a segment can be read, and what must be true of it.
struct StoredBlock: Sendable {
    var segment: StoredSegment
    /// Nil where the table does not have the column any more.
    var column: TableColumn?
    /// Counts the blocks of the segment up to this.
    var number: Int
    var rowCount: Int
    /// Where the block begins in the segment.
    var offset: Int
    var byteCount: Int
    var checksum: UInt64
    var pool: DictionaryPool?
    /// How the blocks of the segment were compressed once more.
    var compressionLevel: Int?

    /// Reads the block, after its checksum; its values may be differences to those of `base`.
    func read(beside base: ColumnBlock? = nil) throws(StarlingError) -> ColumnBlock {
        guard offset >= 0, byteCount >= 0, offset <= segment.byteCount,
            byteCount <= segment.byteCount - offset
        else { throw damage("lies outside of it") }
        let buffer = try segment.read(offset..<(offset + byteCount))
        let bytes = UnsafeRawBufferPointer(start: buffer.baseAddress, count: byteCount)
        guard XXHash64.hash(bytes) == checksum else { throw damage("has a wrong checksum") }
        let block: ColumnBlock
        do throws(StarlingError) {
            let expanded = try CompressedBlock.expand(buffer, byteCount: byteCount)
            block = try ColumnBlock(
                expanded?.buffer ?? buffer, byteCount: expanded?.byteCount ?? byteCount,
                sharing: pool, beside: base)
        } catch {
            throw damage("cannot be opened: \(error.message)")
        }
        let type = column?.type.widestPhysicalType ?? block.physicalType
        guard block.rowCount == rowCount, block.physicalType.isAsNarrow(as: type) else {
            throw damage("has other rows or another type than the table")
        }
        return block
    }

    private func damage(_ message: String) -> StarlingError {
        let name = column.map { ", of column '\($0.name)'," } ?? ""
        return segment.damage("block \(number)\(name) \(message)")
    }
}

extension PhysicalType {
    /// Tells whether a column that was made wider may have blocks of this type.
    func isAsNarrow(as other: PhysicalType) -> Bool {
        self == other || (isInteger && other.isInteger && byteWidth <= other.byteWidth)
            || (self == .float32 && other == .float64)
    }
}
