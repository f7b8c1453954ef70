// How the values of a column are spread: those that come most often, each with its share of the rows,
// and for all others the ends of buckets that hold equally many rows. ANALYZE TABLE makes it of a
// sample; it serves estimates only.

import StarlingTypes

/// Holds what shares of a column's rows have which values; NULLs are left out.
package struct ColumnHistogram: Sendable, Hashable {
    /// Is a value that comes often, and its share of all rows that have a value.
    package struct HeavyHitter: Sendable, Hashable {
        package var value: Value
        package var share: Double

        package init(value: Value, share: Double) {
            self.value = value
            self.share = share
        }
    }

    package static let bucketCountDefault = 64
    package static let heavyCountDefault = 100

    /// The most frequent first.
    package var heavy: [HeavyHitter]
    /// The least of the other values, then the largest of each bucket, ascending.
    package var ends: [Value]
    /// How many distinct values there are besides the heavy ones.
    package var otherDistinctCount: Int

    package init(heavy: [HeavyHitter], ends: [Value], otherDistinctCount: Int) {
        self.heavy = heavy
        self.ends = ends
        self.otherDistinctCount = otherDistinctCount
    }

    /// Describes a sample of values that are not NULL and order against each other; nil where there
    /// are none. `distinctCount` estimates those of all rows.
    package init?(
        of sample: [Value], distinctCount: Int?, bucketCount: Int = bucketCountDefault,
        heavyCount: Int = heavyCountDefault
    ) {
        let sorted = sample.filter { $0.order(to: $0) != nil }.sorted { $0.precedes($1) }
        guard !sorted.isEmpty else { return nil }
        var runs: [(start: Int, count: Int)] = []
        for place in sorted.indices {
            if let last = runs.last, sorted[last.start] == sorted[place] {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((place, 1))
            }
        }
        // Heavy is what comes clearly more often than others do.
        let least = max(2, sorted.count * 5 / (runs.count * 4))
        let heavyRuns =
            runs.count <= heavyCount
            ? runs : runs.filter { $0.count >= least }
        let chosen = heavyRuns.sorted { $0.count > $1.count }.prefix(heavyCount)
        heavy = chosen.map {
            HeavyHitter(
                value: sorted[$0.start], share: Double($0.count) / Double(sorted.count))
        }
        let heavyStarts = Set(chosen.map(\.start))
        let others = runs.filter { !heavyStarts.contains($0.start) }.flatMap {
            sorted[$0.start..<($0.start + $0.count)]
        }
        ends = []
        otherDistinctCount = max(
            runs.count - chosen.count, (distinctCount ?? runs.count) - chosen.count)
        guard let first = others.first else { return }
        ends.append(first)
        let count = min(max(1, bucketCount), others.count)
        for bucket in 1...count { ends.append(others[others.count * bucket / count - 1]) }
    }

    private var heavyShare: Double { heavy.reduce(0) { $0 + $1.share } }

    /// The share of rows that have a value.
    package func share(equalTo value: Value) -> Double {
        if let known = heavy.first(where: { $0.value.order(to: value) == 0 }) { return known.share }
        guard let low = ends.first, let high = ends.last, !value.precedes(low),
            !high.precedes(value)
        else { return 0 }
        return max(0, 1 - heavyShare) / Double(max(1, otherDistinctCount))
    }

    /// The share of rows whose values lie below one, or are it where `isIncluded`; nil where it does
    /// not order against them.
    package func share(below value: Value, isIncluded: Bool) -> Double? {
        guard let sample = ends.first ?? heavy.first?.value, sample.order(to: value) != nil else {
            return nil
        }
        var share = 0.0
        for hitter in heavy {
            let order = hitter.value.order(to: value) ?? 1
            if order < 0 || (order == 0 && isIncluded) { share += hitter.share }
        }
        return min(1, share + max(0, 1 - heavyShare) * position(of: value))
    }

    /// Where a value stands among the ends of buckets, from 0 to 1.
    private func position(of value: Value) -> Double {
        guard let low = ends.first, let high = ends.last, low.precedes(value) else { return 0 }
        guard value.precedes(high) else { return 1 }
        let bucket = ends.dropFirst().firstIndex { !$0.precedes(value) } ?? ends.count - 1
        let within = Self.fraction(of: value, between: ends[bucket - 1], and: ends[bucket])
        return (Double(bucket - 1) + within) / Double(ends.count - 1)
    }

    private static func fraction(of value: Value, between low: Value, and high: Value) -> Double {
        switch (low, value, high) {
        case (.integer(let low), .integer(let value), .integer(let high)) where low < high:
            (Double(value) - Double(low)) / (Double(high) - Double(low))
        case (.floating(let low), .floating(let value), .floating(let high)) where low < high:
            (high - low).isFinite ? (value - low) / (high - low) : 0.5
        default: 0.5
        }
    }
}
