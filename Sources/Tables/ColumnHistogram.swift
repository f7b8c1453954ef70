// How the values of a column are spread: those that come most often, each with its share of the rows,
// and for all others the ends of buckets that hold equally many rows. Segments and ANALYZE TABLE make
// it of a sample; it serves estimates only.

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
        self.init(
            runs: runs.map(\.count), distinctCount: distinctCount, bucketCount: bucketCount,
            heavyCount: heavyCount
        ) { sorted[runs[$0].start] }
    }

    /// Describes a sample of which the counts of equal values are given, ascending by value; a value
    /// that came fewer times than `heavyLeast` is not heavy where there are more than `heavyCount`.
    package init?(
        runs counts: [Int], distinctCount: Int?, bucketCount: Int, heavyCount: Int,
        heavyLeast: Int = 2, value: (Int) -> Value
    ) {
        guard !counts.isEmpty else { return nil }
        let total = counts.reduce(0, +)
        // Heavy is what comes clearly more often than others do.
        let least = max(heavyLeast, total * 5 / (counts.count * 4))
        let heavyRuns =
            counts.count <= heavyCount
            ? Array(counts.indices) : counts.indices.filter { counts[$0] >= least }
        let chosen = heavyRuns.sorted { counts[$0] > counts[$1] }.prefix(heavyCount)
        heavy = chosen.map {
            HeavyHitter(value: value($0), share: Double(counts[$0]) / Double(total))
        }
        let isChosen = Set(chosen)
        let others = counts.indices.filter { !isChosen.contains($0) }
        ends = []
        otherDistinctCount = max(
            counts.count - chosen.count, (distinctCount ?? counts.count) - chosen.count)
        guard let first = others.first else { return }
        ends.append(value(first))
        let otherTotal = others.reduce(0) { $0 + counts[$1] }
        let buckets = min(max(1, bucketCount), otherTotal)
        var passed = 0
        for run in others {
            passed += counts[run]
            while ends.count <= buckets, otherTotal * ends.count / buckets <= passed {
                ends.append(value(run))
            }
        }
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
