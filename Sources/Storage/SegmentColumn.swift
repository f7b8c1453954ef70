import StarlingBlocks
import StarlingErrors
import StarlingKernels
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is a column of a segment: its block, and what is known of it without looking.
package final class SegmentColumn: Sendable {
    package let statistics: ColumnStatistics
    private let encoded: ColumnBlock

    /// Encodes the values of a column.
    package init(encoding vector: Vector, sharing pool: DictionaryPool) throws(StarlingError) {
        encoded = try BlockEncoder.encode(vector, sharing: pool)
        statistics = Self.describe(vector, encoded)
    }

    package func block() throws(StarlingError) -> ColumnBlock { encoded }

    package var byteCount: Int { encoded.byteCount }

    private static func describe(_ vector: Vector, _ block: ColumnBlock) -> ColumnStatistics {
        let bounds = vector.physicalType.isInteger ? vector.extent() : nil
        var statistics = ColumnStatistics(
            low: bounds.map { .integer($0.low) }, high: bounds.map { .integer($0.high) },
            nullCount: block.nullCount)
        statistics.isLowExact = bounds != nil
        statistics.isHighExact = bounds != nil
        if let dictionary = block.dictionary { statistics.estimatedDistinctCount = dictionary.count }
        return statistics
    }
}
