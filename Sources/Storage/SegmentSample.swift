// How the values of a column of a segment are spread, found of a sample of its rows. Where numbers are
// spread evenly between their bounds there is nothing to be kept.

import StarlingTables
import StarlingTypes
import StarlingVectors

/// Makes histograms of samples.
enum SegmentSample {
    private static let rowCount = 1_024
    /// Of fewer rows a sample says little, and they are soon packed together with others.
    private static let rowCountMin = 2 * rowCount
    private static let bucketCount = 16
    private static let heavyCount = 16
    /// A value that comes more seldom in a sample may do so by chance.
    private static let heavyLeast = 8
    /// How far evenly spread values of a sample lie from where they would, hardly ever more.
    private static let evenDistance = 0.06
    /// The bytes of ends of buckets, and the longest strings that are heavy.
    private static let endByteCount = 24
    private static let heavyByteCountMax = 64

    /// Describes the values of a vector; nil where they are evenly spread, or few.
    static func histogram(of vector: Vector, _ statistics: ColumnStatistics) -> ColumnHistogram? {
        guard vector.count >= rowCountMin else { return nil }
        let view = DecodedVector(vector)
        defer { withExtendedLifetime(vector) {} }
        switch vector.physicalType {
        case .int8: return numbers(view, Int8.self, statistics) { .integer(Int128($0)) }
        case .int16: return numbers(view, Int16.self, statistics) { .integer(Int128($0)) }
        case .int32: return numbers(view, Int32.self, statistics) { .integer(Int128($0)) }
        case .int64: return numbers(view, Int64.self, statistics) { .integer(Int128($0)) }
        case .int128: return numbers(view, Int128.self, statistics) { .integer($0) }
        case .float32: return numbers(view, Float.self, statistics) { .floating(Double($0)) }
        case .float64: return numbers(view, Double.self, statistics) { .floating($0) }
        case .string: return texts(view, statistics)
        case .list, .structure: return nil
        }
    }

    /// Takes a row of each stretch of rows, now here, now there, so that no rhythm of the rows shows.
    private static func sample<Element: BitwiseCopyable>(
        _ view: DecodedVector, _ type: Element.Type
    ) -> [Element] {
        let step = view.count / rowCount
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        var values: [Element] = []
        values.reserveCapacity(rowCount)
        for place in 0..<rowCount {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let row = place * step + Int(truncatingIfNeeded: state >> 33) % step
            if view.isValid(row) { values.append(view.value(row)) }
        }
        return values
    }

    private static func numbers<Number: Comparable & BitwiseCopyable>(
        _ view: DecodedVector, _ type: Number.Type, _ statistics: ColumnStatistics,
        _ value: (Number) -> Value
    ) -> ColumnHistogram? {
        // NaNs are equal to nothing, themselves included.
        let sorted = sample(view, type).filter { $0 == $0 }.sorted()
        let runs = runs(sorted, ==)
        let known = runs.map { (value: value(sorted[$0.start]), count: $0.count) }
        if isEven(known, sorted.count, statistics) { return nil }
        return histogram(known.map(\.count), statistics) { known[$0].value }
    }

    private static func texts(
        _ view: DecodedVector, _ statistics: ColumnStatistics
    ) -> ColumnHistogram? {
        let sorted = sample(view, StringReference.self).sorted { $0 < $1 }
        let runs = runs(sorted, ==)
        let known = histogram(runs.map(\.count), statistics) {
            .bytes(sorted[runs[$0].start].bytes)
        }
        guard var histogram = known else { return nil }
        histogram.heavy.removeAll { $0.value.byteCount > heavyByteCountMax }
        histogram.ends = histogram.ends.map { $0.cut(to: endByteCount) }
        return histogram
    }

    /// Finds where equal values begin, and how many they are.
    private static func runs<Element>(
        _ sorted: [Element], _ areEqual: (Element, Element) -> Bool
    ) -> [(start: Int, count: Int)] {
        var runs: [(start: Int, count: Int)] = []
        for place in sorted.indices {
            if let last = runs.last, areEqual(sorted[last.start], sorted[place]) {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((place, 1))
            }
        }
        return runs
    }

    private static func histogram(
        _ counts: [Int], _ statistics: ColumnStatistics, _ value: (Int) -> Value
    ) -> ColumnHistogram? {
        let known = ColumnHistogram(
            runs: counts, distinctCount: statistics.estimatedDistinctCount,
            bucketCount: bucketCount, heavyCount: heavyCount, heavyLeast: heavyLeast,
            value: value)
        // The outermost values are seldom in a sample.
        guard var histogram = known, histogram.ends.count > 1 else { return known }
        if let low = statistics.low { histogram.ends[0] = low }
        if let high = statistics.high { histogram.ends[histogram.ends.count - 1] = high }
        return histogram
    }

    /// Tells whether the numbers of a sample are spread evenly between their bounds.
    private static func isEven(
        _ runs: [(value: Value, count: Int)], _ total: Int, _ statistics: ColumnStatistics
    ) -> Bool {
        guard let low = statistics.low, let high = statistics.high, total > 0 else { return false }
        var passed = 0
        var most = 0
        for run in runs {
            let expected = place(of: run.value, between: low, and: high)
            let before = Double(passed) / Double(total)
            let after = Double(passed + run.count) / Double(total)
            guard abs(before - expected.lower) <= evenDistance,
                abs(after - expected.upper) <= evenDistance
            else { return false }
            passed += run.count
            most = max(most, run.count)
        }
        let distinct = max(1, min(statistics.estimatedDistinctCount ?? total, total))
        return most < max(heavyLeast, 5 * total / (2 * distinct))
    }

    /// The shares of evenly spread values that lie below a value, and up to it.
    private static func place(
        of value: Value, between low: Value, and high: Value
    ) -> (lower: Double, upper: Double) {
        switch (value, low, high) {
        case (.integer(let value), .integer(let low), .integer(let high)):
            let width = Double(high) - Double(low) + 1
            let lower = (Double(value) - Double(low)) / width
            return (lower, lower + 1 / width)
        case (.floating(let value), .floating(let low), .floating(let high)) where low < high:
            let share = (value - low) / (high - low)
            return (share, share)
        default: return (0, 1)
        }
    }
}

extension Value {
    fileprivate var byteCount: Int { if case .bytes(let bytes) = self { bytes.count } else { 0 } }

    fileprivate func cut(to count: Int) -> Value {
        if case .bytes(let bytes) = self { .bytes(Array(bytes.prefix(count))) } else { self }
    }
}
