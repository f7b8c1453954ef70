// The statistics of a column chunk, taken only where their meaning is certain.

import StarlingTables
import StarlingTypes

/// Reads bounds and counts of a column chunk.
enum ChunkStatistics {
    /// `hasOrder` says that the footer names the order of the newer bounds.
    static func read(
        _ chunk: ColumnChunkMetadata, _ source: ColumnSource, _ type: LogicalType, hasOrder: Bool
    ) -> ColumnStatistics {
        let metadata = chunk.statistics
        var result = ColumnStatistics()
        if let count = metadata.nullCount, count >= 0, count <= chunk.valueCount {
            result.nullCount = count
        }
        if !source.isOptional { result.nullCount = 0 }
        if source.meaning == .nothing { result.nullCount = chunk.valueCount }
        if let count = metadata.distinctCount, count > 0 { result.estimatedDistinctCount = count }
        let isText = source.isBytes && source.meaning != .bigEndianDecimal
        if isText, chunk.valueCount > 0 {
            let width = Double(chunk.uncompressedByteCount) / Double(chunk.valueCount)
            result.estimatedByteWidth = min(max(width, 1), 1_048_576)
        }
        let bounds = BoundReader(source: source, type: type, hasOrder: hasOrder)
        bounds.read(metadata, into: &result)
        if isText, isFromDictionary(chunk), case .bytes(let least)? = result.low,
            case .bytes(let greatest)? = result.high
        {
            result.estimatedByteWidth = max(1, Double(least.count + greatest.count) / 2)
        }
        return result
    }

    /// Tells whether a chunk's bytes are codes and say nothing about the length of values.
    private static func isFromDictionary(_ chunk: ColumnChunkMetadata) -> Bool {
        guard let encodings = chunk.dataPageEncodings else {
            return (chunk.dictionaryPageOffset ?? 0) > 0
        }
        return encodings.contains { $0 == 2 || $0 == 8 }
    }
}
