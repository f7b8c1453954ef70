// The codecs of pages. Each call makes exactly the number of bytes that the page's header says, or
// fails.

import CBrotli
import CDeflate
import CLZ4
import CPlatform
import CZstd
import StarlingMemory

/// Decompresses pages; keeps what the libraries want to keep between calls. Belongs to one reader.
final class PageDecompressor {
    private var zstd: OpaquePointer?
    private var deflate: OpaquePointer?

    deinit {
        if let zstd { ZSTD_freeDCtx(zstd) }
        if let deflate { libdeflate_free_decompressor(deflate) }
    }

    /// Names a codec by its code in the format.
    static func name(_ codec: Int) -> String {
        let names = ["none", "snappy", "gzip", "lzo", "brotli", "lz4", "zstd", "lz4_raw"]
        return names.indices.contains(codec) ? names[codec] : "number \(codec)"
    }

    /// Throws where a page claims to grow more than the codec can make it grow.
    static func checkGrowth(
        _ codec: Int, from compressed: Int, to uncompressed: Int
    ) throws(ParquetDamage) {
        let factor =
            switch codec {
            case 0: 1
            case 1: 64
            case 2: 1_100
            case 4, 6: 1 << 17
            default: 256
            }
        if uncompressed > (compressed + 64) * factor {
            throw ParquetDamage("a page header has an impossible size")
        }
    }

    func decompress(
        _ codec: Int, _ source: UnsafeRawPointer, byteCount: Int,
        into target: UnsafeMutableRawPointer, targetByteCount: Int
    ) throws(ParquetDamage) {
        let succeeded: Bool
        switch codec {
        case 1:
            succeeded = starling_snappy_decompress(
                source.assumingMemoryBound(to: UInt8.self), byteCount,
                target.assumingMemoryBound(to: UInt8.self), targetByteCount)
        case 2:
            succeeded = gunzip(source, byteCount, target, targetByteCount)
        case 4:
            var written = targetByteCount
            let result = BrotliDecoderDecompress(
                byteCount, source.assumingMemoryBound(to: UInt8.self), &written,
                target.assumingMemoryBound(to: UInt8.self))
            succeeded = result == BROTLI_DECODER_RESULT_SUCCESS && written == targetByteCount
        case 5:
            succeeded = LegacyLZ4.decompress(source, byteCount, into: target, targetByteCount)
        case 6:
            if zstd == nil { zstd = ZSTD_createDCtx() }
            let written = ZSTD_decompressDCtx(zstd, target, targetByteCount, source, byteCount)
            succeeded = ZSTD_isError(written) == 0 && written == targetByteCount
        case 7:
            succeeded =
                LegacyLZ4.decodeBlock(source, byteCount, into: target, targetByteCount)
                == targetByteCount
        default:
            throw .unsupported("pages compressed with \(Self.name(codec)) can't be read")
        }
        guard succeeded else {
            throw ParquetDamage("a page can't be decompressed with \(Self.name(codec))")
        }
    }

    /// Computes the checksum that page headers bear.
    static func checksum(_ bytes: UnsafeRawPointer, byteCount: Int) -> UInt32 {
        libdeflate_crc32(0, bytes, byteCount)
    }

    /// Decompresses one or more members, one after the other; some writers make those of zlib.
    private func gunzip(
        _ source: UnsafeRawPointer, _ byteCount: Int, _ target: UnsafeMutableRawPointer,
        _ targetByteCount: Int
    ) -> Bool {
        if deflate == nil { deflate = libdeflate_alloc_decompressor() }
        var read = 0
        var written = 0
        while read < byteCount {
            var consumed = 0
            var produced = 0
            let isGzip = (source + read).load(as: UInt8.self) == 0x1F
            let decompress =
                isGzip ? libdeflate_gzip_decompress_ex : libdeflate_zlib_decompress_ex
            let status = decompress(
                deflate, source + read, byteCount - read, target + written,
                targetByteCount - written, &consumed, &produced)
            guard status == LIBDEFLATE_SUCCESS, consumed > 0 else { return false }
            read += consumed
            written += produced
        }
        return written == targetByteCount
    }
}
