// PERCENTILE values: the digests of percentile_approx() (`Digest`), kept.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// The compression of digests that are kept: small, and exact up to 16,384 numbers.
let keptDigestCompression = 2_048.0

private struct PercentileOfNumber: TextOperation {
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool {
        let heap = StringHeap(firstBlockByteCount: 128)
        var digest = Digest.empty
        digest.add(
            arguments.first.value(row, as: Double.self), weight: 1,
            compression: keptDigestCompression, heap: heap)
        output = digest.stored
        return true
    }
}

private struct PercentileRead: TextMeasure {
    func measure(_ arguments: TextArguments, _ row: Int) -> Double? {
        let fraction = arguments.second.value(row, as: Double.self)
        let heap = StringHeap(firstBlockByteCount: 1_024)
        guard fraction >= 0, fraction <= 1,
            let digest = try? Digest.read(arguments.first.text(row), heap), !digest.isEmpty
        else { return nil }
        return digest.percentile(fraction)
    }
}

enum PercentileSketches {
    static let rows: [ScalarFunction] = [
        ScalarFunction(
            "percentile_empty", summary: "Gives a PERCENTILE of no numbers.",
            examples: [("percentile_approx_raw(percentile_empty(), 0.5)", "NULL")],
            neverGivesNull: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(0...0, of: "percentile_empty")
                return FunctionSignature([], returns: .percentile)
            },
            evaluate: { invocation throws(StarlingError) in
                Vector(constant: .bytes(Digest.empty.stored), .string, count: invocation.count)
            }),
        .writing(
            "percentile_hash", PercentileOfNumber(), [.double], 1...1, returns: .percentile,
            "Gives a PERCENTILE of one number.",
            [("percentile_approx_raw(percentile_hash(234.234), 0.99)", "234.234")]),
        .measuring(
            "percentile_approx_raw", PercentileRead(), [.percentile, .double], 2...2, .double,
            "Estimates the value at a fraction of the order of a PERCENTILE's numbers.",
            [
                (
                    "(SELECT percentile_approx_raw(percentile_union(percentile_hash(x)), 0.5) "
                        + "FROM (VALUES (1), (2), (3), (4)) AS t(x))", "2.5"
                )
            ]),
    ]
}
