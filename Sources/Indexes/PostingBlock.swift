// The rows that have a term, ascending, in blocks of 128, of which those alone are read that a query is
// about.
//
//   list := of up to 128 rows: block
//         | of more: a skip for each block, the blocks
//   skip := rows left out before its first row, rows left out between its first and its last,
//           twice its bytes and 1 more where it has bits, its checksum (4),
//           where terms are counted: its largest count less one, the fewest terms of its texts
//           where positions are known: the bytes of its positions, their checksum (4)
//   block := packed differences | a bit a row from its first to its last;
//            where terms are counted: packed counts less one
//   packed := width of a number (1), the numbers, least significant bit first, zeros to a full byte
//
// Numbers without a size have seven bits a byte. A difference is the row less the one behind the row
// before; the first counts from the first row of a block that has a skip, and from 0 otherwise. Bits
// stand where they are fewer bytes.

import StarlingErrors
import StarlingMemory

/// Is a block of a list, as its skip tells of it.
struct PostingBlock: Sendable {
    /// Rows of a block, but for the last one of a list.
    static let rowCount = 128

    var first: UInt32
    var last: UInt32
    var count: Int
    var hasBits: Bool
    /// Where its bytes lie among those of the blocks.
    var bytes: Range<Int>
    var checksum: UInt32
    var countMax: UInt32 = 1
    var lengthMin: UInt32 = 0
    /// Where its positions lie among those of the list.
    var positions: Range<Int> = 0..<0
    var positionsChecksum: UInt32 = 0
}

/// Holds the rows of a block, and how often each has the term.
struct PostingBuffer {
    private(set) var rows: [UInt32] = []
    /// As many as there are rows; none where nobody counts.
    private(set) var counts: [UInt32] = []
    /// Where the term stands, row after row, where that was read.
    private(set) var positions: [UInt32] = []

    init() {}

    init(rows: [UInt32], counts: [UInt32]) {
        self.rows = rows
        self.counts = counts
    }

    /// Reads a block of up to 128 rows without a skip.
    mutating func read(
        _ slice: IndexSlice, count: Int, rowCount: Int, isCounted: Bool
    ) throws(StarlingError) {
        var cursor = IndexCursor(slice)
        try readDifferences(&cursor, from: 0, count: count)
        guard Int(rows.last ?? 0) < rowCount else {
            throw damagedIndex("a list names rows beyond all")
        }
        try readCounts(&cursor, isCounted)
    }

    /// Reads a block.
    mutating func read(
        _ block: PostingBlock, _ slice: IndexSlice, isCounted: Bool
    ) throws(StarlingError) {
        var cursor = IndexCursor(slice)
        if block.hasBits {
            try readBits(&cursor, block)
        } else {
            try readDifferences(&cursor, from: block.first, count: block.count)
        }
        guard rows.count == block.count, rows.first == block.first, rows.last == block.last else {
            throw damagedIndex("a list has other rows than it says")
        }
        try readCounts(&cursor, isCounted)
    }

    private mutating func readDifferences(
        _ cursor: inout IndexCursor, from first: UInt32, count: Int
    ) throws(StarlingError) {
        rows.removeAll(keepingCapacity: true)
        try cursor.appendPacked(count, to: &rows)
        // Rows of more than 32 bits are cut: they are then out of their order, or beyond all rows.
        var next = first
        var isAscending = true
        for place in rows.indices {
            let row = next &+ rows[place]
            isAscending = isAscending && row >= next && row < .max
            rows[place] = row
            next = row &+ 1
        }
        guard isAscending else { throw damagedIndex("a list names rows beyond all") }
    }

    private mutating func readBits(
        _ cursor: inout IndexCursor, _ block: PostingBlock
    ) throws(StarlingError) {
        rows.removeAll(keepingCapacity: true)
        let bits = try cursor.bytes((Int(block.last - block.first) + 8) / 8)
        for (place, byte) in bits.enumerated() where byte != 0 {
            var rest = byte
            while rest != 0 {
                rows.append(block.first &+ UInt32(place * 8 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
    }

    /// More positions than this no block has.
    private static let positionCountMax = 1 << 28

    /// Reads the positions of the rows.
    mutating func readPositions(_ slice: IndexSlice) throws(StarlingError) {
        let count = counts.reduce(0) { $0 + Int($1) }
        guard count <= Self.positionCountMax else { throw damagedIndex("a list counts too much") }
        var cursor = IndexCursor(slice)
        positions.removeAll(keepingCapacity: true)
        try cursor.appendPacked(count, to: &positions)
        var place = 0
        for count in counts where count > 0 {
            let end = place + Int(count)
            place += 1
            while place < end {
                positions[place] &+= positions[place - 1]
                place += 1
            }
        }
    }

    /// Takes positions that were read elsewhere.
    mutating func takePositions(_ others: [UInt32]) throws(StarlingError) {
        guard others.count == counts.reduce(0, { $0 + Int($1) }) else {
            throw damagedIndex("a list counts too much")
        }
        positions = others
    }

    private mutating func readCounts(
        _ cursor: inout IndexCursor, _ isCounted: Bool
    ) throws(StarlingError) {
        counts.removeAll(keepingCapacity: true)
        guard isCounted else { return }
        try cursor.appendPacked(rows.count, to: &counts)
        for place in counts.indices { counts[place] &+= 1 }
    }
}

extension PostingBlock {
    /// Reads the skips of a list of `count` rows below `rowCount`.
    static func blocks(
        _ slice: IndexSlice, count: Int, rowCount: Int, isCounted: Bool, hasPositions: Bool
    ) throws(StarlingError) -> [PostingBlock] {
        guard count <= rowCount else { throw damagedIndex("a list has too many rows") }
        var cursor = IndexCursor(slice)
        var blocks: [PostingBlock] = []
        blocks.reserveCapacity((count + Self.rowCount - 1) / Self.rowCount)
        var next = 0
        var (start, positionStart) = (0, 0)
        var left = count
        while left > 0 {
            let own = Swift.min(left, Self.rowCount)
            left -= own
            let first = try cursor.varint(below: rowCount - next) + next
            let last = try cursor.varint(below: rowCount - first - own + 1) + first + own - 1
            next = last + 1
            let size = try cursor.varint(below: 1 << 40)
            var block = PostingBlock(
                first: UInt32(truncatingIfNeeded: first), last: UInt32(truncatingIfNeeded: last),
                count: own, hasBits: size & 1 != 0, bytes: start..<(start + size / 2),
                checksum: try cursor.integer(UInt32.self))
            start = block.bytes.upperBound
            if isCounted {
                block.countMax = UInt32(try cursor.varint(below: 1 << 32 - 1)) + 1
                block.lengthMin = UInt32(try cursor.varint(below: 1 << 32))
            }
            if hasPositions {
                let byteCount = try cursor.varint(below: 1 << 40)
                block.positions = positionStart..<(positionStart + byteCount)
                block.positionsChecksum = try cursor.integer(UInt32.self)
                positionStart = block.positions.upperBound
            }
            blocks.append(block)
        }
        return blocks
    }
}
