// Where the rows of window functions lie: whole partitions in memory, or one partition in a spill
// file. All positions count from the first row there.
//
// Rows come in blocks, and a few figures of each block are always at hand, so that a row is found
// by its key, by the number of its peers or by the number of values before it without reading all
// of them. In memory there is one block.

import StarlingErrors
import StarlingMemory
import StarlingVectors

/// Gives rows by their positions.
protocol WindowStorage: AnyObject {
    var count: Int { get }
    /// Rows of each block; the last one may have fewer.
    var blockRowCount: Int { get }
    /// Keeps alive what strings of the rows point to, where they are not copied.
    var owner: (any Owner)? { get }
    /// Counts for each block the peers that begin before it.
    var peersBefore: [Int] { get }

    /// Gathers columns of consecutive rows, flat.
    func columns(
        _ positions: [Int], from start: Int, count: Int
    ) throws(StarlingError) -> [Vector]

    /// Gathers a column's values of any rows, flat.
    func gather(
        _ column: Int, at positions: UnsafePointer<UInt32>, count: Int
    ) throws(StarlingError) -> Vector

    /// Flags the rows of a block at which peers begin.
    func peerFlags(ofBlock block: Int) throws(StarlingError) -> Buffer

    /// Counts for each block the values before it that are not NULL.
    func validBefore(_ column: Int) -> [Int]

    /// The first key of each block, unless it is NULL. Only asked for where blocks are several.
    func firstKeys(_ column: Int) -> [Int128]
}

extension WindowStorage {
    /// The positions of a block's rows.
    func rows(ofBlock block: Int) -> Range<Int> {
        block * blockRowCount..<min(count, (block + 1) * blockRowCount)
    }

    /// The block of a row; the end of all rows belongs to the last one.
    func block(of position: Int) -> Int {
        position == count && count > 0 ? (count - 1) / blockRowCount : position / blockRowCount
    }
}
