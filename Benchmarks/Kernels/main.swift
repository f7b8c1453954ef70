// The kernels' micro-benchmarks: `tools/bench kernels [WORD …]` prints nanoseconds a value for each
// row whose name contains one of the words, all if none is given.

/// Lists the files that make rows.
let benchmarks =
    ComparisonBenchmarks.rows() + GatherBenchmarks.rows() + HashBenchmarks.rows()
    + PackingBenchmarks.rows() + (try ExpressionBenchmarks.rows())

let words = CommandLine.arguments.dropFirst()
for benchmark in benchmarks
where words.isEmpty || words.contains(where: { benchmark.name.contains($0) }) {
    let figure = try Stopwatch.nanosecondsPerValue(benchmark)
    let thousandths = Int((figure * 1_000).rounded())
    let digits = String(thousandths % 1_000 + 1_000).dropFirst()
    let text = "\(thousandths / 1_000).\(digits)"
    let padding = String(repeating: " ", count: max(1, 40 - benchmark.name.count))
    print(benchmark.name + padding + text + " ns")
}
