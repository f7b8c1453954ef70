// The histogram of several segments together. A bucket of a segment counts as a point, the value at
// its end, that weighs as much as the rows in it; a segment without a histogram has its values spread
// evenly between its bounds. The points of all, in order, are cut into buckets of equal weight.

import StarlingTypes

extension ColumnHistogram {
    private static let evenPointCount = 16
    /// Less than a bucket of rows is worth no entry of its own.
    private static let heavyShareMin = 1.0 / 256

    /// Is what a segment knows of a column.
    package struct Part {
        package var histogram: ColumnHistogram?
        package var low: Value?
        package var high: Value?
        /// The rows that have a value.
        package var valueCount: Int

        package init(histogram: ColumnHistogram?, low: Value?, high: Value?, valueCount: Int) {
            self.histogram = histogram
            self.low = low
            self.high = high
            self.valueCount = valueCount
        }
    }

    /// Is a value that rows of some weight end at.
    private struct Point {
        var value: Value
        var weight: Double
    }

    /// Puts together what segments know; nil where they know nothing.
    package init?(merging parts: [Part], distinctCount: Int?) {
        var points: [Point] = []
        var heavyWeights: [Value: Double] = [:]
        var total = 0.0
        for part in parts where part.valueCount > 0 {
            let weight = Double(part.valueCount)
            guard let histogram = part.histogram else {
                let even = Self.evenPoints(part, weight)
                if !even.isEmpty { total += weight }
                points += even
                continue
            }
            total += weight
            for hitter in histogram.heavy {
                heavyWeights[hitter.value, default: 0] += hitter.share * weight
            }
            points += histogram.points(weight)
        }
        guard total > 0 else { return nil }
        let heaviest = heavyWeights.sorted {
            $0.value == $1.value ? $0.key.precedes($1.key) : $0.value > $1.value
        }
        let isListed = heaviest.count <= Self.heavyCountDefault && points.isEmpty
        heavy = []
        for (value, weight) in heaviest {
            if heavy.count < Self.heavyCountDefault,
                isListed || weight >= total * Self.heavyShareMin
            {
                heavy.append(HeavyHitter(value: value, share: weight / total))
            } else {
                points.append(Point(value: value, weight: weight))
            }
        }
        otherDistinctCount = max(0, (distinctCount ?? points.count) - heavy.count)
        ends = Self.ends(of: points)
    }

    /// The buckets as points.
    private func points(_ weight: Double) -> [Point] {
        guard ends.count > 1 else { return [] }
        let heavyShare = heavy.reduce(0) { $0 + $1.share }
        let each = max(0, 1 - heavyShare) * weight / Double(ends.count - 1)
        // The first end has nothing below it, but is where the rows begin.
        return [Point(value: ends[0], weight: 0)]
            + ends.dropFirst().map { Point(value: $0, weight: each) }
    }

    /// Points between the bounds of numbers.
    private static func evenPoints(_ part: Part, _ weight: Double) -> [Point] {
        let count = evenPointCount
        let each = weight / Double(count)
        switch (part.low, part.high) {
        case (.integer(let low), .integer(let high)) where low <= high:
            let (width, isOver) = high.subtractingReportingOverflow(low)
            guard !isOver else { return [] }
            return [Point(value: .integer(low), weight: 0)]
                + (1...count).map { place in
                    let (whole, rest) = width.quotientAndRemainder(dividingBy: Int128(count))
                    let step = whole * Int128(place) + rest * Int128(place) / Int128(count)
                    return Point(value: .integer(low + step), weight: each)
                }
        case (.floating(let low), .floating(let high)) where (high - low).isFinite && low <= high:
            return [Point(value: .floating(low), weight: 0)]
                + (1...count).map { place in
                    let value = low + (high - low) * Double(place) / Double(count)
                    return Point(value: .floating(value), weight: each)
                }
        default: return []
        }
    }

    /// Cuts points into buckets of equal weight.
    private static func ends(of points: [Point]) -> [Value] {
        let sorted = points.sorted { $0.value.precedes($1.value) }
        guard let first = sorted.first else { return [] }
        let total = sorted.reduce(0) { $0 + $1.weight }
        let count = Double(min(bucketCountDefault, sorted.count))
        var ends = [first.value]
        var passed = 0.0
        for point in sorted {
            passed += point.weight
            // A little less, since weights are sums of fractions.
            while Double(ends.count) <= count,
                passed >= total * Double(ends.count) / count * (1 - 1e-9), total > 0
            {
                ends.append(point.value)
            }
        }
        return ends
    }
}
