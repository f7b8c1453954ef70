// The partitions of a table as a scan sees them: which segments each has, and what its key says of the
// columns in it.

import StarlingTables
import StarlingTypes

extension NativeTable {
    /// A group for each partition that is read, and for rows that are of none.
    package var partGroups: [PartGroup] {
        guard let partitions else { return [] }
        var groups: [PartGroup] = []
        var start = 0
        var counts: [UInt32: (parts: Range<Int>, rows: Int)] = [:]
        while start < visible.count {
            let number = visible[start].partition?.number
            var end = start
            var rowCount = 0
            while end < visible.count, visible[end].partition?.number == number {
                rowCount += visible[end].rowCount
                end += 1
            }
            // What lies apart was left so by other changes, and is a group of its own.
            if let number, partitions[number]?.isTemporary == false, counts[number] == nil {
                counts[number] = (start..<end, rowCount)
            } else {
                groups.append(PartGroup(parts: start..<end, rowCount: rowCount, kinds: []))
            }
            start = end
        }
        let columns = keyColumns(of: partitions)
        for partition in partitions.partitions where !partition.isTemporary {
            let (parts, rowCount) = counts[partition.number] ?? (0..<0, 0)
            groups.append(
                PartGroup(
                    parts: parts, rowCount: rowCount,
                    kinds: kinds(of: partition, columns, rowCount: rowCount)))
        }
        return groups
    }

    /// Where the columns of the key stand; nil for what is computed.
    private func keyColumns(of partitions: PartitionSet) -> [Int?] {
        partitions.keys.map { key in
            key.column.flatMap { number in
                identities.firstIndex { $0.number == number }
            }
        }
    }

    private func kinds(
        of partition: TablePartition, _ columns: [Int?], rowCount: Int
    ) -> [[Int: ColumnStatistics]] {
        guard columns.contains(where: { $0 != nil }) else { return [] }
        switch partition.values {
        case .list(let keys):
            return keys.map { key in
                var known: [Int: ColumnStatistics] = [:]
                for (value, column) in zip(key, columns) {
                    guard let column else { continue }
                    known[column] =
                        value.isNull
                        ? ColumnStatistics(nullCount: rowCount)
                        : ColumnStatistics(low: value, high: value, nullCount: 0)
                }
                return known
            }
        case .range(let from, let to):
            // Of several columns only the first is bounded by itself.
            guard let column = columns[0] else { return [] }
            var known = ColumnStatistics()
            if let low = from.first ?? .some(.null), !low.isNull {
                known.low = low
                known.nullCount = 0
            }
            if let high = to.first ?? .some(.null), !high.isNull { known.high = high }
            return [[column: known]]
        }
    }
}
