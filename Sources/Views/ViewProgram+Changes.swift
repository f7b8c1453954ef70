// The plans that keep a view: what changes, and what the stored rows become.

import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingTables
import StarlingTypes

extension ViewProgram {
    /// The changes of the rows; nil where there are none.
    package func changedRows(
        _ algebra: DeltaAlgebra
    ) throws(StarlingError) -> DeltaRows? {
        guard var rows = try algebra.changes(of: plan) else { return nil }
        rows.plan = rows.plan.projected(to: stored + [rows.weight])
        return rows
    }

    /// Adds the weights of rows that are the same; those that stay have the sum in the last column.
    package func consolidated(_ rows: DeltaRows) throws(StarlingError) -> LogicalPlan {
        let sum = try Arithmetic.aggregate("sum", [.column(rows.weight)], where: nil, allocator)
        let groups = LogicalPlan(
            .aggregate(
                AggregateNode(
                    input: rows.plan, keys: stored.map(ProjectItem.init(passing:)),
                    aggregates: [sum])))
        let isChange = BoundExpression.comparison(
            .notEqual, .column(sum.column), .literal(.integer(0), sum.column.type))
        return LogicalPlan(.filter(FilterNode(input: groups, conjuncts: [isChange])))
            .projected(to: stored + [sum.column])
    }

    /// The changes of what is grouped, or of what windows look at.
    private func changedInput(_ algebra: DeltaAlgebra) throws(StarlingError) -> DeltaRows? {
        switch upper.core.node {
        case .aggregate(let aggregate): try algebra.changes(of: aggregate.input)
        case .window(let window): try algebra.changes(of: window.input)
        default: throw StarlingError(.internal, "a view without keys is kept by keys")
        }
    }

    /// The expressions of the keys, over what is grouped.
    private var keyExpressions: [BoundExpression] {
        switch upper.core.node {
        case .aggregate(let aggregate): aggregate.keys.map(\.expression)
        case .window(let window): window.partitionKeys
        default: []
        }
    }

    /// The keys of groups or partitions that change; nil where none do.
    package func touchedKeys(_ algebra: DeltaAlgebra) throws(StarlingError) -> LogicalPlan? {
        guard let input = try changedInput(algebra) else { return nil }
        return algebra.affected([(input, keyExpressions)])
    }

    /// Computes the groups or partitions with some keys anew, as they are stored.
    package func computing(
        _ touched: any Table, _ algebra: DeltaAlgebra
    ) throws(StarlingError) -> LogicalPlan {
        let scan = touched.scan(allocator)
        var core = upper.core
        switch core.node {
        case .aggregate(var aggregate):
            aggregate.input = algebra.restricted(
                algebra.plan(aggregate.input, .later), keyExpressions, to: scan)
            core = LogicalPlan(.aggregate(aggregate))
        case .window(var window):
            window.input = algebra.restricted(
                algebra.plan(window.input, .later), keyExpressions, to: scan)
            core = LogicalPlan(.window(window))
        default: break
        }
        guard case .states(let states) = strategy else { return shown(over: core) }
        return finished(try states.computing(core: core))
    }

    /// Finds the stored rows with some keys, by their numbers.
    package func numbers(
        of touched: any Table, in storage: NumberedTable
    ) -> LogicalPlan {
        let (scan, row, _) = scanned(storage)
        let keyed = touched.scan(allocator)
        let conditions = zip(keys.indices, keyed.outputColumns).map { place, key in
            let column = scan.outputColumns[keyPositions[place]]
            return BoundExpression.comparison(
                keys[place].equality, .column(column), .column(key))
        }
        return LogicalPlan(
            .join(JoinNode(kind: .semi, left: scan, right: keyed, conditions: conditions))
        ).projected(to: [row])
    }

    /// Finds stored rows that are the same as given ones: the number of each with the position of
    /// what it is the same as, which stands in the last column there.
    package func matches(
        of rows: any Table, in storage: NumberedTable
    ) -> LogicalPlan {
        let (scan, row, _) = scanned(storage)
        let given = rows.scan(allocator)
        let conditions = zip(scan.outputColumns, given.outputColumns.dropLast()).map {
            BoundExpression.comparison(.nullSafeEqual, .column($0), .column($1))
        }
        return LogicalPlan(
            .join(JoinNode(kind: .inner, left: scan, right: given, conditions: conditions))
        ).projected(to: [row, given.outputColumns[given.outputColumns.count - 1]])
    }

    /// Scans all stored columns and the number of each row, which is the last one.
    func scanned(
        _ storage: any Table
    ) -> (scan: LogicalPlan, row: PlanColumn, columns: [PlanColumn]) {
        let columns = stored.map { column in
            allocator.makeColumn(column.name, column.type, isNullable: true)
        }
        let row = allocator.makeColumn("row", .bigint, isNullable: false)
        let scan = ScanNode(
            table: storage, alias: "stored",
            columns: columns.enumerated().map { ScanColumn(column: $1, position: $0) }
                + [ScanColumn(column: row, position: columns.count)])
        return (LogicalPlan(.scan(scan)), row, columns)
    }
}

extension Table {
    /// Reads all columns.
    func scan(_ allocator: ColumnAllocator) -> LogicalPlan {
        LogicalPlan(
            .scan(
                ScanNode(
                    table: self, alias: "changes",
                    columns: columns.enumerated().map { place, column in
                        ScanColumn(
                            column: allocator.makeColumn(
                                column.name, column.type, isNullable: column.isNullable),
                            position: place)
                    })))
    }
}

extension PlanColumn {
    /// The comparison by which keys are the same.
    var equality: ComparisonOperator { isNullable ? .nullSafeEqual : .equal }
}
