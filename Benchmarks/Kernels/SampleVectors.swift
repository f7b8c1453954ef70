// The vectors that kernels are measured on: a full chunk each, made from a fixed seed.

import StarlingTypes
import StarlingVectors

/// Makes vectors of pseudo-random values.
struct SampleVectors {
    private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// Steps a linear congruential generator (Knuth's MMIX constants).
    private mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }

    mutating func integers(_ type: PhysicalType, below limit: Int) -> Vector {
        Vector(type, values: (0..<chunkCapacity).map { _ in .integer(Int128(next(below: limit))) })
    }

    mutating func doubles() -> Vector {
        Vector(
            .float64,
            values: (0..<chunkCapacity).map { _ in .floating(Double(next(below: 1_000_000)) / 4) })
    }

    mutating func strings(length: Int) -> Vector {
        Vector(.string, values: (0..<chunkCapacity).map { _ in text(length: length) })
    }

    /// Makes strings of decimal digits.
    mutating func digits(length: Int) -> Vector {
        Vector(
            .string,
            values: (0..<chunkCapacity).map { _ in
                .bytes((0..<length).map { _ in UInt8(48 + next(below: 10)) })
            })
    }

    /// Makes a dictionary-encoded vector with `count` distinct strings.
    mutating func dictionary(count: Int, length: Int) -> Vector {
        let values = Vector(.string, values: (0..<count).map { _ in text(length: length) })
        let codes = Vector(
            .int32, values: (0..<chunkCapacity).map { _ in .integer(Int128(next(below: count))) })
        return Vector(
            codes: codes.buffer, of: VectorDictionary(values: values, isSorted: false),
            count: chunkCapacity, validity: nil)
    }

    /// Selects about `share` of a chunk's rows.
    mutating func selection(share: Double) -> Selection {
        var selection = Selection()
        for row in 0..<chunkCapacity where Double(next(below: 1_000)) < share * 1_000 {
            selection.rows[selection.count] = UInt16(row)
            selection.count += 1
        }
        return selection
    }

    private mutating func text(length: Int) -> Value {
        .bytes((0..<length).map { _ in UInt8(97 + next(below: 26)) })
    }
}
