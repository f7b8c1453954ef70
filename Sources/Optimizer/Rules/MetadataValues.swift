// What statistics say of aggregates over the rows that they describe.

import StarlingPlans
import StarlingTables
import StarlingTypes

/// Answers aggregates over some rows of a scan.
struct MetadataValues {
    private let scan: ScanNode
    private let rowCount: Int
    /// What is known of the column at a position of the table.
    private let statistics: (Int) -> ColumnStatistics?

    init(_ scan: ScanNode, rowCount: Int, statistics: @escaping (Int) -> ColumnStatistics?) {
        self.scan = scan
        self.rowCount = rowCount
        self.statistics = statistics
    }

    /// Tells whether statistics can answer an aggregate at all.
    static func mayAnswer(_ item: AggregateItem) -> Bool {
        item.condition == nil && item.arguments.count <= 1 && PartialAggregate.isPossible(item)
            && ["count", "min", "max", "sum"].contains(item.function.name)
    }

    /// Computes an aggregate; nil where only reading tells.
    func value(of item: AggregateItem) -> Value? {
        guard item.condition == nil, item.ordering.isEmpty, item.arguments.count <= 1 else {
            return nil
        }
        let argument = item.arguments.first
        switch item.function.name {
        case "count":
            if item.isDistinct { return nil }
            guard let argument else { return .integer(Int128(rowCount)) }
            if let constant = argument.constantValue {
                return .integer(constant.isNull ? 0 : Int128(rowCount))
            }
            guard let nullCount = statistics(of: argument)?.nullCount else { return nil }
            return .integer(Int128(rowCount - nullCount))
        case "min": return argument.flatMap { extreme(of: $0, isLow: true) }
        case "max": return argument.flatMap { extreme(of: $0, isLow: false) }
        case "sum":
            if item.isDistinct { return nil }
            return argument.flatMap { sum(of: $0, item.column.type) }
        default: return nil
        }
    }

    private func extreme(of argument: BoundExpression, isLow: Bool) -> Value? {
        guard let known = statistics(of: argument),
            argument.type.bounds != nil || argument.type.isString || argument.type.isFloating
        else { return nil }
        if known.nullCount == rowCount { return .null }
        guard isLow ? known.isLowExact : known.isHighExact,
            let value = isLow ? known.low : known.high
        else { return nil }
        // Reading a value that the type does not have is an error, and stays one.
        if let number = value.integer, let bounds = argument.type.bounds {
            return bounds.contains(number) ? value : nil
        }
        return value
    }

    private func sum(of argument: BoundExpression, _ type: LogicalType) -> Value? {
        guard let known = statistics(of: argument.withoutWidening) else { return nil }
        if known.nullCount == rowCount { return .null }
        guard known.nullCount != nil, let sum = known.sum, let bounds = type.bounds,
            bounds.contains(sum)
        else { return nil }
        return .integer(sum)
    }

    private func statistics(of argument: BoundExpression) -> ColumnStatistics? {
        guard case .column(let column) = argument,
            let scanned = scan.columns.first(where: { $0.column.id == column.id }),
            scanned.path.isEmpty
        else { return nil }
        return statistics(scanned.position)
    }
}

extension BoundExpression {
    /// An integer without what only makes its type wider.
    fileprivate var withoutWidening: BoundExpression {
        guard case .cast(let inner, let target) = self, inner.type.isInteger, target.isInteger,
            let bounds = inner.type.bounds, target.bounds?.contains(bounds) ?? false
        else { return self }
        return inner
    }
}
