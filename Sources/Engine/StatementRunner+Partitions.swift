// Partitions that statements name, and ALTER TABLE where it adds, drops, renames, empties or replaces
// them. What a commit changes are the set of partitions and the segments that go; no row is touched.

import StarlingBinder
import StarlingCatalog
import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTables
import StarlingTypes

extension StatementRunner {
    /// Gives a table the partitions that its definition lists.
    func partitioned(
        _ table: NativeTable, _ definition: CreateTable
    ) throws(StarlingError) -> NativeTable {
        do throws(StarlingError) {
            let set = try partitions(of: definition, table.columns, table.identities)
            return set.map { table.having($0, table.segments) } ?? table
        } catch {
            // Versions that had no partitions took anything for them.
            guard session.isRestoring else { throw error }
            return table
        }
    }

    /// Computes anew what the key of the rows and that of the partitions is, and which columns have
    /// bloom filters, after columns have changed.
    func rekeyed(
        _ table: NativeTable, _ definition: CreateTable
    ) throws(StarlingError) -> NativeTable {
        let table = keyed(try filtering(table, as: definition), by: definition)
        guard let set = table.partitions, definition.partitioning != nil else { return table }
        let keys = try partitionKeys(of: definition, table.columns, table.identities)
        return table.having(set.having(keys: keys), table.segments)
    }

    /// Finds the partitions that a statement names.
    func partitions(
        of table: NativeTable, _ selection: PartitionSelection, at place: TextRange
    ) throws(StarlingError) -> [TablePartition] {
        guard selection.values.isEmpty else {
            throw StarlingError(
                .unsupported,
                "partitions of '\(table.name)' are named, PARTITION (name, …); SHOW PARTITIONS FROM "
                    + "\(table.name) lists them", at: place)
        }
        do throws(StarlingError) {
            return try table.partitions(
                named: selection.names.map(\.text), isTemporary: selection.isTemporary)
        } catch { throw error.located(at: selection.names.first?.range ?? place) }
    }

    /// Says which partitions the rows of an INSERT must come to, and which rows go.
    func partitions(
        of insert: Insert, _ target: QualifiedName
    ) throws(StarlingError) -> ([TablePartition]?, Overwriting) {
        let table = try nativeTable(target)
        guard let selection = insert.partitions else {
            guard insert.overwrites else { return (nil, .nothing) }
            let isDynamic = settings.flag("dynamic_overwrite") && table.partitions != nil
            return (nil, isDynamic ? .partitionsThatCome : .everything)
        }
        let named =
            selection.values.isEmpty
            ? try partitions(of: table, selection, at: target.range)
            : [try partition(of: table, where: selection.values, at: target)]
        return (named, insert.overwrites ? .partitions(Set(named.map(\.number))) : .nothing)
    }

    // MARK: ALTER TABLE

    /// Makes the changes of an ALTER TABLE that are about partitions; nil where there are none.
    func alterPartitions(_ alter: AlterTable) throws(StarlingError) -> Result? {
        guard alter.actions.contains(where: \.isOfPartitions) else { return nil }
        guard alter.actions.allSatisfy(\.isOfPartitions) else {
            throw StarlingError(
                .unsupported, "partitions and columns are changed by an ALTER TABLE each",
                at: alter.name.range)
        }
        let name = try catalogName(alter.name)
        let table = try nativeTable(alter.name)
        if table.partitions == nil, alter.actions.allSatisfy(\.isOfWholeTable) {
            for case .modifyPartitions(_, let properties) in alter.actions {
                checkPartitionProperties(properties)
            }
            return Result.none
        }
        guard let definition = storedEntry(name)?.definition, let first = table.partitions else {
            throw StarlingError(
                .binding,
                "'\(table.name)' has no partitions; PARTITION BY of CREATE TABLE makes "
                    + "them", at: alter.name.range)
        }
        var change = PartitionChange(table, first)
        for action in alter.actions { try apply(action, to: &change, definition) }
        let (set, emptied) = (change.set, change.emptied)
        let home = home(of: name)
        let writer = segmentWriter(for: table, name, in: home)
        let record = PartitionRecord()
        var seals: [Change] = []
        try commit(to: home, record.removals + record.changes + seals) {
            (contents) throws(StarlingError) in
            let newest = try newestSnapshot(of: table, name, contents)
            guard newest.partitions === first else {
                throw StarlingError(
                    .data,
                    "another session has changed the partitions of '\(table.name)' "
                        + "meanwhile; run the statement again")
            }
            let (left, gone) = newest.emptied(emptied)
            let result = left.having(set)
            let others = first.partitions.filter { partition in
                set[partition.number] == nil && !change.retained.contains(partition)
            }
            seals = try sealViews(
                change.retained, of: newest, name, definition,
                leaving: emptied.isEmpty && others.isEmpty ? result : nil, in: &contents)
            record.note(newest, result, placing: [], gone: gone, writer)
            contents.replaceTable(name, with: result)
        }
        return Result.none
    }

