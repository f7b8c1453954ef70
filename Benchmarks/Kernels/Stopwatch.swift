// Times a kernel: batches long enough for the clock, and the fastest of several, since whatever
// disturbs a batch makes it slower and nothing makes it faster.

import StarlingThreads

/// Measures nanoseconds a value.
enum Stopwatch {
    private static let batchNanoseconds: UInt64 = 5_000_000
    private static let batchCount = 9

    static func nanosecondsPerValue(_ benchmark: KernelBenchmark) throws -> Double {
        try benchmark.run()
        var runs = 1
        while try time(benchmark, runs: runs) < batchNanoseconds { runs *= 2 }
        var fastest = UInt64.max
        for _ in 0..<batchCount { fastest = min(fastest, try time(benchmark, runs: runs)) }
        return Double(fastest) / Double(runs * benchmark.valuesPerRun)
    }

    private static func time(_ benchmark: KernelBenchmark, runs: Int) throws -> UInt64 {
        let start = monotonicNanoseconds()
        for _ in 0..<runs { try benchmark.run() }
        return monotonicNanoseconds() - start
    }
}
