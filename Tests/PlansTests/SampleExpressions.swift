// One expression of every kind, and one plan of every kind of node, over the same columns.

import StarlingErrors
import StarlingFunctions
import StarlingPlanSupport
import StarlingPlans
import StarlingTypes

/// Holds columns and what is made over them.
struct Samples {
    let allocator = ColumnAllocator()
    let number: PlanColumn
    let required: PlanColumn
    let text: PlanColumn
    let flag: PlanColumn
    let list: PlanColumn
    let table = StubTable(
        "t",
        [
            StubColumn("number", .int), StubColumn("required", .int, isNullable: false),
            StubColumn("text", .string), StubColumn("flag", .boolean),
            StubColumn("list", .array(.int)),
        ])

    init() {
        number = allocator.makeColumn("number", .int)
        required = allocator.makeColumn("required", .int, isNullable: false)
        text = allocator.makeColumn("text", .string)
        flag = allocator.makeColumn("flag", .boolean)
        list = allocator.makeColumn("list", .array(.int))
    }

    var columns: [PlanColumn] { [number, required, text, flag, list] }

    func literal(_ value: Int) -> BoundExpression { .literal(.integer(Int128(value)), .int) }

    func equals(_ column: PlanColumn, _ value: Int) -> BoundExpression {
        .comparison(.equal, .column(column), literal(value))
    }

    // MARK: Expressions

    var lambda: BoundExpression {
        get throws(StarlingError) {
            let parameter = allocator.makeColumn("x", .int)
            return .lambda(
                LambdaCall(
                    kind: .arrayMap, parameters: [parameter],
                    bodies: [try made("add", .column(parameter), .column(number))],
                    lists: [.column(list)], type: .array(.bigint)))
        }
    }

    func subquery(
        _ form: BoundSubquery.Form, _ plan: LogicalPlan? = nil
    ) -> BoundExpression {
        .subquery(BoundSubquery(form: form, plan: plan ?? scan(), type: .boolean))
    }

    /// One expression a kind, with the children that it has.
    var expressions: [(expression: BoundExpression, children: [BoundExpression])] {
        get throws(StarlingError) {
            let (a, b) = (BoundExpression.column(number), BoundExpression.column(required))
            let (first, second) = (equals(number, 1), equals(required, 2))
            let branches = [
                ConditionalBranch(condition: first, result: a),
                ConditionalBranch(condition: second, result: b),
            ]
            let wide = [BoundExpression.cast(a, to: .bigint), .cast(b, to: .bigint)]
            let lambda = try self.lambda
            guard case .lambda(let call) = lambda else { return [] }
            return [
                (a, []), (literal(1), []), (try made("add", a, b), wide),
                (.cast(a, to: .bigint), [a]), (first, [a, literal(1)]),
                (.and([first, second, .column(flag)]), [first, second, .column(flag)]),
                (.or([second, first]), [second, first]), (.not(first), [first]),
                (.isNull(a), [a]),
                (
                    .conditional(branches, otherwise: literal(3), .int),
                    [first, a, second, b, literal(3)]
                ),
                (.inList(a, [.integer(1), .integer(2)]), [a]),
                (
                    .like(.column(text), pattern: .literal(.text("a%"), .string), escape: 33),
                    [.column(text), .literal(.text("a%"), .string)]
                ),
                (lambda, call.lists + call.bodies), (subquery(.exists), []),
                (subquery(.scalar), []), (subquery(.any([a, b], .equal)), [a, b]),
            ]
        }
    }

    // MARK: Plans

    func scan(_ conjuncts: [BoundExpression] = []) -> LogicalPlan {
        let scanned = columns.enumerated().map { ScanColumn(column: $1, position: $0) }
        return LogicalPlan(
            .scan(ScanNode(table: table, alias: "t", columns: scanned, conjuncts: conjuncts)))
    }

    /// Scans the table once more, under other identities.
    func otherScan() -> LogicalPlan { scan().withFreshColumns(allocator) }

