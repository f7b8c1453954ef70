// Which rows of a view follow its tables, and which are retained from partitions that were dropped: a condition
// on the columns of the view, that its rows are none of the dropped partitions. The rows for which it holds are
// kept as those of any view are, of a query that has the condition, too; the others stay as they are stored.

import StarlingErrors
import StarlingPlans
import StarlingStorage
import StarlingTables
import StarlingTypes

extension PartitionValues {
    /// The conditions under which a key is none of these; NULL is a value like any other, and below all others.
    package func excluding(_ keys: [BoundExpression]) -> [BoundExpression] {
        switch self {
        case .list(let listed) where keys.count == 1:
            return [Self.isNone(keys[0], of: listed.compactMap(\.first))]
        case .list(let listed):
            return listed.map { values in
                .not(
                    .and(
                        zip(keys, values).map { key, value in
                            .comparison(.nullSafeEqual, key, .literal(value, key.type))
                        }))
            }
        case .range(let from, let to):
            let sides = [
                Self.lies(keys[...], below: from[...]), Self.lies(keys[...], behind: to[...]),
            ]
            return [Self.any(sides.compactMap { $0 })]
        }
    }

    private static func isNone(_ key: BoundExpression, of values: [Value]) -> BoundExpression {
        let known = values.filter { !$0.isNull }
        let hasNull = known.count < values.count
        guard !known.isEmpty else { return .not(.isNull(key)) }
        let differs: BoundExpression =
            known.count == 1
            ? .comparison(.notEqual, key, .literal(known[0], key.type)) : .not(.inList(key, known))
        return hasNull || !key.mayBeNull ? differs : .or([.isNull(key), differs])
    }

    /// The condition under which a key is less than an end of a range; nil where none is.
    private static func lies(
        _ keys: ArraySlice<BoundExpression>, below end: ArraySlice<Value?>
    ) -> BoundExpression? {
        guard let key = keys.first, let bound = end.first else { return nil }
        guard let bound else { return .trueLiteral }
        let further = lies(keys.dropFirst(), below: end.dropFirst())
        guard !bound.isNull else { return further.map { all([.isNull(key), $0]) } }
        let literal = BoundExpression.literal(bound, key.type)
        var cases: [BoundExpression] = [.comparison(.less, key, literal)]
        if key.mayBeNull { cases.append(.isNull(key)) }
        if let further { cases.append(all([.comparison(.equal, key, literal), further])) }
        return any(cases)
    }

    /// The condition under which a key is an end of a range or behind it; nil where none is.
    private static func lies(
        _ keys: ArraySlice<BoundExpression>, behind end: ArraySlice<Value?>
    ) -> BoundExpression? {
        guard let key = keys.first, let bound = end.first else { return .trueLiteral }
        guard let bound else { return nil }
        let further = lies(keys.dropFirst(), behind: end.dropFirst())
        guard further != .trueLiteral else {
            return bound.isNull
                ? .trueLiteral : .comparison(.greaterOrEqual, key, .literal(bound, key.type))
        }
        var cases: [BoundExpression] = [
            bound.isNull
                ? .not(.isNull(key)) : .comparison(.greater, key, .literal(bound, key.type))
        ]
        if let further {
            let isSame: BoundExpression =
                bound.isNull
                ? .isNull(key) : .comparison(.equal, key, .literal(bound, key.type))
            cases.append(all([isSame, further]))
        }
        return any(cases)
    }

    private static func all(_ conditions: [BoundExpression]) -> BoundExpression {
        .conjunction(conditions.flatMap(\.conjuncts))
    }

    private static func any(_ conditions: [BoundExpression]) -> BoundExpression {
        let parts = conditions.flatMap { condition in
            if case .or(let parts) = condition { parts } else { [condition] }
        }
        guard !parts.contains(.trueLiteral) else { return .trueLiteral }
        guard parts.count > 1 else { return parts.first ?? .falseLiteral }
        return .or(parts)
    }
}

