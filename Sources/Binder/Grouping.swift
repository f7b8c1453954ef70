// GROUP BY: keys, grouping sets, and what may stand above them.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingSyntax
import StarlingTypes

/// Holds the bound GROUP BY of a block.
struct Grouping {
    var isGrouped = false
    var keys: [ProjectItem] = []
    /// Positions in `keys`; nil for a plain GROUP BY.
    var sets: [[Int]]?

    mutating func bind(_ groupBy: GroupBy?, _ select: SelectBinder) throws(StarlingError) {
        guard let groupBy else { return }
        isGrouped = true
        switch groupBy {
        case .all:
            let standIns = select.calls.aggregateColumns.union(select.calls.windowColumns)
            for item in select.items
            where item.expression.referencedColumns.isDisjoint(with: standIns)
                && !item.expression.isConstant
            {
                _ = key(item.expression, select)
            }
        case .elements(let elements):
            var product: [[Int]] = [[]]
            var isPlain = true
            for element in elements {
                if case .expression = element {} else { isPlain = false }
                let alternatives = try sets(of: element, select)
                product = product.flatMap { left in alternatives.map { merge(left, $0) } }
                guard product.count <= 4_096 else {
                    throw StarlingError(
                        .binding, "GROUP BY has more than 4096 grouping sets",
                        at: select.range)
                }
            }
            if !isPlain { sets = product }
        }
    }

    private func merge(_ left: [Int], _ right: [Int]) -> [Int] {
        left + right.filter { !left.contains($0) }
    }

    private mutating func sets(
        of element: GroupingElement, _ select: SelectBinder
    ) throws(StarlingError) -> [[Int]] {
        switch element {
        case .expression(let expression): return [try keys(of: [expression], select)]
        case .set(let expressions): return [try keys(of: expressions, select)]
        case .rollup(let levels):
            let bound = try bindLevels(levels, select)
            return (0...bound.count).reversed().map { count in
                bound[0..<count].reduce([]) { merge($0, $1) }
            }
        case .cube(let levels):
            guard levels.count <= 12 else {
                throw StarlingError(
                    .binding, "CUBE of more than 12 columns has too many sets",
                    at: levels[12].first?.range)
            }
            let bound = try bindLevels(levels, select)
            return (0..<(1 << bound.count)).reversed().map { mask in
                bound.indices.filter { mask >> (bound.count - 1 - $0) & 1 != 0 }
                    .reduce([]) { merge($0, bound[$1]) }
            }
        case .sets(let members):
            var result: [[Int]] = []
            for member in members { result += try sets(of: member, select) }
            return result
        }
    }

    private mutating func bindLevels(
        _ levels: [[Expression]], _ select: SelectBinder
    ) throws(StarlingError) -> [[Int]] {
        var result: [[Int]] = []
        for level in levels { result.append(try keys(of: level, select)) }
        return result
    }

    /// A set that names a key twice has it once.
    private mutating func keys(
        of expressions: [Expression], _ select: SelectBinder
    ) throws(StarlingError) -> [Int] {
        var positions: [Int] = []
        for expression in expressions {
            let position = key(try bindKey(expression, select), select)
            if !positions.contains(position) { positions.append(position) }
        }
        return positions
    }

    /// A key is a position in the select list, a column, an alias or an expression.
    private func bindKey(
        _ expression: Expression, _ select: SelectBinder
    ) throws(StarlingError) -> BoundExpression {
        let standIns = select.calls.aggregateColumns
        if let position = try select.binder.ordinal(expression, count: select.items.count) {
            let item = select.items[position].expression
            guard item.referencedColumns.isDisjoint(with: standIns) else {
                throw StarlingError(
                    .binding, "GROUP BY position \(position + 1) is an aggregate",
                    at: expression.range)
            }
            return item
        }
        let expressions = ExpressionBinder(select.binder, scope: select.scope)
        expressions.clause = "GROUP BY"
        for item in select.items {
            if let alias = item.alias, item.expression.referencedColumns.isDisjoint(with: standIns)
            {
                expressions.aliases[alias.lowercased()] = item.expression
            }
        }
        return try expressions.bind(expression)
    }

