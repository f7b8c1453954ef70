// The rows of a term as they are asked for: skips say which blocks there are, and of these only those are
// read in which rows are that matter.

import StarlingErrors
import StarlingTables

/// Reads the rows of one term.
struct TermRows: Sendable {
    let index: InvertedIndex
    let entry: TermEntry
    let blocks: [PostingBlock]
    /// The only block, where there are no skips.
    let whole: PostingBuffer?

    var rowCount: Int { entry.rowCount }

    init(_ index: InvertedIndex, _ entry: TermEntry) throws(StarlingError) {
        self.index = index
        self.entry = entry
        if entry.rowCount > PostingBlock.rowCount {
            blocks = try index.blocks(of: entry)
            whole = nil
            return
        }
        let buffer = try index.block(of: entry)
        whole = buffer
        blocks = [
            PostingBlock(
                first: buffer.rows.first ?? 0, last: buffer.rows.last ?? 0,
                count: buffer.rows.count, hasBits: false, bytes: 0..<0, checksum: 0)
        ]
    }

    /// Hands out blocks by their numbers, ascending, with positions where these are wanted; bytes that
    /// lie beside each other are read at once.
    func forEachBlock(
        _ numbers: [Int], withPositions: Bool = false,
        _ body: (PostingBuffer) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        if numbers.isEmpty { return }
        var buffer = whole ?? PostingBuffer()
        if whole != nil {
            if withPositions { try index.readPositions(of: entry, into: &buffer) }
            return try body(buffer)
        }
        var start = 0
        while start < numbers.count {
            var end = start + 1
            while end < numbers.count, numbers[end] == numbers[end - 1] + 1 { end += 1 }
            let own = blocks[numbers[start]...numbers[end - 1]]
            let run = try index.run(of: entry, own, withPositions: withPositions)
            for block in own {
                try buffer.read(block, try run.rows(of: block), isCounted: index.isCounted)
                if withPositions { try run.readPositions(of: block, into: &buffer) }
                try body(buffer)
            }
            start = end
        }
    }

    // MARK: Blocks

    /// The number of the first block from `start` on that ends at a row or behind it.
    func block(reaching row: UInt32, from start: Int) -> Int {
        // Steps grow, so that near blocks are found at once.
        var low = start
        var high = start
        var step = 1
        while high < blocks.count, blocks[high].last < row {
            low = high + 1
            high += step
            step *= 2
        }
        high = Swift.min(high, blocks.count)
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle].last < row { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Numbers the blocks in which rows of some ranges may be; nil stands for all rows.
    func blocks(within ranges: RowRanges?) -> [Int] {
        guard let ranges else { return Array(blocks.indices) }
        var numbers: [Int] = []
        var next = 0
        for range in ranges.ranges {
            next = block(reaching: UInt32(truncatingIfNeeded: range.lowerBound), from: next)
            while next < blocks.count, Int(blocks[next].first) < range.upperBound {
                numbers.append(next)
                next += 1
            }
        }
        return numbers
    }

    /// Numbers the blocks in which some of ascending rows may be.
    func blocks(among rows: [UInt32]) -> [Int] {
        var numbers: [Int] = []
        var next = 0
        for row in rows {
            next = block(reaching: row, from: next)
            guard next < blocks.count else { break }
            if blocks[next].first <= row, numbers.last != next { numbers.append(next) }
        }
        return numbers
    }

    // MARK: Rows

    /// Reads the rows in some ranges, and some beside.
    func rows(within ranges: RowRanges?) throws(StarlingError) -> [UInt32] {
        if let whole { return whole.rows }
        let numbers = blocks(within: ranges)
        var rows: [UInt32] = []
        rows.reserveCapacity(numbers.count * PostingBlock.rowCount)
        try forEachBlock(numbers) { (buffer) throws(StarlingError) in rows += buffer.rows }
        return rows
    }

    /// Reads which of ascending rows have the term.
    func rows(among wanted: [UInt32]) throws(StarlingError) -> [UInt32] {
        var found: [UInt32] = []
        found.reserveCapacity(min(wanted.count, rowCount))
        var next = 0
        try forEachBlock(blocks(among: wanted)) { (buffer) throws(StarlingError) in
            wanted.withUnsafeBufferPointer { wanted in
                for row in buffer.rows {
                    while next < wanted.count, wanted[next] < row { next &+= 1 }
                    if next == wanted.count { return }
                    if wanted[next] == row { found.append(row) }
                }
            }
        }
        return found
    }
}

/// Reads the rows that have one of several terms.
struct TermUnion: Sendable {
    let terms: [TermRows]
    /// As many rows or fewer have one of them.
    let rowCountMax: Int
    private let rowCount: Int

