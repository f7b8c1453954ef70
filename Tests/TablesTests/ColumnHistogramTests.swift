// Histograms tell shares of rows: of what comes often exactly, of the rest by buckets.

import StarlingTables
import StarlingTypes
import Testing

@Suite struct ColumnHistogramTests {
    private func numbers(_ numbers: some Sequence<Int>) -> [Value] {
        numbers.map { .integer(Int128($0)) }
    }

    @Test func heavyHittersAreExact() throws {
        // 900 times 7, and the numbers from 1000 to 1999 a hundred times less often each.
        let sample = numbers(Array(repeating: 7, count: 900)) + numbers(1_000..<2_000)
        let histogram = try #require(ColumnHistogram(of: sample, distinctCount: nil))
        #expect(histogram.heavy.map(\.value) == [.integer(7)])
        #expect(abs(histogram.share(equalTo: .integer(7)) - 900.0 / 1_900) < 1e-9)
        #expect(abs(histogram.share(equalTo: .integer(1_500)) - 1.0 / 1_900) < 1e-9)
        #expect(histogram.share(equalTo: .integer(3)) == 0)
        let below = try #require(
            histogram.share(below: .integer(1_500), isIncluded: false))
        #expect(abs(below - 1_400.0 / 1_900) < 0.01)
    }

    @Test func fewValuesAreAllKnown() throws {
        let histogram = try #require(
            ColumnHistogram(of: numbers([1, 1, 1, 2, 2, 3]), distinctCount: 3))
        #expect(histogram.ends.isEmpty)
        #expect(histogram.share(equalTo: .integer(1)) == 0.5)
        #expect(histogram.share(below: .integer(2), isIncluded: false) == 0.5)
        let all = try #require(histogram.share(below: .integer(3), isIncluded: true))
        #expect(abs(all - 1) < 1e-9)
        #expect(histogram.share(equalTo: .integer(9)) == 0)
        #expect(histogram.share(below: .text("x"), isIncluded: true) == nil)
    }

    @Test func textsAreInBuckets() throws {
        let sample = (0..<1_000).map { Value.text("name \(1_000 + $0)") }
        let histogram = try #require(
            ColumnHistogram(of: sample, distinctCount: 1_000, bucketCount: 10))
        #expect(histogram.ends.count == 11)
        let below = try #require(histogram.share(below: .text("name 1500"), isIncluded: false))
        #expect(abs(below - 0.5) <= 0.1)
        #expect(histogram.share(below: .text("a"), isIncluded: false) == 0)
        #expect(histogram.share(below: .text("z"), isIncluded: false) == 1)
    }

    @Test func whatHasNoOrderIsLeftOut() {
        #expect(ColumnHistogram(of: [.floating(.nan), .null], distinctCount: nil) == nil)
    }

    private func part(_ histogram: ColumnHistogram?, _ low: Int, _ high: Int, _ rows: Int)
        -> ColumnHistogram.Part
    {
        ColumnHistogram.Part(
            histogram: histogram, low: .integer(Int128(low)), high: .integer(Int128(high)),
            valueCount: rows)
    }

    /// A segment in which 7 is half of 1,000 rows, and one of 3,000 rows from 0 to 9,999.
    @Test func segmentsArePutTogetherByTheirRows() throws {
        let skewed = try #require(
            ColumnHistogram(
                of: numbers(Array(repeating: 7, count: 500)) + numbers(0..<500),
                distinctCount: 500))
        let merged = try #require(
            ColumnHistogram(
                merging: [part(skewed, 0, 499, 1_000), part(nil, 0, 9_999, 3_000)],
                distinctCount: 10_000))
        #expect(merged.heavy.map(\.value) == [.integer(7)])
        #expect(abs(merged.share(equalTo: .integer(7)) - 501.0 / 4_000) < 1e-3)
        let below = try #require(merged.share(below: .integer(5_000), isIncluded: false))
        #expect(abs(below - (1_000 + 1_500) / 4_000.0) < 0.03)
        let all = try #require(merged.share(below: .integer(10_000), isIncluded: false))
        #expect(abs(all - 1) < 1e-9)
        #expect(merged.share(equalTo: .integer(20_000)) == 0)
    }

    /// What is most of one segment is little of a table of many.
    @Test func clusteredValuesAreNotHeavy() throws {
        let parts = try (0..<1_000).map { value in
            let own = try #require(
                ColumnHistogram(of: numbers(Array(repeating: value, count: 10)), distinctCount: 1))
            return part(own, value, value, 100)
        }
        let merged = try #require(ColumnHistogram(merging: parts, distinctCount: 1_000))
        #expect(merged.heavy.isEmpty && merged.ends.count > 32)
        let below = try #require(merged.share(below: .integer(250), isIncluded: false))
        #expect(abs(below - 0.25) < 0.02)
        #expect(abs(merged.share(equalTo: .integer(500)) - 0.001) < 1e-9)
    }

    @Test func whatIsEndlessIsAPoint() throws {
        let endless = ColumnHistogram.Part(
            histogram: nil, low: .floating(-.infinity), high: .floating(.infinity), valueCount: 10)
        let finite = ColumnHistogram.Part(
            histogram: nil, low: .floating(0), high: .floating(100), valueCount: 990)
        let merged = try #require(
            ColumnHistogram(merging: [endless, finite], distinctCount: 1_000))
        let below = try #require(merged.share(below: .floating(50), isIncluded: false))
        #expect(abs(below - 0.505) < 0.02)
    }

    @Test func nothingIsKnownOfNothing() {
        #expect(ColumnHistogram(merging: [], distinctCount: nil) == nil)
        let texts = ColumnHistogram.Part(
            histogram: nil, low: .text("a"), high: .text("b"), valueCount: 5)
        #expect(ColumnHistogram(merging: [texts], distinctCount: nil) == nil)
    }
}
