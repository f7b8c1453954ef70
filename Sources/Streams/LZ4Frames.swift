// LZ4's own frames, which Arrow compresses buffers with and some writers of Parquet their pages.

import CLZ4

/// Decompresses frames to exactly `targetByteCount` bytes; false where they don't give them.
package func decompressLZ4Frames(
    _ source: UnsafeRawPointer, _ byteCount: Int, into target: UnsafeMutableRawPointer,
    _ targetByteCount: Int
) -> Bool {
    var context: OpaquePointer?
    guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0
    else { return false }
    defer { LZ4F_freeDecompressionContext(context) }
    var read = 0
    var written = 0
    while read < byteCount {
        var consumed = byteCount - read
        var produced = targetByteCount - written
        let status = LZ4F_decompress(
            context, target + written, &produced, source + read, &consumed, nil)
        guard LZ4F_isError(status) == 0, consumed > 0 || produced > 0 else { return false }
        read += consumed
        written += produced
    }
    return written == targetByteCount
}
