// sum(): BIGINT for integers up to BIGINT, LARGEINT for LARGEINT, DECIMAL(38, s) for decimals,
// DOUBLE for floating point; exact, or an error where the result's type cannot hold it.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Sums integers and unscaled decimals.
struct IntegerSum<Accumulator: IntegerAccumulator, Output: StoredInteger>: SumOperation {
    /// The values that the result's type has.
    let range: Bounds

    @inline(__always)
    func result(_ state: SumState<Accumulator>) -> Output? {
        guard let total = state.sum.total, range.contains(total) else { return nil }
        return Output(exactly: total)
    }
}

/// Sums or averages floating-point numbers.
struct FloatingTotal<
    Number: BinaryFloatingPoint & BitwiseCopyable & Sendable
>: SumOperation {
    typealias Accumulator = FloatingSum<Number>
    let isAverage: Bool

    @inline(__always)
    func result(_ state: SumState<FloatingSum<Number>>) -> Double? {
        isAverage ? state.sum.total / Double(state.count) : state.sum.total
    }
}

enum Sum {
    static let rows = [
        AggregateFunction(
            "sum", summary: "Adds up the values that are not NULL; NULL where there are none.",
            examples: [
                ("(SELECT sum(x) FROM (VALUES (1), (2), (NULL)) AS t(x))", "3"),
                ("(SELECT sum(x) FROM (VALUES (1.25), (2.5)) AS t(x))", "3.75"),
            ],
            resolve: { arguments throws(StarlingError) in
                let type = try arguments.summable("sum")
                return FunctionSignature([type], returns: resultType(type))
            },
            makeKernel: { types throws(StarlingError) in try makeKernel(types) })
    ]

    static func resultType(_ type: LogicalType) -> LogicalType {
        switch type {
        case .decimal(_, let scale): .decimal(precision: 38, scale: scale)
        case .float, .double: .double
        case .largeint: .largeint
        default: .bigint
        }
    }

    /// Bounds the sum of 1 to `rowCount` values, or returns nil where 64 bits may not hold it.
    static func provenBounds(_ types: AggregateCallTypes) -> Bounds? {
        guard let rowCount = types.rowCountMaximum,
            let bounds = types.bounds[0] ?? types.signature.argumentTypes[0].bounds,
            let scaled = bounds.multiplying(Bounds(Int128(max(1, rowCount))))
        else { return nil }
        let result = bounds.union(scaled)
        let limit = Bounds(low: -Int128(Int64.max), high: Int128(Int64.max))
        return limit.contains(result) ? result : nil
    }

    private static func makeKernel(
        _ types: AggregateCallTypes
    ) throws(StarlingError) -> any AggregateKernel {
        let bounds = provenBounds(types)
        switch types.physicalTypes[0] {
        case .int8: return integerKernel(Int8.self, types, bounds)
        case .int16: return integerKernel(Int16.self, types, bounds)
        case .int32: return integerKernel(Int32.self, types, bounds)
        case .int64: return integerKernel(Int64.self, types, bounds)
        case .int128: return integerKernel(Int128.self, types, bounds)
        case .float32: return floatingKernel(Float.self)
        case .float64: return floatingKernel(Double.self)
        default: throw StarlingError(.internal, "sum() over a vector that holds no numbers")
        }
    }

    @inline(__always)
    private static func floatingKernel<
        Number: BinaryFloatingPoint & BitwiseCopyable & Sendable
    >(_ number: Number.Type) -> any AggregateKernel {
        OperationKernel("sum", FloatingTotal<Number>(isAverage: false), result: .float64)
    }

    @inline(__always)
    private static func integerKernel<Input: StoredInteger>(
        _ input: Input.Type, _ types: AggregateCallTypes, _ bounds: Bounds?
    ) -> any AggregateKernel {
        let result = types.signature.resultType
        if let bounds {
            return OperationKernel(
                "sum", IntegerSum<NarrowSum<Input>, Int64>(range: bounds), result: .int64,
                bounds: bounds)
        }
        let range = result.bounds ?? Bounds(low: .min, high: .max)
        if result == .bigint {
            return OperationKernel(
                "sum", IntegerSum<WideSum<Input>, Int64>(range: range), result: .int64,
                bounds: range)
        }
        return OperationKernel(
            "sum", IntegerSum<WideSum<Input>, Int128>(range: range), result: .int128,
            bounds: range)
    }
}
