// What cannot be maintained is refused when a view is created, with the reason and what to do instead.

import StarlingErrors
import StarlingFunctions
import StarlingPlans
import StarlingStorage
import StarlingTables
import StarlingTypes

/// Says no to plans whose changes are not known, or would be computed of everything.
struct MaintenanceCheck {
    /// Functions that give something else at another time.
    private static let functionsOfTime: Set<String> = [
        "now", "current_timestamp", "localtime", "localtimestamp", "sysdate", "curdate",
        "current_date", "curtime", "current_time", "utc_timestamp", "utc_date", "utc_time",
        "unix_timestamp",
    ]

    /// Aggregates that give the same for the same rows, in whatever order these come.
    private static let exactAggregates: Set<String> = [
        "count", "sum", "avg", "min", "max", "bool_or", "bool_and",
    ]

    private static let rankings: Set<String> = ["rank", "dense_rank", "percent_rank", "cume_dist"]

    /// Checks what a query must never do in a view.
    static func checkMeaning(_ plan: LogicalPlan) throws(StarlingError) {
        for expression in plan.expressions {
            try checkMeaning(expression)
        }
        if case .recursion = plan.node { throw refusal("it is recursive") }
        for child in plan.children { try checkMeaning(child) }
    }

    /// Tells whether a call gives something else in each statement.
    fileprivate static func isOfTime(
        _ function: ScalarFunction, _ arguments: [BoundExpression]
    ) -> Bool {
        functionsOfTime.contains(function.name)
            && (function.name != "unix_timestamp" || arguments.isEmpty)
    }

    private static func checkMeaning(_ expression: BoundExpression) throws(StarlingError) {
        switch expression {
        case .call(let function, _, let arguments):
            guard function.isDeterministic, !isOfTime(function, arguments) else {
                throw refusal(
                    "\(function.name)() gives something else each time; compute it where the view "
                        + "is read")
            }
        case .subquery(let subquery): try checkMeaning(subquery.plan.plan)
        default: break
        }
        for child in expression.children { try checkMeaning(child) }
    }

    /// Checks that the changes of a plan's rows can be computed from those of its tables, and that
    /// rows that go are the same ones that came.
    static func check(_ plan: LogicalPlan) throws(StarlingError) {
        switch plan.node {
        case .scan(let scan):
            guard scan.table.lineage != nil else {
                throw refusal(
                    "\(scan.table.title) is no table of the database and no file, whose changes "
                        + "are known")
            }
            if let unsteady = (scan.table as? any TableOfFiles)?.unsteadyColumn,
                scan.columns.contains(where: { $0.position == unsteady })
            {
                throw refusal(
                    "file_index counts the files that there are, and is another one when files "
                        + "come; filename is not")
            }
        case .values, .filter, .project, .unnest: break
        case .join(let join): try check(join)
        case .aggregate(let aggregate): try check(aggregate)
        case .window(let window): try check(window)
        case .setOperation(let operation):
            if operation.kind != .union || !operation.keepsDuplicates {
                try checkComparable(operation.columns, "the operands of a set operation")
            }
        case .sort(let sort):
            if sort.limit != nil || sort.offset > 0 { throw limitRefusal }
        case .limit: throw limitRefusal
        case .recursion, .shared, .sharedScan: throw refusal("it is recursive")
        }
        for child in plan.children { try check(child) }
    }

    private static func check(_ join: JoinNode) throws(StarlingError) {
        switch join.kind {
        case .inner: return
        case .nullAwareAnti:
            throw refusal(
                "a NULL among the values of NOT IN changes all rows; use NOT EXISTS, or columns that "
                    + "are NOT NULL")
        case .single where join.conditions.isEmpty:
            throw refusal(
                "each change of a scalar subquery that depends on no row of the query changes all "
                    + "rows")
        default: break
        }
        guard EqualKeys(of: join).isEmpty else { return }
        throw refusal(
            "an outer join, or a subquery, without an equality between its sides would be computed "
                + "anew as a whole with each change")
    }

