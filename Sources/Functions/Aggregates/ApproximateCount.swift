// approx_count_distinct(): see `DistinctSketch`. Exact up to 768 distinct values a group, then
// within about 0.8 percent.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Estimates the count of distinct values of any type.
private struct DistinctEstimate: RowAggregate {
    struct Rows {
        let hashes: Vector
        let argument: DecodedVector
    }

    var resultPhysicalType: PhysicalType { .int64 }
    var resultBounds: Bounds? { Bounds(low: 0, high: Int128(Int64.max)) }

    func rows(of arguments: [Vector], count: Int) -> Rows {
        let hashes = Vector(uninitialized: .int64, count: count)
        hashStoredValues(
            of: arguments[0].flattened(), count: count, into: hashes.pointer(to: UInt64.self))
        return Rows(hashes: hashes, argument: DecodedVector(arguments[0]))
    }

    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout DistinctSketch, heap: StringHeap
    ) {
        if rows.argument.isValid(row) {
            state.add(rows.hashes.pointer(to: UInt64.self)[row], heap: heap)
        }
    }

    func isEmpty(_ state: DistinctSketch) -> Bool { state.isEmpty }

    func merge(
        _ source: DistinctSketch, into target: inout DistinctSketch, heap: StringHeap
    ) {
        target.merge(source, heap: heap)
    }

    func results(_ states: StateList<DistinctSketch>) -> Vector {
        let vector = Vector(uninitialized: .int64, count: states.count)
        let output = vector.pointer(to: Int64.self)
        for row in 0..<states.count { output[row] = states[row].estimate }
        return vector
    }
}

enum ApproximateCount {
    static let rows = [
        AggregateFunction(
            "approx_count_distinct", aliases: ["ndv"],
            summary: "Estimates how many distinct values there are; exact while they are few.",
            examples: [
                ("(SELECT approx_count_distinct(x) FROM (VALUES (1), (1), (2)) AS t(x))", "2")
            ],
            ignoresDuplicates: true, resultOverNoRows: .integer(0),
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "approx_count_distinct")
                return FunctionSignature(arguments.types, returns: .bigint)
            },
            makeKernel: { _ throws(StarlingError) in RowKernel(DistinctEstimate()) })
    ]
}
