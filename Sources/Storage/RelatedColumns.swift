// Which columns of a segment follow from others: the days on which something was ordered, sent and
// delivered lie near to each other, what a position of an invoice costs is a multiple of its quantity.
// Differences, and factors, take fewer bits than the values.

import StarlingBlocks
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Chooses for columns the ones that their values are written in relation to.
struct RelatedColumns {
    /// Reading two columns for one has to save so many bits of a number.
    private static let bitsSavedMin = 3
    /// Shorter segments are read more often than they are worth packing well.
    private static let rowCountMin = 16_384
    private static let stretchCount = 8
    private static let stretchLength = 128

    /// The position of the other column, by the position of the one that is written in relation to it.
    /// No column is both.
    private(set) var bases: [Int: Int] = [:]

    init() {}

    /// Looks at a few stretches of all columns of a segment.
    init(_ columns: [Vector], rowCount: Int) {
        guard rowCount >= Self.rowCountMin else { return }
        let samples = columns.map { Sample($0, rowCount: rowCount) }
        var found: [(position: Int, base: Int, bitsSaved: Int)] = []
        for (position, sample) in samples.enumerated() {
            guard let sample else { continue }
            let widths = (0..<Self.stretchCount).map {
                Self.width(of: sample.numbers[Self.rows(ofStretch: $0)])
            }
            guard widths.reduce(0, +) >= Self.bitsSavedMin * Self.stretchCount else { continue }
            for (base, other) in samples.enumerated() where base != position {
                guard let other, !other.hasNulls else { continue }
                let bitsSaved = max(
                    Self.bitsSaved(widths, sample) { sample.numbers[$0] &- other.numbers[$0] },
                    Self.bitsSaved(widths, sample) { sample.factor($0, of: other) })
                guard bitsSaved >= Self.bitsSavedMin * Self.stretchCount else { continue }
                found.append((position, base, bitsSaved))
            }
        }
        // Of two that say the same of each other the first is the base.
        found.sort { ($1.bitsSaved, $0.base) < ($0.bitsSaved, $1.base) }
        for pair in found where bases[pair.position] == nil && bases[pair.base] == nil {
            guard !bases.values.contains(pair.position) else { continue }
            bases[pair.position] = pair.base
        }
    }

    /// Adds up what other numbers save in each stretch, unless they save nothing in the first, or there
    /// is none for a row.
    private static func bitsSaved(
        _ widths: [Int], _ sample: Sample, numbers: (Int) -> Int64?
    ) -> Int {
        var sum = 0
        var found: [Int64] = []
        for stretch in 0..<stretchCount {
            found.removeAll(keepingCapacity: true)
            for row in rows(ofStretch: stretch) where sample.isValid[row] {
                guard let number = numbers(row) else { return 0 }
                found.append(number)
            }
            sum += widths[stretch] - width(of: found[...])
            if sum <= 0 { return 0 }
        }
        return sum
    }

    private static func rows(ofStretch stretch: Int) -> Range<Int> {
        (stretch * stretchLength)..<((stretch + 1) * stretchLength)
    }

    /// Is what stands in the stretches of a column of integers; under NULLs, what stands before them.
    private struct Sample {
        private(set) var numbers: [Int64] = []
        private(set) var isValid: [Bool] = []
        let hasNulls: Bool
        /// Divides all numbers; nil where they are all zero.
        private var unit: Int64?

        init?(_ column: Vector, rowCount: Int) {
            guard column.physicalType.isInteger, column.physicalType != .int128 else { return nil }
            hasNulls = column.validity != nil
            numbers.reserveCapacity(stretchCount * stretchLength)
            for stretch in 0..<stretchCount {
                // Slices begin where words of validity do.
                let start = rowCount / stretchCount / stretchLength * stretchLength * stretch
                let window = column.slice(from: start, count: stretchLength)
                    .withIntegerLayout(.int64)
                let values = window.pointer(to: Int64.self)
                withExtendedLifetime(window) {
                    var last =
                        (0..<stretchLength).first(where: window.isValid).map { values[$0] } ?? 0
                    for row in 0..<stretchLength {
                        if window.isValid(row) { last = values[row] }
                        numbers.append(last)
                        isValid.append(window.isValid(row))
                    }
                }
            }
            unit = numbers.withUnsafeBufferPointer { ProductRelation.unit(of: $0) }
        }

        /// The factor that makes the number of a row of that of another column; nil where there is
        /// none.
        func factor(_ row: Int, of other: Sample) -> Int64? {
            guard let unit = other.unit else { return nil }
            return ProductRelation.factor(of: numbers[row], other.numbers[row], unit: unit, or: 0)
        }
    }

    /// The bits that a number of a stretch takes above the least one, or, if these are fewer, that its
    /// difference to the one before takes.
    private static func width(of numbers: ArraySlice<Int64>) -> Int {
        guard var last = numbers.first else { return 0 }
        var (low, high) = (last, last)
        var (leastDelta, largestDelta) = (Int64.max, Int64.min)
        for number in numbers.dropFirst() {
            (low, high) = (min(low, number), max(high, number))
            leastDelta = min(leastDelta, number &- last)
            largestDelta = max(largestDelta, number &- last)
            last = number
        }
        return min(
            UInt64(bitPattern: high &- low).bitWidthUsed,
            UInt64(bitPattern: largestDelta &- leastDelta).bitWidthUsed)
    }
}

extension UInt64 {
    /// The bits up to the highest one that is set.
    fileprivate var bitWidthUsed: Int { 64 - leadingZeroBitCount }
}
