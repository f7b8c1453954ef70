// Partitions that go by themselves, and those that come before their rows do: old partitions go with
// the commit that brings rows, `dynamic_partition.*` makes partitions before rows come, and where no
// rows come the database's clock does both.

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
    /// Returns a snapshot without the partitions that its table is not to keep any longer.
    func upkept(
        _ table: NativeTable, _ name: CatalogName, _ definition: CreateTable? = nil
    ) throws(StarlingError) -> NativeTable {
        guard let set = table.partitions, !session.isRestoring,
            let definition = definition ?? storedEntry(name)?.definition
        else { return table }
        let gone = try outdated(set, definition)
        guard !gone.isEmpty else { return table }
        return table.having(set.removing(Set(gone.map(\.number))))
    }

    /// Lists the partitions that the properties of a table let go.
    func outdated(
        _ set: PartitionSet, _ definition: CreateTable
    ) throws(StarlingError) -> [TablePartition] {
        var gone: [TablePartition] = []
        if let text = definition.property(Property.condition), !text.isEmpty {
            let condition = try parseExpression(text)
            gone += try partitions(of: set, definition, lacking: condition)
        }
        let count = definition.property("partition_live_number").flatMap { Int($0) } ?? 0
        let age = definition.property("partition_ttl")
        guard count > 0 || age != nil, set.keys.count == 1, set.keys[0].type.isTemporal else {
            return gone
        }
        let type = set.keys[0].type
        let now = try time(of: "now()", as: type)
        if count > 0 {
            // Partitions of times to come do not count.
            let past = set.partitions.filter {
                !$0.isTemporary && $0.start.map { $0 <= now } ?? true
            }
            let sorted = past.sorted { ($0.start ?? .min) > ($1.start ?? .min) }
            gone += sorted.dropFirst(count)
        }
        if let age, let (amount, unit) = Self.age(age) {
            let oldest = try time(of: "now() - INTERVAL \(amount) \(unit.rawValue)", as: type)
            gone += set.partitions.filter { partition in
                !partition.isTemporary
                    && (partition.end(definition.partitionKeys[0].timeUnit, type)
                        .map { $0 <= oldest } ?? false)
            }
        }
        return gone
    }

    /// Evaluates a time at once: a commit, which keeps up partitions, must not wait for the workers
    /// that a query of another session holds.
    func time(of text: String, as type: LogicalType) throws(StarlingError) -> Int128 {
        let bound = try binder.bind(parseExpression("CAST(\(text) AS \(type))"), over: [])
        let program = try CompiledExpressions(
            [bound], layout: ColumnLayout([]), session: sessionValues)
        let value = try program.makeEvaluator().evaluate(Chunk(columns: [], count: 1))[0]
        return value.value(at: 0).integer ?? 0
    }

    private static func age(_ text: String) -> (Int64, IntervalUnit)? {
        let words = text.split(separator: " ")
        guard words.count == 2, let amount = Int64(words[0]), amount >= 0,
            let unit = IntervalUnit(named: String(words[1]))
        else { return nil }
        return (amount, unit)
    }

    /// Checks the properties by which partitions come and go.
    func checkUpkeep(
        _ definition: CreateTable, _ table: NativeTable
    ) throws(StarlingError) {
        func refuse(_ name: String, _ what: String) throws(StarlingError) {
            let value = definition.property(name) ?? ""
            throw StarlingError(
                .binding, "\(name) is \(what), not '\(value)'", about: .value(of: name))
        }
        if let text = definition.property("partition_live_number"),
            Int(text).map({ $0 > 0 || $0 == -1 }) != true
        {
            try refuse("partition_live_number", "a count of partitions, or -1 for all")
        }
        if let text = definition.property("partition_ttl"), Self.age(text) == nil {
            try refuse("partition_ttl", "a time such as '7 DAY' or '2 MONTH'")
        }
        if let text = definition.property(Property.condition), !text.isEmpty {
            do throws(StarlingError) {
                let condition = try parseExpression(text)
                if let set = table.partitions {
                    _ = try partitions(of: set, definition, lacking: condition)
                }
            } catch {
                let keys = definition.partitionKeys.map { $0.sql() }.joined(separator: ", ")
                throw StarlingError(
                    .binding,
                    "\(Property.condition) is a condition on what the table is partitioned by"
                        + (keys.isEmpty ? "" : " (\(keys))")
                        + ", which '\(text)' is not: \(error.message)",
                    about: .value(of: Property.condition))
            }
        }
        _ = try DynamicPartitions(definition)
    }

    // MARK: Dynamic partitions

    /// Makes the partitions that `dynamic_partition.*` wants by now, and drops those that it does not
    /// want any longer.
    func keepUpPartitions(of target: QualifiedName) throws(StarlingError) {
        let name = try catalogName(target)
        let table = try nativeTable(target)
        guard !session.isRestoring, session.transaction == nil, let set = table.partitions,
            let definition = storedEntry(name)?.definition,
            let wanted = try wanted(set, definition, table)
        else { return }
        try change(set, of: table, name, to: wanted)
    }

    /// Does with the partitions of a table what its properties say, though no rows come.
    func keepUpPartitions(byClock name: CatalogName) throws(StarlingError) {
        guard let entry = storedEntry(name), entry.isKeptUp, let definition = entry.definition,
            case .table(let table as NativeTable) = entry.content, let set = table.partitions
        else { return }
        let wanted = try wanted(set, definition, table) ?? set
        let left = wanted.removing(Set(try outdated(wanted, definition).map(\.number)))
        guard left.partitions != set.partitions else { return }
        try change(set, of: table, name, to: left)
    }

    private func change(
        _ set: PartitionSet, of table: NativeTable, _ name: CatalogName, to wanted: PartitionSet
    ) throws(StarlingError) {
        let home = home(of: name)
        let writer = segmentWriter(for: table, name, in: home)
        let record = PartitionRecord()
        try commit(to: home, record.removals + record.changes) {
            (contents) throws(StarlingError) in
            let newest = try newestSnapshot(of: table, name, contents)
            // Whoever changed the partitions has kept them up, too.
            let result = newest.partitions === set ? newest.having(wanted) : newest
            record.note(newest, result, placing: [], writer)
            contents.replaceTable(name, with: result)
        }
    }

    /// The partitions that a table is to have by now; nil where it has them.
    func wanted(
        _ set: PartitionSet, _ definition: CreateTable, _ table: NativeTable
    ) throws(StarlingError) -> PartitionSet? {
        guard let rules = try DynamicPartitions(definition), set.keys.count == 1,
            set.keys[0].type.isTemporal, case .range = definition.partitioning
        else { return nil }
        let type = set.keys[0].type
        let steps = PartitionSteps(1, rules.unit, type, prefix: rules.prefix)
        let today = try time(of: rules.present, as: type)
        var gone: [TablePartition] = []
        if let start = rules.start, let oldest = steps.value(today, Int64(start)) {
            gone = set.partitions.filter { partition in
                guard case .range(_, let to) = partition.values, !partition.isTemporary else {
                    return false
                }
                return partitionOrder(to, [.integer(oldest)]) <= 0
            }
        }
        var result = set.removing(Set(gone.map(\.number)))
        for offset in rules.first...rules.end {
            guard let from = steps.value(today, Int64(offset)),
                let to = steps.value(today, Int64(offset) + 1)
            else { continue }
            let new = TablePartition(
                number: 0, name: steps.name(of: .integer(from)),
                values: .range(from: [.integer(from)], to: [.integer(to)]))
            let isThere = result.partitions.contains {
                !$0.isTemporary && $0.values.overlaps(new.values)
            }
            guard !isThere, result.isFree(new.name) else { continue }
            var numbered = new
            numbered.number = table.takePartitionNumber()
            result = result.adding(numbered)
        }
        return result.partitions == set.partitions ? nil : result
    }
}

extension CatalogEntry {
    /// Tells whether partitions of the table come or go by the clock.
    var isKeptUp: Bool {
        guard materialized == nil, let definition, definition.partitioning != nil else {
            return false
        }
        return definition.properties.contains { property in
            TableProperties.ofPartitions.contains { property.key.lowercased().hasPrefix($0) }
        }
    }
}

extension CreateTable {
    func property(_ name: String) -> String? {
        properties.last { $0.key.lowercased() == name }?.value
    }
}

extension TablePartition {
    /// The first time of it; nil where it has all before its end.
    fileprivate var start: Int128? {
        switch values {
        case .list(let keys): keys.compactMap { $0.first?.integer }.max()
        case .range(let from, _): from.first.flatMap { $0?.integer }
        }
    }

    /// The first time behind it, where it is known.
    fileprivate func end(_ unit: IntervalUnit?, _ type: LogicalType) -> Int128? {
        switch values {
        case .list:
            guard let start else { return nil }
            return PartitionSteps(1, unit ?? .day, type, prefix: "").value(start, 1) ?? start
        case .range(_, let to): return to.first.flatMap { $0?.integer }
        }
    }
}
