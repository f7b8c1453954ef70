// How a row of a sink lies in memory: hash joins, aggregations and sorts keep their rows row-wise,
// so that what is looked up together lies in one cache line.
//
// A row has its values, widest first, each at an offset that its width divides (16-byte values at
// one that 8 divides); then a bit a column that is set where the value is NULL; then, aligned to
// 8, room for its owner's own use, such as the states of aggregates.

import StarlingErrors
import StarlingTypes

/// Locates a column in a row.
package struct RowColumn: Sendable, Hashable {
    package let physicalType: PhysicalType
    package let offset: Int
    /// The byte that holds the column's null bit.
    package let nullOffset: Int
    /// The bit of that byte.
    package let nullMask: UInt8
}

/// Describes rows of one width.
package struct RowLayout: Sendable, Hashable {
    package let columns: [RowColumn]
    package let nullOffset: Int
    package let nullByteCount: Int
    /// A byte behind the null bits that the owner may use, where asked for. It has a byte of its own
    /// since workers may set it while others read null bits.
    package let flagOffset: Int
    package let hasFlag: Bool
    /// Where the `stateByteCount` bytes begin that the owner asked for.
    package let stateOffset: Int
    package let stateByteCount: Int
    /// A multiple of 8.
    package let rowByteCount: Int

    /// Lays out a column for each physical type, and `stateByteCount` bytes behind them.
    package init(
        _ types: [PhysicalType], stateByteCount: Int = 0, hasFlag: Bool = false
    ) throws(StarlingError) {
        if let nested = types.first(where: { $0 == .list || $0 == .structure }) {
            throw StarlingError(
                .unsupported,
                "values of nested types (\(nested)) as columns of joins, groups and sorts")
        }
        var offsets = [Int](repeating: 0, count: types.count)
        var end = 0
        for position in types.indices.sorted(by: {
            (types[$1].byteWidth, $0) < (types[$0].byteWidth, $1)
        }) {
            offsets[position] = end
            end += types[position].byteWidth
        }
        let nullOffset = end
        self.nullOffset = nullOffset
        flagOffset = nullOffset + (types.count + 7) / 8
        nullByteCount = (types.count + 7) / 8 + (hasFlag ? 1 : 0)
        self.hasFlag = hasFlag
        columns = types.indices.map { position in
            RowColumn(
                physicalType: types[position], offset: offsets[position],
                nullOffset: nullOffset + position / 8, nullMask: 1 << UInt8(position % 8))
        }
        stateOffset = (nullOffset + nullByteCount + 7) / 8 * 8
        self.stateByteCount = stateByteCount
        rowByteCount = max(8, (stateOffset + stateByteCount + 7) / 8 * 8)
    }
}
