import Testing

import StarlingErrors
import StarlingFunctions
import StarlingTypes

struct RegistryTests {
    let registry = FunctionRegistry.builtin

    @Test func rowsAreWellFormed() {
        for row in registry.scalars {
            expectWellFormed(row.name, row.aliases, row.summary, row.examples)
        }
        for row in registry.aggregates {
            expectWellFormed(row.name, row.aliases, row.summary, row.examples)
        }
        for row in registry.windows { #expect(row.summary.hasSuffix(".")) }
        #expect(Set(registry.windows.map(\.kind)).count == WindowFunction.Kind.allCases.count)
    }

    private func expectWellFormed(
        _ name: String, _ aliases: [String], _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) {
        for name in [name] + aliases { #expect(name == name.lowercased() && !name.isEmpty) }
        #expect(summary.hasSuffix("."), "\(name)")
        #expect(!examples.isEmpty, "\(name)")
        for example in examples { #expect(!example.expression.isEmpty && !example.result.isEmpty) }
    }

    @Test func namesAreFoundInAnyCase() {
        #expect(registry.scalar("DATE_TRUNC")?.name == "date_trunc")
        #expect(registry.aggregate("Sum")?.name == "sum")
        #expect(registry.aggregate("var_pop")?.name == "variance")
        #expect(registry.window("ROW_NUMBER")?.kind == .rowNumber)
        #expect(registry.scalar("sum") == nil)
        #expect(registry.unknownFunction("date_trunk").message.contains("'date_trunc'"))
    }

    @Test func noNameIsBothScalarAndAggregate() {
        let scalars = Set(registry.scalars.flatMap { [$0.name] + $0.aliases })
        let aggregates = Set(registry.aggregates.flatMap { [$0.name] + $0.aliases })
        #expect(scalars.isDisjoint(with: aggregates))
    }

    @Test func wrongCountsAreBindingErrors() {
        // These take whatever they are given.
        for row in registry.scalars where !["row", "json_array"].contains(row.name) {
            let types = (0..<20).map { $0 % 2 == 0 ? LogicalType.array(.int) : .structure([]) }
            let list = ArgumentList(types: types, constants: Array(repeating: nil, count: 20))
            #expect(throws: StarlingError.self, "\(row.name)") { try row.resolve(list) }
        }
    }
}
