// The buffers of a batch, read one by one and decompressed where they are compressed.

import CZstd
import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingStreams

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
            case .lz4:
                decompressLZ4Frames(source, sourceByteCount, into: target.baseAddress, length)
            case .zstd:
                ZSTD_decompress(target.baseAddress, length, source, sourceByteCount) == length
            }
        guard succeeded else { throw damage("cannot be decompressed") }
        return target
    }
}
