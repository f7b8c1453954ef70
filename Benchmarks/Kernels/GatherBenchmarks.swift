// Picking rows: by a filter's selection, and out of a dictionary.

import StarlingKernels
import StarlingTypes
import StarlingVectors

enum GatherBenchmarks {
    static func rows() -> [KernelBenchmark] {
        var samples = SampleVectors()
        let half = samples.selection(share: 0.5)
        let vectors: [(String, Vector)] = [
            ("int16", samples.integers(.int16, below: 1_000)),
            ("int32", samples.integers(.int32, below: 1_000)),
            ("int64", samples.integers(.int64, below: 1_000)),
            ("float64", samples.doubles()),
            ("string", samples.strings(length: 10)),
            ("dictionary", samples.dictionary(count: 100, length: 10)),
        ]
        let gathers = vectors.map { name, vector in
            KernelBenchmark("gather half of \(name)", valuesPerRun: half.count) {
                _ = vector.gathered(by: half)
            }
        }
        let encoded = samples.dictionary(count: 100, length: 10)
        let flattening = KernelBenchmark("flatten dictionary", valuesPerRun: chunkCapacity) {
            _ = encoded.flattened()
        }
        return gathers + [flattening]
    }
}
