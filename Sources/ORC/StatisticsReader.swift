// What statistics of a file mean. They are taken only where that is certain:
//
//  - The first version of the Java writer had wrong ones for everything but numbers and booleans.
//  - A NaN bounds nothing, and where the sum is NaN, bounds leave out a NaN; where it is none,
//    there is no NaN.
//  - Long strings are cut short, into fields of their own; padded ones order otherwise than the
//    values without their padding.
//  - Timestamps count milliseconds, rounded this way or that; those in local time say nothing.
//  - Days before 1582 may be days of the Julian calendar.

import StarlingTables
import StarlingTypes

/// Reads statistics of columns of one file.
struct StatisticsReader: Sendable {
    /// True where old days are counted by the Julian calendar.
    let isHybrid: Bool
    /// True where the first entries of row indexes may not fit the streams of decimals.
    let hasWrongDecimalPositions: Bool
    /// True where bloom filters are of a writer whose hashes of numbers were wrong.
    let hasWrongBloomFilters: Bool
    private let isFirstVersion: Bool

    init(_ footer: FileFooter, _ postScript: PostScript) {
        // Java's writer is number 0, and only it ever used the other calendar without saying so.
        let isJava = footer.writer == 0
        isHybrid = footer.calendar == 1 || (footer.calendar == 0 && isJava)
        isFirstVersion = isJava && postScript.writerVersion == 0
        hasWrongDecimalPositions = isJava && postScript.writerVersion < 4
        // Number 1 is the C++ writer, whose early versions didn't say which they were.
        let version = footer.softwareVersion
        hasWrongBloomFilters =
            footer.writer == 1
            && (version.isEmpty || version.hasPrefix("1.6.") || version.hasPrefix("1.7.0"))
    }

    func read(
        _ stored: StoredStatistics, _ node: ORCNode, rowCount: Int
    ) -> ColumnStatistics {
        var result = ColumnStatistics()
        guard let valueCount = stored.valueCount, valueCount <= rowCount else { return result }
        let nullCount = rowCount - valueCount
        if stored.hasNull.map({ $0 == (nullCount > 0) }) ?? true { result.nullCount = nullCount }
        if !node.type.isNested, valueCount > 0 {
            readBounds(stored, node, valueCount: valueCount, into: &result)
        }
        guard let low = result.low, let high = result.high, !high.precedes(low) else {
            result.low = nil
            result.high = nil
            result.isLowExact = false
            result.isHighExact = false
            return result
        }
        return result
    }

    private func readBounds(
        _ stored: StoredStatistics, _ node: ORCNode, valueCount: Int,
        into result: inout ColumnStatistics
    ) {
        let bounds = stored.bounds
        switch (node.kind, stored.kind) {
        case (.byte, .integers), (.short, .integers), (.int, .integers), (.long, .integers):
            guard let low = bounds.word(1), let high = bounds.word(2) else { return }
            setExact(Int128(low.unzigzagged), Int128(high.unzigzagged), &result)
        case (.boolean, .buckets):
            guard let trueCount = Self.firstCount(bounds), trueCount <= valueCount else { return }
            setExact(trueCount == valueCount ? 1 : 0, trueCount > 0 ? 1 : 0, &result)
        case (.float, .floats), (.double, .floats):
            guard let low = bounds.word(1), let high = bounds.word(2),
                let sum = bounds.word(3)
            else { return }
            let numbers = [low, high, sum].map { Double(bitPattern: $0) }
            guard !numbers.contains(where: \.isNaN) else { return }
            result.low = .floating(numbers[0])
            result.high = .floating(numbers[1])
            result.excludesNaN = true
        case (.string, .texts), (.varchar, .texts), (.char, .texts):
            if let sum = bounds.word(3)?.unzigzagged, sum >= 0 {
                result.estimatedByteWidth = max(1, Double(sum) / Double(valueCount))
            }
            if node.kind != .char, !isFirstVersion { readTexts(bounds, &result) }
        case (.decimal, .decimals):
            guard !isFirstVersion, let low = bounds.text(1), let high = bounds.text(2) else {
                return
            }
            readDecimals(low, high, scale: node.type.scale, &result)
        case (.date, .dates):
            guard !isFirstVersion, let low = bounds.word(1), let high = bounds.word(2) else {
                return
            }
            var days = [low.unzigzagged, high.unzigzagged]
            if isHybrid { days = days.map { HybridCalendar.proleptic($0) } }
            setExact(Int128(days[0]), Int128(days[1]), &result)
        case (.timestamp, .timestamps), (.instant, .timestamps):
            guard !isFirstVersion, let low = bounds.word(3), let high = bounds.word(4) else {
                return
            }
            readTimes(low.unzigzagged, high.unzigzagged, &result)
        default: break
        }
    }