    init(_ index: InvertedIndex, _ entries: [TermEntry]) throws(StarlingError) {
        var terms: [TermRows] = []
        terms.reserveCapacity(entries.count)
        for entry in entries { terms.append(try TermRows(index, entry)) }
        self.terms = terms
        rowCountMax = entries.reduce(0) { $0 + $1.rowCount }
        rowCount = index.rowCount
    }

    /// Reads the rows in some ranges, and some beside.
    func rows(within ranges: RowRanges? = nil) throws(StarlingError) -> [UInt32] {
        if terms.count == 1 { return try terms[0].rows(within: ranges) }
        if terms.isEmpty { return [] }
        var bits = RowBits(count: rowCount)
        for term in terms { bits.insert(try term.rows(within: ranges)) }
        return bits.rows
    }

    /// Reads which of ascending rows have one of the terms.
    func rows(among wanted: [UInt32]) throws(StarlingError) -> [UInt32] {
        if terms.count == 1 { return try terms[0].rows(among: wanted) }
        if terms.isEmpty { return [] }
        var bits = RowBits(count: rowCount)
        for term in terms { bits.insert(try term.rows(among: wanted)) }
        return bits.rows
    }

    /// Reads where the terms stand in ascending rows.
    func occurrences(in wanted: [UInt32]) throws(StarlingError) -> TermOccurrences {
        if terms.count == 1 { return try terms[0].occurrences(in: wanted) }
        // A row by its number in the upper half, a position in the lower.
        var pairs: [UInt64] = []
        for term in terms {
            let own = try term.occurrences(in: wanted)
            for number in wanted.indices {
                for position in own.positions(ofRow: number) {
                    pairs.append(UInt64(number) << 32 | UInt64(position))
                }
            }
        }
        pairs.sort()
        var all = TermOccurrences(rowCount: wanted.count)
        var last: UInt64?
        for pair in pairs where pair != last {
            last = pair
            all.append([UInt32(truncatingIfNeeded: pair)], ofRow: Int(pair >> 32))
        }
        all.finish()
        return all
    }
}

extension TermRows {
    /// Reads where the term stands in ascending rows.
    fileprivate func occurrences(in wanted: [UInt32]) throws(StarlingError) -> TermOccurrences {
        var all = TermOccurrences(rowCount: wanted.count)
        try forEachBlock(blocks(among: wanted), withPositions: true) {
            (buffer) throws(StarlingError) in all.append(buffer, in: wanted)
        }
        all.finish()
        return all
    }
}

/// Holds where a term stands in some rows, which have numbers.
struct TermOccurrences {
    private var positions: [UInt32] = []
    /// The position behind the last one of each row.
    private var ends: [Int] = []
    private let rowCount: Int

    init(rowCount: Int) {
        self.rowCount = rowCount
        ends.reserveCapacity(rowCount)
        positions.reserveCapacity(rowCount)
    }

    /// Appends positions of a row that is the last one or comes behind it.
    mutating func append(_ others: ArraySlice<UInt32>, ofRow number: Int) {
        while ends.count <= number { ends.append(positions.count) }
        positions += others
        ends[number] = positions.count
    }

    /// Appends the positions of a block in rows that come behind those before.
    mutating func append(_ buffer: PostingBuffer, in wanted: [UInt32]) {
        var next = ends.count
        var start = 0
        wanted.withUnsafeBufferPointer { wanted in
            buffer.rows.withUnsafeBufferPointer { rows in
                for number in rows.indices {
                    let row = rows[number]
                    let end = start &+ Int(buffer.counts[number])
                    while next < wanted.count, wanted[next] < row {
                        ends.append(positions.count)
                        next &+= 1
                    }
                    if next == wanted.count { return }
                    if wanted[next] == row {
                        for place in start..<end { positions.append(buffer.positions[place]) }
                        ends.append(positions.count)
                        next &+= 1
                    }
                    start = end
                }
            }
        }
    }

    mutating func finish() {
        while ends.count < rowCount { ends.append(positions.count) }
    }

    func positions(ofRow number: Int) -> ArraySlice<UInt32> {
        positions[(number == 0 ? 0 : ends[number - 1])..<ends[number]]
    }
}
