// The terms of an index in the order of their bytes, in blocks of up to 128, and where their lists are.
//
//   block := where its lists begin (8), where its positions begin (8), entries
//   entry := bytes shared with the term before, bytes of its own, these, rows that have it,
//            | of one row: the row, how often it has the term, its positions as differences
//            | of up to 128: bytes of the list, its checksum (4), bytes of the positions, theirs (4)
//            | of more: bytes of the skips, of the blocks, checksum of the skips (4), bytes of the
//              positions
//   fence := bytes of the key, the key, bytes of the block, its checksum (8)
//
// Numbers without a size have seven bits a byte. The key of a fence lies above all terms of the
// blocks before and not above the first one of its own, and is as short as can be. Fences are read
// whole and kept; of the rest only the blocks and lists that are asked for.

import StarlingErrors
import StarlingMemory

/// Is a term, and where its rows are.
struct TermEntry: Sendable {
    var term: [UInt8]
    var rowCount: Int
    /// The one row of a term that has no list.
    var single: (row: UInt32, count: Int, positions: [UInt32])?
    /// The list of rows, or the skips of one that has any.
    var list: Range<Int> = 0..<0
    var listChecksum: UInt32 = 0
    /// The blocks that have skips.
    var blocks: Range<Int> = 0..<0
    var positions: Range<Int> = 0..<0
    var positionsChecksum: UInt32 = 0
}

/// Says where the blocks of terms are.
struct TermFences: Sendable {
    private(set) var keys: [[UInt8]] = []
    private(set) var blocks: [Range<Int>] = []
    private(set) var checksums: [UInt64] = []

    static let blockTermCount = 128
    static let blockByteCount = 16_384

    /// Reads the fences of blocks, the first of which begins at `start`.
    init(
        _ cursor: inout IndexCursor, count: Int, from start: Int
    ) throws(StarlingError) {
        var end = start
        for _ in 0..<count {
            keys.append(try cursor.bytes(try cursor.varint()))
            let byteCount = try cursor.varint()
            let (next, isOver) = end.addingReportingOverflow(byteCount)
            guard !isOver else { throw damagedIndex("a block lies beyond all") }
            blocks.append(end..<next)
            end = next
            checksums.append(try cursor.integer(UInt64.self))
        }
    }

    /// The block that has a term, if any has.
    func block(of term: [UInt8]) -> Int? {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if term.lexicographicallyPrecedes(keys[middle]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low > 0 ? low - 1 : nil
    }
}

/// Reads the entries of a block of terms one after the other.
struct TermBlockReader {
    private var cursor: IndexCursor
    private var term: [UInt8] = []
    private var listStart: Int
    private var positionsStart: Int
    private let isCounted: Bool
    private let hasPositions: Bool

    init(
        _ slice: IndexSlice, isCounted: Bool, hasPositions: Bool
    ) throws(StarlingError) {
        cursor = IndexCursor(slice)
        listStart = try cursor.count()
        positionsStart = try cursor.count()
        self.isCounted = isCounted
        self.hasPositions = hasPositions
    }

    mutating func next() throws(StarlingError) -> TermEntry? {
        guard !cursor.isAtEnd else { return nil }
        let shared = try cursor.varint()
        let own = try cursor.varint()
        guard shared <= term.count else { throw damagedIndex("a term continues none") }
        term.removeLast(term.count - shared)
        term += try cursor.bytes(own)
        return try entry(of: term)
    }

    /// Finds a term among those to come; nothing is made of the others.
    mutating func find(_ wanted: [UInt8]) throws(StarlingError) -> TermEntry? {
        // The term before lies below the one that is sought, with which it has these bytes in common.
        var common = 0
        while !cursor.isAtEnd {
            let shared = try cursor.varint()
            let own = try cursor.varint()
            // It goes on otherwise, and higher, where the one before did as what is sought does.
            if shared < common { return nil }
            guard shared == common else {
                try cursor.skip(own)
                try skipEntry()
                continue
            }
            let same = try cursor.countOfSame(own, wanted[common...])
            let isEnd = same == own
            if isEnd, common + same == wanted.count {
                try cursor.skip(own)
                return try entry(of: wanted)
            }
            guard common + same < wanted.count else { return nil }
            if !isEnd, try cursor.byte(same) > wanted[common + same] { return nil }
            common += same
            try cursor.skip(own)
            try skipEntry()
        }
        return nil
    }

