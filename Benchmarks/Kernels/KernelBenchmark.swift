// A kernel's benchmark is a row, listed in the file that makes it: a name, how many values one run
// touches, and the run.

/// Describes one micro-benchmark.
struct KernelBenchmark {
    let name: String
    let valuesPerRun: Int
    let run: () throws -> Void

    init(_ name: String, valuesPerRun: Int, run: @escaping () throws -> Void) {
        self.name = name
        self.valuesPerRun = valuesPerRun
        self.run = run
    }
}
