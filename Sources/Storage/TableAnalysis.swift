// What ANALYZE TABLE found: how the values of columns are spread. It is kept with the table and in the
// log, serves estimates, and stays when rows change.

import StarlingErrors
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Holds the histograms of a table's columns.
package struct TableAnalysis: Sendable, Hashable {
    /// When it was made, in microseconds since 1970.
    package var microseconds: Int64
    /// Whether all rows were looked at.
    package var isFull: Bool
    /// The rows that the table had.
    package var rowCount: Int
    /// By the numbers of columns.
    package var histograms: [UInt32: ColumnHistogram]

    package init(
        microseconds: Int64, isFull: Bool, rowCount: Int,
        histograms: [UInt32: ColumnHistogram] = [:]
    ) {
        self.microseconds = microseconds
        self.isFull = isFull
        self.rowCount = rowCount
        self.histograms = histograms
    }
}

extension ByteWriter {
    func append(_ analysis: TableAnalysis) {
        append(analysis.microseconds)
        append(UInt8(analysis.isFull ? 1 : 0))
        append(UInt64(analysis.rowCount))
        append(UInt32(analysis.histograms.count))
        for (number, histogram) in analysis.histograms.sorted(by: { $0.key < $1.key }) {
            append(number)
            append(histogram)
        }
    }

    func append(_ histogram: ColumnHistogram) {
        append(UInt64(histogram.otherDistinctCount))
        append(UInt32(histogram.heavy.count))
        for hitter in histogram.heavy {
            append(hitter.value)
            append(hitter.share)
        }
        append(UInt32(histogram.ends.count))
        for end in histogram.ends { append(end) }
    }
}

extension RecordReader {
    mutating func analysis() throws(StarlingError) -> TableAnalysis {
        var analysis = TableAnalysis(
            microseconds: try integer(Int64.self), isFull: try integer(UInt8.self) != 0,
            rowCount: try count())
        for _ in 0..<(try integer(UInt32.self)) {
            let number = try integer(UInt32.self)
            analysis.histograms[number] = try histogram()
        }
        return analysis
    }

    mutating func histogram() throws(StarlingError) -> ColumnHistogram {
        var histogram = ColumnHistogram(heavy: [], ends: [], otherDistinctCount: try count())
        for _ in 0..<(try integer(UInt32.self)) {
            let value = try value() ?? .null
            histogram.heavy.append(
                ColumnHistogram.HeavyHitter(
                    value: value, share: Double(bitPattern: try integer(UInt64.self))))
        }
        for _ in 0..<(try integer(UInt32.self)) { histogram.ends.append(try value() ?? .null) }
        return histogram
    }
}

extension NativeTable {
    /// Rows that lie together are read together.
    private static let windowRowCount = 256

    /// Gives the values that a column has in about `rowCount` rows from all over the table, ascending
    /// and without NULLs and NaNs; in all of them where there are no more.
    package func sample(ofColumn column: Int, rowCount: Int) throws(StarlingError) -> [Value] {
        let total = visible.reduce(0) { $0 + $1.rowCount }
        let step = max(1, total / max(1, rowCount)) * Self.windowRowCount
        let type = columns[column].type.widestPhysicalType
        var values: [Value] = []
        var next = 0
        for segment in visible {
            let block = SegmentColumnReader(segment.columns[column])
            while next < segment.rowCount {
                let rows = next..<min(next + Self.windowRowCount, segment.rowCount)
                let vector = try block.read(rows, as: type)
                for row in rows where segment.hidden?.contains(row) != true {
                    let value = vector.value(at: row - rows.lowerBound)
                    if !value.isNull { values.append(value) }
                }
                next += step
            }
            next -= segment.rowCount
        }
        return Self.sorted(values)
    }

    /// Sorts values of one kind, without asking each time of which.
    private static func sorted(_ values: [Value]) -> [Value] {
        switch values.first {
        case .integer: return values.compactMap(\.integer).sorted().map { .integer($0) }
        case .floating:
            let numbers = values.compactMap { value -> Double? in
                if case .floating(let number) = value, !number.isNaN { number } else { nil }
            }
            return numbers.sorted().map { .floating($0) }
        case .bytes:
            let keys = values.enumerated().map { (prefix: $1.prefixOfBytes, place: $0) }
            return keys.sorted { left, right in
                left.prefix == right.prefix
                    ? values[left.place].precedes(values[right.place])
                    : left.prefix < right.prefix
            }.map { values[$0.place] }
        default: return values
        }
    }
}

extension Value {
    /// The first 8 bytes of a string as a number that orders as they do.
    fileprivate var prefixOfBytes: UInt64 {
        guard case .bytes(let bytes) = self else { return 0 }
        var prefix: UInt64 = 0
        for place in 0..<8 { prefix = prefix << 8 | UInt64(place < bytes.count ? bytes[place] : 0) }
        return prefix
    }
}
