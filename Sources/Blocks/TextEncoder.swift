import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Encodes strings as codes in a dictionary, as digits, in pieces or compressed, or as they are.
enum TextEncoder {
    /// Fewer bytes are not worth the time that finding pieces takes: such blocks are packed anew with
    /// others before long.
    private static let compressedByteCountMin = 32_768

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
        if purpose == .disk {
            let validCount = flat.validity?.validCount(of: flat.count) ?? flat.count
            let texts = ConcatenatedTexts(flat)
            if let encoding = appendCompressed(texts, validCount: validCount, to: writer) {
                return encoding
            }
        }
        let lengths = ConcatenatedTexts.lengths(of: flat)
        BlockEncoder.appendExtents(lengths.pointer(), count: flat.count, to: writer)
        ConcatenatedTexts.append(flat, lengths.pointer(), to: writer)
        return .texts
    }

    /// Compresses strings in the way that the first of them are smallest in; nil where none is worth
    /// it. Digits and pieces are preferred, since they are faster to put together than frames are to
    /// be decompressed, and string by string.
    private static func appendCompressed(
        _ texts: ConcatenatedTexts, validCount: Int, to writer: ByteWriter
    ) -> BlockEncoding? {
        guard texts.byteCount > compressedByteCountMin else { return nil }
        let sampleCount = min(texts.count, TextFrameValues.rowCount)
        let frame = TextFrameEncoder(texts)
        let frameCount = frame?.firstByteCount ?? Int.max
        let form = TextFormEncoder(texts, validCount: validCount)
        let digitCount = form?.digitByteCount(rowCount: sampleCount) ?? Int.max
        // What frames find no more in, pieces need not be learned from.
        if let form, digitCount <= frameCount {
            form.append(to: writer)
            return .textForm
        }
        let plainCount = texts.byteCount(of: 0..<sampleCount)
        let encoder = PieceEncoder(texts)
        let pieceCount = encoder.codeByteCount(rowCount: sampleCount)
        if frameCount < min(plainCount, pieceCount, digitCount) * 3 / 4,
            frame?.append(to: writer) == true
        {
            return .textFrames
        }
        if let form, digitCount <= pieceCount {
            form.append(to: writer)
            return .textForm
        }
        guard pieceCount < plainCount * 7 / 8 else { return nil }
        encoder.append(to: writer)
        return .textPieces
    }
}
