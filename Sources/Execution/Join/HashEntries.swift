// The rows of a hash index on their way to their places: hash and address, sorted by the high bits
// of the hash.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingRows
import StarlingTypes
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
    /// The bounds of each key of 64 bits or fewer.
    let keyBounds: [Bounds?]

    init(
        _ blocks: [RowStoreBlock], _ layout: RowLayout, keyCount: Int, partitionBits: Int,
        workers: Int, execution: QueryExecution
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
            partitionBits: partitionBits, hashes: hashes, places: places,
            ends: Buffer(byteCount: blocks.count * keyCount * 16), workers: workers)
        try run.onAllBlocks(execution) { run.hash(block: $0, execution.makeHasher()) }

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
        keyBounds = run.keyBounds()
        let buffer = Buffer(byteCount: rowCount * MemoryLayout<HashEntry>.stride)
        self.buffer = buffer
        try run.onAllBlocks(execution) { run.scatter(block: $0, into: buffer) }
    }

    /// About how many rows those of the same keys are, for a row taken at random; hashes that differ
    /// may be counted together.
    var rowsPerKey: Double {
        let entries = UnsafeBufferPointer(
            start: buffer.pointer(to: HashEntry.self), count: partitionStarts.last ?? 0)
        guard !entries.isEmpty else { return 0 }
        let bits = 16
        var counts = [Int32](repeating: 0, count: 1 << bits)
        for entry in entries { counts[Int(entry.hash &>> UInt64(64 - bits))] += 1 }
        let squares = counts.reduce(0.0) { $0 + Double($1) * Double($1) }
        // What evenly spread hashes would come to.
        let rowCount = Double(entries.count)
        return max(1, squares / rowCount - rowCount / Double(counts.count))
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
    /// The least and the greatest value of every block's integer keys.
    let ends: Buffer
    let workers: Int

    func onAllBlocks(
        _ execution: QueryExecution, _ body: @escaping @Sendable (Int) -> Void
    ) throws(StarlingError) {
        let counter = SharedCounter()
        let count = blocks.count
        try execution.onWorkers(atMost: count < 4 ? 1 : workers) { (_) throws(StarlingError) in
            while case let block = counter.next(), block < count {
                try execution.cancellation.check()
                body(block)
            }
        }
    }

    /// Hashes the keys of a block and counts its rows by partition.
    func hash(block: Int, _ hasher: ColumnHasher) {
        let addresses = RowAddresses()
        let hashes = hashes.pointer(to: UInt64.self) + starts[block]
        let rowCount = blocks[block].rowCount
        let ends = ends.pointer(to: Int64.self) + block * keyCount * 2
        for key in 0..<keyCount {
            ends[2 * key] = .max
            ends[2 * key + 1] = .min
        }
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
            for key in 0..<keyCount { widenEnds(ends + 2 * key, by: keys[key]) }
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

    /// Takes the values of an integer key into its bounds.
    private func widenEnds(_ ends: UnsafeMutablePointer<Int64>, by key: Vector) {
        switch key.physicalType {
        case .int8: widen(ends, by: key, Int8.self)
        case .int16: widen(ends, by: key, Int16.self)
        case .int32: widen(ends, by: key, Int32.self)
        case .int64: widen(ends, by: key, Int64.self)
        default: break
        }
    }

    /// NULLs count with the value under them: bounds may be too wide, never too narrow.
    @inline(__always)
    private func widen<Element: FixedWidthInteger & BitwiseCopyable>(
        _ ends: UnsafeMutablePointer<Int64>, by key: Vector, _ type: Element.Type
    ) {
        let values = key.pointer(to: Element.self)
        var low = Element.max
        var high = Element.min
        for row in 0..<key.count {
            low = min(low, values[row])
            high = max(high, values[row])
        }
        ends[0] = min(ends[0], Int64(low))
        ends[1] = max(ends[1], Int64(high))
    }

    /// Joins the bounds of all blocks.
    func keyBounds() -> [Bounds?] {
        (0..<keyCount).map { key in
            let type = layout.columns[key].physicalType
            guard type.isInteger, type != .int128 else { return nil }
            var bounds: Bounds?
            for block in blocks.indices where blocks[block].rowCount > 0 {
                let own = ends.pointer(to: Int64.self) + (block * keyCount + key) * 2
                let range = Bounds(low: Int128(own[0]), high: Int128(own[1]))
                bounds = bounds?.union(range) ?? range
            }
            return bounds
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
