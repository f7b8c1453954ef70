// The codecs of chunks. A chunk says how many bytes it takes but not what it grows to, only that
// this is no more than the file's block size.

import CBrotli
import CDeflate
import CLZ4
import CPlatform
import CZstd
import StarlingMemory

/// Decompresses chunks; keeps what the libraries want to keep between calls. Belongs to one reader.
final class Decompressor {
    let codec: ORCCodec
    private let blockByteCount: Int
    private var zstd: OpaquePointer?
    private var deflate: OpaquePointer?

    init(_ codec: ORCCodec, blockByteCount: Int) {
        self.codec = codec
        self.blockByteCount = blockByteCount
    }

    deinit {
        if let zstd { ZSTD_freeDCtx(zstd) }
        if let deflate { libdeflate_free_decompressor(deflate) }
    }

    /// Returns the most that a chunk can grow to.
    func capacity(
        _ source: UnsafeRawPointer, byteCount: Int
    ) throws(ORCDamage) -> Int {
        let factor =
            switch codec {
            case .none: 1
            case .zlib: 1_100
            case .snappy: 64
            case .lzo, .lz4: 256
            case .zstd, .brotli: 1 << 17
            }
        let most = min(blockByteCount, (byteCount + 64) * factor)
        // Snappy alone tells the size.
        guard codec == .snappy else { return most }
        guard let size = Self.snappySize(source, byteCount), size <= most else {
            throw ORCDamage("a chunk has an impossible size")
        }
        return size
    }

    /// Decompresses a chunk into `target`, and returns how many bytes it made.
    func decompress(
        _ source: UnsafeRawPointer, byteCount: Int, into target: UnsafeMutableRawPointer,
        capacity: Int
    ) throws(ORCDamage) -> Int {
        var written = -1
        switch codec {
        case .none: break
        case .zlib:
            if deflate == nil { deflate = libdeflate_alloc_decompressor() }
            var size = 0
            let status = libdeflate_deflate_decompress(
                deflate, source, byteCount, target, capacity, &size)
            if status == LIBDEFLATE_SUCCESS { written = size }
        case .snappy:
            let succeeded = starling_snappy_decompress(
                source.assumingMemoryBound(to: UInt8.self), byteCount,
                target.assumingMemoryBound(to: UInt8.self), capacity)
            if succeeded { written = capacity }
        case .lz4:
            written = Int(
                LZ4_decompress_safe(
                    source.assumingMemoryBound(to: CChar.self),
                    target.assumingMemoryBound(to: CChar.self), Int32(byteCount),
                    Int32(capacity)))
        case .zstd:
            if zstd == nil { zstd = ZSTD_createDCtx() }
            let size = ZSTD_decompressDCtx(zstd, target, capacity, source, byteCount)
            if ZSTD_isError(size) == 0 { written = size }
        case .brotli:
            var size = capacity
            let result = BrotliDecoderDecompress(
                byteCount, source.assumingMemoryBound(to: UInt8.self), &size,
                target.assumingMemoryBound(to: UInt8.self))
            if result == BROTLI_DECODER_RESULT_SUCCESS { written = size }
        case .lzo:
            throw .unsupported("files compressed with LZO can't be read")
        }
        guard written >= 0, written <= capacity else {
            throw ORCDamage("a chunk can't be decompressed with \(codec)")
        }
        return written
    }

    /// Reads the length that a Snappy block begins with.
    private static func snappySize(_ source: UnsafeRawPointer, _ byteCount: Int) -> Int? {
        var size = 0
        for index in 0..<min(5, byteCount) {
            let byte = source.load(fromByteOffset: index, as: UInt8.self)
            size |= Int(byte & 0x7F) << (7 * index)
            if byte & 0x80 == 0 { return size }
        }
        return nil
    }
}
