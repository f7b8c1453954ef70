// avg(): DOUBLE for integers and floating point, an exact DECIMAL(38, …) for decimals, with the
// scale of a division (see `DecimalTypes`). Integers are summed exactly before the division.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Averages integers as DOUBLE.
struct IntegerAverage<
    Input: StoredInteger, Accumulator: SumAccumulator
>: AggregateOperation {
    typealias State = SumState<Accumulator>
    @inline(__always)
    func add(_ value: Input, to state: inout State, heap: StringHeap) {
        state.sum.add(value)
        state.count &+= 1
    }

    @inline(__always)
    func addAll(
        _ values: UnsafePointer<Input>, count: Int, to state: inout State, heap: StringHeap
    ) {
        state.sum.addAll(values, count: count)
        state.count &+= Int64(count)
    }

    @inline(__always)
    func merge(_ source: State, into target: inout State, heap: StringHeap) {
        target.sum.merge(source.sum)
        target.count &+= source.count
    }

    @inline(__always)
    func isEmpty(_ state: State) -> Bool { state.count == 0 }

    @inline(__always)
    func result(_ state: State) -> Double? {
        state.sum.total.map { Double($0) / Double(state.count) }
    }
}

/// Averages unscaled decimals, rounding at the result's scale.
struct DecimalAverage<
    Input: StoredInteger, Accumulator: SumAccumulator, Output: StoredInteger
>: AggregateOperation {
    typealias State = SumState<Accumulator>
    /// Ten to the power of the digits that the result has more behind its point.
    let factor: Int128

    @inline(__always)
    func add(_ value: Input, to state: inout State, heap: StringHeap) {
        state.sum.add(value)
        state.count &+= 1
    }

    @inline(__always)
    func addAll(
        _ values: UnsafePointer<Input>, count: Int, to state: inout State, heap: StringHeap
    ) {
        state.sum.addAll(values, count: count)
        state.count &+= Int64(count)
    }

    @inline(__always)
    func merge(_ source: State, into target: inout State, heap: StringHeap) {
        target.sum.merge(source.sum)
        target.count &+= source.count
    }

    @inline(__always)
    func isEmpty(_ state: State) -> Bool { state.count == 0 }

    func result(_ state: State) -> Output? {
        guard let total = state.sum.total,
            let average = multiplyDivide(total, factor, by: Int128(state.count)),
            average.magnitude <= decimalMagnitudeMaximum.magnitude
        else { return nil }
        return Output(exactly: average)
    }
}

/// Averages floating-point numbers.
struct FloatingAverage<
    Input: BinaryFloatingPoint & BitwiseCopyable & Sendable
>: AggregateOperation {
    typealias State = SumState<Double>
    private var sum: FloatingSum<Input> { .init() }

    @inline(__always)
    func add(_ value: Input, to state: inout State, heap: StringHeap) {
        sum.add(value, to: &state, heap: heap)
    }

    @inline(__always)
    func addAll(
        _ values: UnsafePointer<Input>, count: Int, to state: inout State, heap: StringHeap
    ) {
        sum.addAll(values, count: count, to: &state, heap: heap)
    }

    @inline(__always)
    func merge(_ source: State, into target: inout State, heap: StringHeap) {
        sum.merge(source, into: &target, heap: heap)
    }

    @inline(__always)
    func isEmpty(_ state: State) -> Bool { state.count == 0 }

    @inline(__always)
    func result(_ state: State) -> Double? { state.sum / Double(state.count) }
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
        case .float32: return OperationKernel("avg", FloatingAverage<Float>(), result: .float64)
        case .float64: return OperationKernel("avg", FloatingAverage<Double>(), result: .float64)
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
                    "avg", IntegerAverage<Input, NarrowSum>(), result: .float64)
            }
            return OperationKernel("avg", IntegerAverage<Input, WideSum>(), result: .float64)
        }
        let argument = types.signature.argumentTypes[0]
        let factor = powerOfTen(scale - argument.scale)
        // An average lies between the least and the greatest value.
        let bounds = (types.bounds[0] ?? argument.bounds)?.multiplying(Bounds(factor))
        let fits = bounds.map { PhysicalType.narrowest(for: $0) != .int128 } ?? false
        if fits {
            if isNarrow {
                return OperationKernel(
                    "avg", DecimalAverage<Input, NarrowSum, Int64>(factor: factor),
                    result: .int64, bounds: bounds)
            }
            return OperationKernel(
                "avg", DecimalAverage<Input, WideSum, Int64>(factor: factor), result: .int64,
                bounds: bounds)
        }
        return OperationKernel(
            "avg", DecimalAverage<Input, WideSum, Int128>(factor: factor), result: .int128,
            bounds: bounds ?? types.signature.resultType.bounds)
    }
}
