// HLL values: the sketches of approx_count_distinct() (`DistinctSketch`), kept.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Makes a sketch of each value; NULL stays NULL.
private func sketches(_ invocation: FunctionInvocation) -> Vector {
    let count = invocation.count
    let hashes = HashedRows(invocation.arguments[0], count: count)
    let heap = StringHeap()
    var result = Vector(zeroed: .string, count: count)
    let output = result.pointer(to: StringReference.self)
    let work = StringHeap()
    for row in 0..<count {
        // NULLs are put back by whoever called.
        guard let hash = hashes[row] else { continue }
        var sketch = DistinctSketch.empty
        sketch.add(hash, heap: work)
        output[row] = heap.add(sketch.stored)
    }
    result.owner = heap
    return result
}

private struct SketchEstimate: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Int64? {
        let heap = StringHeap(firstBlockByteCount: 1_024)
        return (try? DistinctSketch.read(arguments.first.text(row), heap))?.estimate
    }
}

/// Gives the bytes of a value as they are.
struct StoredBytes: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        arguments.first.text(row).withBytes { output += $0 }
        return true
    }
}

/// Takes bytes that are a value of the type; others are NULL.
struct CheckedBytes: TextOperation {
    let type: LogicalType

    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        output = arguments.first.text(row).bytes
        return isStored(output, as: type)
    }
}

enum DistinctSketches {
    static let rows: [ScalarFunction] = [
        ScalarFunction(
            "hll_empty", summary: "Gives an HLL that has seen no value.",
            examples: [("hll_cardinality(hll_empty())", "0")], neverGivesNull: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(0...0, of: "hll_empty")
                return FunctionSignature([], returns: .hll)
            },
            evaluate: { invocation throws(StarlingError) in
                Vector(
                    constant: .bytes(DistinctSketch.empty.stored), .string,
                    count: invocation.count)
            }),
        ScalarFunction(
            "hll_hash", summary: "Gives an HLL that has seen one value, of any type.",
            examples: [("hll_cardinality(hll_hash('a'))", "1")],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "hll_hash")
                return FunctionSignature(arguments.types, returns: .hll)
            },
            evaluate: { invocation throws(StarlingError) in sketches(invocation) }),
        .measuring(
            "hll_cardinality", aliases: ["hll_estimate"], SketchEstimate(), [.hll], 1...1, .bigint,
            "Estimates how many distinct values an HLL has seen; exact while they are few.",
            [("hll_cardinality(hll_hash(5))", "1")]),
        .writing(
            "hll_serialize", StoredBytes(), [.hll], 1...1, returns: .varbinary,
            "Gives an HLL as binary.",
            [("hex(hll_serialize(hll_empty()))", "00")]),
        .writing(
            "hll_deserialize", CheckedBytes(type: .hll), [.varbinary], 1...1, returns: .hll,
            "Reads an HLL from binary; NULL for what is none.",
            [("hll_cardinality(hll_deserialize(hll_serialize(hll_hash(1))))", "1")]),
        .measuring(
            "ds_hll_estimate", SketchEstimate(), [.varbinary], 1...1, .bigint,
            "Estimates how many distinct values a sketch of ds_hll_accumulate() has seen.",
            [
                (
                    "(SELECT ds_hll_estimate(ds_hll_accumulate(x)) "
                        + "FROM (VALUES (1), (1), (2)) AS t(x))", "2"
                )
            ]),
    ]
}
