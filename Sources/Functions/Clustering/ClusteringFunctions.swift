// Ranks and places on curves as functions of a plan, made for one statement: nobody calls them by name.

import StarlingErrors
import StarlingTypes
import StarlingVectors

extension ColumnRanks {
    /// Makes the function that ranks values of a type.
    package func function(
        of type: LogicalType
    ) -> (function: ScalarFunction, signature: FunctionSignature) {
        let signature = FunctionSignature([type], returns: .int)
        let bounds = Bounds(low: 0, high: Int128(1) << Int128(bitCount) - 1)
        let function = ScalarFunction(
            "rank_in_sample", summary: "Gives the share of a sample that lies before a value.",
            nullHandling: .handled, neverGivesNull: true, takesNarrowIntegers: true,
            resolve: { _ throws(StarlingError) in signature },
            resultBounds: { _, _ in bounds },
            evaluate: { invocation throws(StarlingError) in
                ranks(of: invocation.arguments[0], as: invocation.resultPhysicalType)
            })
        return (function, signature)
    }
}

extension ClusteringCurve {
    /// Makes the function that finds the place of ranks on the curve.
    package func function() -> (function: ScalarFunction, signature: FunctionSignature) {
        let signature = FunctionSignature(
            Array(repeating: .int, count: axisCount), returns: .bigint)
        let bounds = Bounds(low: 0, high: Int128(1) << Int128(placeBitCount) - 1)
        let function = ScalarFunction(
            kind.rawValue, summary: "Gives the place of ranks on a curve.",
            nullHandling: .handled, neverGivesNull: true, takesNarrowIntegers: true,
            resolve: { _ throws(StarlingError) in signature },
            resultBounds: { _, _ in bounds },
            evaluate: { invocation throws(StarlingError) in
                let places = Vector(uninitialized: .int64, count: invocation.count)
                let ranks = invocation.arguments.map { $0.withIntegerLayout(.int16) }
                fill(places.pointer(to: Int64.self), ranks, count: invocation.count)
                return places.withIntegerLayout(invocation.resultPhysicalType)
            })
        return (function, signature)
    }
}