    private mutating func key(_ expression: BoundExpression, _ select: SelectBinder) -> Int {
        if let position = keys.firstIndex(where: { $0.expression == expression }) {
            return position
        }
        var name = "key"
        if case .column(let column) = expression { name = column.name }
        let column = select.binder.allocator.makeColumn(
            name, expression.type, isNullable: true, analyzers: expression.analyzers)
        keys.append(ProjectItem(column: column, expression: expression))
        return keys.count - 1
    }
}

extension SelectBinder {
    /// Each key that can be left out is a bit of a BIGINT.
    private static let groupingKeyCountMax = 62

    /// Puts the aggregation on top of the plan, with the columns of grouping() above it.
    func addAggregation() {
        var node = AggregateNode(
            input: plan,
            keys: grouping.keys.map {
                ProjectItem(column: $0.column, expression: groupable($0.expression))
            }, groupingSets: grouping.sets,
            aggregates: calls.aggregates)
        if grouping.sets == nil {
            for index in node.keys.indices {
                node.keys[index].column.isNullable = node.keys[index].expression.mayBeNull
                grouping.keys[index].column.isNullable = node.keys[index].column.isNullable
            }
        }
        guard !calls.groupingCalls.isEmpty else {
            plan = LogicalPlan(.aggregate(node))
            return
        }
        let bitmap = binder.allocator.makeColumn("grouping", .bigint, isNullable: false)
        node.groupingColumn = bitmap
        let aggregated = LogicalPlan(.aggregate(node))
        var items = aggregated.outputColumns.map(ProjectItem.init(passing:))
        for call in calls.groupingCalls {
            items.append(
                ProjectItem(column: call.column, expression: groupingBits(call.arguments, bitmap)))
        }
        plan = LogicalPlan(.project(ProjectNode(input: aggregated, items: items)))
    }

    /// Only what is grouped by can be left out of a grouping set.
    func checkGroupingCalls() throws(StarlingError) {
        for call in calls.groupingCalls {
            guard grouping.isGrouped else {
                throw StarlingError(
                    .binding, "\(call.name)() needs a GROUP BY", at: call.place)
            }
            guard grouping.keys.count <= Self.groupingKeyCountMax else {
                throw StarlingError(
                    .unsupported,
                    "\(call.name)() tells of at most \(Self.groupingKeyCountMax) keys, and there are "
                        + "\(grouping.keys.count)", at: call.place)
            }
            for (argument, range) in zip(call.arguments, call.argumentPlaces)
            where !grouping.keys.contains(where: { $0.expression == argument }) {
                throw StarlingError(
                    .binding, "\(call.name)() takes expressions of the GROUP BY; another is given",
                    at: range)
            }
        }
    }

    /// Picks the bits of the arguments out of the bitmap of left-out keys, the last one lowest.
    private func groupingBits(
        _ arguments: [BoundExpression], _ bitmap: PlanColumn
    ) -> BoundExpression {
        let count = grouping.keys.count
        let sets = grouping.sets ?? [Array(0..<count)]
        // Few sets are possible: each one's bitmap decides the answer.
        let branches = sets.map { set -> ConditionalBranch in
            var mask: Int128 = 0
            for key in 0..<count where !set.contains(key) { mask |= 1 << Int128(count - 1 - key) }
            var answer: Int128 = 0
            for argument in arguments {
                let key = grouping.keys.firstIndex { $0.expression == argument }
                answer = answer << 1 | (set.contains(key!) ? 0 : 1)
            }
            return ConditionalBranch(
                condition: .comparison(
                    .equal, .column(bitmap), .literal(.integer(mask), .bigint)),
                result: .literal(.integer(answer), .bigint))
        }
        return .conditional(branches, otherwise: .literal(.integer(0), .bigint), .bigint)
    }

    /// Puts one window operator a distinct window on top of the plan.
    func addWindows() throws(StarlingError) {
        var rest = calls.windows
        while let first = rest.first {
            let (same, others) = (
                rest.filter {
                    $0.partitionKeys == first.partitionKeys && $0.orderKeys == first.orderKeys
                },
                rest.filter {
                    $0.partitionKeys != first.partitionKeys || $0.orderKeys != first.orderKeys
                }
            )
            plan = LogicalPlan(
                .window(
                    WindowNode(
                        input: plan, partitionKeys: first.partitionKeys,
                        orderKeys: first.orderKeys, items: same.map(\.item))))
            rest = others
        }
    }
}

