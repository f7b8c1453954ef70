// Unions of kept sketches, and the sketches of columns: hll_union(), percentile_union(), and
// StarRocks' ds_hll_…() over sketches of Starling's own form.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Is a sketch that others of its kind can be added to.
protocol UnitedSketch: StoredState {
    static var empty: Self { get }
    var isEmpty: Bool { get }
    mutating func merge(_ other: Self, heap: StringHeap)
    /// Adds a sketch that was written, without a place of its own in the heap.
    mutating func merge(from reader: inout StateReader, _ heap: StringHeap) throws(StarlingError)
}

extension UnitedSketch {
    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> Self {
        var sketch = Self.empty
        try sketch.merge(from: &reader, heap)
        return sketch
    }
}

struct SketchState<Sketch: BitwiseCopyable>: BitwiseCopyable {
    var sketch: Sketch
    var isPresent: Int64
}

extension SketchState: StoredState where Sketch: StoredState {
    func write(to writer: inout StateWriter) { sketch.write(to: &writer) }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> Self {
        Self(sketch: try Sketch.read(from: &reader, heap), isPresent: 1)
    }
}

/// Adds up kept sketches.
struct SketchUnion<Sketch: UnitedSketch>: RowAggregate {
    typealias State = SketchState<Sketch>
    /// Called for the results that are no sketches.
    let estimates: (@Sendable (Sketch) -> Int64)?

    var resultPhysicalType: PhysicalType { estimates == nil ? .string : .int64 }

    func rows(of arguments: [Vector], count: Int) -> DecodedVector { DecodedVector(arguments[0]) }

    func add(
        _ row: Int, of rows: borrowing DecodedVector, to state: inout State, heap: StringHeap
    ) throws(StarlingError) {
        guard rows.isValid(row) else { return }
        state.isPresent = 1
        try rows.text(row).readState { reader throws(StarlingError) in
            try state.sketch.merge(from: &reader, heap)
        }
    }

    func isEmpty(_ state: State) -> Bool { state.isPresent == 0 }

    func merge(_ source: State, into target: inout State, heap: StringHeap) {
        target.isPresent = 1
        if !source.sketch.isEmpty { target.sketch.merge(source.sketch, heap: heap) }
    }

    func results(_ states: StateList<State>) -> Vector {
        guard let estimates else { return storedResults(states, \.sketch.stored, isEmpty) }
        let vector = Vector(zeroed: .int64, count: states.count)
        let output = vector.pointer(to: Int64.self)
        for row in 0..<states.count where !states[row].sketch.isEmpty {
            output[row] = estimates(states[row].sketch)
        }
        return vector
    }
}

/// Writes states as strings, those without rows as NULL.
func storedResults<State>(
    _ states: StateList<State>, _ stored: (State) -> [UInt8], _ isEmpty: (State) -> Bool
) -> Vector {
    let heap = StringHeap()
    var vector = Vector(zeroed: .string, count: states.count)
    let output = vector.pointer(to: StringReference.self)
    for row in 0..<states.count {
        if isEmpty(states[row]) {
            vector.setNull(row)
        } else {
            output[row] = heap.add(stored(states[row]))
        }
    }
    vector.owner = heap
    return vector
}

enum DistinctUnions {
    private static let sample = "FROM (VALUES (1), (1), (2)) AS t(x))"

    static let rows = [
        union(
            "hll_union", ["hll_raw_agg"], .hll, .hll, "Adds up HLLs.",
            "(SELECT hll_cardinality(hll_union(hll_hash(x))) \(sample)"),
        union(
            "hll_union_agg", [], .hll, .bigint,
            "Estimates how many distinct values all HLLs of a group have seen together.",
            "(SELECT hll_union_agg(hll_hash(x)) \(sample)"),
        union(
            "ds_hll_combine", [], .varbinary, .varbinary,
            "Adds up sketches of ds_hll_accumulate().",
            "(SELECT ds_hll_estimate(ds_hll_combine(s)) FROM "
                + "(SELECT ds_hll_accumulate(x) AS s \(sample) AS u)"),
    ]

    private static func union(
        _ name: String, _ aliases: [String], _ argument: LogicalType, _ result: LogicalType,
        _ summary: String, _ example: String
    ) -> AggregateFunction {
        AggregateFunction(
            name, aliases: aliases, summary: summary, examples: [(example, "2")],
            resultOverNoRows: result == .bigint ? .integer(0) : nil,
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(name, [argument], 1...1, returns: result)
            },
            makeKernel: { _ throws(StarlingError) in
                result == .bigint
                    ? RowKernel(
                        SketchUnion<DistinctSketch>(estimates: { (sketch: DistinctSketch) in
                            sketch.estimate
                        }))
                    : RowKernel(SketchUnion<DistinctSketch>(estimates: nil))
            })
    }
}

enum PercentileUnions {
    static let rows = [
        AggregateFunction(
            "percentile_union", summary: "Adds up PERCENTILEs.",
            examples: [
                (
                    "(SELECT percentile_approx_raw(percentile_union(percentile_hash(x)), 1) "
                        + "FROM (VALUES (1), (2)) AS t(x))", "2"
                )
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.textSignature(
                    "percentile_union", [.percentile], 1...1, returns: .percentile)
            },
            makeKernel: { _ throws(StarlingError) in
                RowKernel(SketchUnion<Digest>(estimates: nil))
            })
    ]
}
