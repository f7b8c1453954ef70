// Compression of pages.

import CBrotli
import CDeflate
import CLZ4
import CSnappy
import CZstd
import StarlingErrors
import StarlingMemory

/// Names a compression that pages are written with.
package enum ParquetCodec: Sendable, Equatable {
    case none
    case snappy
    case gzip(level: Int)
    case brotli(level: Int)
    case lz4
    case zstd(level: Int)

    package static let names = "zstd, snappy, gzip, brotli, lz4_raw or none"

    /// Finds the codec of a name as SQL's properties give it.
    package init(name: String, level: Int? = nil) throws(StarlingError) {
        switch name.lowercased() {
        case "none", "uncompressed": self = .none
        case "snappy": self = .snappy
        case "gzip", "zlib": self = .gzip(level: try Self.level(level ?? 6, 1...12, "gzip"))
        case "brotli": self = .brotli(level: try Self.level(level ?? 5, 0...11, "brotli"))
        case "lz4", "lz4_raw": self = .lz4
        case "zstd": self = .zstd(level: try Self.level(level ?? 3, -7...22, "zstd"))
        default:
            throw StarlingError(
                .binding, "there is no compression '\(name)'; use \(Self.names)")
        }
    }

    private static func level(
        _ level: Int, _ range: ClosedRange<Int>, _ name: String
    ) throws(StarlingError) -> Int {
        guard range.contains(level) else {
            throw StarlingError(
                .binding,
                "\(name) has the levels \(range.lowerBound) to \(range.upperBound), not \(level)",
                about: .value(of: "compression_level"))
        }
        return level
    }

    /// The number in the format.
    var code: Int {
        switch self {
        case .none: 0
        case .snappy: 1
        case .gzip: 2
        case .brotli: 4
        case .zstd: 6
        case .lz4: 7
        }
    }
}

/// Compresses pages; belongs to one encoder and keeps its contexts between pages.
final class PageCompressor {
    let codec: ParquetCodec
    private var zstd: OpaquePointer?
    private var deflate: OpaquePointer?

    init(_ codec: ParquetCodec) { self.codec = codec }

    deinit {
        if let zstd { ZSTD_freeCCtx(zstd) }
        if let deflate { libdeflate_free_compressor(deflate) }
    }

    /// Appends the compressed bytes to `target`.
    func compress(
        _ source: UnsafeRawBufferPointer, to target: ByteWriter
    ) throws(StarlingError) {
        guard codec != .none else { return target.append(source) }
        guard source.count < 1 << 31 else {
            throw StarlingError(
                .unsupported,
                "a page of \(source.count) bytes is too large; lower page_row_count")
        }
        let room = bound(source.count)
        let written = try compress(source, into: target.reserve(room), room)
        guard written > 0 else {
            throw StarlingError(.internal, "compression with \(codec) failed")
        }
        target.advance(written)
    }

    private func bound(_ count: Int) -> Int {
        switch codec {
        case .none: count
        case .snappy: snappy_max_compressed_length(count)
        case .gzip: libdeflate_gzip_compress_bound(nil, count)
        // Small inputs may grow by more than the library's own bound says.
        case .brotli: BrotliEncoderMaxCompressedSize(count) + 64
        case .lz4: Int(LZ4_compressBound(Int32(count)))
        case .zstd: ZSTD_compressBound(count)
        }
    }

    /// Returns the number of bytes written, or 0 where it failed.
    private func compress(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawPointer, _ room: Int
    ) throws(StarlingError) -> Int {
        // An empty page has no address, which some of the libraries ask for.
        let start = source.baseAddress ?? UnsafeRawPointer(target)
        switch codec {
        case .none: return 0
        case .snappy:
            var written = room
            let status = snappy_compress(
                start.assumingMemoryBound(to: CChar.self), source.count,
                target.assumingMemoryBound(to: CChar.self), &written)
            return status == SNAPPY_OK ? written : 0
        case .gzip(let level):
            if deflate == nil { deflate = libdeflate_alloc_compressor(Int32(level)) }
            return libdeflate_gzip_compress(deflate, start, source.count, target, room)
        case .brotli(let level):
            var written = room
            let isDone = BrotliEncoderCompress(
                Int32(level), 22, BROTLI_MODE_GENERIC, source.count,
                start.assumingMemoryBound(to: UInt8.self), &written,
                target.assumingMemoryBound(to: UInt8.self))
            return isDone != 0 ? written : 0
        case .lz4:
            return Int(
                LZ4_compress_default(
                    start.assumingMemoryBound(to: CChar.self),
                    target.assumingMemoryBound(to: CChar.self), Int32(source.count), Int32(room)))
        case .zstd(let level):
            if zstd == nil { zstd = ZSTD_createCCtx() }
            let written = ZSTD_compressCCtx(
                zstd, target, room, start, source.count, Int32(level))
            return ZSTD_isError(written) == 0 ? written : 0
        }
    }

    /// The checksum that page headers carry.
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        libdeflate_crc32(0, bytes.baseAddress, bytes.count)
    }
}
