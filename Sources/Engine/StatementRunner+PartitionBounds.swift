// The partitions that CREATE TABLE and ALTER TABLE list: what stands behind VALUES and EVERY becomes
// values of the key.

import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingSyntax
import StarlingTypes

extension StatementRunner {
    /// Makes the partitions that a definition describes, without numbers.
    func made(
        _ definition: PartitionDefinition, _ set: PartitionSet, _ table: CreateTable,
        isTemporary: Bool
    ) throws(StarlingError) -> [TablePartition] {
        func partition(_ name: String, _ values: PartitionValues) -> TablePartition {
            TablePartition(number: 0, name: name, values: values, isTemporary: isTemporary)
        }
        switch definition {
        case .list(let head, let rows):
            try checkForm(table, isRange: false, head.name.range)
            let keys = try mapAll(rows) { (row) throws(StarlingError) in
                try key(row, set, at: head.name.range)
            }
            return [partition(head.name.text, .list(keys))]
        case .lessThan(let head, let bound):
            try checkForm(table, isRange: true, head.name.range)
            let to = try end(bound, set, at: head.name.range)
            let from = set.partitions.compactMap { other -> [Value?]? in
                guard other.isTemporary == isTemporary, case .range(_, let to) = other.values
                else { return nil }
                return to
            }.filter { partitionOrder($0, to) <= 0 }.max { partitionOrder($0, $1) < 0 }
            return [partition(head.name.text, .range(from: from ?? [], to: to))]
        case .fixedRange(let head, let from, let to):
            let start = try end(from, set, at: head.name.range)
            let end = try end(to, set, at: head.name.range)
            guard !table.isPartitionedByExpressions else {
                let key = try key(from: start, to: end, table, set, at: head.name.range)
                return [partition(head.name.text, .list([key]))]
            }
            try checkForm(table, isRange: true, head.name.range)
            return [partition(head.name.text, .range(from: start, to: end))]
        case .every(let start, let end, let step):
            return try run(from: start, to: end, every: step, set, table).map {
                partition($0.name, $0.values)
            }
        }
    }

    /// Checks that a partition can stand beside those that are there.
    func check(
        _ new: TablePartition, _ set: PartitionSet, _ table: CreateTable
    ) throws(StarlingError) {
        guard set.isFree(new.name) else {
            throw StarlingError(
                .binding, "there is a partition '\(new.name)' already", at: table.name.range)
        }
        if case .range(let from, let to) = new.values, partitionOrder(from, to) >= 0 {
            throw StarlingError(
                .binding,
                "partition '\(new.name)' would have no values: it begins where it ends, or where "
                    + "another one does", at: table.name.range)
        }
        if case .list(let keys) = new.values, Set(keys).count < keys.count {
            throw StarlingError(
                .binding, "partition '\(new.name)' names a value twice", at: table.name.range)
        }
        let other = set.partitions.first {
            $0.isTemporary == new.isTemporary && $0.values.overlaps(new.values)
        }
        guard let other else { return }
        throw StarlingError(
            .binding, "partition '\(new.name)' would take values of partition '\(other.name)'",
            at: table.name.range)
    }

    private func checkForm(
        _ table: CreateTable, isRange: Bool, _ place: TextRange
    ) throws(StarlingError) {
        switch table.partitioning {
        case .range where !isRange:
            throw StarlingError(
                .binding,
                "the table is partitioned by RANGE: a partition is VALUES LESS THAN (…) or VALUES "
                    + "[(…), (…))", at: place)
        case .list where isRange:
            throw StarlingError(
                .binding, "the table is partitioned by LIST: a partition is VALUES IN (…)",
                at: place)
        case .expressions where isRange:
            throw StarlingError(
                .binding,
                "the table is partitioned by expressions, and a partition has one value of them: "
                    + "VALUES IN (…), or VALUES [(…), (…)) of one step in time", at: place)
        default: return
        }
    }

    // MARK: Values

    private func key(
        _ row: [Expression], _ set: PartitionSet, at place: TextRange
    ) throws(StarlingError) -> [Value] {
        guard row.count == set.keys.count else {
            throw StarlingError(
                .binding,
                "PARTITION BY names \(set.keys.count) things, a partition's value has \(row.count)",
                at: row.first?.range ?? place)
        }
        var key: [Value] = []
        for (expression, known) in zip(row, set.keys) {
            key.append(try value(of: expression, known))
        }
        return key
    }

