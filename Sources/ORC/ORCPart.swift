// A stripe, or a piece of one, as part of a table.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Is some rows of one stripe of one file.
struct ORCPart: TablePart {
    let file: ORCFile
    let stripe: ORCStripe
    let number: Int
    /// Begins where a row group does.
    let rows: Range<Int>
    /// One a column, shared by all parts of the table.
    let pools: [DictionaryPool]
    /// Shared by the parts of the stripe.
    let dictionaries: StripeDictionaries

    var rowCount: Int { rows.count }
    var isWholeStripe: Bool { rows.count == stripe.rowCount }

    func statistics(ofColumn column: Int) -> ColumnStatistics {
        var result = file.statistics(ofColumn: column, stripe: number)
        if isWholeStripe { return result }
        // What holds of the stripe bounds its rows, but which of them are extreme is unknown.
        result.isLowExact = false
        result.isHighExact = false
        if result.nullCount == stripe.rowCount {
            result.nullCount = rowCount
        } else if result.nullCount != 0 {
            result.nullCount = nil
        }
        return result
    }

    func zones(
        ofColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> [Zone]? {
        let node = file.root.children[column]
        guard !node.type.isNested, !node.isEncrypted else { return nil }
        do throws(ORCDamage) {
            guard let index = try stripe.rowIndex(ofColumn: node.column, context) else {
                return nil
            }
            return index.entries.enumerated().compactMap { group, entry in
                let groupRows = stripe.rows(ofGroup: group)
                guard rows.overlaps(groupRows) else { return nil }
                let start = groupRows.lowerBound - rows.lowerBound
                return Zone(
                    rows: start..<(start + groupRows.count),
                    statistics: file.statisticsReader.read(
                        entry.statistics, node, rowCount: groupRows.count))
            }
        } catch {
            throw error.located(in: place(ofColumn: column))
        }
    }

    func lacks(
        _ values: [Value], inColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool {
        let node = file.root.children[column]
        let reader = file.statisticsReader
        guard !node.type.isNested, !node.isEncrypted, !reader.hasWrongBloomFilters else {
            return false
        }
        do throws(ORCDamage) {
            guard let index = try stripe.bloomFilters(ofColumn: node.column, context) else {
                return false
            }
            for value in values {
                switch BloomHash.of(value, node, isHybrid: reader.isHybrid) {
                case .none: continue
                case .unknown: return false
                case .hash(let hash):
                    if index.filters.contains(where: { $0.mayContain(hash) }) { return false }
                }
            }
            return true
        } catch {
            throw error.located(in: place(ofColumn: column))
        }
    }

    func prefetch(_ columns: [ReadColumn]) {
        guard let footer = try? stripe.footer() else { return }
        let nodes = columns.flatMap { file.root.children[$0.column].nodes(onTheWayTo: $0.path) }
        file.file.prefetch(nodes.flatMap { footer.dataRanges(ofColumn: $0.column) })
    }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        try StripeReader(self, columns, context)
    }

    func place(ofColumn column: Int) -> String {
        "\(file.path), column \(file.root.children[column].name), stripe \(number)"
    }
}
