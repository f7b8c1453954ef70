// greatest() and least(); NULL where any argument is NULL.

import StarlingErrors
import StarlingTypes
import StarlingVectors

private struct ByOrder: RowChoice {
    let order: ValueOrder
    let views: [DecodedVector]
    let wantsGreatest: Bool

    func choice(_ row: Int) -> Int? {
        var best = 0
        for candidate in views.indices {
            guard views[candidate].isValid(row) else { return nil }
            let comparison = order.compare(views[candidate], views[best], row)
            if wantsGreatest ? comparison > 0 : comparison < 0 { best = candidate }
        }
        return best
    }
}

enum GreatestAndLeast {
    static let rows = [
        row(
            "greatest", wantsGreatest: true, "Gives the greatest argument; NULL if any is NULL.",
            [("greatest(1, 3, 2)", "3"), ("greatest('b', 'a')", "b")]),
        row(
            "least", wantsGreatest: false, "Gives the least argument; NULL if any is NULL.",
            [("least(1.5, 3)", "1.5")]),
    ]

    private static func row(
        _ name: String, wantsGreatest: Bool, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...(.max), of: name)
                let type = try Conditions.common(arguments, from: 0, name)
                return FunctionSignature(arguments.types.map { _ in type }, returns: type)
            },
            resultBounds: { signature, bounds in Conditions.united(signature, bounds[...]) },
            evaluate: { invocation throws(StarlingError) in
                let keys = ValueOrder.aligned(try compared(invocation))
                let choice = ByOrder(
                    order: ValueOrder(keys[0].physicalType),
                    views: keys.map { DecodedVector($0) }, wantsGreatest: wantsGreatest)
                return withExtendedLifetime(keys) {
                    chosen(choice, among: invocation.arguments, invocation)
                }
            })
    }

    /// What arguments are compared by: JSON by bytes that say its order.
    private static func compared(
        _ invocation: FunctionInvocation
    ) throws(StarlingError) -> [Vector] {
        guard invocation.signature.resultType == .json else { return invocation.arguments }
        var keys: [Vector] = []
        for argument in invocation.arguments {
            var asked = invocation
            let documents = argument.flattened()
            asked.arguments = [documents]
            var key = try DocumentComparing.orderKey.evaluate(asked).flattened()
            key.validity = Validity.intersection(
                key.validity, documents.validity, count: documents.count)
            keys.append(key)
        }
        return keys
    }
}
