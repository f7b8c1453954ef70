// percentile_approx(x, p [, compression]) and percentile_approx_weighted(x, weight, p [, …]): see
// `Digest`. Several percentiles at once are an array. Exact up to some thousand values a group.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

struct PercentileState: BitwiseCopyable {
    var digest: Digest
    /// The percentiles that are asked for, as Doubles.
    var fractions: ByteList
}

/// Gathers numbers into a digest.
private struct ApproximatePercentile: RowAggregate {
    struct Rows {
        let values: DecodedVector
        let weights: Vector?
        let compressions: DecodedVector?
        let fractions: Vector
        let lists: ListRows?
    }

    let name: String
    let isWeighted: Bool
    let givesArray: Bool

    var resultPhysicalType: PhysicalType { givesArray ? .string : .float64 }

    func rows(of arguments: [Vector], count: Int) -> Rows {
        let first = isWeighted ? 2 : 1
        let lists = givesArray ? ListRows(arguments[first], .array(.double)) : nil
        return Rows(
            values: DecodedVector(arguments[0]),
            weights: isWeighted ? arguments[1].flattened().widened(to: .bigint) : nil,
            compressions: arguments.count > first + 1
                ? DecodedVector(arguments[first + 1]) : nil,
            fractions: (lists?.lists.parts[0] ?? arguments[first]).flattened(), lists: lists)
    }

    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout PercentileState, heap: StringHeap
    ) throws(StarlingError) {
        guard rows.values.isValid(row) else { return }
        var weight = 1.0
        if let weights = rows.weights {
            guard weights.isValid(row) else { return }
            weight = Double(weights.pointer(to: Int64.self)[row])
            guard weight > 0 else {
                if weight == 0 { return }
                throw StarlingError(.data, "\(name)() takes weights that are not negative")
            }
        }
        if state.fractions.isEmpty {
            let places = rows.lists.map { $0.isValid(row) ? $0.elements(row) : 0..<0 }
            for place in places ?? row..<(row + 1) {
                try addFraction(rows.fractions, place, to: &state, heap)
            }
        }
        var compression = 10_000.0
        if let compressions = rows.compressions, compressions.isValid(row) {
            let given: Double = compressions.value(row)
            if given >= 2_048, given <= 10_000 { compression = given }
        }
        let value: Double = rows.values.value(row)
        state.digest.add(value, weight: weight, compression: compression, heap: heap)
    }

    private func addFraction(
        _ fractions: Vector, _ place: Int, to state: inout PercentileState, _ heap: StringHeap
    ) throws(StarlingError) {
        guard fractions.isValid(place) else { return }
        let fraction = fractions.pointer(to: Double.self)[place]
        guard fraction >= 0, fraction <= 1 else {
            throw StarlingError(.data, "\(name)() takes a percentile between 0 and 1")
        }
        state.fractions.extend(by: 8, heap).storeBytes(of: fraction, as: Double.self)
    }

    func isEmpty(_ state: PercentileState) -> Bool { state.digest.isEmpty }

    func merge(_ source: PercentileState, into target: inout PercentileState, heap: StringHeap) {
        if target.fractions.isEmpty { target.fractions.append(source.fractions, heap) }
        target.digest.merge(source.digest, heap: heap)
    }

    func results(_ states: StateList<PercentileState>) throws(StarlingError) -> Vector {
        if givesArray { return try arrays(states) }
        var vector = Vector(zeroed: .float64, count: states.count)
        let output = vector.pointer(to: Double.self)
        for row in 0..<states.count {
            let state = states[row]
            if isEmpty(state) || state.fractions.isEmpty {
                vector.setNull(row)
            } else {
                output[row] = state.digest.percentile(
                    state.fractions.start.load(as: Double.self))
            }
        }
        return vector
    }

    private func arrays(_ states: StateList<PercentileState>) throws(StarlingError) -> Vector {
        try packedLists(name, states) { state, writer in
            for number in 0..<(Int(state.fractions.byteCount) / 8) {
                let fraction = state.fractions.start.load(
                    fromByteOffset: number * 8, as: Double.self)
                writer.append(state.digest.percentile(fraction))
            }
        }
    }
}

enum ApproximatePercentiles {
    static let rows = [
        row(
            "percentile_approx", [], isWeighted: false,
            "Estimates the value at a fraction of the order.",
            "(SELECT percentile_approx(x, 0.5) FROM (VALUES (1), (2), (4)) AS t(x))"),
        row(
            "percentile_approx_weighted", ["percentile_approx_weight"], isWeighted: true,
            "Estimates the value at a fraction of the order, with a weight for each value.",
            "(SELECT percentile_approx_weighted(x, w, 0.5) "
                + "FROM (VALUES (1, 1), (2, 5), (4, 1)) AS t(x, w))"),
    ]

    private static func row(
        _ name: String, _ aliases: [String], isWeighted: Bool, _ summary: String,
        _ example: String
    ) -> AggregateFunction {
        let first = isWeighted ? 2 : 1
        return AggregateFunction(
            name, aliases: aliases, summary: summary, examples: [(example, "2")],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount((first + 1)...(first + 2), of: name)
                var types: [LogicalType] = [.double]
                if isWeighted { types.append(.bigint) }
                let isArray = arguments.types[first].isNested
                types.append(isArray ? .array(.double) : .double)
                if arguments.types.count > first + 1 { types.append(.double) }
                return FunctionSignature(types, returns: isArray ? .array(.double) : .double)
            },
            makeKernel: { types throws(StarlingError) in
                RowKernel(
                    ApproximatePercentile(
                        name: name, isWeighted: isWeighted,
                        givesArray: types.signature.resultType.isNested))
            })
    }
}
