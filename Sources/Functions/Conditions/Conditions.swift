// if(), ifnull(), coalesce() and nullif(). All arguments are computed before; where that matters
// (an error in the branch not taken), the evaluator runs them as CASE.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Takes the second argument where the first is true, else the third; sources begin at the second.
private struct ByCondition: RowChoice {
    let condition: DecodedVector

    func choice(_ row: Int) -> Int? {
        condition.isValid(row) && condition.value(row, as: Int8.self) != 0 ? 0 : 1
    }
}

private struct FirstValid: RowChoice {
    let views: [DecodedVector]

    func choice(_ row: Int) -> Int? { views.firstIndex { $0.isValid(row) } }
}

/// Takes the first argument unless it equals the second.
private struct UnlessEqual: RowChoice {
    let order: ValueOrder
    let views: [DecodedVector]

    func choice(_ row: Int) -> Int? {
        guard views[0].isValid(row) else { return nil }
        guard views[1].isValid(row) else { return 0 }
        return order.compare(views[0], views[1], row) == 0 ? nil : 0
    }
}

enum Conditions {
    static let rows = [
        ScalarFunction(
            "if", summary: "Gives the second argument where the first is true, else the third.",
            examples: [("if(1 > 2, 'a', 'b')", "b"), ("if(NULL, 1, 2)", "2")],
            nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(3...3, of: "if")
                let type = try common(arguments, from: 1, "if")
                return FunctionSignature([.boolean, type, type], returns: type)
            },
            resultBounds: { signature, bounds in united(signature, bounds.dropFirst()) },
            evaluate: { invocation throws(StarlingError) in
                let condition = ByCondition(condition: DecodedVector(invocation.arguments[0]))
                return chosen(
                    condition, among: Array(invocation.arguments.dropFirst()), invocation)
            }),
        firstValidRow(
            "coalesce", [], 1...(.max), "Gives the first argument that is not NULL.",
            [("coalesce(NULL, 2, 3)", "2")]),
        firstValidRow(
            "ifnull", ["nvl"], 2...2, "Gives the first argument, or the second where it is NULL.",
            [("ifnull(NULL, 2)", "2")]),
        ScalarFunction(
            "nullif", summary: "Gives NULL where both arguments are equal, else the first.",
            examples: [("nullif(1, 1)", "NULL"), ("nullif(1, 2)", "1")], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "nullif")
                let type = try common(arguments, from: 0, "nullif")
                return FunctionSignature([type, type], returns: type)
            },
            resultBounds: { signature, bounds in united(signature, bounds.prefix(1)) },
            evaluate: { invocation throws(StarlingError) in
                let compared = ValueOrder.aligned(invocation.arguments)
                let choice = UnlessEqual(
                    order: ValueOrder(compared[0].physicalType),
                    views: compared.map { DecodedVector($0) })
                return withExtendedLifetime(compared) {
                    chosen(choice, among: Array(invocation.arguments.prefix(1)), invocation)
                }
            }),
    ]

    private static func firstValidRow(
        _ name: String, _ aliases: [String], _ counts: ClosedRange<Int>, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples, nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(counts, of: name)
                let type = try common(arguments, from: 0, name)
                return FunctionSignature(arguments.types.map { _ in type }, returns: type)
            },
            resultBounds: { signature, bounds in united(signature, bounds[...]) },
            evaluate: { invocation throws(StarlingError) in
                let choice = FirstValid(views: invocation.arguments.map { DecodedVector($0) })
                return chosen(choice, among: invocation.arguments, invocation)
            })
    }

    /// Finds the type that the arguments from a position on meet in.
    static func common(
        _ arguments: ArgumentList, from start: Int, _ name: String
    ) throws(StarlingError) -> LogicalType {
        guard let type = LogicalType.commonType(arguments.types[start...]) else {
            let names = arguments.types[start...].map(\.description).joined(separator: ", ")
            throw StarlingError(.binding, "\(name)() cannot give one type for \(names)")
        }
        return type
    }

    /// Unites the bounds of the arguments that the result may be.
    static func united(_ signature: FunctionSignature, _ bounds: ArraySlice<Bounds?>) -> Bounds? {
        guard let type = signature.resultType.bounds else { return nil }
        var result: Bounds?
        for next in bounds {
            guard let next else { return type }
            result = result?.union(next) ?? next
        }
        return result.flatMap { type.contains($0) ? $0 : nil } ?? type
    }
}
