// The partitions that a table has in one version of it. Sets never change; a table that gets or loses
// a partition has another set.

import StarlingErrors
import StarlingTypes

/// Finds the partitions of a table by number, name and key.
package final class PartitionSet: Sendable {
    /// Is a thing that PARTITION BY names.
    package struct Key: Sendable, Hashable {
        /// The number of the column that it is; nil where it is computed.
        package var column: UInt32?
        package var type: LogicalType
        /// What it is called, for people.
        package var title: String

        package init(column: UInt32?, type: LogicalType, title: String) {
            self.column = column
            self.type = type
            self.title = title
        }
    }

    package let keys: [Key]
    /// Tells whether rows that fit no partition get one.
    package let isAutomatic: Bool
    /// Those of ranges ascend, with the temporary ones behind the others.
    package let partitions: [TablePartition]
    private let places: [UInt32: Int]
    private let lists: [[Value]: Int]
    /// The partitions of ranges that are not temporary are the first so many.
    private let rangeCount: Int

    package init(keys: [Key], isAutomatic: Bool, _ partitions: [TablePartition] = []) {
        self.keys = keys
        self.isAutomatic = isAutomatic
        self.partitions = partitions.sorted(by: Self.precedes)
        var places: [UInt32: Int] = [:]
        var lists: [[Value]: Int] = [:]
        var rangeCount = 0
        for (place, partition) in self.partitions.enumerated() {
            places[partition.number] = place
            guard !partition.isTemporary else { continue }
            switch partition.values {
            case .list(let keys): for key in keys { lists[key] = place }
            case .range: rangeCount += 1
            }
        }
        self.places = places
        self.lists = lists
        self.rangeCount = rangeCount
    }

    private static func precedes(_ left: TablePartition, _ right: TablePartition) -> Bool {
        if left.isTemporary != right.isTemporary { return right.isTemporary }
        if case .range(let from, _) = left.values, case .range(let start, _) = right.values {
            let order = partitionOrder(from, start)
            if order != 0 { return order < 0 }
        }
        return left.number < right.number
    }

    package var hasTemporary: Bool { partitions.last?.isTemporary ?? false }

    /// Where a partition stands; those that are not there stand behind all others.
    package func place(of number: UInt32) -> Int { places[number] ?? partitions.count }

    package subscript(_ number: UInt32) -> TablePartition? { places[number].map { partitions[$0] } }

    /// Finds a partition by its name, in any case of letters.
    package func partition(named name: String, isTemporary: Bool = false) -> TablePartition? {
        partitions.first {
            $0.isTemporary == isTemporary && $0.name.lowercased() == name.lowercased()
        }
    }

    /// Finds the partition that takes a key.
    package func partition(of key: [Value]) -> TablePartition? {
        if let place = lists[key] { return partitions[place] }
        let optional = key.map { Optional($0) }
        var (low, high) = (0, rangeCount)
        while low < high {
            let middle = (low + high) / 2
            guard case .range(_, let to) = partitions[middle].values else { return nil }
            if partitionOrder(optional, to) < 0 { high = middle } else { low = middle + 1 }
        }
        guard low < rangeCount, case .range(let from, _) = partitions[low].values,
            partitionOrder(from, optional) <= 0
        else { return nil }
        return partitions[low]
    }

    /// Finds the partition that is there for another one: that with its number, or the one that an
    /// automatic table got meanwhile for the same key.
    package func counterpart(of partition: TablePartition) -> TablePartition? {
        if let known = self[partition.number] { return known }
        guard isAutomatic, case .list(let keys) = partition.values, let key = keys.first else {
            return nil
        }
        return lists[key].map { partitions[$0] }
    }

    /// Returns the set with another description of the key.
    package func having(keys: [Key]) -> PartitionSet {
        PartitionSet(keys: keys, isAutomatic: isAutomatic, partitions)
    }

    /// Returns a set with other partitions.
    package func having(_ partitions: [TablePartition]) -> PartitionSet {
        PartitionSet(keys: keys, isAutomatic: isAutomatic, partitions)
    }

    /// Returns a set with a partition more, or with what one has become.
    package func adding(_ partition: TablePartition) -> PartitionSet { adding([partition]) }

    package func adding(_ new: [TablePartition]) -> PartitionSet {
        let numbers = Set(new.map(\.number))
        return having(partitions.filter { !numbers.contains($0.number) } + new)
    }

    package func removing(_ numbers: Set<UInt32>) -> PartitionSet {
        having(partitions.filter { !numbers.contains($0.number) })
    }

    /// Tells whether a name is free for a partition.
    package func isFree(_ name: String) -> Bool {
        !partitions.contains { $0.name.lowercased() == name.lowercased() }
    }
}
