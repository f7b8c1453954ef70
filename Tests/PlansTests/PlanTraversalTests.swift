import StarlingErrors
import StarlingPlanSupport
import StarlingPlans
import StarlingTypes
import Testing

@Suite struct PlanTraversalTests {
    private let samples = Samples()

    private func lines(_ plan: LogicalPlan) -> [String] {
        PlanPrinter(detail: .verbose).lines(of: plan)
    }

    @Test func childrenAreThoseWritten() throws {
        for (plan, childCount, expressions) in try samples.plans {
            #expect(plan.children.count == childCount)
            #expect(plan.expressions == expressions)
        }
    }

    @Test func whatIsMappedToItselfIsTheSame() throws {
        for (plan, _, _) in try samples.plans {
            let same = try plan.mapChildren { (child) throws(StarlingError) in child }
            #expect(lines(same) == lines(plan))
            let again = try plan.mapExpressions { (child) throws(StarlingError) in child }
            #expect(lines(again) == lines(plan))
            #expect(lines(plan.replacingChildren { $0 }) == lines(plan))
            #expect(lines(plan.replacingExpressions { $0 }) == lines(plan))
        }
    }

    @Test func childrenAreReplacedInOrder() throws {
        func marked(_ number: Int) -> LogicalPlan {
            LogicalPlan(.limit(LimitNode(input: samples.scan(), limit: number, offset: 0)))
        }
        for (plan, childCount, _) in try samples.plans {
            var next = 0
            let mapped = try plan.mapChildren { (_) throws(StarlingError) in
                defer { next += 1 }
                return marked(next)
            }
            #expect(mapped.children.map { lines($0)[0] } == (0..<childCount).map { "LIMIT \($0)" })
        }
    }

    @Test func expressionsAreReplacedInOrder() throws {
        for (plan, _, expressions) in try samples.plans {
            var next = 100
            let mapped = try plan.mapExpressions { (_) throws(StarlingError) in
                defer { next += 1 }
                return samples.literal(next)
            }
            #expect(mapped.expressions == expressions.indices.map { samples.literal(100 + $0) })
        }
    }

    @Test func estimatesAndNumbersStay() throws {
        for (plan, _, _) in try samples.plans {
            var plan = plan
            plan.estimatedRowCount = 42
            plan.number = 7
            for other in [plan.replacingChildren { $0 }, plan.replacingExpressions { $0 }] {
                #expect(other.estimatedRowCount == 42 && other.number == 7)
            }
        }
    }

    @Test func nodesAreVisitedFromTheTop() {
        let filter = LogicalPlan(
            .filter(FilterNode(input: samples.scan(), conjuncts: [.column(samples.flag)])))
        let plan = LogicalPlan(.limit(LimitNode(input: filter, limit: 1, offset: 0)))
        var titles: [String] = []
        plan.forEach { titles.append(PlanPrinter(detail: .brief).lines(of: $0)[0]) }
        #expect(titles == ["LIMIT 1", "FILTER", "SCAN t (stub t)"])
    }

    @Test func joinsGiveWhatTheirKindSays() {
        let other = samples.otherScan()
        let (left, right) = (samples.columns, other.outputColumns)
        let mark = samples.allocator.makeColumn("mark", .boolean, isNullable: false)
        let all: [(JoinNode.Kind, [PlanColumn])] = [
            (.inner, left + right), (.left, left + right), (.full, left + right), (.semi, left),
            (.anti, left), (.nullAwareAnti, left), (.mark(mark), left + [mark]),
            (.single(nil), left + right),
        ]
        for (kind, columns) in all {
            #expect(samples.join(kind, other).outputColumns == columns, "\(kind)")
        }
    }

    /// `required` is NULL in no row of its table, and where an outer join has no partner for it.
    @Test func outerJoinsMayFillWithNulls() {
        let other = samples.otherScan()
        func nullable(_ kind: JoinNode.Kind) -> [Bool] {
            samples.join(kind, other).outputColumns.filter { $0.name == "required" }
                .map(\.isNullable)
        }
        #expect(nullable(.inner) == [false, false])
        #expect(nullable(.left) == [false, true])
        #expect(nullable(.single(nil)) == [false, true])
        #expect(nullable(.full) == [true, true])
        #expect(nullable(.semi) == [false])
    }

    @Test func columnsFromOutsideAreFree() {
        let outside = samples.allocator.makeColumn("outside", .int)
        let condition = BoundExpression.comparison(
            .equal, .column(samples.number), .column(outside))
        #expect(samples.scan().freeColumns.isEmpty)
        #expect(samples.scan([condition]).freeColumns == [outside.id])
        let nested = samples.scan([samples.subquery(.exists, samples.scan([condition]))])
        #expect(nested.freeColumns == [outside.id])
        #expect(samples.join(.inner, samples.otherScan()).freeColumns.isEmpty)
    }

    /// A copy computes the same and shares no column with what it was made of.
    @Test func copiesHaveColumnsOfTheirOwn() throws {
        func defined(_ plan: LogicalPlan) -> Set<ColumnID> {
            var result = Set<ColumnID>()
            plan.forEach { result.formUnion($0.definedColumns.map(\.id)) }
            return result
        }
        // The numbers that tell columns of one name apart are others, of course.
        func plain(_ plan: LogicalPlan) -> [String] {
            PlanPrinter(detail: .plain).lines(of: plan).map { $0.replacing(/#\d+/, with: "") }
        }
        for (plan, _, _) in try samples.plans {
            let copy = plan.withFreshColumns(samples.allocator)
            #expect(plain(copy) == plain(plan))
            #expect(copy.outputColumns.map(\.name) == plan.outputColumns.map(\.name))
            #expect(copy.outputColumns.map(\.isNullable) == plan.outputColumns.map(\.isNullable))
            #expect(defined(copy).isDisjoint(with: defined(plan)))
            #expect(defined(copy).count == defined(plan).count)
        }
    }

    @Test func copiesKeepColumnsFromOutside() {
        let outside = samples.allocator.makeColumn("outside", .int)
        let plan = samples.scan([
            .comparison(.equal, .column(samples.number), .column(outside))
        ])
        #expect(plan.withFreshColumns(samples.allocator).freeColumns == [outside.id])
    }

    /// The readers of a shared plan and it itself get the same new number.
    @Test func copiesOfSharedPlansReadThemselves() throws {
        let plan = try #require(
            try samples.plans.map(\.plan).first {
                if case .shared = $0.node { true } else { false }
            })
        let copy = plan.withFreshColumns(samples.allocator)
        guard case .shared(let old) = plan.node, case .shared(let new) = copy.node,
            case .sharedScan(let reader) = new.body.node
        else {
            Issue.record("not shared")
            return
        }
        #expect(new.id != old.id && reader.id == new.id)
        #expect(reader.sourceColumns == new.definition.outputColumns)
    }
}
