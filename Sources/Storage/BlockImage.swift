import StarlingBlocks
import StarlingErrors
import StarlingMemory

/// Is a block as it is written.
struct BlockImage {
    private let block: ColumnBlock
    /// Nil where it is written as it is.
    private let compressed: ByteWriter?
    let checksum: UInt64

    /// Takes the block of a column, compressed once more where the table asks for it and it is worth
    /// it.
    init(_ column: SegmentColumn, level: Int?) throws(StarlingError) {
        let block = try column.block()
        self.block = block
        compressed = level.flatMap { CompressedBlock.compress(block, level: $0) }
        checksum = XXHash64.hash(compressed?.bytes ?? block.bytes)
    }

    var bytes: UnsafeRawBufferPointer { compressed?.bytes ?? block.bytes }
    var byteCount: Int { bytes.count }
}
