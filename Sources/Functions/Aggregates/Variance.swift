// The variances and standard deviations, by Welford's update and the pairwise combination of Chan,
// Golub and LeVeque ("Updating Formulae and a Pairwise Algorithm for Computing Sample Variances",
// COMPSTAT 1982): no cancellation, whatever the mean.

import StarlingErrors
import StarlingTypes
import StarlingVectors

struct VarianceState: BitwiseCopyable {
    var count: Int64
    var mean: Double
    /// The sum of squared differences from the mean.
    var squares: Double
}

/// Computes a variance or its root.
struct Variance: AggregateOperation {
    typealias State = VarianceState
    static var sharesStates: Bool { true }
    let isSample: Bool
    let takesRoot: Bool

    @inline(__always)
    func add(_ value: Double, to state: inout VarianceState, heap: StringHeap) {
        state.count &+= 1
        let difference = value - state.mean
        state.mean += difference / Double(state.count)
        state.squares += difference * (value - state.mean)
    }

    @inline(__always)
    func merge(_ source: VarianceState, into target: inout VarianceState, heap: StringHeap) {
        guard target.count > 0 else {
            target = source
            return
        }
        let count = Double(target.count) + Double(source.count)
        let difference = source.mean - target.mean
        target.mean += difference * Double(source.count) / count
        target.squares +=
            source.squares + difference * difference * Double(target.count) * Double(source.count)
            / count
        target.count &+= source.count
    }

    @inline(__always)
    func isEmpty(_ state: VarianceState) -> Bool { state.count == 0 }

    @inline(__always)
    func isNull(_ state: VarianceState) -> Bool { state.count < (isSample ? 2 : 1) }

    @inline(__always)
    func result(_ state: VarianceState) -> Double? {
        let variance = state.squares / Double(isSample ? state.count - 1 : state.count)
        return takesRoot ? variance.squareRoot() : variance
    }

    static let rows = [
        row(
            "variance", ["var_pop", "variance_pop"], isSample: false, takesRoot: false,
            "Computes the variance of the values as a whole population.", "0.6666666666666666"),
        row(
            "var_samp", ["variance_samp"], isSample: true, takesRoot: false,
            "Computes the variance of the values as a sample; NULL for fewer than two.", "1"),
        row(
            "stddev", ["stddev_pop", "std"], isSample: false, takesRoot: true,
            "Computes the standard deviation of the values as a whole population.",
            "0.816496580927726"),
        row(
            "stddev_samp", [], isSample: true, takesRoot: true,
            "Computes the standard deviation of the values as a sample; NULL for fewer than two.",
            "1"),
    ]

    private static func row(
        _ name: String, _ aliases: [String], isSample: Bool, takesRoot: Bool, _ summary: String,
        _ result: String
    ) -> AggregateFunction {
        AggregateFunction(
            name, aliases: aliases, summary: summary,
            examples: [("(SELECT \(name)(x) FROM (VALUES (1), (2), (3)) AS t(x))", result)],
            resolve: { arguments throws(StarlingError) in
                _ = try arguments.summable(name)
                return FunctionSignature([.double], returns: .double)
            },
            makeKernel: { _ throws(StarlingError) in
                OperationKernel(
                    name, Variance(isSample: isSample, takesRoot: takesRoot), result: .float64)
            })
    }
}
