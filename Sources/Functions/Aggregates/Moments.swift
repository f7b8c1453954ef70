// skew() and kurtosis(): the third and fourth moments about the mean, by the updates and the
// pairwise combination of Pébay ("Formulas for Robust, One-Pass Parallel Computation of
// Covariances and Arbitrary-Order Statistical Moments", SAND2008-6212). Both are corrected for
// samples, as in DuckDB and spreadsheets; kurtosis is what exceeds that of a normal distribution.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import StarlingErrors
import StarlingTypes
import StarlingVectors

struct MomentState: BitwiseCopyable {
    var count: Int64
    var mean: Double
    /// Sums of powers of the differences from the mean.
    var second: Double
    var third: Double
    var fourth: Double
}

/// Computes a measure of a distribution's shape.
struct Moments: AggregateOperation {
    typealias State = MomentState
    static var sharesStates: Bool { true }
    let isKurtosis: Bool

    @inline(__always)
    func add(_ value: Double, to state: inout MomentState, heap: StringHeap) {
        let before = Double(state.count)
        state.count &+= 1
        let count = Double(state.count)
        let difference = value - state.mean
        let step = difference / count
        let term = difference * step * before
        state.mean += step
        state.fourth +=
            term * step * step * (count * count - 3 * count + 3) + 6 * step * step * state.second
            - 4 * step * state.third
        state.third += term * step * (count - 2) - 3 * step * state.second
        state.second += term
    }

    @inline(__always)
    func merge(_ source: MomentState, into target: inout MomentState, heap: StringHeap) {
        guard target.count > 0 else {
            target = source
            return
        }
        let (a, b) = (Double(target.count), Double(source.count))
        let count = a + b
        let d = source.mean - target.mean
        let fourth =
            target.fourth + source.fourth
            + d * d * d * d * a * b * (a * a - a * b + b * b) / (count * count * count)
            + 6 * d * d * (a * a * source.second + b * b * target.second) / (count * count)
            + 4 * d * (a * source.third - b * target.third) / count
        let third =
            target.third + source.third + d * d * d * a * b * (a - b) / (count * count)
            + 3 * d * (a * source.second - b * target.second) / count
        target.second += source.second + d * d * a * b / count
        target.third = third
        target.fourth = fourth
        target.mean += d * b / count
        target.count &+= source.count
    }

    @inline(__always)
    func isEmpty(_ state: MomentState) -> Bool { state.count == 0 }

    @inline(__always)
    func isNull(_ state: MomentState) -> Bool {
        state.count < (isKurtosis ? 4 : 3) || state.second == 0
    }

    func result(_ state: MomentState) -> Double? {
        let count = Double(state.count)
        let variance = state.second / count
        if isKurtosis {
            let ratio = state.fourth / count / (variance * variance)
            return (count - 1) * ((count + 1) * ratio - 3 * (count - 1))
                / ((count - 2) * (count - 3))
        }
        return (count * (count - 1)).squareRoot() / (count - 2) * (state.third / count)
            / pow(variance, 1.5)
    }

    static let rows = [
        row(
            "skew", ["skewness"], isKurtosis: false,
            "Computes the skewness of the values as a sample; NULL for fewer than three.",
            "(0), (0), (0), (4)", "2"),
        row(
            "kurtosis", [], isKurtosis: true,
            "Computes the excess kurtosis of the values as a sample; NULL for fewer than four.",
            "(2), (4), (4), (6)", "1.5"),
    ]

    private static func row(
        _ name: String, _ aliases: [String], isKurtosis: Bool, _ summary: String,
        _ values: String, _ result: String
    ) -> AggregateFunction {
        AggregateFunction(
            name, aliases: aliases, summary: summary,
            examples: [
                ("(SELECT \(name)(x) FROM (VALUES \(values)) AS t(x))", result)
            ],
            resolve: { arguments throws(StarlingError) in
                _ = try arguments.summable(name)
                return FunctionSignature([.double], returns: .double)
            },
            makeKernel: { _ throws(StarlingError) in
                OperationKernel(name, Moments(isKurtosis: isKurtosis), result: .float64)
            })
    }
}
