// Which columns of a segment lie near to others, as the days on which something was ordered, sent and
// delivered do: the differences take fewer bits than the values.

import StarlingBlocks
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Chooses for columns the ones that their values are written as differences to.
struct NearbyColumns {
    /// Reading two columns for one has to save so many bits of a number.
    private static let bitsSavedMin = 3
    /// Shorter segments are read more often than they are worth packing well.
    private static let rowCountMin = 16_384
    private static let stretchCount = 8
    private static let stretchLength = 128

    /// The position of the other column, by the position of the one whose differences are written.
    /// No column is both.
    private(set) var bases: [Int: Int] = [:]

    init() {}

    /// Looks at a few stretches of all columns of a segment.
    init(_ columns: [Vector], rowCount: Int) {
        guard rowCount >= Self.rowCountMin else { return }
        let samples = columns.map { Self.sample($0, rowCount: rowCount) }
        let others = samples.map { $0.flatMap { $0.hasNulls ? nil : $0.numbers } }
        var found: [(position: Int, base: Int, bitsSaved: Int)] = []
        for (position, sample) in samples.enumerated() {
            guard let own = sample?.numbers else { continue }
            let widths = (0..<Self.stretchCount).map { Self.width(ofStretch: $0, of: own) }
            guard widths.reduce(0, +) >= Self.bitsSavedMin * Self.stretchCount else { continue }
            for (base, other) in others.enumerated() where base != position {
                guard let other else { continue }
                let bitsSaved = Self.bitsSaved(widths, own, other)
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

    /// Adds up what differences save in each stretch, unless they save nothing in the first.
    private static func bitsSaved(_ widths: [Int], _ own: [Int64], _ other: [Int64]) -> Int {
        var sum = 0
        for stretch in 0..<stretchCount {
            sum += widths[stretch] - width(ofStretch: stretch, of: own, without: other)
            if sum <= 0 { return 0 }
        }
        return sum
    }

    /// Is what stands in the stretches of a column of integers.
    private struct Sample {
        var numbers: [Int64]
        var hasNulls: Bool
    }

    private static func sample(_ column: Vector, rowCount: Int) -> Sample? {
        guard column.physicalType.isInteger, column.physicalType != .int128 else { return nil }
        var numbers: [Int64] = []
        numbers.reserveCapacity(stretchCount * stretchLength)
        for stretch in 0..<stretchCount {
            // Slices begin where words of validity do.
            let start = rowCount / stretchCount / stretchLength * stretchLength * stretch
            let window = column.slice(from: start, count: stretchLength)
                .withIntegerLayout(.int64)
            let values = window.pointer(to: Int64.self)
            withExtendedLifetime(window) {
                var last = (0..<stretchLength).first(where: window.isValid).map { values[$0] } ?? 0
                for row in 0..<stretchLength {
                    if window.isValid(row) { last = values[row] }
                    numbers.append(last)
                }
            }
        }
        return Sample(numbers: numbers, hasNulls: column.validity != nil)
    }

    /// The bits that a number of a stretch takes above the least one, or, if these are fewer, that its
    /// difference to the one before takes.
    private static func width(
        ofStretch stretch: Int, of own: [Int64], without other: [Int64]? = nil
    ) -> Int {
        var (low, high) = (Int64.max, Int64.min)
        var (leastDelta, largestDelta) = (Int64.max, Int64.min)
        var last: Int64?
        for place in (stretch * stretchLength)..<((stretch + 1) * stretchLength) {
            let number = own[place] &- (other?[place] ?? 0)
            (low, high) = (min(low, number), max(high, number))
            if let last {
                leastDelta = min(leastDelta, number &- last)
                largestDelta = max(largestDelta, number &- last)
            }
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
