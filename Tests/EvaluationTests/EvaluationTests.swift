import StarlingErrors
import StarlingEvaluation
import StarlingFunctions
import StarlingPlans
import StarlingTables
import StarlingTestSupport
import StarlingTypes
import StarlingVectors
import Testing

@Suite struct EvaluationTests {
    private let session = SessionValues(statementTime: 0)

    private func reference(_ expression: BoundExpression, _ table: SampleTable, _ row: Int)
        -> Value?
    {
        try? ReferenceEvaluator(row: table.row(row), session: session).evaluate(expression)
    }

    /// Compares all rows, where the reference meets no error.
    private func check(_ expression: BoundExpression, _ table: SampleTable) {
        let expected = (0..<table.chunk.count).map { reference(expression, table, $0) }
        let result: Vector
        do throws(StarlingError) {
            let compiled = try CompiledExpressions(
                [expression], layout: table.layout, session: session)
            result = try compiled.makeEvaluator().evaluate(table.chunk)[0]
            #expect(result.physicalType == compiled.results[0].physicalType)
            if let bounds = compiled.results[0].bounds {
                for value in result.allValues {
                    if let number = value.integer { #expect(bounds.contains(number)) }
                }
            }
            #expect(compiled.results[0].isNullable || !result.allValues.contains(.null))
        } catch {
            #expect(expected.contains(nil), "\(error) for \(expression)")
            return
        }
        guard !expected.contains(nil) else {
            Issue.record("no error for \(expression)")
            return
        }
        guard let row = expected.indices.first(where: { result.value(at: $0) != expected[$0] })
        else { return }
        // A part that is wrong by itself says more.
        for part in expression.children { check(part, table) }
        let columns = table.chunk.columns.map { "\($0.encoding)" }
        Issue.record(
            """
            row \(row): \(result.value(at: row)), not \(expected[row]!): \(expression)
            with \(table.values.map { $0[row] }), \(columns)
            """)
    }

    @Test(arguments: 0..<60)
    func numbersAgreeWithTheReference(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let table = SampleTable(count: 70, using: &generator)
        var maker = ExpressionMaker(table: table, generator: generator)
        for _ in 0..<20 { check(try maker.number(depth: 3), table) }
    }

    @Test(arguments: 0..<60)
    func truthsAgreeWithTheReference(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: 1_000 + seed)
        let table = SampleTable(count: 70, using: &generator)
        var maker = ExpressionMaker(table: table, generator: generator)
        for _ in 0..<20 { check(try maker.truth(depth: 3), table) }
    }

    @Test(arguments: 0..<60)
    func foldingKeepsResults(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: 2_000 + seed)
        let table = SampleTable(count: 30, using: &generator)
        var maker = ExpressionMaker(table: table, generator: generator)
        for _ in 0..<20 {
            let expression = try maker.truth(depth: 3)
            let folded = foldConstants(expression, session: session)
            for row in 0..<30 {
                guard let expected = reference(expression, table, row) else { continue }
                #expect(reference(folded, table, row) == expected, "\(expression)")
            }
        }
    }

    @Test(arguments: 0..<60)
    func filtersSelectTrueRowsInAnyOrder(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: 3_000 + seed)
        let table = SampleTable(count: 200, using: &generator)
        var maker = ExpressionMaker(table: table, generator: generator)
        for _ in 0..<5 {
            let conjuncts = try (0..<3).map { _ in try maker.truth(depth: 2) }
            var expected: [Int] = []
            var failed = false
            for row in 0..<200 {
                let value = reference(.and(conjuncts), table, row)
                failed = failed || value == nil
                if value == .boolean(true) { expected.append(row) }
            }
            if failed { continue }
            let filter = try CompiledFilter(conjuncts, layout: table.layout, session: session)
            let evaluator = filter.makeEvaluator()
            for _ in 0..<20 {
                let selection = try evaluator.select(table.chunk) ?? Selection(all: 200)
                #expect(selection.list == expected, "\(conjuncts)")
            }
            judge(filter, expected.count, table)
        }
    }

    /// Bounds leave out NaN, which is greater than all numbers: what they say must hold with it, and
    /// where there is none, they exclude as much as those of integers.
    @Test func boundsHoldWithNaN() throws {
        let column = ColumnAllocator().makeColumn("x", .double, isNullable: false)
        let layout = ColumnLayout([
            PhysicalColumn(column: column, physicalType: .float64, bounds: nil)
        ])
        for (numbers, excludesNaN) in [
            ([1, 3], true), ([1, 3], false), ([1, 3, .nan], false), ([2, 2, .nan], false),
        ] as [([Double], Bool)] {
            var known = ColumnStatistics(
                low: .floating(numbers[0]), high: .floating(numbers[1]), nullCount: 0)
            known.excludesNaN = excludesNaN
            let statistics = known
            let vector = Vector(.float64, values: numbers.map { .floating($0) })
            for constant in [0, 1, 2, 3, 4, .nan] as [Double] {
                for comparison in ComparisonOperator.allCases {
                    let condition = BoundExpression.comparison(
                        comparison, .column(column), .literal(.floating(constant), .double))
                    let filter = try CompiledFilter([condition], layout: layout, session: session)
                    let chunk = Chunk(columns: [vector], count: numbers.count)
                    let passed = try filter.makeEvaluator().select(chunk)?.count ?? numbers.count
                    let match = filter.match(rowCount: numbers.count) { _ in statistics }
                    if match == .noRow { #expect(passed == 0) }
                    if match == .allRows { #expect(passed == numbers.count) }
                    if excludesNaN, comparison == .greater, constant > 3 {
                        #expect(match == .noRow)
                    }
                }
            }
        }
    }

    /// Compares what statistics say with what was found.
    private func judge(_ filter: CompiledFilter, _ passedCount: Int, _ table: SampleTable) {
        let match = filter.match(rowCount: 200) { position in
            let values = table.values[position]
            let integers = values.compactMap(\.integer)
            var texts: [[UInt8]] = []
            for case .bytes(let bytes) in values { texts.append(bytes) }
            texts.sort { $0.lexicographicallyPrecedes($1) }
            return ColumnStatistics(
                low: integers.min().map { .integer($0) } ?? texts.first.map { .bytes($0) },
                high: integers.max().map { .integer($0) } ?? texts.last.map { .bytes($0) },
                nullCount: values.filter(\.isNull).count)
        }
        if match == .noRow { #expect(passedCount == 0) }
        if match == .allRows { #expect(passedCount == 200) }
    }

    @Test func boundsNarrowProducts() throws {
        var generator = SeededGenerator(seed: 5)
        let table = SampleTable(count: 10, using: &generator)
        let multiply = FunctionRegistry.builtin.scalar("multiply")!
        let operands = [table.columns[2], table.columns[3]]
        let signature = try multiply.resolve(
            ArgumentList(types: operands.map(\.type), constants: [nil, nil]))
        let compiled = try CompiledExpressions(
            [.call(multiply, signature, operands.map { .column($0) })], layout: table.layout,
            session: session)
        // 5,000 times 10 at most.
        #expect(compiled.results[0].bounds == Bounds(low: 0, high: 50_000))
        #expect(compiled.results[0].physicalType == .int32)
    }
}
