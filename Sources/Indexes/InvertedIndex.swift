// An index of terms as it is asked: the head is read when it is opened, then for each term one block of
// the dictionary and one list.

import StarlingAnalyzers
import StarlingErrors

/// Finds the rows of a segment by terms.
package final class InvertedIndex: Sendable {
    /// More positions of one term than this no segment has.
    private static let positionCountMax = 1 << 28

    private let bytes: any IndexBytes
    private let fences: TermFences
    package let rowCount: Int
    /// Tokens of all rows together.
    package let tokenCount: Int
    package let termCount: Int
    package let hasPositions: Bool
    package let isCounted: Bool
    /// The rows that are NULL.
    package let nulls: [UInt32]
    package let headByteCount: Int
    private let listStart: Int
    private let positionStart: Int
    private let lengthStart: Int
    private let lengthByteCount: Int

    /// Opens an index of `rowCount` rows. `headByteCount` and `headChecksum` say what its beginning
    /// has to be, where that is known.
    package init(
        _ bytes: any IndexBytes, rowCount: Int, headByteCount: Int? = nil,
        headChecksum: UInt64? = nil
    ) throws(StarlingError) {
        self.bytes = bytes
        let headCount: Int
        if let headByteCount {
            headCount = headByteCount
        } else {
            var first = IndexCursor(try bytes.read(0..<min(8, bytes.byteCount)))
            headCount = try first.count()
        }
        guard headCount <= bytes.byteCount else { throw damagedIndex("its head is cut off") }
        let head = try bytes.read(0..<headCount)
        if let headChecksum, head.checksum != headChecksum {
            throw damagedIndex("its head has a wrong checksum")
        }
        var cursor = IndexCursor(head)
        guard try cursor.count() == headCount,
            try cursor.integer(UInt32.self) == InvertedIndexBuilder.version
        else { throw damagedIndex("it is of another version") }
        let flags = try cursor.integer(UInt32.self)
        isCounted = flags & 1 != 0
        hasPositions = flags & 2 != 0
        guard try cursor.count() == rowCount else { throw damagedIndex("it has other rows") }
        self.rowCount = rowCount
        tokenCount = try cursor.count()
        termCount = try cursor.count()
        let blockCount = try cursor.count()
        var sizes: [Int] = []
        for _ in 0..<4 {
            let size = try cursor.count()
            guard size <= bytes.byteCount else { throw damagedIndex("a part lies outside of it") }
            sizes.append(size)
        }
        listStart = headCount + sizes[0]
        positionStart = listStart + sizes[1]
        lengthStart = positionStart + sizes[2]
        lengthByteCount = sizes[3]
        guard lengthStart + lengthByteCount == bytes.byteCount else {
            throw damagedIndex("it has another size")
        }
        let nullCount = try cursor.count()
        let nullByteCount = try cursor.count()
        guard nullByteCount <= headCount else { throw damagedIndex("a list is cut off") }
        nulls =
            nullCount == 0
            ? []
            : try PostingList(
                try head.part(cursor.place..<(cursor.place + nullByteCount)),
                count: nullCount, rowCount: rowCount, isCounted: false
            ).rows
        var rest = IndexCursor(head, at: cursor.place + nullByteCount)
        guard blockCount <= headCount else { throw damagedIndex("it has too many blocks") }
        fences = try TermFences(&rest, count: blockCount, from: headCount)
        guard fences.blocks.last?.upperBound ?? headCount == listStart else {
            throw damagedIndex("its blocks have another size")
        }
        self.headByteCount = headCount
    }

    // MARK: Terms

    private func block(_ number: Int) throws(StarlingError) -> TermBlockReader {
        let slice = try bytes.read(fences.blocks[number])
        guard slice.checksum == fences.checksums[number] else {
            throw damagedIndex("block \(number + 1) of its terms has a wrong checksum")
        }
        return try TermBlockReader(slice, isCounted: isCounted, hasPositions: hasPositions)
    }

    func entry(of term: [UInt8]) throws(StarlingError) -> TermEntry? {
        guard let number = fences.block(of: term) else { return nil }
        var reader = try block(number)
        return try reader.find(term)
    }

    /// Hands out the entries from a term on, until `body` says no.
    func forEachEntry(
        from term: [UInt8], _ body: (TermEntry) throws(StarlingError) -> Bool
    ) throws(StarlingError) {
        var number = fences.block(of: term) ?? 0
        while number < fences.blocks.count {
            var reader = try block(number)
            while let entry = try reader.next() {
                if entry.term.lexicographicallyPrecedes(term) { continue }
                guard try body(entry) else { return }
            }
            number += 1
        }
    }

    /// Lists the entries that match.
    func entries(of matcher: TermMatcher) throws(StarlingError) -> [TermEntry] {
        switch matcher {
        case .exact(let term): return try entry(of: term).map { [$0] } ?? []
        case .pattern(let pattern):
            var found: [TermEntry] = []
            let prefix = pattern.prefix
            try forEachEntry(from: prefix) { (entry) throws(StarlingError) in
                guard entry.term.starts(with: prefix) else { return false }
                if entry.term.withUnsafeBytes({ pattern.matches($0) }) { found.append(entry) }
                return true
            }
            return found
        }
    }

    // MARK: Lists

    /// Reads the rows of a term.
    func list(of entry: TermEntry) throws(StarlingError) -> PostingList {
        if let single = entry.single {
            guard single.row < rowCount else { throw damagedIndex("a term names no row") }
            return PostingList(
                rows: [single.row],
                counts: isCounted ? [UInt32(truncatingIfNeeded: single.count)] : [])
        }
        let slice = try read(
            entry.list, from: listStart, to: positionStart, checksum: entry.listChecksum)
        return try PostingList(
            slice, count: entry.rowCount, rowCount: rowCount, isCounted: isCounted)
    }

    private func read(
        _ range: Range<Int>, from start: Int, to end: Int, checksum: UInt32
    ) throws(StarlingError) -> IndexSlice {
        guard range.upperBound <= end - start else { throw damagedIndex("a list lies beyond all") }
        let slice = try bytes.read((start + range.lowerBound)..<(start + range.upperBound))
        guard UInt32(truncatingIfNeeded: slice.checksum) == checksum else {
            throw damagedIndex("a list of rows has a wrong checksum")
        }
        return slice
    }

    /// Reads the positions of a term, row after row; `ends` say where those of each row end.
    func positions(
        of entry: TermEntry, _ list: PostingList
    ) throws(StarlingError) -> (positions: [UInt32], ends: [Int]) {
        if let single = entry.single { return (single.positions, [single.positions.count]) }
        var total = 0
        var ends: [Int] = []
        for count in list.counts {
            total += Int(count)
            ends.append(total)
        }
        guard total <= min(tokenCount, Self.positionCountMax) else {
            throw damagedIndex("a list counts too much")
        }
        let slice = try read(
            entry.positions, from: positionStart, to: lengthStart,
            checksum: entry.positionsChecksum)
        var cursor = IndexCursor(slice)
        var positions: [UInt32] = []
        positions.reserveCapacity(total)
        var row = 0
        while row < list.rows.count {
            let last = min(row + PostingList.blockRowCount, list.rows.count)
            let first = row == 0 ? 0 : ends[row - 1]
            try cursor.appendPacked(ends[last - 1] - first, to: &positions)
            for place in row..<last {
                let start = place == 0 ? 0 : ends[place - 1]
                var position: UInt32 = 0
                for number in start..<ends[place] {
                    position &+= positions[number]
                    positions[number] = position
                }
            }
            row = last
        }
        return (positions, ends)
    }

    /// Reads how many tokens each row has.
    package func lengths() throws(StarlingError) -> [UInt32] {
        guard isCounted else { return [] }
        var cursor = IndexCursor(
            try bytes.read(lengthStart..<(lengthStart + lengthByteCount)))
        var lengths: [UInt32] = []
        lengths.reserveCapacity(rowCount)
        try PostingList.readPacked(&cursor, rowCount, into: &lengths)
        return lengths
    }

    /// Counts the rows that have a term.
    package func rowCount(of matcher: TermMatcher) throws(StarlingError) -> Int {
        let found = try entries(of: matcher)
        if found.count == 1 { return found[0].rowCount }
        return try rows(of: found).count
    }

    /// Reads the rows of several terms together, ascending.
    func rows(of entries: [TermEntry]) throws(StarlingError) -> [UInt32] {
        if entries.count == 1 { return try list(of: entries[0]).rows }
        var bits = RowBits(count: rowCount)
        for entry in entries { bits.insert(try list(of: entry).rows) }
        return bits.rows
    }
}
