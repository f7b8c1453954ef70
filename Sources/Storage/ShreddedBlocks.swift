// A column of documents of a segment has its paths beside it: a column for each, with statistics and
// blocks like those of any other. The column's own block then has what is left of the documents.

import StarlingBlocks
import StarlingErrors
import StarlingKernels
import StarlingShredding
import StarlingTables
import StarlingVectors

/// Holds the paths of a column of documents.
package final class ShreddedBlocks: Sendable {
    package let paths: [ShreddedPath]
    package let columns: [SegmentColumn]
    /// Counts the documents that are to be looked at as a whole.
    let wholeCount: Int
    /// Has seen the paths whose values stand in the remainder; nil where these are too many.
    let keptPaths: SplitBlockFilter?

    init(
        _ paths: [ShreddedPath], _ columns: [SegmentColumn], wholeCount: Int,
        keptPaths: SplitBlockFilter?
    ) {
        self.paths = paths
        self.columns = columns
        self.wholeCount = wholeCount
        self.keptPaths = keptPaths
    }

    /// The share of other paths that the filter lets pass.
    private static let filterError = 0.01

    /// Encodes the columns of documents; nil where there are none.
    convenience init?(
        _ documents: ShreddedDocuments, _ rules: ShreddingRules, sharing pool: DictionaryPool,
        for purpose: BlockPurpose
    ) throws(StarlingError) {
        guard !documents.paths.isEmpty else { return nil }
        var columns: [SegmentColumn] = []
        for (path, values) in zip(documents.paths, documents.columns) {
            columns.append(
                try SegmentColumn(
                    encoding: values, path.type.logicalType, sharing: pool.part(path.keys),
                    for: purpose, isFiltered: rules.filteredPaths.contains(path.keys),
                    shredding: nil))
        }
        let filter = documents.keptPaths.map { hashes in
            let byteCount = SplitBlockFilter.byteCount(
                distinctCount: hashes.count, error: Self.filterError)
            var filter = SplitBlockFilter(
                blockCount: byteCount / SplitBlockFilter.blockByteCount + 1)
            for hash in hashes { filter.insert(hash) }
            return filter
        }
        self.init(
            documents.paths, columns, wholeCount: documents.wholeCount, keptPaths: filter)
    }

    /// Returns the same paths with other columns of the same values.
    func having(_ columns: [SegmentColumn]) -> ShreddedBlocks {
        ShreddedBlocks(paths, columns, wholeCount: wholeCount, keptPaths: keptPaths)
    }

    /// Finds the column of a path.
    func place(of keys: [[UInt8]]) -> Int? { paths.firstIndex { $0.keys == keys } }

    /// Tells whether something that is no object may be at a path.
    func mayHaveValue(_ keys: [[UInt8]]) -> Bool {
        guard wholeCount == 0, let keptPaths else { return true }
        return place(of: keys) != nil || hashesOfPath(keys).contains { keptPaths.mayContain($0) }
    }

    /// Tells whether anything may be at a path in what is left of the documents.
    func mayKeep(_ keys: [[UInt8]]) -> Bool {
        guard wholeCount == 0, let keptPaths else { return true }
        // What stands in the remainder brings all that is in it.
        return paths.contains { $0.keys.count > keys.count && $0.keys.starts(with: keys) }
            || hashesOfPath(keys).contains { keptPaths.mayContain($0) }
    }
}