    func join(_ kind: JoinNode.Kind, _ other: LogicalPlan) -> LogicalPlan {
        let key = BoundExpression.column(other.outputColumns[1])
        return LogicalPlan(
            .join(
                JoinNode(
                    kind: kind, left: scan(), right: other,
                    conditions: [.comparison(.equal, .column(required), key)])))
    }

    /// One plan a kind of node, with its children's titles and its own expressions.
    var plans: [(plan: LogicalPlan, childCount: Int, expressions: [BoundExpression])] {
        get throws(StarlingError) {
            let (a, b) = (BoundExpression.column(number), BoundExpression.column(required))
            let sum = allocator.makeColumn("sum", .bigint)
            let key = SortKey(expression: .column(text))
            let condition = equals(number, 7)
            let other = otherScan()
            let shared = SharedPlanID(1)
            let copies = columns.map(allocator.makeCopy)
            let sharedScan = LogicalPlan(
                .sharedScan(
                    SharedScanNode(id: shared, name: "s", columns: copies, sourceColumns: columns)))
            let aggregate = try made(
                aggregate: "sum", [a], as: sum, where: condition, orderedBy: [key])
            let window = WindowNode(
                input: scan(), partitionKeys: [b], orderKeys: [key],
                items: [
                    WindowItem(
                        column: sum, function: .aggregate(aggregate.function),
                        signature: aggregate.signature, arguments: [a], condition: condition,
                        ordering: [key],
                        frame: WindowFrame(
                            unit: .rows, start: .preceding(literal(1)),
                            end: .following(literal(2))))
                ])
            let values = ValuesNode(columns: [number, required], rows: [[a, b], [b, a]])
            let recursion = RecursionNode(
                id: shared, name: "r", columns: [copies[0]], anchor: scan(),
                anchorColumns: [number], step: other, stepColumns: [other.outputColumns[0]],
                keepsDuplicates: true, depthMaximum: 10)
            let union = SetOperationNode(
                kind: .union, keepsDuplicates: true, inputs: [scan(), other],
                inputColumns: [columns, other.outputColumns], columns: copies)
            guard case .join(let join) = self.join(.left, other).node else { return [] }
            return [
                (scan([condition]), 0, [condition]),
                (LogicalPlan(.values(values)), 0, [a, b, b, a]),
                (
                    LogicalPlan(.filter(FilterNode(input: scan(), conjuncts: [condition, a]))), 1,
                    [condition, a]
                ),
                (
                    LogicalPlan(
                        .project(
                            ProjectNode(
                                input: scan(),
                                items: [ProjectItem(column: sum, expression: condition)]))),
                    1, [condition]
                ),
                (
                    LogicalPlan(
                        .aggregate(
                            AggregateNode(
                                input: scan(), keys: [ProjectItem(passing: required)],
                                aggregates: [aggregate]))),
                    1, [b, a, condition, key.expression]
                ),
                (LogicalPlan(.join(join)), 2, join.conditions),
                (
                    LogicalPlan(.window(window)), 1,
                    [b, key.expression, a, condition, key.expression, literal(1), literal(2)]
                ),
                (
                    LogicalPlan(
                        .unnest(
                            UnnestNode(
                                input: scan(), lists: [.column(list)], columns: [sum],
                                isOuter: false))),
                    1, [.column(list)]
                ),
                (
                    LogicalPlan(.sort(SortNode(input: scan(), keys: [key]))), 1, [key.expression]
                ),
                (LogicalPlan(.limit(LimitNode(input: scan(), limit: 1, offset: 2))), 1, []),
                (LogicalPlan(.setOperation(union)), 2, []),
                (
                    LogicalPlan(
                        .shared(
                            SharedNode(id: shared, name: "s", definition: scan(), body: sharedScan)
                        )), 2, []
                ),
                (sharedScan, 0, []), (LogicalPlan(.recursion(recursion)), 2, []),
            ]
        }
    }
}
