// What is known of a column of a segment without reading it: found when the values are encoded, stored
// in the segment's directory, merged for the table.
//
//  - Bounds of numbers and strings. Long strings are cut, and then no bound is exact. A NaN has no
//    place between bounds, so where there is one, none is exact; nor is a zero, which has two signs.
//  - Which distinct values there are, as registers of a sketch, and on demand a bloom filter. Both see
//    hashes that do not depend on the width of a number, so they outlive a column's being widened.
//  - The sum of integers and decimals.
//  - How the values are spread, where they are not evenly, found of a sample.

import StarlingBlocks
import StarlingKernels
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is known of a column of a segment.
package struct ColumnSummary: Sendable {
    package var statistics: ColumnStatistics
    /// Nil where nobody looked.
    package var distinct: DistinctRegisters?
    package var spread: SegmentSpread?

    package init(_ statistics: ColumnStatistics, distinct: DistinctRegisters? = nil) {
        self.statistics = statistics
        self.distinct = distinct
    }

    /// The share of other values that a bloom filter lets pass.
    private static let filterError = 0.01

    /// Describes the values of a column and returns the bloom filter of them, where one is wanted.
    static func describe(
        _ vector: Vector, _ type: LogicalType, _ block: ColumnBlock, isFiltered: Bool
    ) -> (summary: ColumnSummary, filter: SplitBlockFilter?) {
        var statistics = ColumnStatistics(nullCount: block.nullCount)
        guard block.nullCount < block.rowCount else {
            if type.hasSum { statistics.sum = 0 }
            let filter = isFiltered ? SplitBlockFilter(blockCount: 1) : nil
            return (ColumnSummary(statistics, distinct: DistinctRegisters()), filter)
        }
        let source = vector.isConstant ? vector.flattened() : vector
        let hashes: [UInt64]
        switch source.physicalType {
        case .int8, .int16, .int32, .int64, .int128:
            hashes = describe(integers: source.flattened(), type, block, &statistics)
        case .float32: hashes = describe(source.flattened(), Float.self, &statistics)
        case .float64: hashes = describe(source.flattened(), Double.self, &statistics)
        case .string where type.hasOrderOfBytes:
            hashes = describe(strings: source, isText: type.isString, &statistics)
        default: return (ColumnSummary(statistics), nil)
        }
        let distinct = DistinctRegisters(hashes)
        let valueCount = block.rowCount - block.nullCount
        var estimate = min(max(1, distinct.estimate), valueCount)
        if let width = statistics.bounds?.width { estimate = min(estimate, width) }
        statistics.estimatedDistinctCount = estimate
        var summary = ColumnSummary(statistics, distinct: distinct)
        summary.spread = SegmentSample.histogram(of: source, statistics).map { .made($0) }
        guard isFiltered else { return (summary, nil) }
        let byteCount = SplitBlockFilter.byteCount(distinctCount: estimate, error: filterError)
        var filter = SplitBlockFilter(
            blockCount: byteCount / SplitBlockFilter.blockByteCount + 1)
        filter.insert(hashes)
        return (summary, filter)
    }

    /// Describes a value that all rows have, and nothing else is known of where it is no number.
    init(constant value: Value, _ type: LogicalType, rowCount: Int) {
        statistics = ColumnStatistics(nullCount: value.isNull ? rowCount : 0)
        switch value {
        case .null: if type.hasSum { statistics.sum = 0 }
        case .integer(let number):
            statistics.low = value
            statistics.high = value
            if type.hasSum {
                let (sum, isOver) = number.multipliedReportingOverflow(by: Int128(rowCount))
                statistics.sum = isOver ? nil : sum
            }
        case .floating(let number) where number.isNaN: break
        case .floating, .list: break
        case .bytes(let bytes) where type.hasOrderOfBytes:
            statistics.setBounds(
                .low(bytes, isText: type.isString), .high(bytes, isText: type.isString))
        case .bytes: break
        }
        if case .integer = value {
            statistics.isLowExact = true
            statistics.isHighExact = true
        }
        statistics.estimatedDistinctCount = value.isNull ? 0 : 1
        distinct = StoredHash.of(value).map { DistinctRegisters(value.isNull ? [] : [$0]) }
        if value.isNull { distinct = DistinctRegisters() }
    }
}

// MARK: Loops over values

