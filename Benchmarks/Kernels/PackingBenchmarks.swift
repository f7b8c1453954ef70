// Unpacking of bits, as Parquet's dictionary codes and levels have them, and the words that sorts
// compare.

import CPlatform
import StarlingExecution
import StarlingMemory
import StarlingTypes
import StarlingVectors

enum PackingBenchmarks {
    static func rows() -> [KernelBenchmark] {
        [1, 3, 8, 12, 17, 24, 32].map(unpacking) + sortKeys()
    }

    private static func unpacking(_ width: Int) -> KernelBenchmark {
        // The source is followed by bytes that may be read, as pages are.
        let packed = Buffer.zeroed(byteCount: chunkCapacity * width / 8 + 64)
        for byte in 0..<(chunkCapacity * width / 8) {
            packed.pointer(to: UInt8.self)[byte] = UInt8(truncatingIfNeeded: byte &* 151)
        }
        let target = Buffer(byteCount: chunkCapacity * 4)
        return KernelBenchmark("unpack \(width) bits", valuesPerRun: chunkCapacity) {
            starling_unpack_bits(
                packed.pointer(to: UInt8.self), target.pointer(to: UInt32.self),
                chunkCapacity / 8, Int32(width))
        }
    }

    private static func sortKeys() -> [KernelBenchmark] {
        var samples = SampleVectors()
        let bounds = Bounds(low: 0, high: 1_000)
        let columns: [(String, Vector, Bounds?)] = [
            ("int16 within bounds", samples.integers(.int16, below: 1_000), bounds),
            ("int64", samples.integers(.int64, below: 1_000), nil),
            ("double", samples.doubles(), nil),
            ("string", samples.strings(length: 10), nil),
        ]
        return columns.flatMap { name, vector, bounds in
            [true, false].map { isAscending in
                let key = SortColumn(
                    position: 0, physicalType: vector.physicalType, bounds: bounds,
                    isNullable: false, isAscending: isAscending)
                let layout = SortKeyLayout([key])
                let encoder = SortKeyEncoder(layout: layout)
                let words = Buffer(byteCount: layout.wordCount * chunkCapacity * 8)
                let chunk = Chunk(columns: [vector], count: chunkCapacity)
                let title = "sort key \(name)\(isAscending ? "" : " descending")"
                return KernelBenchmark(title, valuesPerRun: chunkCapacity) {
                    encoder.encode(
                        chunk, into: words.pointer(to: UInt64.self), stride: chunkCapacity)
                }
            }
        }
    }
}
