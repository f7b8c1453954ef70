// Conditions: comparing columns with constants and with each other, ranges and sets.

import StarlingKernels
import StarlingTypes
import StarlingVectors

enum ComparisonBenchmarks {
    static func rows() -> [KernelBenchmark] {
        var samples = SampleVectors()
        let integers: [(PhysicalType, Vector)] = [.int8, .int16, .int32, .int64].map {
            ($0, samples.integers($0, below: 100))
        }
        var rows = integers.map { type, vector in
            let constant = Vector(constant: .integer(50), type, count: chunkCapacity)
            return KernelBenchmark("\(type) < constant", valuesPerRun: chunkCapacity) {
                _ = compare(.less, vector, constant)
            }
        }
        let first = samples.integers(.int32, below: 1_000)
        let second = samples.integers(.int32, below: 1_000)
        rows.append(
            KernelBenchmark("int32 = int32", valuesPerRun: chunkCapacity) {
                _ = compare(.equal, first, second)
            })
        rows.append(
            KernelBenchmark("int32 in a range", valuesPerRun: chunkCapacity) {
                _ = first.mask(within: Bounds(low: 100, high: 500))
            })
        let few = IntegerSet([1, 5, 17] as [Int128])
        let many = IntegerSet((0..<200).map { Int128($0 * 7) })
        rows.append(
            KernelBenchmark("int32 in 3 values", valuesPerRun: chunkCapacity) {
                _ = few.mask(first)
            })
        rows.append(
            KernelBenchmark("int32 in 200 values", valuesPerRun: chunkCapacity) {
                _ = many.mask(first)
            })
        let half = compare(
            .less, first, Vector(constant: .integer(500), .int32, count: chunkCapacity))
        rows.append(
            KernelBenchmark("selection of half", valuesPerRun: chunkCapacity) {
                _ = Selection(trueRowsOf: half)
            })
        let pattern = LikePattern(Array("%sta%ling%".utf8), escape: nil)
        let texts = samples.strings(length: 25)
        rows.append(
            KernelBenchmark("LIKE of 25 bytes", valuesPerRun: chunkCapacity) {
                _ = pattern.mask(texts)
            })
        return rows + stringRows(&samples)
    }

    private static func stringRows(_ samples: inout SampleVectors) -> [KernelBenchmark] {
        let vectors: [(String, Vector)] = [
            ("string, 8 bytes", samples.strings(length: 8)),
            ("string, 25 bytes", samples.strings(length: 25)),
            ("dictionary", samples.dictionary(count: 100, length: 12)),
        ]
        return vectors.map { name, vector in
            let constant = Vector(
                constant: .bytes(Array("starling sings".utf8)), .string, count: chunkCapacity)
            return KernelBenchmark("\(name) = constant", valuesPerRun: chunkCapacity) {
                _ = compare(.equal, vector, constant)
            }
        }
    }
}