extension ColumnSummary {
    private static func describe(
        integers source: Vector, _ type: LogicalType, _ block: ColumnBlock,
        _ statistics: inout ColumnStatistics
    ) -> [UInt64] {
        guard let bounds = bounds(of: source, block) else { return [] }
        statistics.low = .integer(bounds.low)
        statistics.high = .integer(bounds.high)
        statistics.isLowExact = true
        statistics.isHighExact = true
        switch source.physicalType {
        case .int8: return IntegerLoop<Int8>(source, bounds).run(type, &statistics)
        case .int16: return IntegerLoop<Int16>(source, bounds).run(type, &statistics)
        case .int32: return IntegerLoop<Int32>(source, bounds).run(type, &statistics)
        case .int64: return IntegerLoop<Int64>(source, bounds).run(type, &statistics)
        default: return IntegerLoop<Int128>(source, bounds).run(type, &statistics)
        }
    }

    /// Finds the bounds of integers; a block knows them, but for rows that have none.
    private static func bounds(of vector: Vector, _ block: ColumnBlock) -> Bounds? {
        guard block.nullCount == 0, let known = block.bounds, let first = known.first else {
            return vector.extent()
        }
        return known.reduce(first) {
            Bounds(low: min($0.low, $1.low), high: max($0.high, $1.high))
        }
    }

    private static func describe<Number: BinaryFloatingPoint & BitwiseCopyable>(
        _ source: Vector, _ type: Number.Type, _ statistics: inout ColumnStatistics
    ) -> [UInt64] {
        let values = source.pointer(to: Number.self)
        let validity = source.validity
        var low = Double.infinity
        var high = -Double.infinity
        var hasNaN = false
        var isFound = false
        let hashes = [UInt64](unsafeUninitializedCapacity: source.count) { target, count in
            for row in 0..<source.count where validity?.isValid(row) ?? true {
                let value = Double(values[row])
                target[count] = StoredHash.of(value)
                count &+= 1
                if value != value {
                    hasNaN = true
                    continue
                }
                isFound = true
                low = min(low, value)
                high = max(high, value)
            }
        }
        statistics.excludesNaN = !hasNaN
        guard isFound else { return hashes }
        // Both zeros are one value, so the bound is the outer one of them.
        statistics.low = .floating(low == 0 ? -0.0 : low)
        statistics.high = .floating(high == 0 ? 0.0 : high)
        statistics.isLowExact = !hasNaN && low != 0
        statistics.isHighExact = !hasNaN && high != 0
        return hashes
    }

    private static func describe(
        strings source: Vector, isText: Bool, _ statistics: inout ColumnStatistics
    ) -> [UInt64] {
        let (strings, count, marks) = distinct(of: source)
        let isMarked = marks?.pointer(to: UInt8.self)
        let validity = marks == nil ? source.validity : nil
        var low = StringReference.empty
        var high = StringReference.empty
        var byteCount = 0
        var found = 0
        let hashes = [UInt64](unsafeUninitializedCapacity: count) { target, hashCount in
            for row in 0..<count {
                if let isMarked, isMarked[row] == 0 { continue }
                if let validity, !validity.isValid(row) { continue }
                let string = strings[row]
                target[hashCount] = StoredHash.of(string)
                hashCount &+= 1
                byteCount &+= string.count
                if found == 0 {
                    low = string
                    high = string
                } else if string < low {
                    low = string
                } else if high < string {
                    high = string
                }
                found &+= 1
            }
        }
        guard found > 0 else { return hashes }
        statistics.setBounds(
            .low(low.bytes, isText: isText), .high(high.bytes, isText: isText))
        statistics.estimatedByteWidth = Double(byteCount) / Double(found)
        withExtendedLifetime((source, marks)) {}
        return hashes
    }

    /// Lists the strings of rows, or those of a dictionary with a byte for each that rows have.
    private static func distinct(
        of source: Vector
    ) -> (UnsafeMutablePointer<StringReference>, Int, Buffer?) {
        guard let dictionary = source.dictionary else {
            return (source.pointer(), source.count, nil)
        }
        let marks = Buffer.zeroed(byteCount: dictionary.count)
        let isMarked = marks.pointer(to: UInt8.self)
        let codes = source.codes
        if let validity = source.validity {
            for row in 0..<source.count where validity.isValid(row) {
                isMarked[Int(codes[row])] = 1
            }
        } else {
            for row in 0..<source.count { isMarked[Int(codes[row])] = 1 }
        }
        return (dictionary.values.pointer(), dictionary.count, marks)
    }
}

