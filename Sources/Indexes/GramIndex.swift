// Which runs of n characters the texts of each 1,024 rows have, as bloom filters: what LIKE '%…%' and
// ngram_search() look for can only be where all of its runs may be.
//
//   index := version 1 (4), characters of a run (4), 1 where upper and lower case of ASCII are the
//            same (4), rows of a filter (4), for each filter its words (4), the filters
//
// The hash of a run is the XXH64 of its bytes.

import StarlingErrors
import StarlingMemory
import StarlingTables

/// Knows the runs of characters in rows of a segment.
package struct GramIndex: Sendable {
    package static let zoneRowCount = 1_024
    private static let version: UInt32 = 1

    package let size: Int
    package let ignoresCase: Bool
    private let filters: [SplitBlockFilter]
    private let rowCount: Int

    /// Opens the bytes of an index.
    package init(_ slice: IndexSlice, rowCount: Int) throws(StarlingError) {
        var cursor = IndexCursor(slice)
        guard try cursor.integer(UInt32.self) == Self.version else {
            throw damagedIndex("it is of another version")
        }
        size = Int(try cursor.integer(UInt32.self))
        ignoresCase = try cursor.integer(UInt32.self) != 0
        guard size > 0, try cursor.integer(UInt32.self) == UInt32(Self.zoneRowCount) else {
            throw damagedIndex("it has runs of no characters")
        }
        self.rowCount = rowCount
        var counts: [Int] = []
        for _ in 0..<((rowCount + Self.zoneRowCount - 1) / Self.zoneRowCount) {
            counts.append(Int(try cursor.integer(UInt32.self)))
        }
        var filters: [SplitBlockFilter] = []
        for count in counts {
            guard count <= slice.count / 4 else { throw damagedIndex("it is cut off") }
            var words: [UInt32] = []
            words.reserveCapacity(count)
            for _ in 0..<count { words.append(try cursor.integer(UInt32.self)) }
            guard let filter = SplitBlockFilter(words: words) else {
                throw damagedIndex("a filter has \(count) words")
            }
            filters.append(filter)
        }
        self.filters = filters
    }

    /// The bytes that it takes in memory.
    package var byteCount: Int { filters.reduce(0) { $0 + $1.byteCount } }

    /// The rows of which some may have all runs of some pieces of text; nil where no piece is as long as
    /// a run.
    package func rows(containing pieces: [[UInt8]]) -> RowRanges? {
        var hashes: Set<UInt64> = []
        for piece in pieces {
            hashes.formUnion(Self.hashes(of: piece, size, ignoresCase: ignoresCase))
        }
        guard !hashes.isEmpty else { return nil }
        return ranges { filter in hashes.allSatisfy { filter.mayContain($0) } }
    }

    /// The rows of which some may have at least one run of a text; nil where it has none.
    package func rows(sharingRunsWith text: [UInt8]) -> RowRanges? {
        let hashes = Set(Self.hashes(of: text, size, ignoresCase: ignoresCase))
        guard !hashes.isEmpty else { return nil }
        return ranges { filter in hashes.contains { filter.mayContain($0) } }
    }

    private func ranges(_ matches: (SplitBlockFilter) -> Bool) -> RowRanges {
        var ranges = RowRanges()
        for (zone, filter) in filters.enumerated() where matches(filter) {
            let start = zone * Self.zoneRowCount
            ranges.append(start..<min(start + Self.zoneRowCount, rowCount))
        }
        return ranges
    }

    /// Hashes all runs of a text; none of one that is no UTF-8.
    static func hashes(of text: [UInt8], _ size: Int, ignoresCase: Bool) -> [UInt64] {
        text.withUnsafeBytes { bytes in
            var hashes: [UInt64] = []
            return append(hashesOf: bytes, size, ignoresCase: ignoresCase, to: &hashes)
                ? hashes : []
        }
    }

    /// Appends the hashes of all runs of a text; false where it is no UTF-8, so that nobody knows where
    /// its characters begin.
    static func append(
        hashesOf text: UnsafeRawBufferPointer, _ size: Int, ignoresCase: Bool,
        to hashes: inout [UInt64]
    ) -> Bool {
        // The places where the last characters began, as many as a run has.
        var starts = [Int](repeating: 0, count: size)
        var characterCount = 0
        var place = 0
        var run: [UInt8] = []
        while place < text.count {
            starts[characterCount % size] = place
            guard let count = characterByteCount(text, place) else { return false }
            place += count
            characterCount += 1
            guard characterCount >= size else { continue }
            let first = starts[characterCount % size]
            let bytes = UnsafeRawBufferPointer(rebasing: text[first..<place])
            guard ignoresCase else {
                hashes.append(XXHash64.hash(bytes))
                continue
            }
            run.removeAll(keepingCapacity: true)
            for byte in bytes { run.append(byte &- 0x41 < 26 ? byte | 0x20 : byte) }
            hashes.append(XXHash64.hash(run))
        }
        return true
    }

    /// Counts the bytes of a character; nil where others follow than its first one says.
    private static func characterByteCount(
        _ text: UnsafeRawBufferPointer, _ place: Int
    ) -> Int? {
        let first = text[place]
        if first < 0x80, place + 1 == text.count || text[place + 1] < 0x80 { return 1 }
        let count = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard count > 0, first < 0xF5, place + count <= text.count else { return nil }
        for next in (place + 1)..<(place + count) where text[next] & 0xC0 != 0x80 { return nil }
        let end = place + count
        return end < text.count && text[end] & 0xC0 == 0x80 ? nil : count
    }
}