    private func end(
        _ bound: PartitionBound, _ set: PartitionSet, at place: TextRange
    ) throws(StarlingError) -> [Value?] {
        switch bound {
        case .maximum: return [nil]
        case .values(let values):
            guard values.count <= set.keys.count else {
                throw StarlingError(
                    .binding,
                    "PARTITION BY names \(set.keys.count) things, a partition ends at "
                        + "\(values.count)", at: place)
            }
            var end: [Value?] = []
            for (expression, known) in zip(values, set.keys) {
                guard let expression else {
                    end.append(nil)
                    continue
                }
                end.append(try value(of: expression, known))
            }
            return end
        }
    }

    /// Evaluates a value of a partition as what the key is.
    func value(
        of expression: Expression, _ key: PartitionSet.Key
    ) throws(StarlingError) -> Value {
        if case .literal(.string(let text)) = expression.kind, key.type.byteLimit == nil,
            let known = Value(parsing: text, as: key.type)
        {
            return known
        }
        let (given, type) = try evaluate(expression)
        guard !given.isNull else { return .null }
        let stored = try evaluate(
            Expression(
                .cast(expression, try TypeName(naming: key.type), isTry: true),
                at: expression.range)
        ).value
        guard !stored.isNull else {
            throw StarlingError(
                .binding,
                "'\(given.text(as: type) ?? "")' is no value of '\(key.title)', which is "
                    + "\(key.type)", at: expression.range)
        }
        return stored
    }

    /// Finds the key of which an automatic partition is that takes a whole step in time.
    private func key(
        from start: [Value?], to end: [Value?], _ table: CreateTable, _ set: PartitionSet,
        at place: TextRange
    ) throws(StarlingError) -> [Value] {
        guard start.count == 1, end.count == 1, let first = start[0], let behind = end[0],
            let number = behind.integer, set.keys[0].type.isTemporal
        else {
            throw StarlingError(
                .binding,
                "the table is partitioned by expressions: a partition is VALUES IN (…) or one step "
                    + "in time", at: place)
        }
        let last = Value.integer(number - 1)
        let keys = try mapAll([first, last]) { (moment) throws(StarlingError) in
            try partitionKey(ofTime: moment, table, set.keys[0].type)
        }
        guard keys[0] == first, keys[1] == first else {
            throw StarlingError(
                .binding,
                "a partition of '\(set.keys[0].title)' is one step in time, from a value that it "
                    + "gives to the next", at: place)
        }
        return [first]
    }

    /// Computes the key of rows whose column of time has a value.
    private func partitionKey(
        ofTime moment: Value, _ table: CreateTable, _ type: LogicalType
    ) throws(StarlingError) -> Value {
        let key = table.partitionKeys[0]
        let used = table.columns.filter { key.mentions($0.name.text) }
        guard let text = moment.text(as: type), let column = used.first?.name.text else {
            return moment
        }
        let query = try parseQuery(
            "SELECT \(key.sql()) FROM (SELECT CAST('\(text)' AS \(type)) AS \(quoted(column))) AS t"
        )
        return try runQuery(query).value(0, 0)
    }

    // MARK: START, END and EVERY

    /// Makes one partition after the other from a start on, with their names.
    private func run(
        from first: Expression, to last: Expression, every step: Expression, _ set: PartitionSet,
        _ table: CreateTable
    ) throws(StarlingError) -> [(name: String, values: PartitionValues)] {
        guard set.keys.count == 1, let known = set.keys.first else {
            throw StarlingError(
                .binding, "START and END are for one column of PARTITION BY", at: first.range)
        }
        if case .list = table.partitioning {
            try checkForm(table, isRange: true, first.range)
        }
        // A text that is computed of times counts as a time.
        var timed = known
        if known.type.isString { timed.type = .datetime }
        let steps = try PartitionSteps(
            step, timed.type, prefix: table.partitionPrefix,
            evaluate: {
                (expression)
                    throws(StarlingError) in try self.evaluate(expression).value
            })
        let (start, end) = (try value(of: first, timed), try value(of: last, timed))
        var result: [(name: String, values: PartitionValues)] = []
        for run in try steps.steps(from: start, to: end, at: first.range) {
            if table.isPartitionedByExpressions {
                let key = try partitionKey(ofTime: run.from, table, known.type)
                let name = steps.name(of: key)
                guard result.last?.name != name else { continue }
                result.append((name, .list([[key]])))
                continue
            }
            func stored(_ value: Value) -> Value {
                known.type.isString ? value.text(as: timed.type).map(Value.text) ?? .null : value
            }
            result.append(
                (
                    steps.name(of: run.from),
                    .range(from: [stored(run.from)], to: [stored(run.to)])
                ))
        }
        return result
    }
}

extension CreateTable {
    /// What the names of partitions in time begin with.
    var partitionPrefix: String {
        properties.first { $0.key.lowercased() == "dynamic_partition.prefix" }?.value ?? "p"
    }
}
