// approx_count_distinct(): see `DistinctSketch`. Exact up to 768 distinct values a group, then
// within about 0.8 percent.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Estimates the count of distinct values of any type.
private struct DistinctEstimate: RowAggregate {
    /// Whether the result is the sketch itself, as binary.
    let givesSketch: Bool

    var resultPhysicalType: PhysicalType { givesSketch ? .string : .int64 }
    var resultBounds: Bounds? { givesSketch ? nil : Bounds(low: 0, high: Int128(Int64.max)) }

    func rows(of arguments: [Vector], count: Int) -> HashedRows {
        HashedRows(arguments[0], count: count)
    }

    func add(
        _ row: Int, of rows: borrowing HashedRows, to state: inout DistinctSketch, heap: StringHeap
    ) {
        if let hash = rows[row] { state.add(hash, heap: heap) }
    }

    func isEmpty(_ state: DistinctSketch) -> Bool { state.isEmpty }

    func merge(
        _ source: DistinctSketch, into target: inout DistinctSketch, heap: StringHeap
    ) {
        target.merge(source, heap: heap)
    }

    func results(_ states: StateList<DistinctSketch>) -> Vector {
        if givesSketch { return storedResults(states, \.stored, \.isEmpty) }
        let vector = Vector(uninitialized: .int64, count: states.count)
        let output = vector.pointer(to: Int64.self)
        for row in 0..<states.count { output[row] = states[row].estimate }
        return vector
    }
}

enum ApproximateCount {
    static let rows = [
        count(
            "approx_count_distinct", ["ndv", "approx_count_distinct_hll_sketch"],
            "Estimates how many distinct values there are; exact while they are few.", 1),
        count(
            "ds_hll_count_distinct", [],
            "Estimates how many distinct values there are; a precision and a form are accepted.",
            3),
        AggregateFunction(
            "ds_hll_accumulate",
            summary: "Gives a sketch of the distinct values as binary; a precision and a form are "
                + "accepted.",
            examples: [
                (
                    "(SELECT ds_hll_estimate(ds_hll_accumulate(x, 12, 'HLL_6')) "
                        + "FROM (VALUES (1), (1), (2)) AS t(x))", "2"
                )
            ],
            ignoresDuplicates: true,
            resolve: { arguments throws(StarlingError) in
                try sketched(arguments, "ds_hll_accumulate", 3, returns: .varbinary)
            },
            makeKernel: { _ throws(StarlingError) in
                RowKernel(DistinctEstimate(givesSketch: true))
            }),
    ]

    private static func count(
        _ name: String, _ aliases: [String], _ summary: String, _ countMaximum: Int
    ) -> AggregateFunction {
        AggregateFunction(
            name, aliases: aliases, summary: summary,
            examples: [("(SELECT \(name)(x) FROM (VALUES (1), (1), (2)) AS t(x))", "2")],
            ignoresDuplicates: true, resultOverNoRows: .integer(0),
            resolve: { arguments throws(StarlingError) in
                try sketched(arguments, name, countMaximum, returns: .bigint)
            },
            makeKernel: { _ throws(StarlingError) in
                RowKernel(DistinctEstimate(givesSketch: false))
            })
    }

    /// Checks the precision and the form that StarRocks' sketches take; one sketch serves them all.
    private static func sketched(
        _ arguments: ArgumentList, _ name: String, _ countMaximum: Int,
        returns result: LogicalType
    ) throws(StarlingError) -> FunctionSignature {
        try arguments.expectCount(1...countMaximum, of: name)
        if let precision = arguments.constantInteger(1), !(4...21).contains(precision) {
            throw StarlingError(.binding, "\(name)() takes a precision of 4 to 21")
        }
        if let form = arguments.constant(2)?.text?.uppercased(),
            !["HLL_4", "HLL_6", "HLL_8"].contains(form)
        {
            throw StarlingError(.binding, "\(name)() takes the forms HLL_4, HLL_6 and HLL_8")
        }
        return FunctionSignature(arguments.types, returns: result)
    }
}
