// percentile_cont(), percentile_disc(), median() and mode(): all values of a group are kept, and
// ordered as far as needed at the end.

import StarlingErrors
import StarlingTypes
import StarlingVectors

struct ValueListState: BitwiseCopyable {
    var values: ByteList
    var fraction: Double
}

/// Gathers the values of a group for a statistic of their order. The fraction, where there is one,
/// is the second argument.
private struct ValueGathering<Statistic: OrderStatistic>: RowAggregate {
    private typealias Kept = Statistic.Value.Kept

    struct Rows {
        let values: DecodedVector
        let fractions: DecodedVector?
    }

    let name: String
    let resultPhysicalType: PhysicalType
    let resultBounds: Bounds?

    var gathersRows: Bool { true }
    var referencesSources: Bool { Kept.self == StringReference.self }

    func rows(of arguments: [Vector], count: Int) throws(StarlingError) -> Rows {
        let fractions = arguments.count > 1 ? DecodedVector(arguments[1]) : nil
        return Rows(values: DecodedVector(arguments[0]), fractions: fractions)
    }

    @inline(__always)
    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout ValueListState, heap: StringHeap
    ) throws(StarlingError) {
        guard rows.values.isValid(row) else { return }
        if let fractions = rows.fractions {
            guard fractions.isValid(row) else { return }
            let fraction: Double = fractions.value(row)
            if fraction != state.fraction || state.values.isEmpty {
                state.fraction = try checked(fraction, state)
            }
        } else {
            state.fraction = 0.5
        }
        let value: Statistic.Value = rows.values.value(row)
        state.values.extend(by: MemoryLayout<Kept>.stride, heap)
            .initializeMemory(as: Kept.self, to: value.kept(in: heap))
    }

    private func checked(
        _ fraction: Double, _ state: ValueListState
    ) throws(StarlingError) -> Double {
        guard fraction >= 0, fraction <= 1 else {
            throw StarlingError(.data, "\(name)() takes a percentile between 0 and 1")
        }
        guard state.values.isEmpty else {
            throw StarlingError(.data, "\(name)() takes the same percentile for all rows")
        }
        return fraction
    }

    func isEmpty(_ state: ValueListState) -> Bool { state.values.isEmpty }

    func merge(_ source: ValueListState, into target: inout ValueListState, heap: StringHeap) {
        target.values.append(source.values, heap)
        target.fraction = source.fraction
    }

    func write(_ state: ValueListState, to writer: inout StateWriter) {
        let values = values(of: state)
        writer.append(state.fraction)
        writer.append(count: values.count)
        for value in values { value.write(to: &writer) }
    }

    func read(
        from reader: inout StateReader, heap: StringHeap
    ) throws(StarlingError) -> ValueListState {
        var state = ValueListState(values: .empty, fraction: try reader.readDouble())
        guard state.fraction >= 0, state.fraction <= 1 else { throw StateReader.damage }
        for _ in 0..<(try reader.readCount()) {
            let value = try Kept.read(from: &reader, heap)
            state.values.extend(by: MemoryLayout<Kept>.stride, heap)
                .initializeMemory(as: Kept.self, to: value)
        }
        return state
    }

    /// Lends the values of a state that has some.
    private func values(of state: ValueListState) -> UnsafeMutableBufferPointer<Kept> {
        UnsafeMutableBufferPointer(
            start: state.values.start.assumingMemoryBound(to: Kept.self),
            count: Int(state.values.byteCount) / MemoryLayout<Kept>.stride)
    }

    func results(_ states: StateList<ValueListState>) -> Vector {
        var vector = Vector(zeroed: resultPhysicalType, count: states.count)
        let output = vector.pointer(to: Statistic.Output.self)
        for row in 0..<states.count {
            let state = states[row]
            if isEmpty(state) {
                vector.setNull(row)
                continue
            }
            output[row] = Statistic.result(values(of: state), state.fraction)
        }
        return vector
    }
}

