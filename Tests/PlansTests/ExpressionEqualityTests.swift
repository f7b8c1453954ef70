import StarlingErrors
import StarlingFunctions
import StarlingPlanSupport
import StarlingPlans
import StarlingTypes
import Testing

@Suite struct ExpressionEqualityTests {
    private let samples = Samples()

    @Test func eachKindEqualsItselfAlone() throws {
        let all = try samples.expressions.map(\.expression)
        for (row, left) in all.enumerated() {
            for (column, right) in all.enumerated() {
                #expect((left == right) == (row == column), "\(row), \(column)")
            }
        }
        #expect(Set(all).count == all.count)
    }

    /// The same call in two places of a text is the same value.
    @Test func placesDoNotTellCallsApart() throws {
        let call = try made("add", .column(samples.number), samples.literal(1))
        guard case .call(let function, var signature, let arguments) = call else {
            Issue.record("no call")
            return
        }
        signature.place = TextRange(start: 3, end: 9)
        let other = BoundExpression.call(function, signature, arguments)
        #expect(call == other && call.hashValue == other.hashValue)
    }

    /// A column is its identity, whatever it is called and whether it may be NULL here.
    @Test func columnsAreTheirIdentities() {
        var padded = samples.required
        padded.isNullable = true
        padded.name = "other"
        #expect(padded == samples.required && padded.hashValue == samples.required.hashValue)
        #expect(samples.allocator.makeCopy(of: samples.required) != samples.required)
    }

    @Test func typesAndOrderMatter() throws {
        let (a, b) = (BoundExpression.column(samples.number), samples.literal(1))
        #expect(BoundExpression.and([a, b]) != .and([b, a]))
        #expect(BoundExpression.literal(.integer(1), .int) != .literal(.integer(1), .bigint))
        #expect(BoundExpression.cast(a, to: .bigint) != .cast(a, to: .double))
        #expect(try made("add", a, b) != made("add", b, a))
        #expect(try made("add", a, b) != made("subtract", a, b))
        #expect(BoundExpression.comparison(.less, a, b) != .comparison(.lessOrEqual, a, b))
        #expect(BoundExpression.inList(a, [.integer(1)]) != .inList(a, [.integer(2)]))
        let pattern = BoundExpression.literal(.text("x"), .string)
        #expect(
            BoundExpression.like(.column(samples.text), pattern: pattern, escape: nil)
                != .like(.column(samples.text), pattern: pattern, escape: 33))
    }

    /// Two subqueries of one text are two plans, and a plan is itself.
    @Test func subqueriesAreTheirPlans() {
        let first = samples.subquery(.exists)
        #expect(first == first && first != samples.subquery(.exists))
    }
}
