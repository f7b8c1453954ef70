// What a table of groups took so far, and what its spilled partitions will take by that.

import StarlingRows
import StarlingVectors

/// Counts the groups that all workers have of one table.
struct GroupTally {
    private let layout: GroupLayout
    private let gatherers: [GroupGatherer]
    /// How many groups a row made.
    private let groupsPerRow: Double

    init(_ layout: GroupLayout, _ gatherers: [GroupGatherer], seen rowCount: Int) {
        self.layout = layout
        self.gatherers = gatherers
        let groupCount = gatherers.reduce(0) { $0 + $1.store.rowCount }
        groupsPerRow = rowCount > 0 ? min(1, Double(groupCount) / Double(rowCount)) : 1
    }

    /// An address in the list of groups, and its slots in the directory, both just doubled.
    private static let listedByteCount = 48
    /// The slots of the groups that a chunk may make.
    private static let chunkByteCount = 32 * chunkCapacity
    /// The text of strings lies in blocks of at most so many bytes, each twice the one before.
    private static let textBlockByteCount = 1 << 20

    /// What merging a partition takes, of which rows lie in files.
    func expectedByteCount(_ partition: Int, rowCount: Int, byteCount: Int) -> Int {
        let held = gatherers.reduce(0) { $0 + $1.lists[partition].count }
        let made = Int(Double(rowCount) * groupsPerRow)
        let text = Int(Double(byteCount) * groupsPerRow)
        return (held + made) * Self.listedByteCount + Self.chunkByteCount
            + RowStore.byteCount(layout.rows, grownTo: made)
            + text + min(text, Self.textBlockByteCount)
    }
}
