// Compression of pages.

import CSnappy
import CZstd
import StarlingErrors

/// Names a compression that pages are written with.
package enum ParquetCodec: Sendable, Equatable {
    case none
    case snappy
    case zstd(level: Int)

    /// Finds the codec of a name as SQL's properties give it.
    package init(name: String, level: Int? = nil) throws(StarlingError) {
        switch name.lowercased() {
        case "none", "uncompressed": self = .none
        case "snappy": self = .snappy
        case "zstd": self = .zstd(level: level ?? 3)
        default:
            throw StarlingError(
                .binding, "there is no compression '\(name)'; use zstd, snappy or none")
        }
    }

    /// The number in the format.
    var code: Int {
        switch self {
        case .none: 0
        case .snappy: 1
        case .zstd: 6
        }
    }
}

/// Compresses pages; belongs to one encoder and keeps its context between pages.
final class PageCompressor {
    private let codec: ParquetCodec
    private var context: OpaquePointer?

    init(_ codec: ParquetCodec) { self.codec = codec }

    deinit { if let context { ZSTD_freeCCtx(context) } }

    func compress(_ page: [UInt8]) throws(StarlingError) -> [UInt8] {
        switch codec {
        case .none: return page
        case .snappy: return snappy(page)
        case .zstd(let level):
            if context == nil { context = ZSTD_createCCtx() }
            let context = context
            var written = 0
            let result = [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(page.count)) {
                target, count in
                written = page.withUnsafeBytes {
                    ZSTD_compressCCtx(
                        context, target.baseAddress, target.count, $0.baseAddress, $0.count,
                        Int32(level))
                }
                count = ZSTD_isError(written) == 0 ? written : 0
            }
            guard ZSTD_isError(written) == 0 else {
                throw StarlingError(
                    .internal, "zstd failed: \(String(cString: ZSTD_getErrorName(written)))")
            }
            return result
        }
    }

    private func snappy(_ page: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: snappy_max_compressed_length(page.count)) {
            target, count in
            var written = target.count
            let status = page.withUnsafeBytes { source in
                target.withMemoryRebound(to: CChar.self) { room in
                    snappy_compress(
                        source.baseAddress?.assumingMemoryBound(to: CChar.self), source.count,
                        room.baseAddress!, &written)
                }
            }
            precondition(status == SNAPPY_OK, "snappy had less room than it asked for")
            count = written
        }
    }
}
