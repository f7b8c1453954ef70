import CZstd
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Encodes strings as codes in a dictionary, compressed, or as they are.
enum TextEncoder {
    static func append(
        _ source: Vector, for purpose: BlockPurpose, to writer: ByteWriter
    ) -> BlockEncoding {
        if let distinct = DistinctTexts(source) {
            BlockEncoder.appendNested(distinct.sortedValues(), for: .memory, to: writer)
            IntegerSequenceWriter.write(
                distinct.sortedCodes().pointer(), count: source.count, into: writer)
            return .textDictionary
        }
        let flat = source.flattened()
        let lengths = Buffer(byteCount: flat.count * 8)
        let target = lengths.pointer(to: Int64.self)
        let strings = flat.pointer(to: StringReference.self)
        let texts = ByteWriter(capacity: flat.count * 8)
        for row in 0..<flat.count {
            guard flat.isValid(row) else {
                target[row] = 0
                continue
            }
            target[row] = Int64(strings[row].count)
            strings[row].withBytes { texts.append($0) }
        }
        BlockEncoder.appendExtents(UnsafePointer(target), count: flat.count, to: writer)
        if purpose == .disk, let (ends, frames) = compressed(texts, target, count: flat.count) {
            for end in ends { writer.append(UInt64(end)) }
            writer.append(frames.bytes)
            return .textFrames
        }
        writer.append(texts.bytes)
        return .texts
    }

    /// Compresses frame by frame; nil where that saves less than a quarter.
    private static func compressed(
        _ texts: ByteWriter, _ lengths: UnsafePointer<Int64>, count: Int
    ) -> (ends: [Int], frames: ByteWriter)? {
        guard texts.count > 4_096, let context = ZSTD_createCCtx() else { return nil }
        defer { ZSTD_freeCCtx(context) }
        let frames = ByteWriter(capacity: texts.count / 2)
        var ends = [0]
        var (row, offset) = (0, 0)
        while row < count {
            let end = min(row + TextFrameValues.rowCount, count)
            var byteCount = 0
            for own in row..<end { byteCount += Int(lengths[own]) }
            let room = ZSTD_compressBound(byteCount)
            let written = ZSTD_compressCCtx(
                context, frames.reserve(room), room, texts.start + offset, byteCount, 3)
            guard ZSTD_isError(written) == 0 else { return nil }
            frames.advance(written)
            ends.append(frames.count)
            offset += byteCount
            row = end
            // The first frame tells whether the others are worth their time.
            if ends.count == 2, frames.count > byteCount * 9 / 10 { return nil }
        }
        return frames.count < texts.count * 3 / 4 ? (ends, frames) : nil
    }
}
