// An index of a column of a segment. It is made with the segment, or later by CREATE INDEX; what of it
// lies in a file is read when a query asks, and its beginning stays in memory as long as there is room.

import StarlingErrors
import StarlingIndexes
import StarlingMemory
import Synchronization

/// Knows which rows of a segment have certain values in a column.
package final class ColumnIndex: CachedBytes {
    package let kind: IndexKind
    let scope: IndexScope
    private let rowCount: Int
    private let origin: Origin
    private let cache: BlockCache?
    private let held = Mutex(HeldHead())

    private enum Origin {
        case memory(HeldIndexBytes)
        case stored(StoredColumnIndex)
    }

    /// Is what was read of the index.
    private struct HeldHead {
        var terms: InvertedIndex?
        var grams: GramIndex?
        var byteCount = 0
        var isUsed = false
    }

    /// Holds an index that was just made.
    init(_ kind: IndexKind, _ scope: IndexScope, _ bytes: HeldIndexBytes, rowCount: Int) {
        self.kind = kind
        self.scope = scope
        self.rowCount = rowCount
        origin = .memory(bytes)
        cache = nil
    }

    /// Stands for an index that is read when it is asked for.
    init(_ stored: StoredColumnIndex, rowCount: Int, cache: BlockCache?) {
        kind = stored.kind
        scope = stored.scope
        self.rowCount = rowCount
        origin = .stored(stored)
        self.cache = cache
    }

    deinit { cache?.forget(held.withLock { $0.byteCount }) }

    /// All bytes of the index, after their checksum where they lie in a file.
    func bytes() throws(StarlingError) -> IndexSlice {
        switch origin {
        case .memory(let bytes): try bytes.read(0..<bytes.byteCount)
        case .stored(let stored): try stored.readAll()
        }
    }

    /// The bytes that the index takes.
    package var byteCount: Int {
        switch origin {
        case .memory(let bytes): bytes.byteCount
        case .stored(let stored): stored.byteCount
        }
    }

    /// Opens an index of terms or values.
    func terms() throws(StarlingError) -> InvertedIndex {
        let known = held.withLock { held in
            held.isUsed = true
            return held.terms
        }
        if let known { return known }
        let index: InvertedIndex
        switch origin {
        case .memory(let bytes): index = try InvertedIndex(bytes, rowCount: rowCount)
        case .stored(let stored):
            index = try InvertedIndex(
                stored, rowCount: rowCount, headByteCount: stored.headByteCount,
                headChecksum: stored.headChecksum)
        }
        // Keys of fences are arrays of their own.
        keep(byteCount: index.headByteCount * 4) { $0.terms = index }
        return index
    }

    /// Opens an index of runs of characters.
    func grams() throws(StarlingError) -> GramIndex {
        let known = held.withLock { held in
            held.isUsed = true
            return held.grams
        }
        if let known { return known }
        let index = try GramIndex(try bytes(), rowCount: rowCount)
        keep(byteCount: index.byteCount) { $0.grams = index }
        return index
    }

    private func keep(byteCount: Int, _ put: (inout HeldHead) -> Void) {
        let count = cache == nil ? 0 : byteCount
        let isNew = held.withLock { held in
            guard held.terms == nil, held.grams == nil else { return false }
            put(&held)
            held.byteCount = count
            return true
        }
        guard isNew, let cache else { return }
        if !cache.hold(self, count) { held.withLock { $0 = HeldHead() } }
    }

    func release(always: Bool) -> Int? {
        held.withLock { held in
            if held.isUsed, !always {
                held.isUsed = false
                return nil
            }
            defer { held = HeldHead() }
            return held.byteCount
        }
    }
}

/// Is where an index of a column of a segment can be read, and what must be true of it.
struct StoredColumnIndex: IndexBytes {
    var segment: StoredSegment
    var kind: IndexKind
    var scope: IndexScope
    var offset: Int
    var byteCount: Int
    var checksum: UInt64
    /// What is read when the index is opened; 0 where that is all of it.
    var headByteCount: Int
    var headChecksum: UInt64

    func read(_ range: Range<Int>) throws(StarlingError) -> IndexSlice {
        guard offset >= 0, byteCount >= 0, offset <= segment.byteCount,
            byteCount <= segment.byteCount - offset, range.lowerBound >= 0,
            range.upperBound <= byteCount
        else { throw segment.damage("an index lies outside of it") }
        let buffer = try segment.read(
            (offset + range.lowerBound)..<(offset + range.upperBound))
        return IndexSlice(buffer, 0..<range.count)
    }

    /// Reads all of it, after its checksum.
    func readAll() throws(StarlingError) -> IndexSlice {
        let slice = try read(0..<byteCount)
        guard slice.checksum == checksum else {
            throw segment.damage("an index has a wrong checksum")
        }
        return slice
    }
}

extension ColumnIndex {
    /// Says where the index lies in a segment, and how it begins.
    func extent(from offset: Int) throws(StarlingError) -> SegmentParts.ColumnExtent {
        if case .stored(let stored) = origin {
            return SegmentParts.ColumnExtent(
                kind: kind, scope: scope,
                extent: SegmentParts.Extent(
                    offset: offset, byteCount: stored.byteCount, checksum: stored.checksum),
                headByteCount: stored.headByteCount, headChecksum: stored.headChecksum)
        }
        let bytes = try bytes()
        var extent = SegmentParts.ColumnExtent(
            kind: kind, scope: scope,
            extent: SegmentParts.Extent(
                offset: offset, byteCount: bytes.count, checksum: bytes.checksum))
        if case .grams = kind { return extent }
        extent.headByteCount = try terms().headByteCount
        extent.headChecksum = try bytes.part(0..<extent.headByteCount).checksum
        return extent
    }
}

extension [ColumnIndex] {
    /// The index of terms that an analyzer makes.
    func ofTerms(cutBy analyzer: String) -> ColumnIndex? {
        first { if case .terms(analyzer, _) = $0.kind { true } else { false } }
    }

    var ofValues: ColumnIndex? { first { $0.kind == .values } }
}

extension ByteWriter {
    /// Appends the bytes of an index.
    func append(_ slice: IndexSlice) { slice.withBytes { append($0) } }
}
