// count, min and max over a whole table become literals where the table's statistics have them:
//
//     SELECT count(*), min(d), max(d) FROM t    →    VALUES (6001215, '1992-01-02', '1998-12-01')
//
// The counts must be exact, and a bound a value that occurs; what only bounds is no answer.

import StarlingErrors
import StarlingPlans
import StarlingTables
import StarlingTypes

struct MetadataAggregates: Rule {
    static let name = "metadata_aggregates"

    static func apply(
        to plan: LogicalPlan, _ context: PlanningContext
    ) throws(StarlingError) -> LogicalPlan {
        try plan.rewritten { (node) throws(StarlingError) in
            guard case .aggregate(let aggregate) = node.node else { return node }
            return answered(aggregate) ?? node
        }
    }

    private static func answered(_ aggregate: AggregateNode) -> LogicalPlan? {
        guard aggregate.keys.isEmpty, aggregate.groupingSets == nil,
            aggregate.groupingColumn == nil, !aggregate.aggregates.isEmpty,
            case .scan(let scan) = aggregate.input.node, scan.conjuncts.isEmpty,
            scan.table.statistics.isRowCountExact
        else { return nil }
        var row: [BoundExpression] = []
        for item in aggregate.aggregates {
            guard let value = value(of: item, scan) else { return nil }
            row.append(.literal(value, item.column.type))
        }
        let columns = aggregate.aggregates.map(\.column)
        return LogicalPlan(.values(ValuesNode(columns: columns, rows: [row])))
    }

    private static func value(of item: AggregateItem, _ scan: ScanNode) -> Value? {
        guard item.condition == nil, item.ordering.isEmpty, item.arguments.count <= 1 else {
            return nil
        }
        let rowCount = scan.table.statistics.rowCount
        let argument = item.arguments.first
        switch item.function.name {
        case "count":
            if item.isDistinct { return nil }
            guard let argument else { return .integer(Int128(rowCount)) }
            if let constant = argument.constantValue {
                return .integer(constant.isNull ? 0 : Int128(rowCount))
            }
            guard let nullCount = statistics(of: argument, scan)?.nullCount else { return nil }
            return .integer(Int128(rowCount - nullCount))
        case "min": return argument.flatMap { extreme(of: $0, isLow: true, scan) }
        case "max": return argument.flatMap { extreme(of: $0, isLow: false, scan) }
        default: return nil
        }
    }

    private static func extreme(
        of argument: BoundExpression, isLow: Bool, _ scan: ScanNode
    ) -> Value? {
        guard let known = statistics(of: argument, scan),
            argument.type.bounds != nil || argument.type.isString
        else { return nil }
        if known.nullCount == scan.table.statistics.rowCount { return .null }
        guard isLow ? known.isLowExact : known.isHighExact,
            let value = isLow ? known.low : known.high
        else { return nil }
        // Reading a value that the type does not have is an error, and stays one.
        if let number = value.integer, let bounds = argument.type.bounds {
            return bounds.contains(number) ? value : nil
        }
        return value
    }

    private static func statistics(
        of argument: BoundExpression, _ scan: ScanNode
    ) -> ColumnStatistics? {
        guard case .column(let column) = argument,
            let scanned = scan.columns.first(where: { $0.column.id == column.id })
        else { return nil }
        let all = scan.table.statistics.columns
        return scanned.position < all.count ? all[scanned.position] : nil
    }
}
