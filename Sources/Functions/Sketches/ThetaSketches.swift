// StarRocks' ds_theta_…(), over sketches of Starling's own form (`ThetaSketch`).

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

extension DecodedVector {
    /// Reads a sketch from a VARBINARY argument; nil for what is none.
    fileprivate func theta(_ row: Int, _ heap: StringHeap) -> ThetaSketch.Content? {
        (try? ThetaSketch.read(text(row), heap))?.content
    }
}

private struct ThetaEstimate: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Double? {
        arguments.first.theta(row, StringHeap(firstBlockByteCount: 1_024))?.estimate
    }
}

private struct ThetaSetOperation: TextOperation {
    enum Kind { case union, intersection, difference }
    let kind: Kind

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let heap = StringHeap(firstBlockByteCount: 1_024)
        guard let left = arguments.first.theta(row, heap),
            let right = arguments.second.theta(row, heap)
        else { return false }
        let result =
            switch kind {
            case .union: left.united(with: right)
            case .intersection: left.intersected(with: right)
            case .difference: left.subtracting(right)
            }
        output = ThetaSketch(result, heap).stored
        return true
    }
}

/// Gathers the hashes of values of any type.
private struct ThetaGathering: RowAggregate {
    /// Whether the result is the sketch itself, as binary.
    let givesSketch: Bool

    var resultPhysicalType: PhysicalType { givesSketch ? .string : .int64 }
    var gathersRows: Bool { true }

    func rows(of arguments: [Vector], count: Int) -> HashedRows {
        HashedRows(arguments[0], count: count)
    }

    func add(
        _ row: Int, of rows: borrowing HashedRows, to state: inout ThetaSketch, heap: StringHeap
    ) {
        if let hash = rows[row] { state.add(hash, heap: heap) }
    }

    func isEmpty(_ state: ThetaSketch) -> Bool { state.isEmpty }

    func merge(_ source: ThetaSketch, into target: inout ThetaSketch, heap: StringHeap) {
        target.merge(source, heap: heap)
    }

    func results(_ states: StateList<ThetaSketch>) -> Vector {
        if givesSketch { return storedResults(states, \.stored, \.isEmpty) }
        let vector = Vector(zeroed: .int64, count: states.count)
        let output = vector.pointer(to: Int64.self)
        for row in 0..<states.count {
            output[row] = Int64(states[row].content.estimate.rounded())
        }
        return vector
    }
}

/// Holds the sketches of the two sides of an overlap.
struct ThetaPair: StoredState {
    var anchor: ThetaSketch
    var window: ThetaSketch

    func write(to writer: inout StateWriter) {
        anchor.write(to: &writer)
        window.write(to: &writer)
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> ThetaPair {
        ThetaPair(
            anchor: try ThetaSketch.read(from: &reader, heap),
            window: try ThetaSketch.read(from: &reader, heap))
    }
}

/// Adds up sketches on two sides, and estimates how many values both have seen.
private struct ThetaOverlap: RowAggregate {
    struct Rows {
        let sketches: DecodedVector
        let flags: DecodedVector
        let owner: Vector
    }

    var resultPhysicalType: PhysicalType { .float64 }

    func rows(of arguments: [Vector], count: Int) -> Rows {
        let flags = arguments[1].flattened().widened(to: .bigint)
        return Rows(
            sketches: DecodedVector(arguments[0]), flags: DecodedVector(flags), owner: flags)
    }

    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout ThetaPair, heap: StringHeap
    ) throws(StarlingError) {
        guard rows.sketches.isValid(row) else { return }
        let isAnchor = rows.flags.isValid(row) && rows.flags.number(row) == 1
        let side: WritableKeyPath<ThetaPair, ThetaSketch> = isAnchor ? \.anchor : \.window
        try rows.sketches.text(row).readState { reader throws(StarlingError) in
            try state[keyPath: side].merge(from: &reader, heap)
        }
    }

    func isEmpty(_ state: ThetaPair) -> Bool { state.anchor.isEmpty && state.window.isEmpty }

    func merge(_ source: ThetaPair, into target: inout ThetaPair, heap: StringHeap) {
        if !source.anchor.isEmpty { target.anchor.merge(source.anchor, heap: heap) }
        if !source.window.isEmpty { target.window.merge(source.window, heap: heap) }
    }