    private func setExact(_ low: Int128, _ high: Int128, _ result: inout ColumnStatistics) {
        result.low = .integer(low)
        result.high = .integer(high)
        result.isLowExact = true
        result.isHighExact = true
    }

    /// Reads the first of the counts of booleans, which is that of true ones.
    private static func firstCount(_ bounds: StoredBounds) -> Int? {
        if let count = bounds.word(1) { return Int(clamping: count) }
        guard let packed = bounds.text(1) else { return nil }
        var result: UInt64 = 0
        for (index, byte) in packed.prefix(9).enumerated() {
            result |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte & 0x80 == 0 { return Int(clamping: result) }
        }
        return nil
    }

    private func readTexts(_ bounds: StoredBounds, _ result: inout ColumnStatistics) {
        if let low = bounds.text(1) ?? bounds.text(4) {
            result.low = .bytes(low)
            result.isLowExact = bounds.text(1) != nil
        }
        if let high = bounds.text(2) ?? bounds.text(5) {
            result.high = .bytes(high)
            result.isHighExact = bounds.text(2) != nil
        }
    }

    private func readTimes(
        _ low: Int64, _ high: Int64, _ result: inout ColumnStatistics
    ) {
        let limit: Int64 = 1 << 50
        guard low > -limit, high < limit, low <= high else { return }
        let first = HybridCalendar.firstGregorianDay * 86_400_000
        if isHybrid, low < first { return }
        // A millisecond more on either side: writers round times before 1970 differently.
        result.low = .integer(Int128(low - 1) * 1_000)
        result.high = .integer(Int128(high + 2) * 1_000)
    }

    private func readDecimals(
        _ low: [UInt8], _ high: [UInt8], scale: Int, _ result: inout ColumnStatistics
    ) {
        guard let least = DecimalText(low, scale: scale),
            let greatest = DecimalText(high, scale: scale)
        else { return }
        result.low = .integer(least.floor)
        result.high = .integer(greatest.isExact ? greatest.floor : greatest.floor + 1)
        result.isLowExact = least.isExact
        result.isHighExact = greatest.isExact
    }
}

/// Reads a decimal in plain notation.
private struct DecimalText {
    /// The unscaled number, rounded down.
    var floor: Int128
    var isExact: Bool

    /// Returns nil for what is no such number or has more than 38 digits.
    init?(_ text: [UInt8], scale: Int) {
        var rest = text[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        let parts = rest.split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !rest.isEmpty else { return nil }
        var digits = Array(whole)
        let fraction = parts.count > 1 ? Array(parts[1]) : []
        digits += fraction.prefix(scale)
        for _ in 0..<max(0, scale - fraction.count) { digits.append(UInt8(ascii: "0")) }
        let dropped = fraction.dropFirst(scale)
        guard (digits + dropped).allSatisfy({ (48...57).contains($0) }) else { return nil }
        digits = Array(digits.drop { $0 == UInt8(ascii: "0") })
        guard digits.count <= 38 else { return nil }
        let number = digits.reduce(Int128(0)) { $0 * 10 + Int128($1 - 48) }
        isExact = dropped.allSatisfy { $0 == UInt8(ascii: "0") }
        floor = isNegative ? -number - (isExact ? 0 : 1) : number
    }
}
