// Which rows a materialized view retains: those of partitions that were dropped from a table with RETAIN IN
// VIEWS. Whatever comes to its tables, these rows stay as they are.

import StarlingErrors
import StarlingMemory
import StarlingTypes

/// Names the rows of a view by the keys of dropped partitions.
package struct ViewSeal: Sendable, Equatable {
    /// The table that had the partitions.
    package var table: TableName
    /// The key of its partitions, as SQL over the columns of the view.
    package var keys: [String]
    /// What the partitions took, as few as say it.
    package private(set) var values: [PartitionValues]

    package init(_ table: TableName, keys: [String], values: [PartitionValues]) {
        self.table = table
        self.keys = keys
        self.values = values.united
    }

    /// Adds what another seal of the same key names; false where it has another key.
    package mutating func unite(with other: ViewSeal) -> Bool {
        guard other.table == table, other.keys == keys else { return false }
        values = (values + other.values).united
        return true
    }

    /// Tells whether rows of a partition are among those that are named.
    package func covers(_ partition: PartitionValues) -> Bool {
        (values + [partition]).united == values
    }
}

extension [PartitionValues] {
    /// The same keys with one list at most, and without ranges that meet.
    fileprivate var united: [PartitionValues] {
        var keys: [[Value]] = []
        var seen: Set<[Value]> = []
        var ranges: [(from: [Value?], to: [Value?])] = []
        for values in self {
            switch values {
            case .list(let more): keys += more.filter { seen.insert($0).inserted }
            case .range(let from, let to): ranges.append((from, to))
            }
        }
        keys.sort { partitionOrder($0.map { $0 }, $1.map { $0 }) < 0 }
        ranges.sort { partitionOrder($0.from, $1.from) < 0 }
        var result: [PartitionValues] = keys.isEmpty ? [] : [.list(keys)]
        var last: (from: [Value?], to: [Value?])?
        for range in ranges {
            guard let known = last else {
                last = range
                continue
            }
            if partitionOrder(range.from, known.to) > 0 {
                result.append(.range(from: known.from, to: known.to))
                last = range
            } else if partitionOrder(range.to, known.to) > 0 {
                last = (known.from, range.to)
            }
        }
        if let last { result.append(.range(from: last.from, to: last.to)) }
        return result
    }
}

// MARK: Bytes

extension ByteWriter {
    func append(_ seal: ViewSeal) {
        append(text: seal.table.database)
        append(text: seal.table.name)
        append(UInt32(seal.keys.count))
        for key in seal.keys { append(text: key) }
        append(UInt32(seal.values.count))
        for values in seal.values { append(values) }
    }
}

extension RecordReader {
    mutating func seal() throws(StarlingError) -> ViewSeal {
        let table = TableName(database: try text(), name: try text())
        var keys: [String] = []
        for _ in 0..<(try integer(UInt32.self)) { keys.append(try text()) }
        var values: [PartitionValues] = []
        for _ in 0..<(try integer(UInt32.self)) { values.append(try partitionValues()) }
        return ViewSeal(table, keys: keys, values: values)
    }
}
