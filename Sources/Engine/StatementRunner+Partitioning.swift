// What PARTITION BY says: the key of a row, the partitions that a table begins with, and the names of
// those that come to be as rows come.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingEvaluation
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes
import StarlingVectors

extension StatementRunner {
    /// Makes the set of partitions that a table has at first; nil where it is not partitioned.
    func partitions(
        of definition: CreateTable, _ columns: [TableColumn], _ identities: [ColumnIdentity]
    ) throws(StarlingError) -> PartitionSet? {
        guard definition.partitioning != nil else { return nil }
        let keys = try partitionKeys(of: definition, columns, identities)
        if !session.isRestoring { try checkKeys(definition, columns) }
        var set = PartitionSet(keys: keys, isAutomatic: definition.isPartitionedByExpressions)
        var number: UInt32 = 0
        for listed in definition.listedPartitions {
            for partition in try made(listed, set, definition, isTemporary: false) {
                try check(partition, set, definition)
                number += 1
                var numbered = partition
                numbered.number = number
                set = set.adding(numbered)
            }
        }
        return set
    }

    /// Describes what the key of a row consists of.
    func partitionKeys(
        of definition: CreateTable, _ columns: [TableColumn], _ identities: [ColumnIdentity]
    ) throws(StarlingError) -> [PartitionSet.Key] {
        let known = columns.map { binderAllocator.makeColumn($0.name, $0.type) }
        return try mapAll(definition.partitionKeys) { (key) throws(StarlingError) in
            if let position = key.position(in: columns) {
                let column = columns[position]
                try checkKeyType(column.type, key)
                return PartitionSet.Key(
                    column: identities[position].number, type: column.type, title: column.name)
            }
            let bound = try bind(key, over: known, for: "PARTITION BY")
            guard bound.isDeterministic, !bound.containsSubquery else {
                throw StarlingError(
                    .binding,
                    "PARTITION BY computes the same of a row each time; '\(key.sql())' "
                        + "may not", at: key.range)
            }
            try checkKeyType(bound.type, key)
            return PartitionSet.Key(column: nil, type: bound.type, title: key.sql())
        }
    }

    private func checkKeyType(
        _ type: LogicalType, _ key: Expression
    ) throws(StarlingError) {
        guard type.isNested || type.isOpaque || type.isFloating || type == .json || type == .null
        else { return }
        throw StarlingError(
            .binding,
            "'\(key.sql())' is \(type); partitions are made by whole numbers, decimals, texts, "
                + "dates, times and truth values", at: key.range)
    }

    /// Says no to keys of the table that lack a column of PARTITION BY: rows with the same key would
    /// lie in several partitions.
    private func checkKeys(
        _ definition: CreateTable, _ columns: [TableColumn]
    ) throws(StarlingError) {
        guard let key = definition.key, key.kind != .duplicate else { return }
        let known = columns.map { binderAllocator.makeColumn($0.name, $0.type) }
        for expression in definition.partitionKeys {
            let used = try binder.bind(expression, over: known).referencedColumns
            for column in known where used.contains(column.id) {
                let isKey = key.columns.contains {
                    $0.text.lowercased() == column.name.lowercased()
                }
                // A column that is computed of the key is the same for the same key.
                let isComputed = definition.columns.contains {
                    $0.name.text == column.name && $0.generated != nil
                }
                guard !isKey, !isComputed else { continue }
                throw StarlingError(
                    .binding,
                    "PARTITION BY uses column '\(column.name)', which is not in the "
                        + "\(key.kind.rawValue); add it there, so that a key lies in one partition",
                    at: expression.range)
            }
        }
    }

    // MARK: Rows

    /// Makes what finds the partitions of rows that come; nil where the table has none.
    func router(
        for table: NativeTable, _ definition: CreateTable?, named: [TablePartition]? = nil
    ) throws(StarlingError) -> PartitionRouter? {
        guard let set = table.partitions, let definition else { return nil }
        var keys = PartitionRouter.Keys(types: set.keys.map(\.type))
        let positions = definition.partitionKeys.map { $0.position(in: table.columns) }
        if positions.contains(nil) {
            let known = table.columns.map { binderAllocator.makeColumn($0.name, $0.type) }
            let bound = try mapAll(definition.partitionKeys) { (key) throws(StarlingError) in
                try binder.bind(key, over: known)
            }
            keys.inputs = known.indices.filter { place in
                bound.contains { $0.referencedColumns.contains(known[place].id) }
            }
            let layout = ColumnLayout(
                keys.inputs.map { place in
                    let type = known[place].type
                    return PhysicalColumn(
                        column: known[place], physicalType: type.widestPhysicalType,
                        bounds: type.bounds)
                })
            keys.program = try CompiledExpressions(bound, layout: layout, session: sessionValues)
        } else {
            keys.positions = positions.compactMap { $0 }
        }
        let naming = PartitionNaming(definition, set.keys.map(\.type))
        return PartitionRouter(table, set, keys: keys, named: named) { naming.name(of: $0) }
    }

    /// Packs rows into segments of the partitions that they belong to.
    func segments(
        of chunks: [Chunk], for table: NativeTable, _ router: PartitionRouter?,
        isStored: Bool
    ) throws(StarlingError) -> [Segment] {
        var packer = RowPacker(
            table.columns.map(\.type), table, router, isStored: isStored)
        for chunk in chunks { try packer.append(chunk) }
        try packer.finish()
        return packer.takeSegments()
    }
}

extension CreateTable {
    /// What the key of a row consists of.
    var partitionKeys: [Expression] {
        switch partitioning {
        case .range(let keys, _), .expressions(let keys, _): keys
        case .list(let columns, _):
            columns.map { Expression(.column(QualifiedName([$0])), at: $0.range) }
        case nil: []
        }
    }

    var isPartitionedByExpressions: Bool {
        if case .expressions = partitioning { true } else { false }
    }

    /// The partitions that the statement lists.
    var listedPartitions: [PartitionDefinition] {
        switch partitioning {
        case .range(_, let listed), .list(_, let listed), .expressions(_, let listed): listed
        case nil: []
        }
    }

    /// The definition with other partitions, or without any: which ones there are the table knows.
    func listing(_ partitions: [PartitionDefinition] = []) -> CreateTable {
        var definition = self
        switch partitioning {
        case .range(let keys, _): definition.partitioning = .range(keys, partitions)
        case .list(let columns, _): definition.partitioning = .list(columns, partitions)
        case .expressions(let keys, _): definition.partitioning = .expressions(keys, partitions)
        case nil: break
        }
        return definition
    }
}

extension Expression {
    /// Where the column stands that it is; nil for anything else.
    func position(in columns: [TableColumn]) -> Int? {
        guard case .column(let name) = kind else { return nil }
        return columns.firstIndex { $0.name.lowercased() == name.last.text.lowercased() }
    }
}
