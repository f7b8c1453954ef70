// The rows of a hash index on their way to their places: hash and address, sorted by the high bits
// of the hash.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingRows
import StarlingVectors

/// Names a row and its hash.
struct HashEntry: BitwiseCopyable {
    var hash: UInt64
    var address: RowAddress
}

/// Holds the entries of all rows, partition after partition.
///
/// `@unchecked Sendable`: blocks of rows write to places that are theirs alone.
final class HashEntries: @unchecked Sendable {
    private let buffer: Buffer
    /// Where each partition begins, and at last where the last one ends.
    private let partitionStarts: [Int]

    init(
        _ blocks: [RowStoreBlock], _ layout: RowLayout, keyCount: Int, partitionBits: Int,
        execution: QueryExecution
    ) throws(StarlingError) {
        var blockStarts: [Int] = []
        var rowCount = 0
        for block in blocks {
            blockStarts.append(rowCount)
            rowCount += block.rowCount
        }
        let partitionCount = 1 << partitionBits
        let hashes = Buffer(byteCount: rowCount * 8)
        // A histogram a block, which becomes the places where the block's entries go.
        let places = Buffer.zeroed(byteCount: blocks.count * partitionCount * 8)
        let run = BlockRun(
            blocks: blocks, starts: blockStarts, layout: layout, keyCount: keyCount,
            partitionBits: partitionBits, hashes: hashes, places: places)
        try run.onAllBlocks(execution) { run.hash(block: $0) }

        var starts: [Int] = []
        var next = 0
        let counts = places.pointer(to: Int.self)
        for partition in 0..<partitionCount {
            starts.append(next)
            for block in blocks.indices {
                let count = counts[block * partitionCount + partition]
                counts[block * partitionCount + partition] = next
                next += count
            }
        }
        partitionStarts = starts + [next]
        let buffer = Buffer(byteCount: rowCount * MemoryLayout<HashEntry>.stride)
        self.buffer = buffer
        try run.onAllBlocks(execution) { run.scatter(block: $0, into: buffer) }
    }

    func start(ofPartition partition: Int) -> Int { partitionStarts[partition] }

    func entries(ofPartition partition: Int) -> UnsafeBufferPointer<HashEntry> {
        let start = partitionStarts[partition]
        return UnsafeBufferPointer(
            start: buffer.pointer(to: HashEntry.self) + start,
            count: partitionStarts[partition + 1] - start)
    }
}

/// Holds what the blocks' tasks share.
private struct BlockRun: Sendable {
    let blocks: [RowStoreBlock]
    let starts: [Int]
    let layout: RowLayout
    let keyCount: Int
    let partitionBits: Int
    let hashes: Buffer
    let places: Buffer

    func onAllBlocks(
        _ execution: QueryExecution, _ body: @escaping @Sendable (Int) -> Void
    ) throws(StarlingError) {
        let counter = SharedCounter()
        let count = blocks.count
        try execution.pool.run(
            workers: count < 4 ? 1 : nil, cancellation: execution.cancellation
        ) { (_) throws(StarlingError) in
            while case let block = counter.next(), block < count {
                try execution.cancellation.check()
                body(block)
            }
        }
    }

    /// Hashes the keys of a block and counts its rows by partition.
    func hash(block: Int) {
        let hasher = ColumnHasher()
        let addresses = RowAddresses()
        let hashes = hashes.pointer(to: UInt64.self) + starts[block]
        let rowCount = blocks[block].rowCount
        var row = 0
        while row < rowCount {
            let count = min(chunkCapacity, rowCount - row)
            var address = blocks[block].baseAddress + row * layout.rowByteCount
            for place in 0..<count {
                addresses.pointer[place] = address
                address += layout.rowByteCount
            }
            let keys = (0..<keyCount).map {
                layout.gather($0, rows: addresses.pointer, count: count, owner: nil)
            }
            hasher.hash(keys, count: count, into: hashes + row)
            row += count
        }
        let counts = places.pointer(to: Int.self) + (block << partitionBits)
        let bits = partitionBits
        if bits == 0 {
            counts[0] = rowCount
        } else {
            let shift = UInt64(64 - bits)
            for row in 0..<rowCount { counts[Int(hashes[row] &>> shift)] &+= 1 }
        }
    }

    /// Writes the block's entries to their partitions.
    func scatter(block: Int, into buffer: Buffer) {
        let entries = buffer.pointer(to: HashEntry.self)
        let hashes = hashes.pointer(to: UInt64.self) + starts[block]
        let places = places.pointer(to: Int.self) + (block << partitionBits)
        // A shift by 64 would give the hash itself; all rows are of partition 0 then.
        let shift = UInt64(partitionBits == 0 ? 63 : 64 - partitionBits)
        let mask = UInt64(1 << partitionBits - 1)
        var address = blocks[block].baseAddress
        let width = layout.rowByteCount
        for row in 0..<blocks[block].rowCount {
            let partition = Int(hashes[row] &>> shift & mask)
            entries[places[partition]] = HashEntry(hash: hashes[row], address: address)
            places[partition] &+= 1
            address += width
        }
    }
}
