// Compression of buffers: each bears its size in front, or -1 where it would only have grown.

import CLZ4
import CZstd
import StarlingErrors
import StarlingFormats
import StarlingMemory

/// Names what buffers are compressed with.
enum ArrowCompression: Sendable, Equatable {
    case none
    case lz4(level: Int)
    case zstd(level: Int)

    static let names = "none, lz4 or zstd"

    init(_ options: WriteOptions) throws(StarlingError) {
        let level = try options.integer("compression_level", in: -7...22)
        let name = options.text("compression")?.lowercased() ?? "none"
        switch name {
        case "none", "uncompressed": self = .none
        case "lz4", "lz4_frame": self = .lz4(level: level ?? 0)
        case "zstd": self = .zstd(level: level ?? 1)
        default:
            throw options.wrong(
                "compression", "there is no compression '\(name)'; use \(Self.names)")
        }
    }

    /// The number in the format; nil where nothing is compressed.
    var code: UInt8? {
        switch self {
        case .none: nil
        case .lz4: 0
        case .zstd: 1
        }
    }
}

/// Compresses buffers; belongs to one block.
final class ArrowCompressor {
    private let compression: ArrowCompression
    private var zstd: OpaquePointer?

    init(_ compression: ArrowCompression) { self.compression = compression }

    deinit { if let zstd { ZSTD_freeCCtx(zstd) } }

    /// Compresses bytes; empty ones stay empty.
    func compress(_ bytes: ArrowBytes) throws(StarlingError) -> ArrowBytes {
        guard compression != .none, bytes.count > 0 else { return bytes }
        let source = UnsafeRawPointer(bytes.buffer.baseAddress)
        let room: Int
        var preferences = LZ4F_preferences_t()
        switch compression {
        case .none: return bytes
        case .lz4(let level):
            preferences.compressionLevel = Int32(level)
            preferences.frameInfo.contentSize = UInt64(bytes.count)
            room = LZ4F_compressFrameBound(bytes.count, &preferences)
        case .zstd: room = ZSTD_compressBound(bytes.count)
        }
        let target = Buffer(byteCount: 8 + max(room, bytes.count))
        let written: Int
        switch compression {
        case .none, .lz4:
            written = LZ4F_compressFrame(
                target.baseAddress + 8, room, source, bytes.count, &preferences)
            guard LZ4F_isError(written) == 0 else {
                throw StarlingError(.internal, "compression with lz4 failed")
            }
        case .zstd(let level):
            if zstd == nil { zstd = ZSTD_createCCtx() }
            written = ZSTD_compressCCtx(
                zstd, target.baseAddress + 8, room, source, bytes.count, Int32(level))
            guard ZSTD_isError(written) == 0 else {
                throw StarlingError(.internal, "compression with zstd failed")
            }
        }
        let isSmaller = written < bytes.count
        target.baseAddress.storeBytes(of: isSmaller ? bytes.count : -1, as: Int.self)
        if !isSmaller {
            (target.baseAddress + 8).copyMemory(from: source, byteCount: bytes.count)
        }
        withExtendedLifetime(bytes.buffer) {}
        return ArrowBytes(target, count: 8 + (isSmaller ? written : bytes.count))
    }
}
