// An index of terms as it is asked: the head is read when it is opened, then for each term one block of
// the dictionary and one list.

import StarlingAnalyzers
import StarlingErrors

/// Finds the rows of a segment by terms.
package final class InvertedIndex: Sendable {
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
    private let lengthChecksum: UInt64

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
        lengthChecksum = try cursor.integer(UInt64.self)
        let nullCount = try cursor.count()
        let nullByteCount = try cursor.count()
        guard nullByteCount <= headCount else { throw damagedIndex("a list is cut off") }
        nulls =
            nullCount == 0
            ? []
            : try RowList.read(
                try head.part(cursor.place..<(cursor.place + nullByteCount)),
                count: nullCount, rowCount: rowCount)
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

    /// Hands out the entries from one term to another, until `body` says no.
    func forEachEntry(
        from low: [UInt8]?, to high: [UInt8]?, isLowIncluded: Bool, isHighIncluded: Bool,
        _ body: (TermEntry) throws(StarlingError) -> Bool
    ) throws(StarlingError) {
        try forEachEntry(from: low ?? []) { (entry) throws(StarlingError) in
            if let low, !isLowIncluded, entry.term == low { return true }
            if let high {
                if high.lexicographicallyPrecedes(entry.term) { return false }
                if !isHighIncluded, entry.term == high { return false }
            }
            return try body(entry)
        }
    }

    /// Counts the terms from one to another, about: those of the blocks in which some may be.
    package func termCount(from low: [UInt8]?, to high: [UInt8]?) -> Int {
        let blockCount = fences.blocks.count
        let first = low.flatMap { fences.block(of: $0) } ?? 0
        let last = high.flatMap { fences.block(of: $0) } ?? blockCount - 1
        return blockCount == 0 ? 0 : max(0, last - first + 1) * termCount / blockCount
    }

    /// Lists the entries that match.
    func entries(of matcher: TermMatcher) throws(StarlingError) -> [TermEntry] {
        switch matcher {
        case .exact(let term): return try entry(of: term).map { [$0] } ?? []
        case .pattern, .expression:
            var found: [TermEntry] = []
            try forEachEntry(from: matcher.first) { (entry) throws(StarlingError) in
                if matcher.isBefore(entry.term) { return false }
                if entry.term.withUnsafeBytes({ matcher.matches($0) }) { found.append(entry) }
                return true
            }
            return found
        }
    }

    // MARK: Bytes

    /// Reads bytes of a list of rows.
    func listBytes(_ range: Range<Int>) throws(StarlingError) -> IndexSlice {
        try read(range, from: listStart, to: positionStart)
    }

    /// Reads bytes of a list of positions.
    func positionBytes(_ range: Range<Int>) throws(StarlingError) -> IndexSlice {
        try read(range, from: positionStart, to: lengthStart)
    }

    private func read(
        _ range: Range<Int>, from start: Int, to end: Int
    ) throws(StarlingError) -> IndexSlice {
        guard range.upperBound <= end - start else { throw damagedIndex("a list lies beyond all") }
        return try bytes.read((start + range.lowerBound)..<(start + range.upperBound))
    }

    /// Reads how many terms each row has.
    func lengths() throws(StarlingError) -> TextLengths {
        guard isCounted else { throw damagedIndex("it does not count terms") }
        let slice = try bytes.read(lengthStart..<(lengthStart + lengthByteCount))
        guard slice.checksum == lengthChecksum else {
            throw damagedIndex("the lengths of texts have a wrong checksum")
        }
        return try TextLengths(slice, rowCount: rowCount)
    }
}
