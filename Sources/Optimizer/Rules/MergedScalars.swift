import StarlingPlans

/// Gathers aggregations over the same rows but for conditions on tables, and merges them.
struct MergedScalars {
    private struct Member {
        var items: [ProjectItem]
        /// In terms of the first member's columns.
        var aggregates: [AggregateItem]
        /// The conditions on each table, in the order of the tables in the plan.
        var conditions: [[BoundExpression]]
    }

    private(set) var members: [ScalarSource]
    private var parts: [Member]

    init(_ first: ScalarSource) {
        members = [first]
        var tables = ScanConditions()
        tables.collect(first.aggregate.input)
        parts = [
            Member(
                items: first.items, aggregates: first.aggregate.aggregates,
                conditions: tables.conditions)
        ]
    }

    /// Takes a source in that fits; returns whether it did.
    mutating func take(_ source: ScalarSource) -> Bool {
        let first = members[0].aggregate
        let (mine, others) = (first.input.withoutScanConditions, source.aggregate.input)
        var correspondence = PlanCorrespondence()
        guard correspondence.covers(mine, others.withoutScanConditions),
            mine.consistsOfInnerJoins
        else { return false }
        var tables = ScanConditions()
        tables.collect(others)
        let conditions = tables.conditions.map { $0.map(correspondence.translated) }
        let visible = first.input.outputColumnIDs
        guard conditions.joined().allSatisfy({ $0.isDeterministic }),
            (parts[0].conditions + conditions).joined().allSatisfy({
                $0.referencedColumns.isSubset(of: visible)
            })
        else { return false }
        let aggregates = source.aggregate.aggregates.map { item in
            var item = item
            item.arguments = item.arguments.map(correspondence.translated)
            item.condition = item.condition.map(correspondence.translated)
            return item
        }
        guard aggregates.allSatisfy({ $0.arguments.allSatisfy(\.isDeterministic) }) else {
            return false
        }
        members.append(source)
        parts.append(Member(items: source.items, aggregates: aggregates, conditions: conditions))
        return true
    }

    /// Computes all members in one pass.
    var plan: LogicalPlan {
        let tableCount = parts[0].conditions.count
        var scanned: [[BoundExpression]] = []
        var common: [Set<BoundExpression>] = []
        for table in 0..<tableCount {
            let all = parts.map { Set($0.conditions[table]) }
            let shared = all.dropFirst().reduce(all[0]) { $0.intersection($1) }
            common.append(shared)
            scanned.append(parts[0].conditions[table].filter(shared.contains))
            let rests = parts.map { own($0, table, shared) }
            if rests.allSatisfy({ !$0.isEmpty }) {
                var branches: [BoundExpression] = []
                for rest in rests.map(BoundExpression.conjunction) where !branches.contains(rest) {
                    branches.append(rest)
                }
                scanned[table].append(branches.count == 1 ? branches[0] : .or(branches))
            }
        }
        var aggregate = members[0].aggregate
        var next = scanned.makeIterator()
        aggregate.input = aggregate.input.replacingScanConditions { next.next() ?? [] }
        aggregate.aggregates = parts.flatMap { part in
            let rest = (0..<tableCount).flatMap { own(part, $0, common[$0]) }
            return part.aggregates.map { item in
                var item = item
                let conditions = (item.condition?.conjuncts ?? []) + rest
                item.condition = conditions.isEmpty ? nil : .conjunction(conditions)
                return item
            }
        }
        return LogicalPlan(
            .project(
                ProjectNode(
                    input: LogicalPlan(.aggregate(aggregate)), items: parts.flatMap(\.items))))
    }

    /// The conditions of one member on a table that not all members have.
    private func own(
        _ part: Member, _ table: Int, _ shared: Set<BoundExpression>
    ) -> [BoundExpression] {
        part.conditions[table].filter { !shared.contains($0) }
    }
}

/// Lists the conditions of scans, in the order of `forEach`.
private struct ScanConditions {
    var conditions: [[BoundExpression]] = []

    mutating func collect(_ plan: LogicalPlan) {
        plan.forEach { node in
            if case .scan(let scan) = node.node { conditions.append(scan.conjuncts) }
        }
    }
}

extension LogicalPlan {
    fileprivate var withoutScanConditions: LogicalPlan { replacingScanConditions { [] } }

    /// Visits the scans in the order of `forEach`.
    fileprivate func replacingScanConditions(
        _ next: () -> [BoundExpression]
    ) -> LogicalPlan {
        guard case .scan(var scan) = node else {
            return replacingChildren { $0.replacingScanConditions(next) }
        }
        scan.conjuncts = next()
        return LogicalPlan(.scan(scan))
    }

    /// True where a condition on a table may as well be asked of the joined rows.
    fileprivate var consistsOfInnerJoins: Bool {
        var result = true
        forEach { plan in
            switch plan.node {
            case .scan, .filter: break
            case .join(let join) where join.kind == .inner: break
            default: result = false
            }
        }
        return result
    }
}
