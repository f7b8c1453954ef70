// What a view would have, were it refreshed now: its stored rows, and what has changed in its tables
// since, put together inside of a query.
//
//   rows     the changes are added; where rows went, equal ones are counted and given as often as is left
//   states   the states of what came are added as more groups, which whoever reads them puts together;
//            where rows went, groups are put together here, and those without rows are left out

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingTables
import StarlingTypes

extension RewriteCandidate {
    /// Reads stored columns as they would be by now; the positions are those of the storage.
    func currentRows(
        _ columns: [ScanColumn], _ allocator: ColumnAllocator
    ) throws(StarlingError) -> LogicalPlan {
        var columns = columns
        guard let changes else { return scan(columns, allocator) }
        if columns.isEmpty {
            let first = storage.columns[0]
            columns.append(
                ScanColumn(column: allocator.makeColumn(first.name, first.type), position: 0))
        }
        let algebra = DeltaAlgebra(changes, keeping.allocator)
        switch keeping.strategy {
        case .rows: return try currentRows(columns, algebra, allocator)
        case .states(let states): return try currentStates(columns, states, algebra, allocator)
        case .keys:
            throw StarlingError(.unsupported, "its groups are computed anew where they change")
        }
    }

    /// Scans what is stored and is there for the query.
    private func scan(
        _ columns: [ScanColumn], _ allocator: ColumnAllocator
    ) -> LogicalPlan {
        var node = ScanNode(
            table: storage, alias: "materialized view \(name)", columns: columns)
        guard !program.following.isEmpty else { return LogicalPlan(.scan(node)) }
        var read: [ProjectItem] = []
        for (position, column) in program.stored.enumerated()
        where program.following.contains(where: { $0.referencedColumns.contains(column.id) }) {
            let known = columns.first { $0.position == position }?.column
            let copy = known ?? allocator.makeCopy(of: column)
            if known == nil { node.columns.append(ScanColumn(column: copy, position: position)) }
            read.append(ProjectItem(column: column, expression: .column(copy)))
        }
        let filter = LogicalPlan(
            .filter(
                FilterNode(
                    input: LogicalPlan(.scan(node)),
                    conjuncts: program.following.substituting(read))))
        return columns.isEmpty ? filter : filter.projected(to: columns.map(\.column))
    }

    /// Scans what is stored, giving columns of their own.
    private func stored(
        _ columns: [ScanColumn], _ allocator: ColumnAllocator
    ) -> LogicalPlan { scan(columns, allocator).withFreshColumns(allocator) }

    // MARK: Rows

    private func currentRows(
        _ columns: [ScanColumn], _ algebra: DeltaAlgebra, _ allocator: ColumnAllocator
    ) throws(StarlingError) -> LogicalPlan {
        guard let rows = try algebra.changes(of: keeping.plan) else {
            return scan(columns, allocator)
        }
        let changed = columns.map { keeping.stored[$0.position] }
        let given = columns.map(\.column)
        guard !rows.onlyGrows else {
            let delta = rows.plan.projected(to: changed).withFreshColumns(allocator)
            return .union([stored(columns, allocator), delta], giving: given)
        }
        let delta = rows.plan.projected(to: changed + [rows.weight]).withFreshColumns(allocator)
        let one = ProjectItem(
            column: allocator.makeColumn("weight", .tinyint, isNullable: false),
            expression: .literal(.integer(1), .tinyint))
        let copies = given.map { allocator.makeCopy(of: $0) }
        let weight = allocator.makeColumn("weight", .tinyint, isNullable: false)
        let all = LogicalPlan.union(
            [stored(columns, allocator).adding([one]), delta], giving: copies + [weight])
        let sum = try Arithmetic.aggregate("sum", [.column(weight)], where: nil, allocator)
        let groups = LogicalPlan(
            .aggregate(
                AggregateNode(
                    input: all,
                    keys: zip(given, copies).map {
                        ProjectItem(column: $0, expression: .column($1))
                    }, aggregates: [sum])))
        let isLeft = BoundExpression.comparison(
            .greater, .column(sum.column), .literal(.integer(0), sum.column.type))
        let number = allocator.makeColumn("number", .bigint, isNullable: false)
        let repeated = UnnestNode(
            input: LogicalPlan(.filter(FilterNode(input: groups, conjuncts: [isLeft]))),
            lists: [try Arithmetic.series(to: .column(sum.column))], columns: [number],
            isOuter: false)
        return LogicalPlan(.unnest(repeated)).projected(to: given)
    }

    // MARK: States

