// What stands in the lists of an index: the skips of a term, its blocks, and its positions.

import StarlingAnalyzers
import StarlingErrors

extension InvertedIndex {
    /// Reads the skips of a term that has any.
    func blocks(of entry: TermEntry) throws(StarlingError) -> [PostingBlock] {
        let slice = try checked(
            try listBytes(entry.list), entry.listChecksum, "the beginning of a list")
        let blocks = try PostingBlock.blocks(
            slice, count: entry.rowCount, rowCount: rowCount, isCounted: isCounted,
            hasPositions: hasPositions)
        guard blocks.last?.bytes.upperBound == entry.blocks.count,
            !hasPositions || blocks.last?.positions.upperBound == entry.positions.count
        else { throw damagedIndex("a list has another size") }
        return blocks
    }

    /// Reads the rows of a term that has no skips.
    func block(of entry: TermEntry) throws(StarlingError) -> PostingBuffer {
        if let single = entry.single {
            guard single.row < rowCount else { throw damagedIndex("a term names no row") }
            return PostingBuffer(
                rows: [single.row],
                counts: isCounted ? [UInt32(truncatingIfNeeded: single.count)] : [])
        }
        let slice = try checked(try listBytes(entry.list), entry.listChecksum, "a list of rows")
        var buffer = PostingBuffer()
        try buffer.read(slice, count: entry.rowCount, rowCount: rowCount, isCounted: isCounted)
        return buffer
    }

    /// Reads the positions of a term that has no skips.
    func readPositions(
        of entry: TermEntry, into buffer: inout PostingBuffer
    ) throws(StarlingError) {
        if let single = entry.single { return try buffer.takePositions(single.positions) }
        try buffer.readPositions(
            try checked(
                try positionBytes(entry.positions), entry.positionsChecksum, "a list of positions"))
    }

    /// Reads the bytes of blocks that lie one behind the other.
    func run(
        of entry: TermEntry, _ blocks: ArraySlice<PostingBlock>, withPositions: Bool
    ) throws(StarlingError) -> PostingRun {
        guard let first = blocks.first, let last = blocks.last else {
            throw damagedIndex("a list has no blocks")
        }
        let start = entry.blocks.lowerBound
        let rows = try listBytes(
            (start + first.bytes.lowerBound)..<(start + last.bytes.upperBound))
        var run = PostingRun(rows: rows, first: first)
        if withPositions {
            let start = entry.positions.lowerBound
            run.positions = try positionBytes(
                (start + first.positions.lowerBound)..<(start + last.positions.upperBound))
        }
        return run
    }

    /// Reads the terms that match, and where their rows are.
    func union(of matcher: TermMatcher) throws(StarlingError) -> TermUnion {
        try TermUnion(self, try entries(of: matcher))
    }

    /// Counts the rows that have a term.
    package func rowCount(of matcher: TermMatcher) throws(StarlingError) -> Int {
        let found = try entries(of: matcher)
        if found.count == 1 { return found[0].rowCount }
        return try TermUnion(self, found).rows().count
    }
}

/// Holds the bytes of blocks that lie one behind the other.
struct PostingRun {
    let rows: IndexSlice
    var positions: IndexSlice?
    let first: PostingBlock

    func rows(of block: PostingBlock) throws(StarlingError) -> IndexSlice {
        let start = first.bytes.lowerBound
        return try checked(
            try rows.part((block.bytes.lowerBound - start)..<(block.bytes.upperBound - start)),
            block.checksum, "a list of rows")
    }

    func readPositions(
        of block: PostingBlock, into buffer: inout PostingBuffer
    ) throws(StarlingError) {
        guard let positions else { return }
        let start = first.positions.lowerBound
        try buffer.readPositions(
            try checked(
                try positions.part(
                    (block.positions.lowerBound - start)..<(block.positions.upperBound - start)),
                block.positionsChecksum, "a list of positions"))
    }
}

private func checked(
    _ slice: IndexSlice, _ checksum: UInt32, _ what: String
) throws(StarlingError) -> IndexSlice {
    guard UInt32(truncatingIfNeeded: slice.checksum) == checksum else {
        throw damagedIndex("\(what) has a wrong checksum")
    }
    return slice
}
