import StarlingErrors
import StarlingPlanSupport
import StarlingPlans
import StarlingTypes
import Testing

@Suite struct ExpressionTraversalTests {
    private let samples = Samples()

    @Test func childrenAreThoseWritten() throws {
        for (expression, children) in try samples.expressions {
            #expect(expression.children == children)
        }
    }

    @Test func whatIsMappedToItselfIsTheSame() throws {
        for (expression, _) in try samples.expressions {
            let same = try expression.mapChildren { (child) throws(StarlingError) in child }
            #expect(same == expression && same.hashValue == expression.hashValue)
            #expect(same.type == expression.type)
        }
    }

    /// Each child is replaced in its own place.
    @Test func childrenAreReplacedInOrder() throws {
        for (expression, children) in try samples.expressions {
            var next = 100
            let mapped = try expression.mapChildren { (_) throws(StarlingError) in
                defer { next += 1 }
                return samples.literal(next)
            }
            #expect(mapped.children == children.indices.map { samples.literal(100 + $0) })
            #expect((mapped == expression) == children.isEmpty)
        }
    }

    @Test func errorsComeThrough() throws {
        for (expression, children) in try samples.expressions where !children.isEmpty {
            #expect(throws: StarlingError(.data, "no")) {
                try expression.mapChildren { (_) throws(StarlingError) in
                    throw StarlingError(.data, "no")
                }
            }
        }
    }

    @Test func treesAreRewrittenFromTheBottom() throws {
        let inner = BoundExpression.not(.column(samples.flag))
        var seen: [BoundExpression] = []
        let result = try BoundExpression.and([inner, .isNull(inner)]).rewritten {
            (node) throws(StarlingError) in
            seen.append(node)
            if case .not(let operand) = node { return operand }
            return node
        }
        let flag = BoundExpression.column(samples.flag)
        #expect(result == .and([flag, .isNull(flag)]))
        // Parents see their children rewritten.
        #expect(seen == [flag, inner, flag, inner, .isNull(flag), result])
    }

    @Test func columnsAreSubstituted() throws {
        let sum = try made("add", .column(samples.number), .column(samples.required))
        let replaced = sum.substituting([samples.number.id: samples.literal(5)])
        #expect(replaced == (try made("add", samples.literal(5), .column(samples.required))))
        #expect(sum.substituting([samples.text.id: samples.literal(5)]) == sum)
    }

    @Test func columnsThatAreReadAreFound() throws {
        let number = samples.number.id
        #expect(samples.literal(1).referencedColumns.isEmpty)
        #expect(samples.equals(samples.number, 1).referencedColumns == [number])
        // The parameter of a lambda is no column of the row.
        #expect(try samples.lambda.referencedColumns == [number, samples.list.id])
        // A subquery reads what its own plan does not give.
        let outside = samples.allocator.makeColumn("outside", .int)
        let inside = samples.scan([
            .comparison(.equal, .column(samples.required), .column(outside))
        ])
        #expect(samples.subquery(.exists, inside).referencedColumns == [outside.id])
        let any = samples.subquery(.any([.column(samples.number)], .equal), samples.otherScan())
        #expect(any.referencedColumns == [number])
        #expect(any.containsSubquery && BoundExpression.not(any).containsSubquery)
        #expect(try !samples.lambda.containsSubquery)
    }

    @Test func conjunctsAreTakenApart() {
        let (a, b, c) = (
            samples.equals(samples.number, 1), samples.equals(samples.number, 2),
            samples.equals(samples.number, 3)
        )
        #expect(BoundExpression.and([a, .and([b, .trueLiteral]), c]).conjuncts == [a, b, c])
        #expect(BoundExpression.or([a, b]).conjuncts == [.or([a, b])])
        #expect(BoundExpression.trueLiteral.conjuncts.isEmpty)
        #expect(BoundExpression.falseLiteral.conjuncts == [.falseLiteral])
        #expect(BoundExpression.conjunction([]) == .trueLiteral)
        #expect(BoundExpression.conjunction([a]) == a)
        #expect(BoundExpression.conjunction([a, b]) == .and([a, b]))
    }

    @Test func chanceIsTold() throws {
        let random = try made("rand")
        let condition = BoundExpression.comparison(
            .less, random, .literal(.floating(0.5), .double))
        #expect(!random.isDeterministic && !condition.isDeterministic)
        #expect(try made("add", .column(samples.number), samples.literal(1)).isDeterministic)
        #expect(samples.scan().isDeterministic && !samples.scan([condition]).isDeterministic)
        // Also within the plan of a subquery.
        let inside = samples.subquery(.exists, samples.scan([condition]))
        let filter = LogicalPlan(.filter(FilterNode(input: samples.scan(), conjuncts: [inside])))
        #expect(!filter.isDeterministic)
    }
}