    private func currentStates(
        _ columns: [ScanColumn], _ states: AggregateStates, _ algebra: DeltaAlgebra,
        _ allocator: ColumnAllocator
    ) throws(StarlingError) -> LogicalPlan {
        guard case .aggregate(let core) = keeping.upper.core.node,
            let input = try algebra.changes(of: core.input)
        else { return scan(columns, allocator) }
        var columns = columns
        if !input.onlyGrows {
            if columns.contains(where: {
                states.kind(of: keeping.stored[$0.position])?.isExtreme ?? false
            }) {
                throw StarlingError(
                    .unsupported,
                    "rows went since its last refresh, and a smallest or largest value may have gone "
                        + "with them")
            }
            let count = keeping.stored.firstIndex(of: states.rowCount) ?? 0
            for position in keeping.keyPositions + [count]
            where !columns.contains(where: { $0.position == position }) {
                let column = storage.columns[position]
                columns.append(
                    ScanColumn(
                        column: allocator.makeColumn(column.name, column.type),
                        position: position))
            }
        }
        let delta = try groups(of: input, states, core, columns).withFreshColumns(allocator)
        let inputs = [stored(columns, allocator), delta]
        guard !input.onlyGrows else { return .union(inputs, giving: columns.map(\.column)) }
        return try consolidated(inputs, columns, states, allocator)
    }

    /// Groups changes, and gives stored columns.
    func groups(
        of input: DeltaRows, _ states: AggregateStates, _ core: AggregateNode,
        _ columns: [ScanColumn]
    ) throws(StarlingError) -> LogicalPlan {
        let grouped = try states.grouping(input, core.keys)
        let items = try mapAll(columns) { (column) throws(StarlingError) in
            ProjectItem(
                column: keeping.allocator.makeCopy(of: keeping.stored[column.position]),
                expression: try keeping.change(
                    of: column.position, states, grouped.outputColumns))
        }
        return LogicalPlan(.project(ProjectNode(input: grouped, items: items)))
    }

    /// Puts the groups of several inputs together.
    private func consolidated(
        _ inputs: [LogicalPlan], _ columns: [ScanColumn], _ states: AggregateStates,
        _ allocator: ColumnAllocator
    ) throws(StarlingError) -> LogicalPlan {
        let copies = columns.map { allocator.makeCopy(of: $0.column) }
        var (keys, sums, items) = ([ProjectItem](), [AggregateItem](), [ProjectItem]())
        var conjuncts: [BoundExpression] = []
        for (column, copy) in zip(columns, copies) {
            guard !keeping.keyPositions.contains(column.position) else {
                keys.append(ProjectItem(column: column.column, expression: .column(copy)))
                items.append(ProjectItem(passing: column.column))
                continue
            }
            let sum = try Arithmetic.aggregate("sum", [.column(copy)], where: nil, allocator)
            sums.append(sum)
            let type = column.column.type
            items.append(
                ProjectItem(
                    column: column.column,
                    expression: sum.column.type == type
                        ? .column(sum.column) : .cast(.column(sum.column), to: type)))
            if keeping.stored[column.position] == states.rowCount, !keeping.keyPositions.isEmpty {
                conjuncts.append(
                    .comparison(
                        .notEqual, .column(sum.column), .literal(.integer(0), sum.column.type)))
            }
        }
        var groups = LogicalPlan(
            .aggregate(
                AggregateNode(
                    input: .union(inputs, giving: copies), keys: keys, aggregates: sums)))
        if !conjuncts.isEmpty {
            groups = LogicalPlan(.filter(FilterNode(input: groups, conjuncts: conjuncts)))
        }
        return LogicalPlan(.project(ProjectNode(input: groups, items: items)))
    }
}

extension ViewProgram {
    /// By what a stored column changes, given the columns of grouped changes.
    fileprivate func change(
        of position: Int, _ states: AggregateStates, _ grouped: [PlanColumn]
    ) throws(StarlingError) -> BoundExpression {
        if let key = keyPositions.firstIndex(of: position) { return .column(grouped[key]) }
        let type = stored[position].type
        guard let place = states.columns.firstIndex(of: stored[position]) else {
            throw StarlingError(.internal, "a column that is no state is read as one")
        }
        let coming = grouped[keys.count + place]
        let going = grouped[keys.count + states.columns.count + place]
        if states.kind(of: stored[position])?.isExtreme ?? false { return .column(coming) }
        func number(_ column: PlanColumn) -> BoundExpression {
            let value = BoundExpression.column(column)
            return Arithmetic.value(
                column.type == type ? value : .cast(value, to: type),
                or: .literal(.integer(0), type))
        }
        return try Arithmetic.difference(number(coming), number(going))
    }
}

extension AggregateStates {
    /// What a state is; nil for other columns and for the number of rows.
    fileprivate func kind(of column: PlanColumn) -> Kind? {
        states.first { $0.column == column }?.source.kind
    }
}

extension AggregateStates.Kind {
    fileprivate var isExtreme: Bool { self == .min || self == .max }
}

extension LogicalPlan {
    static func union(
        _ inputs: [LogicalPlan], giving columns: [PlanColumn]
    ) -> LogicalPlan {
        LogicalPlan(
            .setOperation(
                SetOperationNode(
                    kind: .union, keepsDuplicates: true, inputs: inputs,
                    inputColumns: inputs.map(\.outputColumns), columns: columns)))
    }

    /// The rows of all tables that the plan reads, each as often as it does.
    package var tableRowCount: Int {
        var count = 0
        forEach { part in
            if case .scan(let scan) = part.node { count += scan.table.statistics.rowCount }
        }
        return count
    }
}