/// Goes over integers between known bounds.
private struct IntegerLoop<Number: FixedWidthInteger & SignedInteger & BitwiseCopyable> {
    /// Between such bounds values are marked and not hashed one by one.
    private static var markedWidthMax: Int { 16_384 }

    private let source: Vector
    private let bounds: Bounds

    init(_ source: Vector, _ bounds: Bounds) {
        self.source = source
        self.bounds = bounds
    }

    /// Adds up the values where their type has a sum, and returns the hashes of all.
    func run(_ type: LogicalType, _ statistics: inout ColumnStatistics) -> [UInt64] {
        if type.hasSum { statistics.sum = sum }
        if let width = bounds.width, width <= Self.markedWidthMax { return marked(width) }
        let values = source.pointer(to: Number.self)
        guard let validity = source.validity else {
            return [UInt64](unsafeUninitializedCapacity: source.count) { target, count in
                for row in 0..<source.count { target[row] = StoredHash.of(values[row]) }
                count = source.count
            }
        }
        return [UInt64](unsafeUninitializedCapacity: source.count) { target, count in
            for row in 0..<source.count where validity.isValid(row) {
                target[count] = StoredHash.of(values[row])
                count &+= 1
            }
        }
    }

    /// Hashes each value once that occurs.
    private func marked(_ width: Int) -> [UInt64] {
        let values = source.pointer(to: Number.self)
        let low = Int(truncatingIfNeeded: bounds.low)
        let marks = Buffer.zeroed(byteCount: width)
        let isMarked = marks.pointer(to: UInt8.self)
        if let validity = source.validity {
            for row in 0..<source.count where validity.isValid(row) {
                isMarked[Int(truncatingIfNeeded: values[row]) &- low] = 1
            }
        } else {
            for row in 0..<source.count {
                isMarked[Int(truncatingIfNeeded: values[row]) &- low] = 1
            }
        }
        var hashes: [UInt64] = []
        for place in 0..<width where isMarked[place] != 0 {
            hashes.append(StoredHash.of(Int128(bounds.low) + Int128(place)))
        }
        withExtendedLifetime(marks) {}
        return hashes
    }

    /// The sum of all values; nil where 128 bits don't hold it.
    private var sum: Int128? {
        let values = source.pointer(to: Number.self)
        if Number.bitWidth == 128 { return wideSum }
        // Halves of 64-bit values don't overflow 64 bits in as few rows as a segment has.
        var low: UInt64 = 0
        var high: Int64 = 0
        if let validity = source.validity {
            for row in 0..<source.count where validity.isValid(row) {
                let value = Int64(truncatingIfNeeded: values[row])
                low &+= UInt64(UInt32(truncatingIfNeeded: value))
                high &+= value &>> 32
            }
        } else {
            for row in 0..<source.count {
                let value = Int64(truncatingIfNeeded: values[row])
                low &+= UInt64(UInt32(truncatingIfNeeded: value))
                high &+= value &>> 32
            }
        }
        return Int128(high) << 32 + Int128(low)
    }

    private var wideSum: Int128? {
        let values = source.pointer(to: Number.self)
        var sum: Int128 = 0
        for row in 0..<source.count where source.validity?.isValid(row) ?? true {
            let (next, isOver) = sum.addingReportingOverflow(
                Int128(truncatingIfNeeded: values[row]))
            if isOver { return nil }
            sum = next
        }
        return sum
    }
}

extension ColumnStatistics {
    /// Takes bounds of strings.
    fileprivate mutating func setBounds(_ low: CutBound, _ high: CutBound?) {
        self.low = .bytes(low.bytes)
        isLowExact = low.isExact
        self.high = high.map { .bytes($0.bytes) }
        isHighExact = high?.isExact ?? false
    }
}

extension LogicalType {
    /// Tells whether values are numbers whose sum is exact.
    var hasSum: Bool { isInteger || isDecimal }

    /// Tells whether strings of the type compare byte by byte.
    var hasOrderOfBytes: Bool { isString || self == .varbinary }
}