    private static func check(_ aggregate: AggregateNode) throws(StarlingError) {
        try checkGrouping(aggregate)
        guard !aggregate.keys.isEmpty else {
            throw refusal(
                "an aggregation without GROUP BY inside of the query changes all rows with each "
                    + "change")
        }
        for item in aggregate.aggregates where !isExact(item) {
            throw refusal(
                "\(item.function.name)() inside of the query may give another result each time it is "
                    + "computed; let it be what the view groups last, or take a decimal type")
        }
    }

    /// Checks the keys of an aggregation, wherever it stands.
    static func checkGrouping(_ aggregate: AggregateNode) throws(StarlingError) {
        guard aggregate.groupingSets == nil, aggregate.groupingColumn == nil else {
            throw refusal(
                "it has several grouping sets; create a view for each of them, or UNION ALL them")
        }
        try checkComparable(aggregate.keys.map(\.column), "what it groups by")
    }

    private static func isExact(_ item: AggregateItem) -> Bool {
        guard exactAggregates.contains(item.function.name), item.ordering.isEmpty else {
            return false
        }
        guard item.function.name == "sum" || item.function.name == "avg" else { return true }
        return item.arguments.allSatisfy { !$0.type.isFloating }
    }

    private static func check(_ window: WindowNode) throws(StarlingError) {
        try checkPartitions(window)
        for item in window.items where !isExact(item) {
            throw refusal(
                "a window function inside of the query whose result depends on the order of equal "
                    + "rows may give another one each time it is computed")
        }
    }

    /// Checks the partitions of windows, wherever they stand.
    static func checkPartitions(_ window: WindowNode) throws(StarlingError) {
        guard !window.partitionKeys.isEmpty else {
            throw refusal(
                "a window without PARTITION BY would be computed anew as a whole with each change")
        }
        guard window.partitionKeys.allSatisfy({ $0.type.isComparable }) else {
            throw refusal("the type of what it partitions by cannot be compared")
        }
    }

    private static func isExact(_ item: WindowItem) -> Bool {
        switch item.function {
        case .ranking(let function): return rankings.contains(function.name)
        case .aggregate(let function):
            guard exactAggregates.contains(function.name), item.ordering.isEmpty,
                item.arguments.allSatisfy({ !$0.type.isFloating })
            else { return false }
            return item.frame.unit != .rows || item.frame == .wholePartition
        }
    }

    /// Checks that rows can be told apart by columns.
    static func checkComparable(
        _ columns: [PlanColumn], _ what: String
    ) throws(StarlingError) {
        guard let column = columns.first(where: { !$0.type.isComparable }) else { return }
        if column.type == .null {
            throw refusal(
                "\(what) has the NULL '\(column.name)' without a type; give it one, as "
                    + "CAST(NULL AS INT) does")
        }
        throw refusal(
            "\(what) has the column '\(column.name)' of the type \(column.type), by which rows are "
                + "not told apart")
    }

    private static var limitRefusal: StarlingError {
        refusal(
            "which rows LIMIT keeps may change as a whole with each change; number the rows of each "
                + "group with row_number() instead, or ORDER BY and LIMIT where the view is read")
    }

    static func refusal(_ reason: String) -> StarlingError {
        StarlingError(.unsupported, reason)
    }
}

extension LogicalType {
    /// True for types of values that are equal or not, and nothing else.
    var isComparable: Bool {
        switch self {
        case .null, .json: false
        default: !isNested && !isOpaque
        }
    }
}

extension BoundExpression {
    /// True where the same rows give the same at any time.
    package var givesTheSame: Bool {
        isDeterministic
            && !contains { part in
                if case .call(let function, _, let arguments) = part {
                    MaintenanceCheck.isOfTime(function, arguments)
                } else {
                    false
                }
            }
    }
}
