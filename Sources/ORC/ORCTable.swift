// Files of one schema as a table whose parts are their stripes, or pieces of large ones.

import StarlingErrors
import StarlingFormats
import StarlingTables
import StarlingVectors

/// Reads one or more ORC files.
package final class ORCTable: Table {
    package let title: String
    package let columns: [TableColumn]
    package let parts: [any TablePart]
    package let statistics: TableStatistics
    /// Counts the parts of each file, in the order of the files.
    package let partCounts: [Int]
    private let roots: [ORCNode]

    /// Makes a table of files that have the same columns. Stripes of twice as many rows as a piece
    /// and more are cut into pieces.
    package init(
        _ files: [ORCFile], title: String, pieceRowCount: Int = 400_000
    ) throws(StarlingError) {
        guard let first = files.first else {
            throw StarlingError(.internal, "an ORC table needs a file")
        }
        let pools = first.columns.map { _ in DictionaryPool() }
        var parts: [ORCPart] = []
        var partCounts: [Int] = []
        for file in files {
            let before = parts.count
            for (number, stripe) in file.stripes.enumerated() where stripe.rowCount > 0 {
                let pieces =
                    file.statisticsReader.hasWrongDecimalPositions
                    ? [0..<stripe.rowCount] : stripe.pieces(of: file.root, rowCount: pieceRowCount)
                let dictionaries = StripeDictionaries(pieceCount: pieces.count)
                for rows in pieces {
                    parts.append(
                        ORCPart(
                            file: file, stripe: stripe, number: number, rows: rows, pools: pools,
                            dictionaries: dictionaries))
                }
            }
            partCounts.append(parts.count - before)
        }
        self.title = title
        self.parts = parts
        self.partCounts = partCounts
        columns = first.columns
        roots = files.map(\.root)
        statistics = TableStatistics(merging: files.map(\.statistics))
    }

    package func canReadField(_ path: [Int], ofColumn column: Int) -> Bool {
        roots.allSatisfy { $0.children[column].field(path) != nil }
    }
}
