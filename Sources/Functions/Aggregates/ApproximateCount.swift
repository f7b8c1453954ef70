// approx_count_distinct(): see `DistinctSketch`. Exact up to 768 distinct values a group, then
// within about 0.8 percent.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Runs approx_count_distinct() over values of any type.
private struct DistinctSketchKernel: AggregateKernel {
    var stateByteCount: Int { MemoryLayout<DistinctSketch>.size }
    var resultPhysicalType: PhysicalType { .int64 }
    var resultBounds: Bounds? { Bounds(low: 0, high: Int128(Int64.max)) }

    /// Hashes the rows of a batch.
    private func hashes(_ argument: Vector, _ count: Int) -> Vector {
        let result = Vector(uninitialized: .int64, count: count)
        hashStoredValues(
            of: argument.flattened(), count: count, into: result.pointer(to: UInt64.self))
        return result
    }

    func update(
        groups: GroupAddresses, offset: Int, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        let hashes = hashes(arguments[0], count)
        let values = hashes.pointer(to: UInt64.self)
        for row in 0..<count where arguments[0].isValid(row) {
            let state = (groups[row] + offset).assumingMemoryBound(to: DistinctSketch.self)
            state.pointee.add(values[row], heap: heap)
        }
        withExtendedLifetime(hashes) {}
    }

    func update(
        state: UnsafeMutableRawPointer, arguments: [Vector], count: Int, heap: StringHeap
    ) throws(StarlingError) {
        let hashes = hashes(arguments[0], count)
        let values = hashes.pointer(to: UInt64.self)
        let state = state.assumingMemoryBound(to: DistinctSketch.self)
        for row in 0..<count where arguments[0].isValid(row) {
            state.pointee.add(values[row], heap: heap)
        }
        withExtendedLifetime(hashes) {}
    }

    func combine(
        targets: GroupAddresses, sources: GroupAddresses, offset: Int, count: Int,
        heap: StringHeap
    ) throws(StarlingError) {
        for row in 0..<count {
            let source = (sources[row] + offset).assumingMemoryBound(to: DistinctSketch.self)
            let target = (targets[row] + offset).assumingMemoryBound(to: DistinctSketch.self)
            if source.pointee.isEmpty { continue }
            target.pointee.merge(source.pointee, heap: heap)
        }
    }

    func finalize(
        groups: GroupAddresses, offset: Int, count: Int
    ) throws(StarlingError) -> Vector {
        let vector = Vector(uninitialized: .int64, count: count)
        let output = vector.pointer(to: Int64.self)
        for row in 0..<count {
            let state = (groups[row] + offset).assumingMemoryBound(to: DistinctSketch.self)
            output[row] = state.pointee.estimate
        }
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
            ignoresDuplicates: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "approx_count_distinct")
                return FunctionSignature(arguments.types, returns: .bigint)
            },
            makeKernel: { _ throws(StarlingError) in DistinctSketchKernel() })
    ]
}
