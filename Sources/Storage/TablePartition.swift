// One partition of a table, and which values of the partition's key it takes. A key has a value for
// each thing that PARTITION BY names; NULL lies below all other values.

import StarlingErrors
import StarlingMemory
import StarlingTypes

/// Is a part of a table that is added, emptied and dropped as a whole.
package struct TablePartition: Sendable, Hashable {
    /// Tells the partition from all others that its table has and had.
    package var number: UInt32
    package var name: String
    package var values: PartitionValues
    /// Tells whether its rows are read only where it is named.
    package var isTemporary: Bool

    package init(
        number: UInt32, name: String, values: PartitionValues, isTemporary: Bool = false
    ) {
        self.number = number
        self.name = name
        self.values = values
        self.isTemporary = isTemporary
    }
}

/// Says which keys a partition takes.
package enum PartitionValues: Sendable, Hashable {
    /// These.
    case list([[Value]])
    /// Those from one end on up to, and without, the other. Nil of an end is MAXVALUE, and NULL is
    /// where all values begin.
    case range(from: [Value?], to: [Value?])

    /// Tells whether both take a key.
    package func overlaps(_ other: PartitionValues) -> Bool {
        switch (self, other) {
        case (.list(let left), .list(let right)): !Set(left).isDisjoint(with: right)
        case (.range(let from, let to), .range(let start, let end)):
            partitionOrder(from, end) < 0 && partitionOrder(start, to) < 0
        default: false
        }
    }
}

/// Compares keys or ends of ranges: below 0, 0 or above 0. What one lacks at its end is the least.
package func partitionOrder(_ left: [Value?], _ right: [Value?]) -> Int {
    for place in 0..<max(left.count, right.count) {
        let one = place < left.count ? left[place] : .some(.null)
        let other = place < right.count ? right[place] : .some(.null)
        guard one != other else { continue }
        guard let one else { return 1 }
        guard let other else { return -1 }
        if one.isNull { return -1 }
        if other.isNull { return 1 }
        if let order = one.order(to: other), order != 0 { return order }
    }
    return 0
}

// MARK: Bytes

extension ByteWriter {
    func append(_ partition: TablePartition) {
        append(partition.number)
        append(UInt8(partition.isTemporary ? 1 : 0))
        append(text: partition.name)
        append(partition.values)
    }

    func append(_ values: PartitionValues) {
        switch values {
        case .list(let keys):
            append(UInt8(0))
            append(UInt32(keys.count))
            for key in keys { append(key.map { Optional($0) }) }
        case .range(let from, let to):
            append(UInt8(1))
            append(from)
            append(to)
        }
    }

    /// Appends an end of a range, or a key.
    private func append(_ values: [Value?]) {
        append(UInt32(values.count))
        for value in values {
            append(UInt8(value == nil ? 1 : 0))
            if let value { append(Optional(value)) }
        }
    }
}

extension RecordReader {
    mutating func partition() throws(StarlingError) -> TablePartition {
        let number = try integer(UInt32.self)
        let isTemporary = try integer(UInt8.self) & 1 != 0
        let name = try text()
        return TablePartition(
            number: number, name: name, values: try partitionValues(), isTemporary: isTemporary)
    }

    mutating func partitionValues() throws(StarlingError) -> PartitionValues {
        switch try integer(UInt8.self) {
        case 0:
            var keys: [[Value]] = []
            for _ in 0..<(try integer(UInt32.self)) {
                keys.append(try ends().map { $0 ?? .null })
            }
            return .list(keys)
        case 1: return .range(from: try ends(), to: try ends())
        default: throw failure("the values of a partition are not known")
        }
    }

    private mutating func ends() throws(StarlingError) -> [Value?] {
        var values: [Value?] = []
        for _ in 0..<(try integer(UInt32.self)) {
            let isMaximum = try integer(UInt8.self) & 1 != 0
            values.append(isMaximum ? nil : .some(try value() ?? .null))
        }
        return values
    }
}
