// count, min, max and sum of a table become literals where the statistics of its parts have them:
//
//     SELECT count(*), min(d), max(d) FROM t    →    VALUES (6001215, '1992-01-02', '1998-12-01')
//
// A condition leaves some parts whole, others without a row, and of the rest only reading tells:
//
//     SELECT sum(n) FROM t WHERE d < '1995-01-01'
//       → SELECT sum(n) FROM (SELECT sum(n) AS n FROM (parts of t) WHERE d < '1995-01-01'
//                             UNION ALL VALUES (153078795))
//
// The counts must be exact, and a bound a value that occurs; what only bounds is no answer. A part
// of which rows are gone is read.

import StarlingErrors
import StarlingEvaluation
import StarlingPlans
import StarlingTables
import StarlingTypes

struct MetadataAggregates: Rule {
    static let name = "metadata_aggregates"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in
            guard case .aggregate(let aggregate) = node.node, aggregate.keys.isEmpty,
                aggregate.groupingSets == nil, aggregate.groupingColumn == nil,
                !aggregate.aggregates.isEmpty, case .scan(let scan) = aggregate.input.node,
                scan.table.statistics.isRowCountExact
            else { return node }
            if let plan = answered(aggregate, scan) { return plan }
            return try divided(aggregate, scan, context) ?? node
        }
    }

    // MARK: All rows

    private static func answered(_ aggregate: AggregateNode, _ scan: ScanNode) -> LogicalPlan? {
        guard scan.conjuncts.isEmpty else { return nil }
        let statistics = scan.table.statistics
        let whole = MetadataValues(scan, rowCount: statistics.rowCount) { position in
            position < statistics.columns.count ? statistics.columns[position] : nil
        }
        var row: [BoundExpression] = []
        for item in aggregate.aggregates {
            guard let value = whole.value(of: item) else { return nil }
            row.append(.literal(value, item.column.type))
        }
        return values(aggregate.aggregates.map(\.column), [row], scan.table.parts.count, scan)
    }

    private static func values(
        _ columns: [PlanColumn], _ rows: [[BoundExpression]], _ partCount: Int, _ scan: ScanNode
    ) -> LogicalPlan {
        let parts = "\(partCount) \(partCount == 1 ? "part" : "parts")"
        return LogicalPlan(
            .values(
                ValuesNode(
                    columns: columns, rows: rows,
                    origin: "metadata of \(parts) of \(scan.table.title)")))
    }

    // MARK: Some parts

    private static func divided(
        _ aggregate: AggregateNode, _ scan: ScanNode, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan? {
        guard aggregate.aggregates.allSatisfy(MetadataValues.mayAnswer) else { return nil }
        let split = try DividedParts(scan, aggregate.aggregates, context)
        guard !split.rows.isEmpty else { return nil }
        let aggregates = try mapAll(aggregate.aggregates) { (item) throws(StarlingError) in
            try PartialAggregate(item, context.allocator)
        }
        let columns = aggregates.flatMap { $0.parts.map(\.column) }
        var inputs = [
            values(columns.map(context.allocator.makeCopy), split.rows, split.rows.count, scan)
        ]
        if !split.rest.isEmpty {
            var rest = scan
            rest.table = PartsOfTable(
                scan.table, split.rest, answeredCount: split.rows.count)
            inputs.append(
                LogicalPlan(
                    .aggregate(
                        AggregateNode(
                            input: LogicalPlan(.scan(rest)), keys: [],
                            aggregates: aggregates.flatMap(\.parts)))))
        }
        return try whole(inputs, aggregates, aggregate, context)
    }

    /// Puts the results of parts together.
    private static func whole(
        _ inputs: [LogicalPlan], _ aggregates: [PartialAggregate], _ aggregate: AggregateNode,
        _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        var (all, columns) = (inputs[0], inputs[0].outputColumns)
        if inputs.count > 1 {
            columns = columns.map(context.allocator.makeCopy)
            all = LogicalPlan(
                .setOperation(
                    SetOperationNode(
                        kind: .union, keepsDuplicates: true, inputs: inputs,
                        inputColumns: inputs.map(\.outputColumns), columns: columns)))
        }
        var start = 0
        let wholes = try mapAll(aggregates) { (partial) throws(StarlingError) in
            defer { start += partial.parts.count }
            return try partial.wholes(
                of: Array(columns[start..<(start + partial.parts.count)]), context.allocator)
        }
        let items = try mapAll(Array(aggregate.aggregates.indices)) {
            (place) throws(StarlingError) in
            ProjectItem(
                column: aggregate.aggregates[place].column,
                expression: try aggregates[place].result(of: wholes[place].map(\.column)))
        }
        let node = AggregateNode(input: all, keys: [], aggregates: wholes.flatMap { $0 })
        return LogicalPlan(
            .project(ProjectNode(input: LogicalPlan(.aggregate(node)), items: items)))
    }
}

/// Is what the metadata of a table's parts answer, and the parts that are left.
private struct DividedParts {
    /// A row of partial aggregates a part.
    private(set) var rows: [[BoundExpression]] = []
    private(set) var rest: [any TablePart] = []

    init(
        _ scan: ScanNode, _ aggregates: [AggregateItem], _ context: PlanningContext
    ) throws(StarlingError) {
        let layout = ColumnLayout(
            scan.columns.map {
                PhysicalColumn(
                    column: $0.column, physicalType: $0.column.type.widestPhysicalType,
                    bounds: $0.column.type.bounds)
            })
        let filter =
            scan.conjuncts.isEmpty
            ? nil
            : try CompiledFilter(scan.conjuncts, layout: layout, session: context.session)
        var excluded: [any TablePart] = []
        for part in scan.table.parts {
            let match =
                filter?.match(rowCount: part.rowCount) { position in
                    let column = scan.columns[position]
                    return column.path.isEmpty
                        ? part.statistics(ofColumn: column.position) : ColumnStatistics()
                } ?? .allRows
            if match == .noRow, part.isCounted {
                excluded.append(part)
                continue
            }
            guard match == .allRows, part.hasOwnStatistics, part.hiddenRows == nil,
                let row = Self.row(of: part, scan, aggregates)
            else {
                rest.append(part)
                continue
            }
            rows.append(row)
        }
        // The scan says of them why it leaves them out.
        if !rest.isEmpty { rest += excluded }
    }

    private static func row(
        of part: any TablePart, _ scan: ScanNode, _ aggregates: [AggregateItem]
    ) -> [BoundExpression]? {
        let values = MetadataValues(scan, rowCount: part.rowCount) {
            part.statistics(ofColumn: $0)
        }
        var row: [BoundExpression] = []
        for item in aggregates {
            guard let value = values.value(of: item) else { return nil }
            row.append(.literal(value, item.column.type))
        }
        return row
    }
}
