// Which partition each row that comes belongs to. The partition's key is computed of a chunk's columns;
// a key that was met before is looked up by a small number, and whole numbers in ranges by halving.
// Tables that are partitioned by expressions get a partition for each key that is new.

import StarlingErrors
import StarlingEvaluation
import StarlingFunctions
import StarlingPlans
import StarlingStorage
import StarlingTables
import StarlingTypes
import StarlingVectors
import Synchronization

/// Finds partitions for the rows of one statement, for all of its workers.
final class PartitionRouter: Sendable {
    /// As many partitions come to be by one statement.
    static let madeCountMax = 4_096

    /// Holds how to compute the key of a row.
    struct Keys: Sendable {
        /// The columns that it is; empty where it is computed.
        var positions: [Int] = []
        var program: CompiledExpressions?
        /// The columns that the program reads.
        var inputs: [Int] = []
        var types: [LogicalType]
    }

    private struct Made {
        var byKey: [[Value]: TablePartition] = [:]
        var names: Set<String> = []
    }

    let keys: Keys
    private let table: NativeTable
    /// Those that rows may come to.
    let set: PartitionSet
    /// The partitions that a statement names, as the table has them; nil for all.
    private let named: [TablePartition]?
    private let title: @Sendable ([Value]) -> String
    private let made = Mutex(Made())

    /// Sends rows to `named`, or to all partitions that are not temporary.
    init(
        _ table: NativeTable, _ set: PartitionSet, keys: Keys, named: [TablePartition]? = nil,
        title: @escaping @Sendable ([Value]) -> String
    ) {
        self.table = table
        self.keys = keys
        self.named = named
        self.title = title
        self.set =
            named.map { chosen in
                set.having(
                    chosen.map { partition in
                        var partition = partition
                        partition.isTemporary = false
                        return partition
                    })
            } ?? set
    }

    /// The layout of a column of the table where the key is computed of it.
    func inputType(_ position: Int) -> PhysicalType {
        table.columns[position].type.widestPhysicalType
    }

    /// Finds the partition of a key, or makes it.
    func partition(of key: [Value]) throws(StarlingError) -> TablePartition {
        if let known = set.partition(of: key) { return original(of: known) }
        guard set.isAutomatic, named == nil else { throw missing(key) }
        return try made.withLock { made throws(StarlingError) in
            if let known = made.byKey[key] { return known }
            guard made.byKey.count < Self.madeCountMax else {
                throw StarlingError(
                    .data,
                    "more than \(Self.madeCountMax) partitions of '\(table.name)' would come to be "
                        + "by one statement, the last for \(described(key)); partition by "
                        + "something coarser, or insert in parts")
            }
            var name = title(key)
            var number = 2
            while !set.isFree(name) || made.names.contains(name.lowercased()) {
                name = title(key) + "_\(number)"
                number += 1
            }
            let partition = TablePartition(
                number: table.takePartitionNumber(), name: name, values: .list([key]))
            made.byKey[key] = partition
            made.names.insert(name.lowercased())
            return partition
        }
    }

    /// The partition with what the table says of it.
    private func original(of partition: TablePartition) -> TablePartition {
        named?.first { $0.number == partition.number } ?? partition
    }

    private func missing(_ key: [Value]) -> StarlingError {
        guard let named else {
            return StarlingError(
                .data,
                "no partition of '\(table.name)' takes \(described(key)); ALTER TABLE "
                    + "\(table.name) ADD PARTITION makes one")
        }
        let names = named.map { "'\($0.name)'" }.joined(separator: ", ")
        return StarlingError(
            .data,
            "a row of \(described(key)) is to come to partition \(names) of '\(table.name)', which "
                + "takes others")
    }

    /// Says what a key is: `dt = '2024-01-01', city = 'x'`.
    private func described(_ key: [Value]) -> String {
        zip(set.keys, key).map { known, value in
            let text = value.text(as: known.type)
            let isNumber = known.type.isInteger
            return "\(known.title) = "
                + (text.map { isNumber ? $0 : "'\($0.prefix(100))'" } ?? "NULL")
        }.joined(separator: ", ")
    }
}
