import CZstd
import StarlingMemory

/// Compresses strings frame by frame.
final class TextFrameEncoder {
    private static let level: Int32 = 3

    private let texts: ConcatenatedTexts
    private let context: OpaquePointer
    private let frames = ByteWriter()

    init?(_ texts: ConcatenatedTexts) {
        guard let context = ZSTD_createCCtx() else { return nil }
        self.texts = texts
        self.context = context
    }

    deinit { ZSTD_freeCCtx(context) }

    /// The bytes of the first frame; nil where it can't be compressed.
    var firstByteCount: Int? {
        frames.removeAll()
        return compress(byteCount(of: 0), at: 0) ? frames.count : nil
    }

    /// Appends the block's values; returns false where a frame can't be compressed.
    func append(to writer: ByteWriter) -> Bool {
        frames.removeAll()
        var ends = [0]
        var offset = 0
        for frame in 0..<frameCount {
            let byteCount = byteCount(of: frame)
            guard compress(byteCount, at: offset) else { return false }
            ends.append(frames.count)
            offset += byteCount
        }
        BlockEncoder.appendExtents(texts.lengths, count: texts.count, to: writer)
        for end in ends { writer.append(UInt64(end)) }
        writer.append(frames.bytes)
        return true
    }

    private var frameCount: Int {
        (texts.count + TextFrameValues.rowCount - 1) / TextFrameValues.rowCount
    }

    private func byteCount(of frame: Int) -> Int {
        let start = frame * TextFrameValues.rowCount
        return texts.byteCount(of: start..<min(start + TextFrameValues.rowCount, texts.count))
    }

    private func compress(_ byteCount: Int, at offset: Int) -> Bool {
        let room = ZSTD_compressBound(byteCount)
        let written = ZSTD_compressCCtx(
            context, frames.reserve(room), room, texts.start + offset, byteCount, Self.level)
        guard ZSTD_isError(written) == 0 else { return false }
        frames.advance(written)
        return true
    }
}
