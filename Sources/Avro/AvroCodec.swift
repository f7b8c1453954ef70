// The codecs of blocks. Only Snappy tells how large a block becomes; for the others room is made as
// the last block needed it, and more where that is too little.

import CDeflate
import CPlatform
import CZstd
import StarlingErrors
import StarlingMemory

/// Names what blocks are compressed with, by the format's own words.
enum AvroCodec: String, Sendable {
    case none = "null"
    case deflate, snappy, zstandard

    /// The most that bytes can grow by.
    var growthMax: Int {
        switch self {
        case .none: 1
        case .deflate: 1_100
        case .snappy: 64
        case .zstandard: 1 << 17
        }
    }
}

/// Decompresses blocks; belongs to one reader.
final class AvroDecompressor {
    /// Blocks hold some kilobytes, rarely some megabytes.
    private static let byteCountMax = 1 << 30

    private let codec: AvroCodec
    private let budget: MemoryBudget
    private var deflate: OpaquePointer?
    private var zstd: OpaquePointer?
    private var lastByteCount = 0

    init(_ codec: AvroCodec, budget: MemoryBudget) {
        self.codec = codec
        self.budget = budget
    }

    deinit {
        if let deflate { libdeflate_free_decompressor(deflate) }
        if let zstd { ZSTD_freeDStream(zstd) }
    }

    /// Decompresses a block; nil where it is damaged. The bytes are followed by some that may be
    /// read.
    func decompress(
        _ source: UnsafeRawPointer, byteCount: Int
    ) throws(StarlingError) -> (bytes: Buffer, byteCount: Int)? {
        let result: (bytes: Buffer, byteCount: Int)?
        switch codec {
        case .none: return nil
        case .snappy: result = try snappy(source, byteCount)
        case .deflate: result = try inflate(source, byteCount)
        case .zstandard: result = try zstandard(source, byteCount)
        }
        lastByteCount = result?.byteCount ?? 0
        return result
    }

    private func makeBuffer(_ byteCount: Int) throws(StarlingError) -> Buffer {
        if byteCount > 1 << 20 {
            try budget.reserve(byteCount, for: "a block of an Avro file")
            budget.release(byteCount)
        }
        return Buffer(byteCount: byteCount)
    }

    private func firstGuess(_ byteCount: Int) -> Int {
        let wanted = max(1 << 14, byteCount * 4, lastByteCount + lastByteCount / 4)
        return min(wanted, limit(byteCount))
    }

    private func limit(_ byteCount: Int) -> Int {
        min((min(byteCount, 1 << 40) + 64) * codec.growthMax, Self.byteCountMax)
    }

    private func inflate(
        _ source: UnsafeRawPointer, _ byteCount: Int
    ) throws(StarlingError) -> (bytes: Buffer, byteCount: Int)? {
        if deflate == nil { deflate = libdeflate_alloc_decompressor() }
        var room = firstGuess(byteCount)
        while true {
            let target = try makeBuffer(room)
            var written = 0
            let status = libdeflate_deflate_decompress(
                deflate, source, byteCount, target.baseAddress, room, &written)
            if status == LIBDEFLATE_SUCCESS { return (target, written) }
            guard status == LIBDEFLATE_INSUFFICIENT_SPACE, room < limit(byteCount) else {
                return nil
            }
            room = min(room * 4, limit(byteCount))
        }
    }

    /// The length stands in front, a checksum of what comes out behind.
    private func snappy(
        _ source: UnsafeRawPointer, _ byteCount: Int
    ) throws(StarlingError) -> (bytes: Buffer, byteCount: Int)? {
        guard byteCount > 4 else { return nil }
        let bytes = source.assumingMemoryBound(to: UInt8.self)
        var length = 0
        for index in 0..<min(5, byteCount - 4) {
            length |= Int(bytes[index] & 0x7F) << (7 * index)
            if bytes[index] < 0x80 { break }
        }
        guard length <= limit(byteCount) else { return nil }
        let target = try makeBuffer(length)
        let isDone = starling_snappy_decompress(
            bytes, byteCount - 4, target.pointer(to: UInt8.self), length)
        let stored = (source + byteCount - 4).loadUnaligned(as: UInt32.self)
        guard isDone,
            libdeflate_crc32(0, target.baseAddress, length) == UInt32(bigEndian: stored)
        else { return nil }
        return (target, length)
    }

    private func zstandard(
        _ source: UnsafeRawPointer, _ byteCount: Int
    ) throws(StarlingError) -> (bytes: Buffer, byteCount: Int)? {
        if zstd == nil { zstd = ZSTD_createDStream() }
        ZSTD_initDStream(zstd)
        var input = ZSTD_inBuffer(src: source, size: byteCount, pos: 0)
        var target = try makeBuffer(firstGuess(byteCount))
        var written = 0
        while true {
            var output = ZSTD_outBuffer(
                dst: target.baseAddress, size: target.byteCount, pos: written)
            let status = ZSTD_decompressStream(zstd, &output, &input)
            guard ZSTD_isError(status) == 0 else { return nil }
            written = output.pos
            if status == 0, input.pos == byteCount { return (target, written) }
            if written < target.byteCount {
                // Another frame may follow; else there is nothing more to come.
                if status != 0 && input.pos == byteCount { return nil }
                continue
            }
            guard target.byteCount < limit(byteCount) else { return nil }
            let larger = try makeBuffer(min(target.byteCount * 4, limit(byteCount)))
            larger.baseAddress.copyMemory(from: target.baseAddress, byteCount: written)
            target = larger
        }
    }
}
