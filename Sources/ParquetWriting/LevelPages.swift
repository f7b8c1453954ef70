// The levels of a column chunk, page by page: a bit a row where the column is not nested, else
// bytes that were found by `ColumnShredder`.

import StarlingMemory

/// Holds the levels of a page as they are written.
struct PageLevels {
    var entryCount: Int
    var valueCount: Int
    /// Nil where the column has no such levels.
    var definitions: ByteWriter?
    var repetitions: ByteWriter?
    /// How often each level comes; empty where there is but one.
    var definitionCounts: [Int] = []
    var repetitionCounts: [Int] = []
}

/// Gives the levels of pages.
struct LevelPages<Value: StoredValue> {
    private let column: ColumnValues<Value>
    private let nested: NestedLevels?
    private let leaf: SchemaLeaf

    init(_ column: ColumnValues<Value>, _ nested: NestedLevels?, _ leaf: SchemaLeaf) {
        self.column = column
        self.nested = nested
        self.leaf = leaf
    }

    var rowCount: Int { nested.map { $0.rowStarts.count - 1 } ?? column.rowCount }
    var entryCount: Int { nested?.definitions.count ?? column.rowCount }

    func page(_ rows: Range<Int>) -> PageLevels {
        if let nested { return page(rows, nested) }
        let valueCount = column.valueCount(rows)
        var page = PageLevels(entryCount: rows.count, valueCount: valueCount)
        guard leaf.definitionLevel > 0 else { return page }
        let levels = ByteWriter()
        if let validity = column.validity {
            HybridEncoding.appendBits(validity.words, rows: rows, to: levels)
        } else if !rows.isEmpty {
            HybridEncoding.appendRun(1, count: rows.count, 1, to: levels)
        }
        page.definitions = levels
        page.definitionCounts = [rows.count - valueCount, valueCount]
        return page
    }

    private func page(_ rows: Range<Int>, _ nested: NestedLevels) -> PageLevels {
        let entries = nested.rowStarts[rows.lowerBound]..<nested.rowStarts[rows.upperBound]
        let deepest = UInt8(truncatingIfNeeded: leaf.definitionLevel)
        var page = PageLevels(entryCount: entries.count, valueCount: 0)
        for entry in entries where nested.definitions[entry] == deepest { page.valueCount += 1 }
        if leaf.definitionLevel > 0 {
            (page.definitions, page.definitionCounts) = Self.written(
                nested.definitions, entries, maximum: leaf.definitionLevel)
        }
        if leaf.repetitionLevel > 0 {
            (page.repetitions, page.repetitionCounts) = Self.written(
                nested.repetitions, entries, maximum: leaf.repetitionLevel)
        }
        return page
    }

    private static func written(
        _ levels: [UInt8], _ entries: Range<Int>, maximum: Int
    ) -> (ByteWriter, [Int]) {
        var counts = [Int](repeating: 0, count: maximum + 1)
        for entry in entries { counts[Int(levels[entry])] += 1 }
        let target = ByteWriter()
        levels.withUnsafeBufferPointer { all in
            guard let start = all.baseAddress else { return }
            HybridEncoding.append(
                start + entries.lowerBound, count: entries.count,
                bitWidth: HybridEncoding.bitWidth(for: maximum), to: target)
        }
        return (target, counts)
    }
}