extension BoundExpression {
    /// True where the condition is false or NULL, and else false.
    package var isNotTrue: BoundExpression {
        .conditional(
            [ConditionalBranch(condition: self, result: .falseLiteral)], otherwise: .trueLiteral,
            .boolean)
    }
}

extension LogicalPlan {
    /// Returns the plan without the rows for which conditions on its columns do not hold, asked as far below
    /// as groups and partitions of windows are made, and the conditions as they stand there.
    package func keeping(
        _ conditions: [BoundExpression]
    ) -> (plan: LogicalPlan, asked: [BoundExpression]) {
        guard !conditions.isEmpty else { return (self, []) }
        func below(
            _ input: LogicalPlan, _ conditions: [BoundExpression],
            _ make: (LogicalPlan) -> Node
        ) -> (LogicalPlan, [BoundExpression]) {
            let (plan, asked) = input.keeping(conditions)
            return (LogicalPlan(make(plan)), asked)
        }
        switch node {
        case .project(var project):
            return below(project.input, conditions.substituting(project.items)) {
                project.input = $0
                return .project(project)
            }
        case .filter(var filter):
            return below(filter.input, conditions) {
                filter.input = $0
                return .filter(filter)
            }
        case .sort(var sort) where sort.limit == nil && sort.offset == 0:
            return below(sort.input, conditions) {
                sort.input = $0
                return .sort(sort)
            }
        case .aggregate(var aggregate)
        where aggregate.groupingSets == nil
            && conditions.within(aggregate.keys.map(\.column)) != nil:
            return below(aggregate.input, conditions.substituting(aggregate.keys)) {
                aggregate.input = $0
                return .aggregate(aggregate)
            }
        case .window(var window) where conditions.within(window.partitionColumns) != nil:
            return below(window.input, conditions) {
                window.input = $0
                return .window(window)
            }
        default:
            return (
                LogicalPlan(.filter(FilterNode(input: self, conjuncts: conditions))), conditions
            )
        }
    }

    /// Returns the plan's rows with those of a table, which has the same columns, that conditions on the
    /// first of the plan's columns leave out.
    package func retaining(
        _ conditions: [BoundExpression], of table: any Table, _ allocator: ColumnAllocator
    ) -> LogicalPlan {
        guard !conditions.isEmpty else { return self }
        let given = outputColumns
        let columns = given.map { allocator.makeCopy(of: $0) }
        let scan = LogicalPlan(
            .scan(
                ScanNode(
                    table: table, alias: "retained",
                    columns: columns.enumerated().map { ScanColumn(column: $1, position: $0) })))
        let isLeftOut = BoundExpression.conjunction(
            conditions.substituting(
                zip(given, columns).map { ProjectItem(column: $0, expression: .column($1)) })
        ).isNotTrue
        let retained = LogicalPlan(.filter(FilterNode(input: scan, conjuncts: [isLeftOut])))
        let results = given.map { column in
            var result = allocator.makeCopy(of: column)
            result.isNullable = true
            return result
        }
        return .union([self, retained], giving: results)
    }
}

extension LogicalPlan {
    /// Counts the rows for which not all conditions hold.
    package func counting(
        _ conditions: [BoundExpression], _ allocator: ColumnAllocator
    ) throws(StarlingError) -> LogicalPlan {
        let left = FilterNode(
            input: self, conjuncts: [BoundExpression.conjunction(conditions).isNotTrue])
        let count = try Arithmetic.aggregate("count", [], where: nil, allocator)
        return LogicalPlan(
            .aggregate(
                AggregateNode(input: LogicalPlan(.filter(left)), keys: [], aggregates: [count])))
    }
}

extension WindowNode {
    /// The columns that it partitions by.
    var partitionColumns: [PlanColumn] {
        partitionKeys.compactMap { key in if case .column(let column) = key { column } else { nil }
        }
    }
}
