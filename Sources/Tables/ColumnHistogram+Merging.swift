// The histogram of several segments together. Numbers of a bucket are spread evenly between its ends, as
// those of a segment without a histogram are between its bounds: all these stretches are gone through
// in order, and cut where equal shares of the rows have passed. Of strings, which have no distances, a
// bucket counts as a point at its end.

import StarlingTypes

extension ColumnHistogram {
    /// Less than so much is worth no entry of its own.
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

        /// The stretches that have the values which are not heavy; none where nothing is known.
        fileprivate var stretches: [Stretch] {
            guard let histogram else {
                guard let low, let high, low.number != nil else { return [] }
                return [Stretch(low: low, high: high, weight: Double(valueCount))]
            }
            let ends = histogram.ends
            guard ends.count > 1 else { return [] }
            let heavyShare = histogram.heavy.reduce(0) { $0 + $1.share }
            let each = max(0, 1 - heavyShare) * Double(valueCount) / Double(ends.count - 1)
            return zip(ends, ends.dropFirst()).map {
                Stretch(low: $0, high: $1, weight: each)
            }
        }
    }

    /// Is where rows of some weight have their values.
    fileprivate struct Stretch {
        var low: Value
        var high: Value
        var weight: Double
    }

    /// Puts together what segments know; nil where they know nothing.
    package init?(merging parts: [Part], distinctCount: Int?) {
        var stretches: [Stretch] = []
        var weights: [Value: Double] = [:]
        var total = 0.0
        for part in parts where part.valueCount > 0 {
            let own = part.stretches
            guard part.histogram != nil || !own.isEmpty else { continue }
            total += Double(part.valueCount)
            stretches += own
            for hitter in part.histogram?.heavy ?? [] {
                weights[hitter.value, default: 0] += hitter.share * Double(part.valueCount)
            }
        }
        guard total > 0 else { return nil }
        let heaviest = weights.sorted {
            $0.value == $1.value ? $0.key.precedes($1.key) : $0.value > $1.value
        }
        let areAll = heaviest.count <= Self.heavyCountDefault && stretches.isEmpty
        heavy = []
        for (value, weight) in heaviest {
            let isHeavy = areAll || weight >= total * Self.heavyShareMin
            if isHeavy, heavy.count < Self.heavyCountDefault {
                heavy.append(HeavyHitter(value: value, share: weight / total))
            } else {
                stretches.append(Stretch(low: value, high: value, weight: weight))
            }
        }
        otherDistinctCount = max(0, (distinctCount ?? stretches.count) - heavy.count)
        let areNumbers = stretches.allSatisfy { $0.low.number != nil }
        ends = areNumbers ? Self.ends(ofNumbers: stretches) : Self.ends(ofStrings: stretches)
    }

    /// Cuts strings into buckets of equal weight.
    private static func ends(ofStrings stretches: [Stretch]) -> [Value] {
        guard var low = stretches.first?.low else { return [] }
        var points: [Value: Double] = [:]
        for stretch in stretches {
            if stretch.low.precedes(low) { low = stretch.low }
            points[stretch.high, default: 0] += stretch.weight
        }
        let total = points.values.reduce(0, +)
        let count = min(bucketCountDefault, points.count)
        var ends = [low]
        var passed = 0.0
        for point in points.sorted(by: { $0.key.precedes($1.key) }) {
            passed += point.value
            // A little less, since weights are sums of fractions.
            while ends.count <= count,
                passed >= total * Double(ends.count) / Double(count) * (1 - 1e-9)
            {
                ends.append(point.key)
            }
        }
        return ends
    }

    /// Cuts numbers into buckets of equal weight.
    private static func ends(ofNumbers stretches: [Stretch]) -> [Value] {
        // Where weight begins to be spread, ends to be, or lies.
        var events: [(place: Double, slope: Double, jump: Double)] = []
        for stretch in stretches {
            guard let low = stretch.low.number, let high = stretch.high.number else { continue }
            let slope = stretch.weight / (high - low)
            if low < high, (high - low).isFinite, slope.isFinite {
                events.append((low, slope, 0))
                events.append((high, -slope, 0))
            } else {
                events.append((low, 0, stretch.weight))
            }
        }
        events.sort { $0.place < $1.place }
        guard let first = events.first else { return [] }
        let total = stretches.reduce(0) { $0 + $1.weight }
        let like = stretches[0].low
        var ends = [like.like(first.place)]
        var (place, slope, passed) = (first.place, 0.0, 0.0)
        func target() -> Double {
            total * Double(ends.count) / Double(bucketCountDefault) * (1 - 1e-9)
        }
        for event in events {
            // Nothing times an endless way would be no number.
            let more = slope > 0 ? slope * (event.place - place) : 0
            while ends.count <= bucketCountDefault, target() <= passed + more, slope > 0 {
                ends.append(like.like(place + (target() - passed) / slope))
            }
            passed += more + event.jump
            while ends.count <= bucketCountDefault, target() <= passed {
                ends.append(like.like(event.place))
            }
            (place, slope) = (event.place, slope + event.slope)
        }
        return ends
    }
}

extension Value {
    fileprivate var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .floating(let number): number
        default: nil
        }
    }

    /// A number of the same kind.
    fileprivate func like(_ number: Double) -> Value {
        if case .integer = self {
            .integer(Int128(exactly: number.rounded()) ?? .max)
        } else {
            .floating(number)
        }
    }
}
