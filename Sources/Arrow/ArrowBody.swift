// The buffers of a batch, read one by one and decompressed where they are compressed.

import CLZ4
import CZstd
import StarlingErrors
import StarlingFiles
import StarlingMemory

/// Reads buffers of one batch.
struct ArrowBody {
    let file: any ReadableFile
    let codec: ArrowBatch.Codec?

    /// Reads a buffer that must have at least `byteCount` bytes.
    func read(_ range: Range<Int>, atLeast byteCount: Int) throws(StarlingError) -> Buffer {
        let buffer: Buffer
        if let codec {
            buffer = try decompress(range, codec)
        } else {
            buffer = try file.read(range)
        }
        guard buffer.byteCount >= byteCount else {
            throw StarlingError(.file, "\(file.path): a buffer is shorter than its column")
        }
        return buffer
    }

    private func decompress(
        _ range: Range<Int>, _ codec: ArrowBatch.Codec
    ) throws(StarlingError) -> Buffer {
        if range.isEmpty { return Buffer(byteCount: 0) }
        func damage(_ message: String) -> StarlingError {
            StarlingError(.file, "\(file.path): a compressed buffer \(message)")
        }
        guard range.count >= 8 else { throw damage("is too short") }
        let stored = try file.read(range)
        let length = Int(littleEndian: stored.pointer(to: Int.self)[0])
        let source = UnsafeRawPointer(stored.baseAddress + 8)
        let sourceByteCount = range.count - 8
        defer { withExtendedLifetime(stored) {} }
        // What would have grown is left as it is.
        if length == -1 {
            let copy = Buffer(byteCount: sourceByteCount)
            copy.baseAddress.copyMemory(from: source, byteCount: sourceByteCount)
            return copy
        }
        let growthMax = codec == .lz4 ? 256 : 1 << 17
        guard length >= 0, length / growthMax <= sourceByteCount + 64 else {
            throw damage("has an impossible size")
        }
        let target = Buffer(byteCount: length)
        let succeeded =
            switch codec {
            case .lz4: expandFrame(source, sourceByteCount, target)
            case .zstd:
                ZSTD_decompress(target.baseAddress, length, source, sourceByteCount) == length
            }
        guard succeeded else { throw damage("cannot be decompressed") }
        return target
    }

    private func expandFrame(
        _ source: UnsafeRawPointer, _ sourceByteCount: Int, _ target: Buffer
    ) -> Bool {
        var context: OpaquePointer?
        guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0
        else { return false }
        defer { LZ4F_freeDecompressionContext(context) }
        var read = 0
        var written = 0
        while read < sourceByteCount {
            var step = sourceByteCount - read
            var room = target.byteCount - written
            let hint = LZ4F_decompress(
                context, target.baseAddress + written, &room, source + read, &step, nil)
            guard LZ4F_isError(hint) == 0, step > 0 || room > 0 else { return false }
            read += step
            written += room
            if hint == 0 { break }
        }
        return written == target.byteCount
    }
}
