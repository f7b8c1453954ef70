// Hashing columns for joins and groups.

import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

enum HashBenchmarks {
    static func rows() -> [KernelBenchmark] {
        var samples = SampleVectors()
        let columns: [(String, [Vector])] = [
            ("int32", [samples.integers(.int32, below: 1_000_000)]),
            ("int64", [samples.integers(.int64, below: 1_000_000)]),
            ("string, 8 bytes", [samples.strings(length: 8)]),
            ("string, 25 bytes", [samples.strings(length: 25)]),
            ("dictionary", [samples.dictionary(count: 100, length: 12)]),
            (
                "int32, int32",
                [samples.integers(.int32, below: 1_000), samples.integers(.int32, below: 1_000)]
            ),
        ]
        return columns.map { name, vectors in
            let hasher = ColumnHasher()
            let hashes = Buffer(byteCount: chunkCapacity * 8)
            return KernelBenchmark("hash \(name)", valuesPerRun: chunkCapacity) {
                hasher.hash(vectors, count: chunkCapacity, into: hashes.pointer())
            }
        }
    }
}
