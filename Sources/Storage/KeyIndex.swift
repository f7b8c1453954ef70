// Where the keys of a segment are: its rows by the hashes of their keys. What is found has to be
// compared, since different keys may look the same here.
//
//   index := count of rows (4), bits of the number of a bucket (4), for each bucket where its entries
//            begin (4) and one more: their end, entries (4 each), zeros up to a multiple of 8
//   entry := row (the low 18 bits), tag (14)
//
// The bucket is the highest bits of the hash, the tag the lowest. Entries of a bucket ascend, so rows
// with the same key stand side by side.

import StarlingErrors
import StarlingMemory
import StarlingVectors

/// Finds the rows of a segment that may have a key.
///
/// `@unchecked Sendable`: the bytes are never written again.
package final class KeyIndex: @unchecked Sendable {
    private static let rowBits: UInt32 = 18
    private static let rowMask: UInt32 = (1 << rowBits) - 1
    private static let tagMask: UInt64 = (1 << (32 - UInt64(rowBits))) - 1
    private static let headerByteCount = 8
    /// Buckets have from half as many rows as this.
    private static let bucketRowCount = 4
    private static let bucketBitsMax = 20
    /// Larger buckets, which have rows with the same key, are sorted otherwise.
    private static let smallBucketCount = 16
    /// So many keys are sought at a time.
    private static let batchCount = 256

    package let rowCount: Int
    private let bucketBits: Int
    private let buffer: Buffer
    private let starts: UnsafeMutablePointer<UInt32>
    private let entries: UnsafeMutablePointer<UInt32>

    /// Makes the index of rows that have these hashes.
    package init(hashes: UnsafePointer<UInt64>, count: Int) {
        precondition(count <= Int(Self.rowMask))
        var bits = 1
        while (Self.bucketRowCount << bits) < count { bits += 1 }
        rowCount = count
        bucketBits = bits
        buffer = .zeroed(byteCount: Self.byteCount(count, bits))
        buffer.pointer(to: UInt32.self)[0] = UInt32(count)
        buffer.pointer(to: UInt32.self)[1] = UInt32(bits)
        starts = buffer.pointer(to: UInt32.self) + 2
        entries = starts + (1 << bits) + 1
        fill(hashes)
    }

    /// Opens the bytes of an index; says what is wrong where they are none.
    package init(_ buffer: Buffer, byteCount: Int, rowCount: Int) throws(StarlingError) {
        guard byteCount >= Self.headerByteCount else { throw Self.damage("is cut off") }
        let start = buffer.pointer(to: UInt32.self)
        let bits = Int(start[1])
        guard Int(start[0]) == rowCount, rowCount <= Int(Self.rowMask), bits >= 1,
            bits <= Self.bucketBitsMax, byteCount == Self.byteCount(rowCount, bits)
        else { throw Self.damage("has other rows than its segment") }
        self.rowCount = rowCount
        bucketBits = bits
        self.buffer = buffer
        starts = start + 2
        entries = starts + (1 << bits) + 1
        try check()
    }

    private static func byteCount(_ rowCount: Int, _ bits: Int) -> Int {
        (headerByteCount + 4 * ((1 << bits) + 1 + rowCount) + 7) / 8 * 8
    }

    private static func damage(_ message: String) -> StarlingError {
        StarlingError(.data, "the index of keys \(message)")
    }

    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: buffer.baseAddress, count: Self.byteCount(rowCount, bucketBits))
    }

    /// Says no to places outside of the index or the segment.
    private func check() throws(StarlingError) {
        var isRight = starts[0] == 0
        for bucket in 0..<(1 << bucketBits) {
            isRight = isRight && starts[bucket] <= starts[bucket + 1]
        }
        guard isRight, Int(starts[1 << bucketBits]) == rowCount else {
            throw Self.damage("has buckets outside of it")
        }
        var last: UInt32 = 0
        for place in 0..<rowCount { last = max(last, entries[place] & Self.rowMask) }
        guard Int(last) < max(rowCount, 1) else {
            throw Self.damage("names rows that are not there")
        }
    }

    // MARK: Making

    private func fill(_ hashes: UnsafePointer<UInt64>) {
        let (starts, entries) = (starts, entries)
        let shift = UInt64(64 - bucketBits)
        for row in 0..<rowCount { starts[Int(hashes[row] &>> shift)] &+= 1 }
        var end: UInt32 = 0
        for bucket in 0..<(1 << bucketBits) {
            end &+= starts[bucket]
            starts[bucket] = end
        }
        starts[1 << bucketBits] = end
        // From the last row on, so that rows ascend; then the starts are where they belong.
        for row in stride(from: rowCount - 1, through: 0, by: -1) {
            let bucket = Int(hashes[row] &>> shift)
            starts[bucket] &-= 1
            let tag = UInt32(truncatingIfNeeded: hashes[row] & Self.tagMask)
            entries[Int(starts[bucket])] = tag &<< Self.rowBits | UInt32(truncatingIfNeeded: row)
        }
        for bucket in 0..<(1 << bucketBits) { sort(Int(starts[bucket])..<Int(starts[bucket + 1])) }
    }

    private func sort(_ places: Range<Int>) {
        let entries = entries
        guard places.count <= Self.smallBucketCount else {
            var all = UnsafeMutableBufferPointer(
                start: entries + places.lowerBound, count: places.count)
            return all.sort()
        }
        guard places.count > 1 else { return }
        for place in (places.lowerBound + 1)..<places.upperBound {
            let entry = entries[place]
            var hole = place
            while hole > places.lowerBound, entries[hole - 1] > entry {
                entries[hole] = entries[hole - 1]
                hole -= 1
            }
            entries[hole] = entry
        }
    }

    // MARK: Asking

    /// Adds, for each of the given hashes, the rows that may have its key: the row in the segment in
    /// the high half, the place of the hash in the low one. `places` are all where there are none.
    package func find(
        _ hashes: UnsafePointer<UInt64>, _ places: UnsafePointer<UInt32>?, count: Int,
        into found: inout [UInt64]
    ) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Self.batchCount) { buckets in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.batchCount) { hits in
                let buckets = buckets.baseAddress.unsafelyUnwrapped
                let hits = hits.baseAddress.unsafelyUnwrapped
                for first in stride(from: 0, to: count, by: Self.batchCount) {
                    let batch = first..<min(first + Self.batchCount, count)
                    // All buckets are on their way from memory before any of them is searched.
                    locate(hashes, places, batch, into: buckets)
                    search(hashes, places, batch, buckets, hits, into: &found)
                }
            }
        }
    }

    /// Notes of each hash where the entries of its bucket begin and end.
    @inline(__always)
    private func locate(
        _ hashes: UnsafePointer<UInt64>, _ places: UnsafePointer<UInt32>?, _ batch: Range<Int>,
        into buckets: UnsafeMutablePointer<UInt32>
    ) {
        let starts = starts
        let shift = UInt64(64 - bucketBits)
        var target = buckets
        for number in batch {
            let place = places.map { Int($0[number]) } ?? number
            let bucket = Int(hashes[place] &>> shift)
            target[0] = starts[bucket]
            target[1] = starts[bucket &+ 1]
            target += 2
        }
    }

    @inline(__always)
    private func search(
        _ hashes: UnsafePointer<UInt64>, _ places: UnsafePointer<UInt32>?, _ batch: Range<Int>,
        _ buckets: UnsafePointer<UInt32>, _ hits: UnsafeMutablePointer<UInt64>,
        into found: inout [UInt64]
    ) {
        let entries = entries
        var bucket = buckets
        var hitCount = 0
        for number in batch {
            let place = places.map { $0[number] } ?? UInt32(truncatingIfNeeded: number)
            let tag = UInt32(truncatingIfNeeded: hashes[Int(place)] & Self.tagMask)
            var entry = Int(bucket[0])
            let end = Int(bucket[1])
            bucket += 2
            // Whether an entry is one of those sought is hard to foretell, so nothing branches on it.
            while entry < end {
                let known = entries[entry]
                hits[hitCount] = UInt64(known & Self.rowMask) &<< 32 | UInt64(place)
                hitCount &+= known &>> Self.rowBits == tag ? 1 : 0
                if hitCount == Self.batchCount {
                    found.append(contentsOf: UnsafeBufferPointer(start: hits, count: hitCount))
                    hitCount = 0
                }
                entry &+= 1
            }
        }
        found.append(contentsOf: UnsafeBufferPointer(start: hits, count: hitCount))
    }

    /// Lists the rows that may have the same key as others, those that may be the same together and
    /// each in ascending order.
    package func repeatedRows() -> [[UInt32]] {
        let (starts, entries) = (starts, entries)
        var groups: [[UInt32]] = []
        for bucket in 0..<(1 << bucketBits) {
            var first = Int(starts[bucket])
            let end = Int(starts[bucket + 1])
            while first < end {
                var next = first + 1
                let tag = entries[first] &>> Self.rowBits
                while next < end, entries[next] &>> Self.rowBits == tag { next += 1 }
                if next > first + 1 {
                    groups.append((first..<next).map { entries[$0] & Self.rowMask })
                }
                first = next
            }
        }
        return groups
    }
}
