// A row group as part of a table, and its reader.

import StarlingErrors
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is one row group of one file.
struct RowGroupPart: TablePart {
    let file: ParquetFile
    let number: Int
    let columns: [TableColumn]
    /// One a column, shared by all parts of the table.
    let pools: [DictionaryPool]
    /// The paths of documents behind the columns.
    let paths: [PathColumn]

    var rowCount: Int { file.metadata.rowGroups[number].rowCount }

    func statistics(ofColumn column: Int) -> ColumnStatistics {
        statistics(ofField: [], ofColumn: column)
    }

    func statistics(ofField path: [Int], ofColumn column: Int) -> ColumnStatistics {
        if let access = access(ofColumn: column) { return access.statistics(self) }
        guard let leaf = leaf(path, ofColumn: column) else { return ColumnStatistics() }
        return statistics(leaf)
    }

    private func statistics(_ leaf: Leaf) -> ColumnStatistics {
        ChunkStatistics.read(
            file.metadata.rowGroups[number].columns[leaf.source.leaf], leaf.source, leaf.type,
            hasOrder: file.metadata.hasOrder(ofLeaf: leaf.source.leaf))
    }

    func statistics(ofLeaf node: SchemaNode) -> ColumnStatistics {
        leaf(node).map(statistics) ?? ColumnStatistics()
    }

    /// Counts the rows in which a leaf has no value; nil where nobody knows.
    func nullCount(_ node: SchemaNode) -> Int? { statistics(ofLeaf: node).nullCount }

    /// Tells whether it is certain that a leaf has no values.
    func isNull(_ node: SchemaNode) -> Bool { nullCount(node) == rowCount }

    /// Says how the row group answers for a path of documents; nil for other columns.
    func access(ofColumn column: Int) -> VariantAccess? {
        column < columns.count ? nil : VariantAccess(paths[column - columns.count], self)
    }

    private typealias Leaf = (source: ColumnSource, type: LogicalType)

    /// Finds the leaf that has a value or NULL for each row: that of a flat column, or of a field that
    /// is in structures only.
    private func leaf(_ path: [Int], ofColumn column: Int) -> Leaf? {
        if let access = access(ofColumn: column) { return access.answer.flatMap(leaf) }
        if path.isEmpty { return file.schema.sources[column].map { ($0, columns[column].type) } }
        return file.schema.trees[column].field(path).flatMap(leaf)
    }

    private func leaf(_ node: SchemaNode) -> Leaf? {
        guard node.depth == 0, case .leaf(var source) = node.kind else { return nil }
        let chunk = file.metadata.rowGroups[number].columns[source.leaf]
        guard chunk.hasMetadata, !chunk.isEncrypted, chunk.valueCount == rowCount,
            chunk.physicalType == source.carrier.rawValue
        else { return nil }
        // Where a structure is NULL, its fields are.
        source.isOptional = node.definitionLevel > 0
        return (source, node.type)
    }

    /// Estimates the distinct values of a column by its dictionary, for which the dictionary's
    /// header is read; nil where there is none.
    func dictionaryValueCount(ofColumn column: Int) -> Int? {
        guard let (source, _) = leaf([], ofColumn: column) else { return nil }
        let chunk = file.metadata.rowGroups[number].columns[source.leaf]
        guard let offset = chunk.dictionaryPageOffset, offset > 0, !chunk.isEncrypted,
            let count = file.dictionaryValueCount(at: offset)
        else { return nil }
        // A dictionary that did not suffice means that most values are new.
        return chunk.isFromDictionaryOnly || chunk.dataPageEncodings == nil ? count : rowCount
    }

