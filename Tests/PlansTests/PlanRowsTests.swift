import StarlingPlanSupport
import StarlingPlans
import StarlingTypes
import Testing

/// What plans say of their rows, and how they are printed.
@Suite struct PlanRowsTests {
    private let samples = Samples()

    private var sorted: LogicalPlan {
        LogicalPlan(
            .sort(
                SortNode(
                    input: samples.scan(),
                    keys: [
                        SortKey(expression: .column(samples.text), isAscending: false),
                        SortKey(expression: .column(samples.number), nullsFirst: false),
                        SortKey(expression: .cast(.column(samples.number), to: .string)),
                        SortKey(expression: .column(samples.flag)),
                    ])))
    }

    private func project(_ input: LogicalPlan, _ expressions: [BoundExpression]) -> LogicalPlan {
        LogicalPlan(
            .project(
                ProjectNode(
                    input: input,
                    items: expressions.map {
                        ProjectItem(
                            column: samples.allocator.makeColumn("p", $0.type), expression: $0)
                    })))
    }

    /// StarRocks puts NULLs first where the order ascends.
    @Test func nullsStandWhereTheOrderPutsThem() {
        #expect(SortKey(expression: .column(samples.text)).nullsFirst)
        #expect(!SortKey(expression: .column(samples.text), isAscending: false).nullsFirst)
    }

    /// What follows a key that is no column is not said.
    @Test func ordersAreThoseOfColumns() {
        let orders = sorted.orders
        #expect(orders.map(\.id) == [samples.text.id, samples.number.id])
        #expect(orders.map(\.isAscending) == [false, true])
        #expect(orders.map(\.nullsFirst) == [false, false])
        #expect(samples.scan().orders.isEmpty)
    }

    @Test func ordersGoThroughProjections() {
        let both = project(sorted, [.column(samples.number), .column(samples.text)])
        #expect(both.orders.map(\.id) == both.outputColumns.reversed().map(\.id))
        let first = project(sorted, [.column(samples.text), .column(samples.flag)])
        #expect(first.orders.map(\.id) == [first.outputColumns[0].id])
        #expect(project(sorted, [.column(samples.number)]).orders.isEmpty)
    }

    @Test func columnsThatAreNeverNullAreKnown() {
        let (number, required) = (samples.number.id, samples.required.id)
        let limited = LogicalPlan(.limit(LimitNode(input: sorted, limit: 1, offset: 0)))
        for plan in [samples.scan(), sorted, limited] {
            #expect(plan.neverGivesNull(required) && !plan.neverGivesNull(number))
        }
        let projected = project(
            samples.scan(),
            [
                .column(samples.required), .column(samples.number), samples.literal(1),
                .null(.int),
            ])
        let columns = projected.outputColumns.map(\.id)
        #expect(columns.map(projected.neverGivesNull) == [true, false, true, false])
        let outer = samples.join(.left, samples.otherScan())
        #expect(!outer.neverGivesNull(outer.outputColumns[6].id))
    }

    @Test func layoutsKnowPositions() {
        let columns = [samples.text, samples.number].map {
            PhysicalColumn(
                column: $0, physicalType: $0.type.widestPhysicalType, bounds: $0.type.bounds)
        }
        let layout = ColumnLayout(columns)
        #expect(layout.count == 2 && layout[1].column == samples.number)
        #expect(layout.position(of: samples.text.id) == 0)
        #expect(layout.position(of: samples.number.id) == 1)
        #expect(layout.position(of: samples.flag.id) == nil)
        let turned = layout.projected(to: [1, 0])
        #expect(turned.position(of: samples.text.id) == 1)
    }

    // MARK: Text

    @Test func expressionsArePrintedAsSQL() throws {
        let (a, b) = (BoundExpression.column(samples.number), BoundExpression.column(samples.text))
        let isOne = samples.equals(samples.number, 1)
        let pattern = BoundExpression.literal(.text("x%"), .string)
        let like = BoundExpression.like(b, pattern: pattern, escape: UInt8(ascii: "\\"))
        let date = BoundExpression.literal(.integer(19_782), .date)
        let branch = ConditionalBranch(condition: isOne, result: b)
        let texts: [(BoundExpression, String)] = [
            (a, "number"), (samples.literal(-5), "-5"), (.null(.int), "NULL"),
            (date, "'2024-02-29'"),
            (.literal(.integer(125), .decimal(precision: 5, scale: 2)), "1.25"),
            (isOne, "number = 1"), (.not(isOne), "NOT (number = 1)"),
            (.and([isOne, like]), "(number = 1) AND (text LIKE 'x%')"),
            (.like(b, pattern: pattern, escape: nil), "text LIKE 'x%' ESCAPE ''"),
            (.or([.isNull(a), isOne]), "(number IS NULL) OR (number = 1)"),
            (.cast(a, to: .bigint), "CAST(number AS bigint)"),
            (.inList(a, [.integer(1), .integer(2)]), "number IN (1, 2)"),
            (
                .inList(a, (1...10).map { .integer($0) }),
                "number IN (1, 2, 3, 4, 5, 6, 7, 8, … 2 more)"
            ),
            (
                .conditional([branch], otherwise: .null(.string), .string),
                "CASE WHEN number = 1 THEN text ELSE NULL END"
            ),
            (samples.subquery(.exists), "(subquery)"),
        ]
        for (expression, text) in texts {
            #expect(ExpressionPrinter(showsIdentities: false).text(of: expression) == text)
        }
        let numbered = ExpressionPrinter(showsIdentities: true).text(of: a)
        #expect(numbered == "number#\(samples.number.id.number)")
        // What has operators of its own stands in parentheses.
        let one = BoundExpression.literal(.integer(1), .bigint)
        let big = BoundExpression.column(samples.allocator.makeColumn("big", .bigint))
        let product = try made("multiply", try made("add", big, one), big)
        let printed = ExpressionPrinter(showsIdentities: false).text(of: product)
        #expect(printed == "(big + 1) * big")
    }

    @Test func plansArePrintedAsTrees() throws {
        let join = samples.join(.semi, samples.otherScan())
        // Columns of one name in tables of one name are told apart by their numbers.
        let ids = join.children.map { child in
            child.outputColumns.first { $0.name == "required" }?.id.number ?? -1
        }
        let filter = LogicalPlan(
            .filter(
                FilterNode(
                    input: join,
                    conjuncts: [samples.equals(samples.number, 1), .isNull(.column(samples.text))])
            ))
        let top = LogicalPlan(
            .sort(
                SortNode(
                    input: filter,
                    keys: [SortKey(expression: .column(samples.text), isAscending: false)],
                    limit: 3)))
        #expect(
            PlanPrinter(detail: .brief).lines(of: top) == [
                "TOP-N 3", "    by: text DESC", "  FILTER",
                "      where: number = 1 AND text IS NULL", "    SEMI JOIN, builds right",
                "        on: required#\(ids[0]) = required#\(ids[1])", "      SCAN t (stub t)",
                "      SCAN t (stub t)",
            ])
        var estimated = samples.scan()
        estimated.estimatedRowCount = 1
        let remarks = PlanPrinter(detail: .plain) { _ in "seen" }.lines(of: estimated)
        #expect(remarks[0] == "SCAN t (stub t)  (~1 row)  [seen]")
        #expect(remarks[1] == "    reads: number, required, text, flag, list")
    }
}
