// Conditions on the key of partitions: DROP PARTITIONS WHERE, and partition_retention_condition. Of a
// partition with a list of keys each is tested; of a range it must be certain for all values in it.

import StarlingErrors
import StarlingEvaluation
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes
import StarlingVectors

extension StatementRunner {
    /// Finds the partitions whose rows all satisfy a condition.
    func partitions(
        of set: PartitionSet, _ definition: CreateTable, where condition: Expression
    ) throws(StarlingError) -> [TablePartition] {
        let test = try PartitionTest(set, definition, condition, self)
        return try test.partitions { $0 == .allRows }
    }

    /// Finds the partitions of which no row satisfies a condition.
    func partitions(
        of set: PartitionSet, _ definition: CreateTable, lacking condition: Expression
    ) throws(StarlingError) -> [TablePartition] {
        let test = try PartitionTest(set, definition, condition, self)
        return try test.partitions { $0 == .noRow }
    }
}

/// Tests a condition with the keys of partitions.
private struct PartitionTest {
    private let set: PartitionSet
    private let filter: CompiledFilter
    private let program: CompiledExpressions
    private let types: [LogicalType]

    init(
        _ set: PartitionSet, _ definition: CreateTable, _ condition: Expression,
        _ runner: StatementRunner
    ) throws(StarlingError) {
        self.set = set
        types = set.keys.map(\.type)
        // A key that is computed goes by the name of the column that it is computed of.
        let columns = zip(definition.partitionKeys, set.keys).map { expression, key in
            let used = definition.columns.first { expression.mentions($0.name.text) }
            return runner.binderAllocator.makeColumn(
                key.column == nil ? used?.name.text ?? key.title : key.title, key.type)
        }
        let bound = try runner.binder.bind(condition, over: columns)
        guard bound.type == .boolean else {
            throw StarlingError(
                .binding, "'\(condition.sql())' is no condition", at: condition.range)
        }
        let layout = ColumnLayout(
            columns.map {
                PhysicalColumn(
                    column: $0, physicalType: $0.type.widestPhysicalType, bounds: $0.type.bounds)
            })
        filter = try CompiledFilter([bound], layout: layout, session: runner.sessionValues)
        program = try CompiledExpressions([bound], layout: layout, session: runner.sessionValues)
    }

    /// Finds the partitions all of whose values match as `isWanted` says.
    func partitions(
        _ isWanted: (PartMatch) -> Bool
    ) throws(StarlingError) -> [TablePartition] {
        var found: [TablePartition] = []
        for partition in set.partitions where !partition.isTemporary {
            if try holds(for: partition, isWanted) { found.append(partition) }
        }
        return found
    }

    private func holds(
        for partition: TablePartition, _ isWanted: (PartMatch) -> Bool
    ) throws(StarlingError) -> Bool {
        switch partition.values {
        case .list(let keys):
            for key in keys where !isWanted(try match(key)) { return false }
            return true
        case .range(let from, let to):
            var known = ColumnStatistics()
            if let low = from.first ?? .some(.null), !low.isNull {
                known.low = low
                known.nullCount = 0
            }
            if let high = to.first ?? .some(.null), !high.isNull {
                // The end of one column is not in the range.
                known.high = to.count == 1 ? high.integer.map { .integer($0 - 1) } ?? high : high
            }
            return isWanted(
                filter.match(rowCount: 1) { $0 == 0 ? known : ColumnStatistics() })
        }
    }

    /// Evaluates the condition for one key.
    private func match(_ key: [Value]) throws(StarlingError) -> PartMatch {
        let vectors = zip(key, types).map { value, type in
            Vector(constant: value, as: type, count: 1)
        }
        let result = try program.makeEvaluator().evaluate(Chunk(columns: vectors, count: 1))
        return result[0].value(at: 0) == .boolean(true) ? .allRows : .noRow
    }
}
