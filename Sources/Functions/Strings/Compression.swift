// compress() and uncompress(): the codecs of StarRocks, each in its plain form without a frame of
// StarRocks' own.

import CLZ4
import CSnappy
import CZlib
import CZstd
import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Names a codec.
private enum Codec: String {
    case zlib = "ZLIB"
    case zstd = "ZSTD"
    case lz4 = "LZ4"
    case snappy = "SNAPPY"

    init?(_ name: StringReference) {
        self.init(rawValue: String(decoding: name.bytes, as: UTF8.self).uppercased())
    }

    /// The most bytes that a result has.
    static let byteCountMaximum = 256 << 20

    private func compressedCountMaximum(_ count: Int) -> Int {
        switch self {
        case .zlib: Int(compressBound(UInt(count)))
        case .zstd: ZSTD_compressBound(count)
        case .lz4: Int(LZ4_compressBound(Int32(truncatingIfNeeded: count)))
        case .snappy: snappy_max_compressed_length(count)
        }
    }

    func compressed(_ text: Bytes) -> [UInt8]? {
        guard text.count <= Self.byteCountMaximum else { return nil }
        // Codecs want an address even of nothing.
        let source = Array(text) + [0]
        let limit = compressedCountMaximum(text.count)
        var isWritten = false
        let bytes = [UInt8](unsafeUninitializedCapacity: max(1, limit)) { target, written in
            let start = UnsafeMutableRawPointer(target.baseAddress!)
                .assumingMemoryBound(to: CChar.self)
            source.withUnsafeBytes { source in
                let from = source.baseAddress!
                switch self {
                case .zlib:
                    var count = UInt(limit)
                    isWritten =
                        compress(
                            target.baseAddress, &count, from.assumingMemoryBound(to: UInt8.self),
                            UInt(text.count)) == Z_OK
                    written = Int(count)
                case .zstd:
                    let count = ZSTD_compress(target.baseAddress, limit, from, text.count, 3)
                    isWritten = ZSTD_isError(count) == 0
                    written = isWritten ? count : 0
                case .lz4:
                    let count = LZ4_compress_default(
                        from.assumingMemoryBound(to: CChar.self), start, Int32(text.count),
                        Int32(limit))
                    isWritten = count > 0
                    written = Int(max(0, count))
                case .snappy:
                    var count = limit
                    isWritten =
                        snappy_compress(
                            from.assumingMemoryBound(to: CChar.self), text.count, start, &count)
                        == SNAPPY_OK
                    written = count
                }
            }
        }
        return isWritten ? bytes : nil
    }

    /// Tries greater and greater results; nil for bytes that the codec has not made.
    func uncompressed(_ bytes: Bytes) -> [UInt8]? {
        guard !bytes.isEmpty else { return nil }
        var limit = max(1_024, bytes.count * 4)
        while limit <= Self.byteCountMaximum {
            switch uncompressed(bytes, limit) {
            case .done(let text): return text
            case .damaged: return nil
            case .full: limit *= 4
            }
        }
        return nil
    }

    private enum Outcome {
        case done([UInt8])
        case full
        case damaged
    }

    private func uncompressed(_ bytes: Bytes, _ limit: Int) -> Outcome {
        var (isWhole, isFull) = (false, false)
        let text = [UInt8](unsafeUninitializedCapacity: limit) { target, written in
            let from = bytes.baseAddress!.assumingMemoryBound(to: CChar.self)
            let start = UnsafeMutableRawPointer(target.baseAddress!)
                .assumingMemoryBound(to: CChar.self)
            switch self {
            case .zlib:
                var count = UInt(limit)
                let status = uncompress(
                    target.baseAddress, &count,
                    bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), UInt(bytes.count))
                (isWhole, isFull) = (status == Z_OK, status == Z_BUF_ERROR)
                written = isWhole ? Int(count) : 0
            case .zstd:
                let count = ZSTD_decompress(target.baseAddress, limit, from, bytes.count)
                isWhole = ZSTD_isError(count) == 0
                // The greatest number stands for a size that is not known, the next for damage.
                let size = ZSTD_getFrameContentSize(from, bytes.count)
                isFull = !isWhole && size != .max - 1 && (size == .max || size > UInt64(limit))
                written = isWhole ? count : 0
            case .lz4:
                let count = LZ4_decompress_safe(from, start, Int32(bytes.count), Int32(limit))
                // It does not tell damage from a lack of room: a block grows 255 times at most.
                isWhole = count >= 0
                isFull = !isWhole && limit / 255 <= bytes.count
                written = Int(max(0, count))
            case .snappy:
                var count = limit
                let status = snappy_uncompress(from, bytes.count, start, &count)
                (isWhole, isFull) = (status == SNAPPY_OK, status == SNAPPY_BUFFER_TOO_SMALL)
                written = isWhole ? count : 0
            }
        }
        return isWhole ? .done(text) : isFull ? .full : .damaged
    }
}

private struct Compression: TextOperation {
    let uncompresses: Bool

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        guard let codec = arguments.count > 1 ? Codec(arguments.second.text(row)) : .zlib else {
            return false
        }
        let result = arguments.first.text(row).withBytes {
            uncompresses ? codec.uncompressed($0) : codec.compressed($0)
        }
        output = result ?? []
        return result != nil
    }
}

enum Compressions {
    static let rows = [
        row(
            "compress", uncompresses: false, .varbinary,
            "Compresses a string with 'ZLIB', or 'ZSTD', 'LZ4' or 'SNAPPY'.",
            [
                ("hex(compress('text'))", "789C2B49AD280100046701C6"),
                ("hex(compress('text', 'SNAPPY'))", "040C74657874"),
                ("hex(compress('text', 'LZ4'))", "4074657874"),
            ]),
        row(
            "uncompress", uncompresses: true, .string,
            "Gives back what compress() has compressed; NULL for anything else.",
            [
                ("uncompress(compress('text', 'ZSTD'), 'ZSTD')", "text"),
                ("uncompress('text')", "NULL"),
            ]),
    ]

    private static func row(
        _ name: String, uncompresses: Bool, _ result: LogicalType, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        let operation = Compression(uncompresses: uncompresses)
        return ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                if let method = arguments.constant(1)?.text,
                    Codec(rawValue: method.uppercased()) == nil
                {
                    throw StarlingError(
                        .binding, "\(name)() knows ZLIB, ZSTD, LZ4 and SNAPPY, not '\(method)'")
                }
                return try arguments.textSignature(
                    name, [uncompresses ? .varbinary : .string, .string], 1...2, returns: result)
            },
            evaluate: { invocation throws(StarlingError) in
                try writtenText(operation, invocation)
            })
    }
}