enum Percentiles {
    static let rows = [
        AggregateFunction(
            "percentile_cont",
            summary: "Interpolates between the values around a fraction of their order.",
            examples: [
                ("(SELECT percentile_cont(x, 0.5) FROM (VALUES (1), (2)) AS t(x))", "1.5")
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "percentile_cont")
                let type = try continuousType(arguments, "percentile_cont")
                return FunctionSignature([type, .double], returns: type)
            },
            makeKernel: { types throws(StarlingError) in
                try continuousKernel("percentile_cont", types)
            }),
        AggregateFunction(
            "median",
            summary: "Gives the value in the middle of the order, between two their mean.",
            examples: [("(SELECT median(x) FROM (VALUES (1), (4), (2)) AS t(x))", "2")],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "median")
                let type = try continuousType(arguments, "median")
                return FunctionSignature([type], returns: type)
            },
            makeKernel: { types throws(StarlingError) in try continuousKernel("median", types) }),
        discreteRow(
            "percentile_disc", ["percentile_disc_lc"],
            "Gives the value at a fraction of the order, the greater one between two.", "2",
            { types throws(StarlingError) in try discreteKernel(types) }),
        discreteRow(
            "percentile_disc_desc", [],
            "Gives the value at a fraction of the descending order, the lesser one between two: "
                + "percentile_disc() WITHIN GROUP (ORDER BY x DESC).", "1",
            { types throws(StarlingError) in try descendingKernel(types) }),
        AggregateFunction(
            "mode", summary: "Gives the value that is there most often, the least of several.",
            examples: [("(SELECT mode(x) FROM (VALUES (1), (2), (2)) AS t(x))", "2")],
            comparesValues: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "mode")
                try arguments.expectOrder(0, of: "mode")
                return FunctionSignature(arguments.types, returns: arguments.types[0])
            },
            makeKernel: { types throws(StarlingError) in
                try modeKernel(types)
            }),
    ]

    private static func discreteRow(
        _ name: String, _ aliases: [String], _ summary: String, _ result: String,
        _ makeKernel:
            @escaping @Sendable (AggregateCallTypes) throws(StarlingError) -> any AggregateKernel
    ) -> AggregateFunction {
        AggregateFunction(
            name, aliases: aliases, summary: summary,
            examples: [("(SELECT \(name)(x, 0.5) FROM (VALUES (1), (2)) AS t(x))", result)],
            comparesValues: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: name)
                try arguments.expectOrder(0, of: name)
                let type = arguments.types[0]
                return FunctionSignature([type, .double], returns: type)
            },
            makeKernel: makeKernel)
    }

    private static func continuousType(
        _ arguments: ArgumentList, _ name: String
    ) throws(StarlingError) -> LogicalType {
        let type = arguments.types[0]
        if type == .date || type == .datetime { return type }
        if type.isNumeric || type.isString || type == .null || type == .boolean { return .double }
        throw arguments.mismatch(0, of: name, expected: "a number or a date")
    }

    private static func continuousKernel(
        _ name: String, _ types: AggregateCallTypes
    ) throws(StarlingError) -> any AggregateKernel {
        switch types.physicalTypes[0] {
        case .int8: return kernel(ContinuousTime<Int8>.self, name, types)
        case .int16: return kernel(ContinuousTime<Int16>.self, name, types)
        case .int32: return kernel(ContinuousTime<Int32>.self, name, types)
        case .int64: return kernel(ContinuousTime<Int64>.self, name, types)
        case .float64: return kernel(ContinuousPercentile.self, name, types)
        default: throw StarlingError(.internal, "\(name)() over values that are no numbers")
        }
    }

    private static func discreteKernel(
        _ types: AggregateCallTypes
    ) throws(StarlingError) -> any AggregateKernel {
        let name = "percentile_disc"
        switch types.physicalTypes[0] {
        case .int8: return kernel(DiscretePercentile<Int8>.self, name, types)
        case .int16: return kernel(DiscretePercentile<Int16>.self, name, types)
        case .int32: return kernel(DiscretePercentile<Int32>.self, name, types)
        case .int64: return kernel(DiscretePercentile<Int64>.self, name, types)
        case .int128: return kernel(DiscretePercentile<Int128>.self, name, types)
        case .float32: return kernel(DiscretePercentile<Float>.self, name, types)
        case .float64: return kernel(DiscretePercentile<Double>.self, name, types)
        case .string: return kernel(DiscretePercentile<StringReference>.self, name, types)
        case .list, .structure:
            throw StarlingError(.internal, "\(name)() over values that are not packed")
        }
    }

    private static func descendingKernel(
        _ types: AggregateCallTypes
    ) throws(StarlingError) -> any AggregateKernel {
        let name = "percentile_disc_desc"
        switch types.physicalTypes[0] {
        case .int8: return kernel(DescendingPercentile<Int8>.self, name, types)
        case .int16: return kernel(DescendingPercentile<Int16>.self, name, types)
        case .int32: return kernel(DescendingPercentile<Int32>.self, name, types)
        case .int64: return kernel(DescendingPercentile<Int64>.self, name, types)
        case .int128: return kernel(DescendingPercentile<Int128>.self, name, types)
        case .float32: return kernel(DescendingPercentile<Float>.self, name, types)
        case .float64: return kernel(DescendingPercentile<Double>.self, name, types)
        case .string: return kernel(DescendingPercentile<StringReference>.self, name, types)
        case .list, .structure:
            throw StarlingError(.internal, "\(name)() over values that are not packed")
        }
    }

    private static func modeKernel(
        _ types: AggregateCallTypes
    ) throws(StarlingError) -> any AggregateKernel {
        switch types.physicalTypes[0] {
        case .int8: return kernel(MostFrequent<Int8>.self, "mode", types)
        case .int16: return kernel(MostFrequent<Int16>.self, "mode", types)
        case .int32: return kernel(MostFrequent<Int32>.self, "mode", types)
        case .int64: return kernel(MostFrequent<Int64>.self, "mode", types)
        case .int128: return kernel(MostFrequent<Int128>.self, "mode", types)
        case .float32: return kernel(MostFrequent<Float>.self, "mode", types)
        case .float64: return kernel(MostFrequent<Double>.self, "mode", types)
        case .string: return kernel(MostFrequent<StringReference>.self, "mode", types)
        case .list, .structure:
            throw StarlingError(.internal, "mode() over values that are not packed")
        }
    }

    @inline(__always)
    private static func kernel<Statistic: OrderStatistic>(
        _ statistic: Statistic.Type, _ name: String, _ types: AggregateCallTypes
    ) -> any AggregateKernel {
        RowKernel(
            ValueGathering<Statistic>(
                name: name, resultPhysicalType: types.physicalTypes[0],
                resultBounds: types.bounds[0] ?? types.signature.resultType.bounds))
    }
}
