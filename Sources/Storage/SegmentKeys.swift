// A segment's index of keys. It is written with the segment and read when it is asked for; where there
// is none, as of small segments and those of before, it is made of the key's columns. It stays in
// memory as long as there is room, as blocks do.

import StarlingErrors
import StarlingMemory
import StarlingTypes
import Synchronization

/// Gives the index of a segment's keys.
package final class SegmentKeys: CachedBytes {
    private let stored: StoredIndex?
    private let cache: BlockCache?
    private let held = Mutex(HeldIndex())

    private struct HeldIndex {
        var index: KeyIndex?
        /// The numbers of the columns that it is an index of.
        var key: [UInt32] = []
        var byteCount = 0
        var isUsed = false
    }

    /// Stands for an index that is read, or made, when it is asked for.
    init(_ stored: StoredIndex? = nil, cache: BlockCache? = nil) {
        self.stored = stored
        self.cache = cache
    }

    deinit { cache?.forget(held.withLock { $0.byteCount }) }

    /// Returns the index of a segment's rows by columns that have the numbers `key`, and are those at
    /// `positions`.
    func index(
        of segment: Segment, by key: [UInt32], at positions: [Int], as types: [PhysicalType]
    ) throws(StarlingError) -> KeyIndex {
        let known = held.withLock { held in
            held.isUsed = true
            return held.key == key ? held.index : nil
        }
        if let known { return known }
        let index: KeyIndex
        if let stored, stored.key == key {
            index = try stored.read()
        } else {
            index = try KeyRows(segment, at: positions, as: types).makeIndex()
        }
        keep(index, of: key)
        return index
    }

    /// Holds an index as long as there is room; for ever where there is no limit.
    func keep(_ index: KeyIndex, of key: [UInt32]) {
        let byteCount = cache == nil ? 0 : index.bytes.count
        let isNew = held.withLock { held in
            guard held.index == nil else {
                // The key has other columns by now; all indexes of the rows take as many bytes.
                if held.key != key { (held.index, held.key) = (index, key) }
                return false
            }
            held = HeldIndex(index: index, key: key, byteCount: byteCount)
            return true
        }
        guard isNew, let cache else { return }
        if !cache.hold(self, byteCount) { _ = release(always: true) }
    }

    func release(always: Bool) -> Int? {
        held.withLock { held in
            if held.isUsed, !always {
                held.isUsed = false
                return nil
            }
            defer { held = HeldIndex() }
            return held.byteCount
        }
    }
}

/// Is where the index of a segment can be read, and what must be true of it.
struct StoredIndex: Sendable {
    var segment: StoredSegment
    /// The numbers of the key's columns.
    var key: [UInt32]
    var rowCount: Int
    var offset: Int
    var byteCount: Int
    var checksum: UInt64

    /// Reads the index, after its checksum.
    func read() throws(StarlingError) -> KeyIndex {
        guard offset >= 0, byteCount >= 0, offset <= segment.byteCount,
            byteCount <= segment.byteCount - offset
        else { throw segment.damage("the index of keys lies outside of it") }
        let buffer = try segment.read(offset..<(offset + byteCount))
        let bytes = UnsafeRawBufferPointer(start: buffer.baseAddress, count: byteCount)
        guard XXHash64.hash(bytes) == checksum else {
            throw segment.damage("the index of keys has a wrong checksum")
        }
        do throws(StarlingError) {
            return try KeyIndex(buffer, byteCount: byteCount, rowCount: rowCount)
        } catch {
            throw segment.damage(error.message)
        }
    }
}
