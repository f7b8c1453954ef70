// Encodes a column of a row group:
//
// 1. A sample tells which encoding of the values is smallest when compressed.
// 2. A dictionary is tried, and taken where its codes are about as small: readers evaluate
//    predicates on dictionaries.
// 3. Pages are cut, each with its bounds for the page index.

import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Encodes one column of values that are stored as `Value`.
struct ColumnEncoder<Value: EncodedValue> {
    let leaf: SchemaLeaf
    let wantsBloomFilter: Bool
    let options: ParquetOptions
    let compressor: PageCompressor

    /// Encodes values; `nested` has the levels of a leaf below others, whose values have no NULLs.
    func encode(
        _ column: ColumnValues<Value>, _ nested: NestedLevels? = nil
    ) throws(StarlingError) -> EncodedColumn {
        let levels = LevelPages(column, nested, leaf)
        var result = EncodedColumn(bytes: ByteWriter(capacity: 1 << 16))
        result.valueCount = levels.entryCount
        result.nullCount = levels.entryCount - column.count
        guard leaf.definitionLevel > 0 || result.nullCount == 0 else {
            let name = leaf.path.joined(separator: ".")
            throw StarlingError(.data, "column '\(name)' is NOT NULL and has a NULL")
        }
        let choice = try choose(column)
        var bounds = PageBounds<Value>()
        if let dictionary = choice.dictionary {
            result.distinctCount = dictionary.values.count
            result.encoding = ValueEncoding.dictionaryCode
            try appendDictionary(dictionary, to: &result)
            try appendPages(column, levels, &result, &bounds) { range, page in
                page.append(UInt8(truncatingIfNeeded: dictionary.bitWidth))
                HybridEncoding.append(
                    dictionary.codes + range.lowerBound, count: range.count,
                    bitWidth: dictionary.bitWidth, to: page)
            } bounds: { range in
                DictionaryBounds.bounds(of: dictionary, range)
            }
        } else {
            result.encoding = choice.encoding.code
            try appendPages(column, levels, &result, &bounds) { range, page in
                Value.append(
                    column.values + range.lowerBound, count: range.count, as: choice.encoding,
                    to: page)
            } bounds: { range in
                var bounds = PageBounds<Value>()
                bounds.add(column.values + range.lowerBound, count: range.count)
                return bounds
            }
        }
        finish(&result, bounds)
        if wantsBloomFilter {
            result.bloomFilter = bloomFilter(column, choice.dictionary).bytes
        }
        result.byteCount = result.bytes?.count ?? 0
        return result
    }

    private func bloomFilter(
        _ column: ColumnValues<Value>, _ dictionary: ValueDictionary<Value>?
    ) -> BloomFilter {
        var filter = BloomFilter(
            distinctCount: dictionary?.values.count ?? column.count,
            error: options.bloomFilterError)
        if let dictionary {
            for value in dictionary.values { filter.insert(value.bytes) }
        } else {
            for place in 0..<column.count { filter.insert(column.values[place].bytes) }
        }
        return filter
    }

    /// Writes bounds where the order that they mean is sure.
    private func finish(_ result: inout EncodedColumn, _ bounds: PageBounds<Value>) {
        if Value.self == StringReference.self {
            result.textByteCount = result.pages.reduce(0) { $0 + $1.textByteCount }
        }
        guard options.writesStatistics, !bounds.hasUnordered else { return }
        if let low = bounds.low { result.low = .low(low, isText: leaf.type.isText) }
        if let high = bounds.high { result.high = .high(high, isText: leaf.type.isText) }
        result.hasColumnIndex =
            options.writesPageIndex
            && result.pages.allSatisfy {
                $0.valueCount == 0 || ($0.low != nil && $0.high != nil)
            }
    }

    // MARK: Choice

    private struct Choice {
        var encoding: ValueEncoding
        var dictionary: ValueDictionary<Value>?
    }

    private func choose(_ column: ColumnValues<Value>) throws(StarlingError) -> Choice {
        let plain = Value.encodings[0]
        guard column.count > 0 else { return Choice(encoding: plain) }
        if let wanted = options.encoding, Value.encodings.contains(wanted) {
            return Choice(encoding: wanted)
        }
        let sample = Sample(column)
        var best = plain
        var bestByteCount = Int.max
        let scratch = ByteWriter()
        let compressed = ByteWriter()
        func size(_ write: (ByteWriter) -> Void) throws(StarlingError) -> Int {
            scratch.removeAll()
            compressed.removeAll()
            write(scratch)
            try compressor.compress(scratch.bytes, to: compressed)
            return compressed.count
        }
        for encoding in Value.encodings {
            let byteCount = try size {
                Value.append(sample.values, count: sample.count, as: encoding, to: $0)
            }
            // Differences of integers are read faster than what a codec has to unpack; else plain
            // values are read fastest, so that another encoding has to be worth it.
            let limit = Value.isInteger && encoding == .delta ? 105 : 95
            if bestByteCount == .max || byteCount * 100 < bestByteCount * limit {
                best = encoding
                bestByteCount = byteCount
            }
        }
        guard options.usesDictionaries, Value.self != UInt8.self,
            let dictionary = ValueDictionary(
                column, byteCountMaximum: options.dictionaryByteCountMaximum)
        else { return Choice(encoding: best) }
        let codes = sample.gathered(from: dictionary.codes)
        let codeByteCount = try size {
            HybridEncoding.append(
                codes.pointer(to: UInt32.self), count: sample.count,
                bitWidth: dictionary.bitWidth, to: $0)
        }
        let scale = Double(column.count) / Double(sample.count)
        let dictionaryByteCount = dictionary.values.withUnsafeBufferPointer {
            Value.plainByteCount($0.baseAddress!, count: $0.count)
        }
        let withDictionary =
            Double(codeByteCount) * scale + Double(dictionaryByteCount) * 0.7
        let without = Double(bestByteCount) * scale
        return Choice(
            encoding: best, dictionary: withDictionary < without * 1.2 + 64 ? dictionary : nil)
    }

