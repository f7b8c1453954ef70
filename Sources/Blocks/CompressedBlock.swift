// Blocks of tables that are read seldom, compressed once more. They are brought back when they are read
// from the disk, so nothing else knows of them.
//
//   compressed block := BlockHeader with the encoding 13, whose counts are those of the block within;
//                       the bytes of that (8), a zstd frame of it, zeros up to a multiple of 8

import CZstd
import StarlingErrors
import StarlingMemory

/// Compresses blocks as a whole.
package enum CompressedBlock {
    private static let encoding: UInt8 = 13
    /// No frame of zstd stands for more bytes than so many times its own.
    private static let ratioMax = 65_536

    /// Returns the compressed form of a block; nil where it saves less than a sixteenth.
    package static func compress(_ block: ColumnBlock, level: Int) -> ByteWriter? {
        let source = block.bytes
        let writer = ByteWriter(capacity: BlockHeader.byteCount + 16)
        var header = BlockHeader(
            encoding: encoding, physicalType: block.physicalType.rawValue, hasNulls: 0,
            rowCount: UInt32(block.rowCount), nullCount: UInt32(block.nullCount),
            bodyOffset: UInt32(BlockHeader.byteCount))
        writer.append(header)
        writer.append(UInt64(source.count))
        let room = ZSTD_compressBound(source.count)
        let written = ZSTD_compress(
            writer.reserve(room), room, source.baseAddress, source.count, Int32(level))
        guard ZSTD_isError(written) == 0, written < source.count / 16 * 15 else { return nil }
        writer.advance(written)
        writer.pad(toMultipleOf: 8)
        header.byteCount = UInt64(writer.count)
        writer.start.storeBytes(of: header, as: BlockHeader.self)
        return writer
    }

    /// Returns the block within the bytes of a compressed one; nil where they are no such.
    package static func expand(
        _ buffer: Buffer, byteCount: Int
    ) throws(StarlingError) -> (buffer: Buffer, byteCount: Int)? {
        let bodyOffset = BlockHeader.byteCount + 8
        guard byteCount > bodyOffset, byteCount <= buffer.byteCount else { return nil }
        let start = buffer.baseAddress
        let header = start.load(as: BlockHeader.self)
        guard header.encoding == encoding else { return nil }
        let claimed = start.load(fromByteOffset: BlockHeader.byteCount, as: UInt64.self)
        let frame = start + bodyOffset
        // Zeros may stand behind the frame.
        let frameByteCount = ZSTD_findFrameCompressedSize(frame, byteCount - bodyOffset)
        guard ZSTD_isError(frameByteCount) == 0, claimed >= UInt64(BlockHeader.byteCount),
            claimed <= UInt64(frameByteCount) * UInt64(ratioMax)
        else { throw blockDamage("it can't be decompressed") }
        let expanded = Buffer(byteCount: Int(claimed))
        let written = ZSTD_decompress(
            expanded.baseAddress, expanded.byteCount, frame, frameByteCount)
        guard written == Int(claimed) else { throw blockDamage("it can't be decompressed") }
        let inner = expanded.baseAddress.load(as: BlockHeader.self)
        guard inner.encoding != encoding, inner.rowCount == header.rowCount,
            inner.nullCount == header.nullCount
        else { throw blockDamage("what it holds is another block") }
        return (expanded, Int(claimed))
    }
}
