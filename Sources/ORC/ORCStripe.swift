// A stripe: where its streams and indexes are, read when they are needed and kept.

import StarlingTables
import Synchronization

/// Knows the layout of one stripe.
final class ORCStripe: Sendable {
    let information: StripeInformation
    /// The number of its first row in the file.
    let firstRow: Int
    let sections: SectionReader
    private let columnCount: Int
    private let rowIndexStride: Int
    private let knownFooter = Mutex<StripeFooter?>(nil)
    private let knownIndexes = Mutex<[Int: RowIndex]>([:])

    init(
        _ information: StripeInformation, _ sections: SectionReader, columnCount: Int,
        firstRow: Int, rowIndexStride: Int
    ) {
        self.information = information
        self.sections = sections
        self.columnCount = columnCount
        self.firstRow = firstRow
        self.rowIndexStride = rowIndexStride
    }

    var rowCount: Int { information.rowCount }

    var groupCount: Int {
        rowIndexStride == 0 ? 0 : (rowCount + rowIndexStride - 1) / rowIndexStride
    }

    /// Cuts the rows at beginnings of row groups into pieces for several workers, where the indexes
    /// let each begin in the middle.
    func pieces(of root: ORCNode, rowCount pieceRowCount: Int) -> [Range<Int>] {
        // A file may claim more rows than anyone could have written.
        let least = max(pieceRowCount, rowCount / Self.pieceCountMax)
        let size = max(1, least / max(1, rowIndexStride)) * rowIndexStride
        guard size > 0, rowCount >= 2 * size, let footer = try? footer(),
            root.children.allSatisfy({
                $0.all.allSatisfy {
                    footer.range(.rowIndex, ofColumn: $0.column) != nil
                }
            })
        else { return [0..<rowCount] }
        return stride(from: 0, to: rowCount, by: size).map { $0..<min(rowCount, $0 + size) }
    }

    private static let pieceCountMax = 256

    /// The rows of a row group.
    func rows(ofGroup group: Int) -> Range<Int> {
        (group * rowIndexStride)..<min(rowCount, (group + 1) * rowIndexStride)
    }

    func footer(_ context: ScanContext? = nil) throws(ORCDamage) -> StripeFooter {
        if let footer = knownFooter.withLock({ $0 }) { return footer }
        let end = information.offset + information.indexByteCount + information.dataByteCount
        let range = end..<(end + information.footerByteCount)
        let footer = try sections.read(range, context) { (reader) throws(ORCDamage) in
            try StripeFooter(
                &reader, offset: self.information.offset, end: end,
                columnCount: self.columnCount)
        }
        knownFooter.withLock { $0 = footer }
        return footer
    }

    /// Returns the row index of a column; nil where there is none that fits the stripe.
    func rowIndex(
        ofColumn column: Int, _ context: ScanContext? = nil
    ) throws(ORCDamage) -> RowIndex? {
        if let index = knownIndexes.withLock({ $0[column] }) { return index }
        guard groupCount > 0, let range = try footer(context).range(.rowIndex, ofColumn: column)
        else { return nil }
        let index: RowIndex = try sections.read(range, context)
        guard index.entries.count == groupCount else { return nil }
        knownIndexes.withLock { $0[column] = index }
        return index
    }

    /// Returns the bloom filters of a column; nil where there are none whose hashes are certain.
    func bloomFilters(
        ofColumn column: Int, _ context: ScanContext
    ) throws(ORCDamage) -> BloomFilterIndex? {
        let footer = try footer(context)
        guard groupCount > 0, footer.encodings[column].bloomKind == 1,
            let range = footer.range(.utf8BloomFilter, ofColumn: column)
        else { return nil }
        let index: BloomFilterIndex = try sections.read(range, context)
        return index.filters.count == groupCount ? index : nil
    }

    /// Returns the entry of a row group.
    func entry(_ group: Int, ofColumn column: Int) throws(ORCDamage) -> RowIndexEntry {
        guard let index = try rowIndex(ofColumn: column), index.entries.indices.contains(group)
        else { throw ORCDamage("the row index of a column is missing") }
        return index.entries[group]
    }
}