    /// Holds values from four places of the column.
    private struct Sample {
        let count: Int
        private let buffer: Buffer
        private let starts: [Int]
        private let runCount: Int

        var values: UnsafeMutablePointer<Value> { buffer.pointer(to: Value.self) }

        init(_ column: ColumnValues<Value>) {
            let parts = column.count > 4_096 ? 4 : 1
            runCount = min(column.count, parts == 4 ? 512 : 2_048)
            count = runCount * parts
            buffer = Buffer(byteCount: count * MemoryLayout<Value>.stride + 64)
            starts = (0..<parts).map { $0 * (column.count / parts) }
            for (part, start) in starts.enumerated() {
                (values + part * runCount).update(from: column.values + start, count: runCount)
            }
        }

        func gathered(from codes: UnsafePointer<UInt32>) -> Buffer {
            let result = Buffer(byteCount: count * 4 + 64)
            for (part, start) in starts.enumerated() {
                (result.pointer(to: UInt32.self) + part * runCount)
                    .update(from: codes + start, count: runCount)
            }
            return result
        }
    }

    // MARK: Pages

    private func appendDictionary(
        _ dictionary: ValueDictionary<Value>, to result: inout EncodedColumn
    ) throws(StarlingError) {
        let page = ByteWriter()
        dictionary.values.withUnsafeBufferPointer {
            if let start = $0.baseAddress {
                Value.appendPlain(start, count: $0.count, to: page)
            }
        }
        result.dictionaryPageOffset = 0
        let pages = PageWriter(options, compressor)
        try pages.appendDictionary(
            page, count: dictionary.values.count, isSorted: dictionary.isSorted, to: &result)
        result.dataPageOffset = result.bytes!.count
    }

    /// Rows of a page: a multiple of 64, so that levels begin at whole words.
    private func pageRowCount(_ column: ColumnValues<Value>, _ rowCount: Int) -> Int {
        let byteCount = Value.plainByteCount(column.values, count: column.count)
        let perRow = max(1, byteCount / max(1, rowCount))
        let rows = min(options.pageRowCount, options.pageByteCount / perRow)
        return max(64, rows / 64 * 64)
    }

    private func appendPages(
        _ column: ColumnValues<Value>, _ levels: LevelPages<Value>,
        _ result: inout EncodedColumn, _ all: inout PageBounds<Value>,
        _ write: (Range<Int>, ByteWriter) -> Void,
        bounds: (Range<Int>) -> PageBounds<Value>
    ) throws(StarlingError) {
        let pages = PageWriter(options, compressor)
        let step = pageRowCount(column, levels.rowCount)
        var order = BoundaryOrder<Value>()
        var value = 0
        var row = 0
        repeat {
            let rows = row..<min(levels.rowCount, row + step)
            let page = levels.page(rows)
            let values = value..<(value + page.valueCount)
            let body = ByteWriter(capacity: options.pageByteCount / 4)
            write(values, body)
            var facts = PageFacts(
                offset: result.bytes!.count, byteCount: 0, firstRow: row, rowCount: rows.count,
                entryCount: page.entryCount, valueCount: page.valueCount,
                definitionCounts: page.definitionCounts,
                repetitionCounts: page.repetitionCounts, textByteCount: 0)
            if Value.self == StringReference.self {
                facts.textByteCount =
                    Value.plainByteCount(column.values + value, count: values.count)
                    - 4 * values.count
            }
            if options.writesStatistics {
                let found = bounds(values)
                all.add(found)
                order.add(found)
                if let low = found.low { facts.low = .low(low, isText: leaf.type.isText) }
                if let high = found.high { facts.high = .high(high, isText: leaf.type.isText) }
            }
            try pages.append(body, page, encoding: result.encoding, &facts, to: &result)
            result.pages.append(facts)
            row = rows.upperBound
            value = values.upperBound
        } while row < levels.rowCount
        result.boundaryOrder = order.code
    }
}

/// Finds the bounds of a page from the dictionary: each code is looked at once.
private enum DictionaryBounds {
    static func bounds<Value: EncodedValue>(
        of dictionary: ValueDictionary<Value>, _ range: Range<Int>
    ) -> PageBounds<Value> {
        var bounds = PageBounds<Value>()
        let codes = dictionary.codes
        guard !range.isEmpty else { return bounds }
        return dictionary.values.withUnsafeBufferPointer { values in
            if dictionary.isSorted {
                var low = UInt32.max
                var high: UInt32 = 0
                for place in range {
                    low = min(low, codes[place])
                    high = max(high, codes[place])
                }
                bounds.add(values[Int(low)])
                bounds.add(values[Int(high)])
                return bounds
            }
            let seen = Buffer.zeroed(byteCount: values.count)
            let isSeen = seen.pointer(to: UInt8.self)
            for place in range { isSeen[Int(codes[place])] = 1 }
            for code in 0..<values.count where isSeen[code] != 0 { bounds.add(values[code]) }
            withExtendedLifetime(seen) {}
            return bounds
        }
    }
}
