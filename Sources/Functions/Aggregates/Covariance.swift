// covar_pop(), covar_samp() and corr(), by Welford's update for two columns and the pairwise
// combination, as the variances in `Variance`. A row counts where neither value is NULL.

import StarlingErrors
import StarlingTypes
import StarlingVectors

struct CovarianceState: BitwiseCopyable {
    var count: Int64
    var meanX: Double
    var meanY: Double
    /// Sums of products of the differences from the means.
    var xx: Double
    var xy: Double
    var yy: Double
}

/// Computes one of the measures that follow from the state.
struct Covariance: RowAggregate {
    enum Measure: Sendable {
        case population
        case sample
        case correlation
    }

    struct Rows {
        let x: DecodedVector
        let y: DecodedVector
    }

    let measure: Measure

    var resultPhysicalType: PhysicalType { .float64 }

    func rows(of arguments: [Vector], count: Int) -> Rows {
        Rows(x: DecodedVector(arguments[0]), y: DecodedVector(arguments[1]))
    }

    @inline(__always)
    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout CovarianceState, heap: StringHeap
    ) {
        guard rows.x.isValid(row), rows.y.isValid(row) else { return }
        let (x, y): (Double, Double) = (rows.x.value(row), rows.y.value(row))
        state.count &+= 1
        let count = Double(state.count)
        let (beforeX, beforeY) = (x - state.meanX, y - state.meanY)
        state.meanX += beforeX / count
        state.meanY += beforeY / count
        let afterY = y - state.meanY
        state.xx += beforeX * (x - state.meanX)
        state.xy += beforeX * afterY
        state.yy += beforeY * afterY
    }

    func isEmpty(_ state: CovarianceState) -> Bool { state.count == 0 }

    func merge(
        _ source: CovarianceState, into target: inout CovarianceState, heap: StringHeap
    ) {
        guard target.count > 0 else {
            target = source
            return
        }
        let count = Double(target.count) + Double(source.count)
        let factor = Double(target.count) * Double(source.count) / count
        let (x, y) = (source.meanX - target.meanX, source.meanY - target.meanY)
        target.meanX += x * Double(source.count) / count
        target.meanY += y * Double(source.count) / count
        target.xx += source.xx + x * x * factor
        target.xy += source.xy + x * y * factor
        target.yy += source.yy + y * y * factor
        target.count &+= source.count
    }

    func results(_ states: StateList<CovarianceState>) -> Vector {
        var vector = Vector(zeroed: .float64, count: states.count)
        let output = vector.pointer(to: Double.self)
        for row in 0..<states.count {
            let state = states[row]
            if state.count < (measure == .population ? 1 : 2) {
                vector.setNull(row)
                continue
            }
            switch measure {
            case .population: output[row] = state.xy / Double(state.count)
            case .sample: output[row] = state.xy / Double(state.count - 1)
            case .correlation:
                if state.xx == 0 || state.yy == 0 {
                    vector.setNull(row)
                } else {
                    output[row] = state.xy / state.xx.squareRoot() / state.yy.squareRoot()
                }
            }
        }
        return vector
    }

    static let rows = [
        row(
            "covar_pop", .population,
            "Computes the covariance of two columns as a whole population.", "1.5"),
        row(
            "covar_samp", .sample,
            "Computes the covariance of two columns as a sample; NULL for fewer than two rows.",
            "2.25"),
        row(
            "corr", .correlation,
            "Computes Pearson's correlation of two columns; NULL for fewer than two rows, and where "
                + "one of them is the same everywhere.",
            "0.9979487157886734"),
    ]

    private static func row(
        _ name: String, _ measure: Measure, _ summary: String, _ result: String
    ) -> AggregateFunction {
        AggregateFunction(
            name, summary: summary,
            examples: [
                (
                    "(SELECT \(name)(x, y) FROM (VALUES (1, 1), (2, 3), (3, 5.5)) AS t(x, y))",
                    result
                )
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: name)
                for (position, type) in arguments.types.enumerated()
                where !type.isNumeric && !type.isString && type != .null && type != .boolean {
                    throw arguments.mismatch(position, of: name, expected: "a number")
                }
                return FunctionSignature([.double, .double], returns: .double)
            },
            makeKernel: { _ throws(StarlingError) in RowKernel(Covariance(measure: measure)) })
    }
}