    func results(_ states: StateList<ThetaPair>) -> Vector {
        let vector = Vector(zeroed: .float64, count: states.count)
        let output = vector.pointer(to: Double.self)
        for row in 0..<states.count {
            let state = states[row]
            output[row] = state.anchor.content.intersected(with: state.window.content).estimate
        }
        return vector
    }
}

enum ThetaSketches {
    private static let sample = "FROM (VALUES (1), (1), (2)) AS t(x)"

    static let scalars: [ScalarFunction] = [
        .measuring(
            "ds_theta_estimate", ThetaEstimate(), [.varbinary], 1...1, .double,
            "Estimates how many distinct values a theta sketch has seen.",
            [("(SELECT ds_theta_estimate(ds_theta_accumulate(x)) \(sample))", "2")]),
        operation(
            "ds_theta_union", .union, "Gives the theta sketch of what either has seen.", "2"),
        operation(
            "ds_theta_intersect", .intersection,
            "Gives the theta sketch of what both have seen.", "2"),
        operation(
            "ds_theta_a_not_b", .difference,
            "Gives the theta sketch of what the first has seen and the second has not.", "0"),
    ]

    private static func operation(
        _ name: String, _ kind: ThetaSetOperation.Kind, _ summary: String, _ result: String
    ) -> ScalarFunction {
        .writing(
            name, ThetaSetOperation(kind: kind), [.varbinary, .varbinary], 2...2,
            returns: .varbinary, summary,
            [
                (
                    "(SELECT ds_theta_estimate(\(name)(s, s)) FROM "
                        + "(SELECT ds_theta_accumulate(x) AS s \(sample)) AS u)", result
                )
            ])
    }

    static let aggregates = [
        gathering(
            "ds_theta_count_distinct", givesSketch: false,
            "Estimates how many distinct values there are, by a theta sketch.",
            "(SELECT ds_theta_count_distinct(x) \(sample))"),
        gathering(
            "ds_theta_accumulate", givesSketch: true,
            "Gives a theta sketch of the distinct values as binary.",
            "(SELECT ds_theta_estimate(ds_theta_accumulate(x)) \(sample))"),
        AggregateFunction(
            "ds_theta_combine", summary: "Adds up theta sketches.",
            examples: [
                (
                    "(SELECT ds_theta_estimate(ds_theta_combine(s)) FROM "
                        + "(SELECT ds_theta_accumulate(x) AS s \(sample)) AS u)", "2"
                )
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "ds_theta_combine", [.varbinary], 1...1, returns: .varbinary)
            },
            makeKernel: { _ throws(StarlingError) in
                RowKernel(SketchUnion<ThetaSketch>(estimates: nil))
            }),
        AggregateFunction(
            "ds_theta_intersect_cond_agg",
            summary: "Estimates how many values the theta sketches whose flag is 1 and the others "
                + "have both seen.",
            examples: [
                (
                    "(SELECT ds_theta_intersect_cond_agg(s, x) FROM "
                        + "(SELECT x, ds_theta_accumulate(y) AS s FROM "
                        + "(VALUES (1, 5), (1, 6), (0, 6)) AS t(x, y) GROUP BY x) AS u)", "1"
                )
            ],
            resultOverNoRows: .floating(0),
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "ds_theta_intersect_cond_agg", [.varbinary, .int], 2...2, returns: .double)
            },
            makeKernel: { _ throws(StarlingError) in RowKernel(ThetaOverlap()) }),
    ]

    private static func gathering(
        _ name: String, givesSketch: Bool, _ summary: String, _ example: String
    ) -> AggregateFunction {
        AggregateFunction(
            name, summary: summary, examples: [(example, "2")], ignoresDuplicates: true,
            resultOverNoRows: givesSketch ? nil : .integer(0),
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: name)
                return FunctionSignature(
                    arguments.types, returns: givesSketch ? .varbinary : .bigint)
            },
            makeKernel: { _ throws(StarlingError) in
                RowKernel(ThetaGathering(givesSketch: givesSketch))
            })
    }
}
