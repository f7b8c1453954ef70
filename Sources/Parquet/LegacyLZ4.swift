// The codec that the format calls LZ4, which writers understood in three ways before LZ4_RAW said
// what is meant. The bytes tell which one it is:
//
//  1. Hadoop's framing: blocks, each behind two numbers of 32 bits, highest byte first: what it
//     decompresses to and what it takes. The numbers have to agree with the page to the last byte.
//  2. A frame of LZ4's own format, which begins with a magic number.
//  3. One bare block.

import CLZ4
import StarlingStreams

enum LegacyLZ4 {
    private static let frameMagic: UInt32 = 0x184D_2204

    /// Decompresses exactly `targetByteCount` bytes; false where no reading gives them.
    static func decompress(
        _ source: UnsafeRawPointer, _ byteCount: Int, into target: UnsafeMutableRawPointer,
        _ targetByteCount: Int
    ) -> Bool {
        if byteCount >= 4, source.loadUnaligned(as: UInt32.self) == frameMagic,
            decompressLZ4Frames(source, byteCount, into: target, targetByteCount)
        {
            return true
        }
        return decodeHadoopBlocks(source, byteCount, into: target, targetByteCount)
            || decodeBlock(source, byteCount, into: target, targetByteCount) == targetByteCount
    }

    /// Decompresses one block, and returns the number of bytes made, which is negative on failure.
    static func decodeBlock(
        _ source: UnsafeRawPointer, _ byteCount: Int, into target: UnsafeMutableRawPointer,
        _ capacity: Int
    ) -> Int {
        Int(
            LZ4_decompress_safe(
                source.assumingMemoryBound(to: CChar.self),
                target.assumingMemoryBound(to: CChar.self), Int32(byteCount), Int32(capacity)))
    }

    private static func decodeHadoopBlocks(
        _ source: UnsafeRawPointer, _ byteCount: Int, into target: UnsafeMutableRawPointer,
        _ targetByteCount: Int
    ) -> Bool {
        var read = 0
        var written = 0
        while byteCount - read >= 8 {
            let whole = Int(UInt32(bigEndian: (source + read).loadUnaligned(as: UInt32.self)))
            let packed = Int(UInt32(bigEndian: (source + read + 4).loadUnaligned(as: UInt32.self)))
            read += 8
            guard whole <= targetByteCount - written, packed <= byteCount - read,
                decodeBlock(source + read, packed, into: target + written, whole) == whole
            else { return false }
            read += packed
            written += whole
        }
        return read == byteCount && written == targetByteCount
    }
}