    /// Passes over what stands behind a term.
    private mutating func skipEntry() throws(StarlingError) {
        let rowCount = try cursor.varint()
        if rowCount == 1 {
            _ = try cursor.varint()
            let count = isCounted ? try cursor.varint() : 1
            if hasPositions { for _ in 0..<count { _ = try cursor.varint() } }
            return
        }
        var entry = TermEntry(term: [], rowCount: rowCount)
        try readPlaces(&entry)
    }

    /// Reads what stands behind a term.
    private mutating func entry(of term: [UInt8]) throws(StarlingError) -> TermEntry {
        var entry = TermEntry(term: term, rowCount: try cursor.varint())
        if entry.rowCount == 1 {
            let row = UInt32(truncatingIfNeeded: try cursor.varint())
            let count = isCounted ? try cursor.varint() : 1
            var positions: [UInt32] = []
            if hasPositions {
                var position: UInt32 = 0
                guard count <= cursor.slice.count else { throw damagedIndex("it is cut off") }
                for _ in 0..<count {
                    position &+= UInt32(truncatingIfNeeded: try cursor.varint())
                    positions.append(position)
                }
            }
            entry.single = (row, count, positions)
            return entry
        }
        try readPlaces(&entry)
        return entry
    }

    /// Reads where the list of a term lies, and its positions.
    private mutating func readPlaces(_ entry: inout TermEntry) throws(StarlingError) {
        let isSkipped = entry.rowCount > PostingBlock.rowCount
        entry.list = try Self.range(listStart, try cursor.varint())
        listStart = entry.list.upperBound
        if isSkipped {
            entry.blocks = try Self.range(listStart, try cursor.varint())
            listStart = entry.blocks.upperBound
        }
        entry.listChecksum = try cursor.integer(UInt32.self)
        guard hasPositions else { return }
        entry.positions = try Self.range(positionsStart, try cursor.varint())
        positionsStart = entry.positions.upperBound
        if !isSkipped { entry.positionsChecksum = try cursor.integer(UInt32.self) }
    }

    private static func range(_ start: Int, _ count: Int) throws(StarlingError) -> Range<Int> {
        let (end, isOver) = start.addingReportingOverflow(count)
        guard !isOver else { throw damagedIndex("a list lies beyond all") }
        return start..<end
    }
}

/// Writes terms in their order.
struct TermDictionaryWriter {
    private let blocks = ByteWriter()
    private let fences = ByteWriter()
    private(set) var blockCount = 0
    private var block = ByteWriter()
    private var termCount = 0
    /// The term before, whose bytes stay until the one behind it begins.
    private var last = UnsafeRawBufferPointer(start: nil, count: 0)

    var fenceBytes: UnsafeRawBufferPointer { fences.bytes }
    var blockBytes: UnsafeRawBufferPointer { blocks.bytes }

    /// Begins the entry of a term; lists and positions of a new block begin where these end now.
    mutating func begin(
        _ term: UnsafeRawBufferPointer, rowCount: Int, lists: Int, positions: Int
    ) -> ByteWriter {
        if termCount == TermFences.blockTermCount || block.count > TermFences.blockByteCount {
            finishBlock()
        }
        var shared = 0
        if termCount == 0 {
            block.append(UInt64(lists))
            block.append(UInt64(positions))
            let key = blockCount == 0 ? 0 : Swift.min(countOfShared(term) + 1, term.count)
            fences.appendVarint(UInt64(key))
            fences.append(UnsafeRawBufferPointer(rebasing: term[..<key]))
        } else {
            shared = countOfShared(term)
        }
        block.appendVarint(UInt64(shared))
        block.appendVarint(UInt64(term.count - shared))
        block.append(UnsafeRawBufferPointer(rebasing: term[shared...]))
        block.appendVarint(UInt64(rowCount))
        last = term
        termCount += 1
        return block
    }

    /// Counts the bytes that a term begins with as the one before does.
    private func countOfShared(_ term: UnsafeRawBufferPointer) -> Int {
        var count = 0
        while count < last.count, count < term.count, last[count] == term[count] { count += 1 }
        return count
    }

    mutating func finishBlock() {
        guard termCount > 0 else { return }
        fences.appendVarint(UInt64(block.count))
        fences.append(XXHash64.hash(block.bytes))
        blocks.append(block.bytes)
        block.removeAll()
        blockCount += 1
        termCount = 0
    }
}