/// Rewrites expressions of a grouped block so that they read the keys and aggregates.
final class GroupedRewriter {
    /// The kept items that are read above the groups, in an order in which they can be computed.
    private(set) var itemsAbove: [ProjectItem] = []
    private var columnsAbove: [ColumnID: PlanColumn] = [:]
    private let select: SelectBinder
    private let keptBelow: Set<ColumnID>
    private let keys: [BoundExpression: PlanColumn]
    private let renamed: [ColumnID: PlanColumn]
    private let inputs: [ColumnID: ScopeColumn]
    private let places: [ColumnID: [TextRange]]

    init(_ select: SelectBinder, keptBelow: Set<ColumnID>) {
        self.select = select
        self.keptBelow = keptBelow
        var keys: [BoundExpression: PlanColumn] = [:]
        var renamed: [ColumnID: PlanColumn] = [:]
        for key in select.grouping.keys {
            keys[key.expression] = key.column
            if case .column(let column) = key.expression { renamed[column.id] = key.column }
        }
        self.keys = keys
        self.renamed = renamed
        places = select.binder.columnPlaces
        inputs = Dictionary(
            select.scope.columns.map { ($0.column.id, $0) }, uniquingKeysWith: { first, _ in first }
        )
    }

    /// Rewrites an expression that stands at that place of the text.
    func rewrite(
        _ expression: BoundExpression, from range: TextRange?
    ) throws(StarlingError) -> BoundExpression {
        do { return try rewrite(expression, range) } catch { throw error.located(at: range) }
    }

    private func rewrite(
        _ expression: BoundExpression, _ range: TextRange?
    ) throws(StarlingError) -> BoundExpression {
        if let key = keys[expression] { return .column(key) }
        switch expression {
        case .column(let column):
            if let input = inputs[column.id] { throw notGrouped(input, in: range) }
            return try keptColumn(column, range).map(BoundExpression.column) ?? expression
        case .subquery(var subquery):
            if case .any(let operands, let comparison) = subquery.form {
                let rewritten = try mapAll(operands) { (operand) throws(StarlingError) in
                    try rewrite(operand, range)
                }
                subquery.form = .any(rewritten, comparison)
            }
            let result = BoundExpression.subquery(subquery).renaming(renamed)
            for id in result.referencedColumns.sorted() {
                if let input = inputs[id] { throw notGrouped(input, in: range) }
            }
            return result
        default:
            return try expression.mapChildren { (child) throws(StarlingError) in
                try rewrite(child, range)
            }
        }
    }

    /// Computes a kept item above the groups; nil for other columns. What the groups need of it is
    /// computed below them, too, which chance does not allow.
    private func keptColumn(
        _ column: PlanColumn, _ range: TextRange?
    ) throws(StarlingError) -> PlanColumn? {
        if let known = columnsAbove[column.id] { return known }
        guard let item = select.keptItems[column.id] else { return nil }
        let isBelow = keptBelow.contains(column.id)
        guard !isBelow || item.expression.isDeterministic else {
            throw StarlingError(
                .binding,
                "'\(column.name)' differs from row to row and must be in GROUP BY or inside an "
                    + "aggregate; any_value(\(column.name)) takes one of its values", at: range)
        }
        let expression = try rewrite(item.expression, range)
        let above = isBelow ? select.binder.allocator.makeCopy(of: column) : column
        columnsAbove[column.id] = above
        itemsAbove.append(ProjectItem(column: above, expression: expression))
        if select.calls.windowed.contains(column.id) { select.calls.windowed.insert(above.id) }
        return above
    }

    /// Points at the column where it is named within the range.
    private func notGrouped(_ column: ScopeColumn, in range: TextRange?) -> StarlingError {
        let place = places[column.column.id]?.first { place in
            range.map { $0.start <= place.start && place.end <= $0.end } ?? false
        }
        // Only statements that change rows have columns of such names.
        guard column.name.utf8.first.map({ $0 >= 32 }) ?? true else {
            return StarlingError(
                .binding,
                "rows that are changed one by one have no aggregates; write a query in parentheses, "
                    + "as in (SELECT sum(…) FROM …)", at: range)
        }
        return StarlingError(
            .binding,
            "column '\(column.name)' must be in GROUP BY or inside an aggregate; "
                + "any_value(\(column.name)) takes one of its values", at: place)
    }
}