    private func apply(
        _ action: AlterTableAction, to change: inout PartitionChange, _ definition: CreateTable
    ) throws(StarlingError) {
        switch action {
        case .addPartitions(let listed, let isTemporary, distribution: _, let properties):
            checkPartitionProperties(properties)
            for partition in listed {
                if partition.isOptional, let name = partition.name,
                    change.set.partition(named: name, isTemporary: isTemporary) != nil
                {
                    continue
                }
                for made in try made(
                    partition, change.set, definition, isTemporary: isTemporary)
                {
                    try check(made, change.set, definition)
                    change.add(made)
                }
            }
        case .dropPartitions(let drop): try self.drop(drop, from: &change, definition)
        case .renamePartition(let name, let new):
            guard change.set.isFree(new.text) else {
                throw StarlingError(
                    .binding, "there is a partition '\(new.text)' already", at: new.range)
            }
            var partition = try find([name], in: change, isTemporary: false)[0]
            partition.name = new.text
            change.set = change.set.adding(partition)
        case .truncatePartitions(let selection):
            let found = try find(
                selection.names, in: change, isTemporary: selection.isTemporary)
            change.emptied.formUnion(found.map(\.number))
        case .replacePartitions(let names, let replacements, let properties):
            try replace(names, by: replacements, properties, in: &change)
        case .modifyPartitions(let names, let properties):
            for name in names { _ = try find([name], in: change, isTemporary: false) }
            checkPartitionProperties(properties)
        default: break
        }
    }

    private func drop(
        _ drop: DropPartitions, from change: inout PartitionChange, _ definition: CreateTable
    ) throws(StarlingError) {
        var gone: [TablePartition] = []
        if drop.isAll {
            gone = change.set.partitions.filter(\.isTemporary)
        } else if let condition = drop.condition {
            gone = try partitions(of: change.set, definition, where: condition)
        } else if let run = drop.run {
            let wanted = try made(run, change.set, definition, isTemporary: drop.isTemporary)
            for partition in wanted {
                let found = change.set.partitions.first {
                    $0.isTemporary == drop.isTemporary && $0.values == partition.values
                }
                guard let found else {
                    if drop.ifExists { continue }
                    throw StarlingError(
                        .binding,
                        "'\(change.table.name)' has no partition of the values that "
                            + "'\(partition.name)' would have; IF EXISTS passes over it")
                }
                gone.append(found)
            }
        } else {
            let names = drop.names.filter {
                !drop.ifExists
                    || change.set.partition(named: $0.text, isTemporary: drop.isTemporary) != nil
            }
            gone = try find(names, in: change, isTemporary: drop.isTemporary)
        }
        change.set = change.set.removing(Set(gone.map(\.number)))
        guard drop.retainsInViews else { return }
        guard !drop.isTemporary else {
            throw StarlingError(
                .binding, "views have no rows of temporary partitions that they could retain")
        }
        change.retained += gone
    }

