import StarlingErrors
import StarlingPlanSupport
import StarlingPlans
import StarlingTypes
import Testing

@Suite struct NullabilityTests {
    private let samples = Samples()

    private var a: BoundExpression { .column(samples.number) }
    private var b: BoundExpression { .column(samples.required) }

    @Test func whatCannotBeNullIsKnown() {
        let one = samples.literal(1)
        for expression in [
            b, one, .isNull(a), .comparison(.nullSafeEqual, a, a), .comparison(.less, b, one),
            .not(.isNull(a)), .and([.isNull(a), .comparison(.equal, b, one)]),
            .cast(b, to: .bigint), .cast(b, to: .string), .cast(b, to: .double),
            .inList(b, [.integer(1)]), samples.subquery(.exists),
            .conditional(
                [ConditionalBranch(condition: .isNull(a), result: b)], otherwise: one, .int),
        ] { #expect(!expression.mayBeNull) }
    }

    @Test func whatMayBeNullIsKnown() throws {
        let one = samples.literal(1)
        for expression in [
            a, .null(.int), .comparison(.less, a, one), .not(.comparison(.less, a, one)),
            .and([.isNull(a), .comparison(.equal, a, one)]), .cast(b, to: .tinyint),
            .cast(.literal(.text("x"), .string), to: .int), .cast(a, to: .bigint),
            .inList(a, [.integer(1)]), samples.subquery(.scalar),
            samples.subquery(.any([b], .equal)), try made("divide", b, one),
            .conditional(
                [ConditionalBranch(condition: .isNull(a), result: b)], otherwise: .null(.int), .int
            ),
            .conditional(
                [ConditionalBranch(condition: .isNull(a), result: a)], otherwise: one, .int),
        ] { #expect(expression.mayBeNull) }
    }

    /// Conditions that drop the rows which an outer join fills with NULLs.
    @Test func conditionsThatRejectNullsAreKnown() throws {
        let one = samples.literal(1)
        let isOne = BoundExpression.comparison(.equal, a, one)
        let ofOther = BoundExpression.comparison(.equal, b, one)
        let sum = try made("add", a, b)
        let rejecting: [BoundExpression] = [
            isOne, .comparison(.less, one, a), .comparison(.greater, sum, one), .not(isOne),
            .not(.isNull(a)), .not(.isNull(sum)), .and([ofOther, isOne]),
            .or([isOne, .not(isOne)]),
            .inList(a, [.integer(1)]), .cast(a, to: .boolean), .null(.boolean), .falseLiteral,
            .not(.inList(a, [.integer(1)])),
        ]
        for expression in rejecting { #expect(expression.rejectsNulls(of: [samples.number.id])) }
        let branch = ConditionalBranch(condition: .isNull(a), result: .trueLiteral)
        let keeping: [BoundExpression] = [
            ofOther, .isNull(a), .comparison(.nullSafeEqual, a, one), .or([isOne, ofOther]),
            .or([isOne, .isNull(a)]), .trueLiteral, .not(.isNull(b)),
            .conditional([branch], otherwise: .falseLiteral, .boolean),
            .not(.comparison(.nullSafeEqual, a, one)), .not(.and([isOne, ofOther])),
        ]
        for expression in keeping { #expect(!expression.rejectsNulls(of: [samples.number.id])) }
        #expect(!isOne.rejectsNulls(of: []))
        #expect(ofOther.rejectsNulls(of: [samples.number.id, samples.required.id]))
    }

    @Test func placeholdersAreNoColumnsOfTables() {
        for number in [1, 2, 1_000_000] {
            #expect(PlanColumn(placeholder: number).placeholderNumber == number)
        }
        #expect(samples.columns.allSatisfy { $0.placeholderNumber == nil })
        let placeholder = BoundExpression.column(PlanColumn(placeholder: 3))
        let condition = BoundExpression.comparison(
            .equal, a, .cast(.cast(placeholder, to: .bigint), to: .int))
        let inside = samples.subquery(.exists, samples.scan([condition]))
        let plan = LogicalPlan(.filter(FilterNode(input: samples.scan(), conjuncts: [inside])))
        var found: [String] = []
        plan.visitPlaceholders { found.append("\($0) \($1)") }
        #expect(found == ["3 bigint"])
    }
}
