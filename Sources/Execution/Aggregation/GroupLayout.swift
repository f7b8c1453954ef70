// How a group lies in memory: its keys, the hash of the keys, and a state for each aggregate.

import StarlingErrors
import StarlingFunctions
import StarlingKernels
import StarlingMemory
import StarlingRows
import StarlingTypes
import StarlingVectors

/// Lays out the rows of a table of groups.
struct GroupLayout: Sendable {
    let rows: RowLayout
    let keyCount: Int
    let matcher: RowMatcher
    let kernels: [any AggregateKernel]
    /// Where each kernel's state lies in a row.
    let stateOffsets: [Int]
    /// The kernels that bring their states up to date; others read the state of one of them.
    let updatedKernels: [Int]

    /// `sharing` names, for each kernel, the first one with the same state: itself for most.
    init(
        keyTypes: [PhysicalType], kernels: [any AggregateKernel] = [], sharing: [Int] = []
    ) throws(StarlingError) {
        var offsets: [Int] = []
        var end = 8
        for (index, kernel) in kernels.enumerated() {
            if sharing[index] < index {
                offsets.append(offsets[sharing[index]])
                continue
            }
            offsets.append(end)
            end += (kernel.stateByteCount + 7) / 8 * 8
        }
        updatedKernels = kernels.indices.filter { sharing[$0] == $0 }
        let rows = try RowLayout(keyTypes, stateByteCount: end)
        self.rows = rows
        self.kernels = kernels
        keyCount = keyTypes.count
        stateOffsets = offsets.map { rows.stateOffset + $0 }
        matcher = RowMatcher(rows.columns.map { RowMatcher.Key(column: $0, isNullSafe: true) })
    }

    @inline(__always)
    var hashOffset: Int { rows.stateOffset }

    /// Returns the partition of a group: the bits of its hash by which rows are spilled, too.
    @inline(__always)
    static func partition(ofHash hash: UInt64) -> Int {
        SpillPartitioner.partition(ofHash: hash)
    }

    static var partitionCount: Int { SpillPartitioner.partitionCount }

    /// Hashes keys so that the partition follows the first `partitionKeyCount`; nil is all.
    static func hash(
        _ keys: [Vector], partitionKeyCount: Int?, count: Int, _ hasher: ColumnHasher,
        into hashes: UnsafeMutablePointer<UInt64>
    ) {
        hasher.hash(keys, count: count, into: hashes)
        guard let partitionKeyCount, partitionKeyCount < keys.count else { return }
        let first = Buffer(byteCount: chunkCapacity * 8)
        let firstHashes = first.pointer(to: UInt64.self)
        hasher.hash(Array(keys.prefix(partitionKeyCount)), count: count, into: firstHashes)
        let mask = SpillPartitioner.partitionMask
        for row in 0..<count {
            hashes[row] = (hashes[row] & ~mask) | (firstHashes[row] & mask)
        }
    }
}
