// sum(): BIGINT for integers up to BIGINT, LARGEINT for LARGEINT, DECIMAL(38, s) for decimals,
// DOUBLE for floating point; exact, or an error where the result's type cannot hold it.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Holds a sum and the count of what went into it; avg() has the same state.
struct SumState<Sum: BitwiseCopyable>: BitwiseCopyable {
    var sum: Sum
    var count: Int64
}

/// Sums integers and unscaled decimals.
struct IntegerSum<
    Input: StoredInteger, Accumulator: SumAccumulator, Output: StoredInteger
>: AggregateOperation {
    typealias State = SumState<Accumulator>
    /// The values that the result's type has.
    let range: Bounds

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
    func add(_ value: Input, count: Int, to state: inout State, heap: StringHeap) {
        state.sum.add(value, count: count)
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
    func result(_ state: State) -> Output? {
        guard let total = state.sum.total, range.contains(total) else { return nil }
        return Output(exactly: total)
    }
}

/// Sums floating-point numbers, ungrouped in eight lanes.
struct FloatingSum<Input: BinaryFloatingPoint & BitwiseCopyable & Sendable>: AggregateOperation {
    typealias State = SumState<Double>

    @inline(__always)
    func add(_ value: Input, to state: inout State, heap: StringHeap) {
        state.sum += Double(value)
        state.count &+= 1
    }

    @inline(__always)
    func addAll(
        _ values: UnsafePointer<Input>, count: Int, to state: inout State, heap: StringHeap
    ) {
        state.sum += laneSum(values, count: count)
        state.count &+= Int64(count)
    }

    @inline(__always)
    func merge(_ source: State, into target: inout State, heap: StringHeap) {
        target.sum += source.sum
        target.count &+= source.count
    }

    @inline(__always)
    func isEmpty(_ state: State) -> Bool { state.count == 0 }

    @inline(__always)
    func result(_ state: State) -> Double? { state.sum }
}

@inline(__always)
func laneSum<Input: BinaryFloatingPoint>(_ values: UnsafePointer<Input>, count: Int) -> Double {
    var lanes = SIMD8<Double>.zero
    let whole = count / 8 * 8
    for row in stride(from: 0, to: whole, by: 8) {
        var next = SIMD8<Double>.zero
        for lane in 0..<8 { next[lane] = Double(values[row &+ lane]) }
        lanes += next
    }
    var sum = lanes.sum()
    for row in whole..<count { sum += Double(values[row]) }
    return sum
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
        case .float32: return OperationKernel("sum", FloatingSum<Float>(), result: .float64)
        case .float64: return OperationKernel("sum", FloatingSum<Double>(), result: .float64)
        default: throw StarlingError(.internal, "sum() over a vector that holds no numbers")
        }
    }

    @inline(__always)
    private static func integerKernel<Input: StoredInteger>(
        _ input: Input.Type, _ types: AggregateCallTypes, _ bounds: Bounds?
    ) -> any AggregateKernel {
        let result = types.signature.resultType
        if let bounds {
            return OperationKernel(
                "sum", IntegerSum<Input, NarrowSum, Int64>(range: bounds), result: .int64,
                bounds: bounds)
        }
        let range = result.bounds ?? Bounds(low: .min, high: .max)
        if result == .bigint {
            return OperationKernel(
                "sum", IntegerSum<Input, WideSum, Int64>(range: range), result: .int64,
                bounds: range)
        }
        return OperationKernel(
            "sum", IntegerSum<Input, WideSum, Int128>(range: range), result: .int128,
            bounds: range)
    }
}