    func zones(
        ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> [Zone]? {
        try zones(ofField: [], ofColumn: column, context: context)
    }

    func zones(
        ofField path: [Int], ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> [Zone]? {
        if let access = access(ofColumn: column) {
            return try access.zones { (node) throws(StarlingError) in
                try leaf(node).flatMap(zones)
            }
        }
        return try leaf(path, ofColumn: column).flatMap(zones)
    }

    private func zones(_ leaf: Leaf) throws(StarlingError) -> [Zone]? {
        let bounds = BoundReader(
            source: leaf.source, type: leaf.type,
            hasOrder: file.metadata.hasOrder(ofLeaf: leaf.source.leaf))
        return try file.pageIndexes.zones(
            PageIndexCache.Chunk(rowGroup: number, leaf: leaf.source.leaf),
            of: file.metadata.rowGroups[number], bounds: bounds, in: file.file)
    }

    /// Returns the pages of a column as the page index has them.
    func pageLayout(ofColumn column: Int) throws(StarlingError) -> PageLayout? {
        guard let source = file.schema.sources[column] else { return nil }
        return try pageLayout(ofLeaf: source.leaf)
    }

    func pageLayout(ofLeaf leaf: Int) throws(StarlingError) -> PageLayout? {
        try file.pageIndexes.layout(
            PageIndexCache.Chunk(rowGroup: number, leaf: leaf),
            of: file.metadata.rowGroups[number], in: file.file)
    }

    func lacks(
        _ values: [Value], inColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool {
        try lacks(values, inField: [], ofColumn: column, context: context)
    }

    func lacks(
        _ values: [Value], inField path: [Int], ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool {
        guard let (source, _) = leaf(path, ofColumn: column) else { return false }
        let chunk = file.metadata.rowGroups[number].columns[source.leaf]
        guard let section = chunk.bloomFilter, !chunk.isEncrypted,
            let filter = try BloomFilter(section, in: file.file)
        else { return false }
        for value in values {
            switch PlainForm(of: value, source) {
            case .none: continue
            case .unknown: return false
            case .bytes(let forms):
                for form in forms where try filter.mayContain(XXHash64.hash(form)) { return false }
            }
        }
        return true
    }

    func prefetch(_ columns: [ReadColumn]) {
        let chunks = file.metadata.rowGroups[number].columns
        let leaves = columns.flatMap { column -> [Int] in
            if let access = access(ofColumn: column.column) {
                return access.leaves.compactMap(\.source?.leaf)
            }
            if let source = file.schema.sources[column.column] { return [source.leaf] }
            let node = file.schema.trees[column.column].field(column.path)
            return node?.leaves.compactMap(\.source?.leaf) ?? []
        }
        file.file.prefetch(leaves.compactMap { chunks[$0].byteRange })
    }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        let decompressor = PageDecompressor()
        var readers: [any ColumnReading] = []
        for column in columns {
            readers.append(try makeReader(column, context, decompressor))
        }
        return RowGroupReader(readers, columns: columns, part: self)
    }

    func makeReader(
        _ column: ReadColumn, _ context: ScanContext, _ decompressor: PageDecompressor
    ) throws(StarlingError) -> any ColumnReading {
        if let access = access(ofColumn: column.column) {
            return try makeReader(access, column.physicalType, context, decompressor)
        }
        let place = place(ofColumn: column.column)
        guard let source = file.schema.sources[column.column] else {
            let tree = file.schema.trees[column.column]
            guard let root = tree.field(column.path) else {
                throw StarlingError(.internal, "\(place) has no such field")
            }
            return try makeNestedReader(
                root, column.physicalType, context, decompressor, place)
        }
        do throws(ParquetDamage) {
            let pages = try ChunkPages(
                file: file.file, chunk: file.metadata.rowGroups[number].columns[source.leaf],
                source: source, rowCount: rowCount, context: context, decompressor: decompressor)
            let decoder = try makeDecoder(
                source, column.physicalType, codeCountMax: max(256, min(rowCount / 8, 1 << 14)),
                pool: pools[column.column])
            return ColumnReader(
                pages: pages, decoder: decoder, areRequired: !source.isOptional, place: place)
        } catch {
            throw error.located(in: place)
        }
    }

    func type(ofColumn column: Int) -> LogicalType {
        column < columns.count ? columns[column].type : paths[column - columns.count].type
    }

    /// Names a column for people.
    func place(ofColumn column: Int) -> String {
        "\(file.file.path), column \(columns[column].name), row group \(number)"
    }

    /// Tells whether the writer promises that all values of a flat column come from the dictionary.
    func isFromDictionaryOnly(_ column: Int) -> Bool {
        guard column < columns.count, let source = file.schema.sources[column] else { return false }
        return file.metadata.rowGroups[number].columns[source.leaf].isFromDictionaryOnly
    }
}

/// Reads a row group; each column goes through the file on its own.
final class RowGroupReader: PartReader {
    private let readers: [any ColumnReading]
    private let columns: [ReadColumn]
    private let part: RowGroupPart
    private let checks: [DomainCheck?]
    private var row = 0
    private var count = 0

    init(_ readers: [any ColumnReading], columns: [ReadColumn], part: RowGroupPart) {
        self.readers = readers
        self.columns = columns
        self.part = part
        checks = columns.map { column in
            DomainCheck(
                part.type(ofColumn: column.column), column.physicalType,
                known: part.statistics(ofColumn: column.column).bounds)
        }
    }

    func expect(_ rows: RowRanges, late: Set<Int>) {
        for (position, (reader, column)) in zip(readers, columns).enumerated() {
            // Where all rows are wanted, page headers say as much as the index does.
            let isLate = late.contains(position)
            guard isLate || rows.rowCount < part.rowCount else { continue }
            // An index that can't be read is no reason not to read the pages.
            if let nested = reader as? any LeavesReading {
                nested.expect(rows) { try? part.pageLayout(ofLeaf: $0) }
                continue
            }
            guard let layout = try? part.pageLayout(ofColumn: column.column) else { continue }
            reader.expect(rows, layout, isLate: isLate)
        }
    }

    func moveWindow(to row: Int, count: Int) throws(StarlingError) {
        precondition(
            row >= self.row && count >= 0 && count <= chunkCapacity
                && count <= part.rowCount - row)
        self.row = row
        self.count = count
    }

    func read(_ position: Int, selection: Selection?) throws(StarlingError) -> Vector {
        if !part.type(ofColumn: columns[position].column).isNested,
            count == 0 || selection?.count == 0
        {
            return Vector(uninitialized: columns[position].physicalType, count: 0)
        }
        return try readers[position].read(
            row: row, count: count, selection: selection, check: checks[position])
    }

    func takeCutCount(of position: Int) -> Int { readers[position].takeCutCount() }

    func dictionary(of position: Int) throws(StarlingError) -> VectorDictionary? {
        guard part.rowCount > 0, part.isFromDictionaryOnly(columns[position].column) else {
            return nil
        }
        return try readers[position].dictionary()
    }
}
