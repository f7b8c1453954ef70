// Which of n equal shares of a column's values a value lies in, as a sample tells: distributions and
// widths go, so that columns of any types can be mixed on a curve (`ClusteringCurve`).
//
// 1. A sample of the column is sorted. NULLs come first.
// 2. A value's rank is the share of the sample that lies before the first value equal to it. So a value
//    that half of all rows have takes half of the ranks, and what stands behind it begins there.
// 3. Values between two of the sample have the rank of the lower one.

import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Ranks the values of a column, from 0 up to 2^`bitCount` - 1.
package struct ColumnRanks: Sendable {
    private enum Steps: Sendable {
        /// Integers and floating point as numbers of 64 bits in the same order.
        case words([Int64])
        case wide([Int128])
        /// A vector keeps the bytes of the texts.
        case texts([StringReference], keeping: [Vector])
    }

    package let bitCount: Int
    private let steps: Steps
    /// The rank of what lies before the first step, then that of each step.
    private let ranks: [UInt16]

    /// Learns the ranks from a sample of a column.
    package init(sample vectors: [Vector], bitCount: Int) {
        precondition(bitCount <= 16)
        self.bitCount = bitCount
        var nullCount = 0
        switch vectors.first?.physicalType {
        case .string?:
            var values: [StringReference] = []
            for vector in vectors {
                collect(vector, into: &values, &nullCount)
            }
            let learned = Self.learn(values, nullCount, bitCount)
            steps = .texts(learned.steps, keeping: vectors)
            ranks = learned.ranks
        case .int128?:
            var values: [Int128] = []
            for vector in vectors { collect(vector, into: &values, &nullCount) }
            let learned = Self.learn(values, nullCount, bitCount)
            steps = .wide(learned.steps)
            ranks = learned.ranks
        default:
            var values: [Int64] = []
            for vector in vectors { collect(vector.orderedWords, into: &values, &nullCount) }
            let learned = Self.learn(values, nullCount, bitCount)
            steps = .words(learned.steps)
            ranks = learned.ranks
        }
    }

    /// Finds the values at which the rank grows.
    private static func learn<Element: RankedElement>(
        _ values: [Element], _ nullCount: Int, _ bitCount: Int
    ) -> (steps: [Element], ranks: [UInt16]) {
        let sorted = values.sorted { $0.precedes($1) }
        let total = max(1, sorted.count + nullCount)
        func rank(_ place: Int) -> UInt16 { UInt16((place << bitCount) / total) }
        var steps: [Element] = []
        var ranks = [rank(nullCount)]
        for place in sorted.indices.dropFirst() where sorted[place - 1].precedes(sorted[place]) {
            let next = rank(nullCount + place)
            guard next > ranks[ranks.count - 1] else { continue }
            steps.append(sorted[place])
            ranks.append(next)
        }
        return (steps, ranks)
    }

    /// Ranks values; NULL is 0.
    package func ranks(of vector: Vector, as type: PhysicalType) -> Vector {
        let result = Vector(uninitialized: .int16, count: vector.count)
        let target = result.pointer(to: UInt16.self)
        switch steps {
        case .words(let steps): fill(target, vector.orderedWords, steps, ranks)
        case .wide(let steps): fill(target, vector.withIntegerLayout(.int128), steps, ranks)
        case .texts(let steps, keeping: _): fill(target, vector, steps, ranks)
        }
        return result.withIntegerLayout(type)
    }
}

/// Is what ranks are found of.
private protocol RankedElement: BitwiseCopyable {
    func precedes(_ other: Self) -> Bool
}

extension Int64: RankedElement {
    @inline(__always)
    fileprivate func precedes(_ other: Int64) -> Bool { self < other }
}

extension Int128: RankedElement {
    @inline(__always)
    fileprivate func precedes(_ other: Int128) -> Bool { self < other }
}

extension StringReference: RankedElement {
    @inline(__always)
    fileprivate func precedes(_ other: StringReference) -> Bool { self < other }
}

/// Adds the values of a vector and counts its NULLs.
private func collect<Element: RankedElement>(
    _ vector: Vector, into values: inout [Element], _ nullCount: inout Int
) {
    let view = DecodedVector(vector)
    for row in 0..<vector.count {
        if view.isValid(row) {
            values.append(view.value(row, as: Element.self))
        } else {
            nullCount += 1
        }
    }
}

/// Finds the rank of each value by halving.
private func fill<Element: RankedElement>(
    _ target: UnsafeMutablePointer<UInt16>, _ vector: Vector, _ steps: [Element],
    _ ranks: [UInt16]
) {
    let view = DecodedVector(vector)
    steps.withUnsafeBufferPointer { steps in
        ranks.withUnsafeBufferPointer { ranks in
            for row in 0..<vector.count {
                guard view.isValid(row) else {
                    target[row] = 0
                    continue
                }
                let value = view.value(row, as: Element.self)
                var (low, length) = (0, steps.count)
                while length > 0 {
                    let half = length &>> 1
                    let isBehind = !value.precedes(steps[low &+ half])
                    low = isBehind ? low &+ half &+ 1 : low
                    length = isBehind ? length &- half &- 1 : half
                }
                target[row] = ranks[low]
            }
        }
    }
}

extension Vector {
    /// Numbers of 64 bits in the order of the values, which are integers or floating point.
    fileprivate var orderedWords: Vector {
        switch physicalType {
        case .float64: ordered(Double.self) { $0 }
        case .float32: ordered(Float.self) { Double($0) }
        default: withIntegerLayout(.int64)
        }
    }

    private func ordered<Number: BitwiseCopyable>(
        _ type: Number.Type, _ widened: (Number) -> Double
    ) -> Vector {
        let view = DecodedVector(self)
        var result = Vector(uninitialized: .int64, count: count)
        let target = result.pointer(to: Int64.self)
        for row in 0..<count {
            let bits = Int64(bitPattern: widened(view.value(row, as: Number.self)).bitPattern)
            target[row] = bits ^ ((bits &>> 63) & .max)
        }
        if let validity {
            guard isConstant else {
                result.validity = validity
                return result
            }
            result.validity = Validity(count: count, allValid: validity.isValid(0))
        }
        return result
    }
}