/// Takes texts row by row.
package struct GramIndexBuilder {
    private let size: Int
    private let ignoresCase: Bool
    private let error: Double
    private var filters: [SplitBlockFilter] = []
    private var known = RunHashes()
    /// True where a text of the zone may have any runs.
    private var isOpen = false
    private var hashes: [UInt64] = []
    private var rowCount = 0

    package init(size: Int, ignoresCase: Bool, error: Double) {
        self.size = size
        self.ignoresCase = ignoresCase
        self.error = error
    }

    /// The bytes that making the index takes, about.
    package var byteCount: Int {
        filters.reduce(known.byteCount) { $0 + $1.byteCount }
    }

    /// Adds the runs of a text of the row that `endRow` ends; a NULL has none.
    package mutating func append(_ text: UnsafeRawBufferPointer) {
        hashes.removeAll(keepingCapacity: true)
        if !GramIndex.append(hashesOf: text, size, ignoresCase: ignoresCase, to: &hashes) {
            isOpen = true
        }
        for hash in hashes { known.insert(hash) }
    }

    package mutating func endRow() {
        rowCount += 1
        if rowCount % GramIndex.zoneRowCount == 0 { finishZone() }
    }

    private mutating func finishZone() {
        defer { isOpen = false }
        if isOpen {
            known.removeAll()
            let words = [UInt32](repeating: .max, count: SplitBlockFilter.blockByteCount / 4)
            return filters += SplitBlockFilter(words: words).map { [$0] } ?? []
        }
        let byteCount = SplitBlockFilter.byteCount(distinctCount: known.count, error: error)
        var filter = SplitBlockFilter(
            blockCount: (byteCount + SplitBlockFilter.blockByteCount - 1)
                / SplitBlockFilter.blockByteCount)
        known.forEach { filter.insert($0) }
        filters.append(filter)
        known.removeAll()
    }

    package mutating func finish() -> ByteWriter {
        if rowCount % GramIndex.zoneRowCount != 0 { finishZone() }
        let writer = ByteWriter()
        for number in [1, size, ignoresCase ? 1 : 0, GramIndex.zoneRowCount] {
            writer.append(UInt32(truncatingIfNeeded: number))
        }
        for filter in filters { writer.append(UInt32(filter.words.count)) }
        for filter in filters { for word in filter.words { writer.append(word) } }
        return writer
    }
}
