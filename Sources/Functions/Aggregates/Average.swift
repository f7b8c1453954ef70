// avg(): DOUBLE for integers and floating point, an exact DECIMAL(38, …) for decimals, with the
// scale of a division (see `DecimalTypes`). Integers are summed exactly before the division.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Averages integers as DOUBLE.
struct IntegerAverage<Accumulator: IntegerAccumulator>: SumOperation {
    @inline(__always)
    func result(_ state: SumState<Accumulator>) -> Double? {
        state.sum.total.map { Double(nearest: $0) / Double(state.count) }
    }
}

/// Averages unscaled decimals, rounding at the result's scale.
struct DecimalAverage<Accumulator: IntegerAccumulator, Output: StoredInteger>: SumOperation {
    /// Ten to the power of the digits that the result has more behind its point.
    let factor: Int128

    func result(_ state: SumState<Accumulator>) -> Output? {
        guard let total = state.sum.total,
            let average = multiplyDivide(total, factor, by: Int128(state.count)),
            average.magnitude <= decimalMagnitudeMaximum.magnitude
        else { return nil }
        return Output(exactly: average)
    }
}

enum Average {
    static let rows = [
        AggregateFunction(
            "avg", summary: "Averages the values that are not NULL; NULL where there are none.",
            examples: [
                ("(SELECT avg(x) FROM (VALUES (1), (2), (NULL)) AS t(x))", "1.5"),
                ("(SELECT avg(x) FROM (VALUES (1.25), (2.50)) AS t(x))", "1.87500000"),
            ],
            resolve: { arguments throws(StarlingError) in
                let type = try arguments.summable("avg")
                guard case .decimal(_, let scale) = type else {
                    return FunctionSignature([type], returns: .double)
                }
                let result = LogicalType.decimal(
                    precision: 38, scale: DecimalTypes.quotientScale(scale))
                return FunctionSignature([type], returns: result)
            },
            makeKernel: { types throws(StarlingError) in try makeKernel(types) })
    ]

    private static func makeKernel(
        _ types: AggregateCallTypes
    ) throws(StarlingError) -> any AggregateKernel {
        switch types.physicalTypes[0] {
        case .int8: return integerKernel(Int8.self, types)
        case .int16: return integerKernel(Int16.self, types)
        case .int32: return integerKernel(Int32.self, types)
        case .int64: return integerKernel(Int64.self, types)
        case .int128: return integerKernel(Int128.self, types)
        case .float32:
            return OperationKernel(
                "avg", FloatingTotal<Float>(isAverage: true), result: .float64)
        case .float64:
            return OperationKernel(
                "avg", FloatingTotal<Double>(isAverage: true), result: .float64)
        default: throw StarlingError(.internal, "avg() over a vector that holds no numbers")
        }
    }

    @inline(__always)
    private static func integerKernel<Input: StoredInteger>(
        _ input: Input.Type, _ types: AggregateCallTypes
    ) -> any AggregateKernel {
        let isNarrow = Sum.provenBounds(types) != nil
        guard case .decimal(_, let scale) = types.signature.resultType else {
            if isNarrow {
                return OperationKernel(
                    "avg", IntegerAverage<NarrowSum<Input>>(), result: .float64)
            }
            return OperationKernel("avg", IntegerAverage<WideSum<Input>>(), result: .float64)
        }
        let argument = types.signature.argumentTypes[0]
        let factor = powerOfTen(scale - argument.scale)
        // An average lies between the least and the greatest value.
        let bounds = (types.bounds[0] ?? argument.bounds)?.multiplying(Bounds(factor))
        let fits = bounds.map { PhysicalType.narrowest(for: $0) != .int128 } ?? false
        if fits {
            if isNarrow {
                return OperationKernel(
                    "avg", DecimalAverage<NarrowSum<Input>, Int64>(factor: factor),
                    result: .int64, bounds: bounds)
            }
            return OperationKernel(
                "avg", DecimalAverage<WideSum<Input>, Int64>(factor: factor), result: .int64,
                bounds: bounds)
        }
        return OperationKernel(
            "avg", DecimalAverage<WideSum<Input>, Int128>(factor: factor), result: .int128,
            bounds: bounds ?? types.signature.resultType.bounds)
    }
}