    private func replace(
        _ names: [Identifier], by replacements: [Identifier], _ properties: [Property],
        in change: inout PartitionChange
    ) throws(StarlingError) {
        func flag(_ name: String, _ otherwise: Bool) -> Bool {
            properties.first { $0.key.lowercased() == name }.map {
                $0.value.lowercased() == "true"
            } ?? otherwise
        }
        let old = try find(names, in: change, isTemporary: false)
        let new = try find(replacements, in: change, isTemporary: true)
        if flag("strict_range", true),
            !PartitionValues.areSame(old.map(\.values), new.map(\.values))
        {
            throw StarlingError(
                .binding,
                "the temporary partitions take other values than those that they would replace; "
                    + "PROPERTIES ('strict_range' = 'false') allows that", at: replacements[0].range
            )
        }
        var set = change.set.removing(Set((old + new).map(\.number)))
        let keepsNames = !flag("use_temp_partition_name", false) && old.count == new.count
        for (place, temporary) in new.enumerated() {
            var partition = temporary
            partition.isTemporary = false
            if keepsNames { partition.name = old[place].name }
            let other = set.partitions.first {
                !$0.isTemporary && $0.values.overlaps(partition.values)
            }
            if let other {
                throw StarlingError(
                    .binding,
                    "'\(temporary.name)' would take values of partition '\(other.name)'",
                    at: replacements[place].range)
            }
            set = set.adding(partition)
        }
        change.set = set
    }

    private func find(
        _ names: [Identifier], in change: PartitionChange, isTemporary: Bool
    ) throws(StarlingError) -> [TablePartition] {
        let table = change.table.having(change.set, [])
        do throws(StarlingError) {
            return try table.partitions(named: names.map(\.text), isTemporary: isTemporary)
        } catch {
            guard let name = names.first else { throw error }
            throw error.located(at: name.range)
        }
    }
}

/// Is what an ALTER TABLE does to the partitions of a table.
private struct PartitionChange {
    let table: NativeTable
    var set: PartitionSet
    /// The numbers of partitions that lose their rows.
    var emptied: Set<UInt32> = []
    /// Partitions that are dropped, of which the views retain what they have.
    var retained: [TablePartition] = []

    init(_ table: NativeTable, _ set: PartitionSet) {
        self.table = table
        self.set = set
    }

    mutating func add(_ partition: TablePartition) {
        var partition = partition
        partition.number = table.takePartitionNumber()
        set = set.adding(partition)
    }
}

extension AlterTableAction {
    /// `MODIFY PARTITION (*)`, which a table without partitions takes, too.
    fileprivate var isOfWholeTable: Bool {
        if case .modifyPartitions(let names, properties: _) = self { names.isEmpty } else { false }
    }

    fileprivate var isOfPartitions: Bool {
        switch self {
        case .addPartitions, .dropPartitions, .renamePartition, .truncatePartitions,
            .replacePartitions, .modifyPartitions:
            true
        default: false
        }
    }
}

extension PartitionDefinition {
    /// What a single partition has.
    var head: PartitionHead? {
        switch self {
        case .lessThan(let head, _), .fixedRange(let head, _, _), .list(let head, _): head
        case .every: nil
        }
    }

    /// The name of one partition.
    var name: String? { head?.name.text }

    /// Tells whether IF NOT EXISTS stands before the name.
    var isOptional: Bool { head?.ifNotExists ?? false }
}

extension PartitionValues {
    /// Tells whether partitions take the same values together as others.
    fileprivate static func areSame(_ left: [PartitionValues], _ right: [PartitionValues]) -> Bool {
        keys(of: left) == keys(of: right) && ranges(of: left) == ranges(of: right)
    }

    private static func keys(of all: [PartitionValues]) -> Set<[Value]> {
        all.reduce(into: []) { keys, values in
            if case .list(let more) = values { keys.formUnion(more) }
        }
    }

    /// Ranges in their order; what one ends at, another goes on from.
    private static func ranges(of all: [PartitionValues]) -> [[[Value?]]] {
        var ranges: [(from: [Value?], to: [Value?])] = all.compactMap { values in
            if case .range(let from, let to) = values { (from, to) } else { nil }
        }
        ranges.sort { partitionOrder($0.from, $1.from) < 0 }
        var result: [[[Value?]]] = []
        for range in ranges {
            if let last = result.last, partitionOrder(last[1], range.from) == 0 {
                result[result.count - 1][1] = range.to
            } else {
                result.append([range.from, range.to])
            }
        }
        return result
    }
}
