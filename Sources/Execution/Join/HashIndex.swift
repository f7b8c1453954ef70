// The table of a join whose keys are not dense, after Birler, Schmidt, Fent and Neumann, "Simple,
// Efficient, and Robust Hash Tables for Join Processing" (DaMoN 2024): a directory whose slots
// tell where the rows of the slot lie, consecutively, and have in their 16 low bits a small bloom
// filter of the rows' hashes, so that most keys without a row cost one look into the directory.
//
// 1. Every block of rows is hashed, and its rows are counted by the high bits of the hash: their
//    partition.
// 2. Entries of hash and address are sorted into partitions.
// 3. Every partition counts its rows by slot, adds up the counts, and copies the rows to their
//    places. Slots and rows of a partition are consecutive, so that all of it happens in the cache.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingRows
import StarlingTypes
import StarlingVectors

/// Finds the rows of a hash.
struct HashIndex: Sendable {
    /// Rows in all.
    let rowCount: Int
    /// The rows, those of a slot consecutive.
    let rows: Buffer
    let rowByteCount: Int
    /// The bounds of each key that is an integer of 64 bits or fewer.
    let keyBounds: [Bounds?]
    /// A word a slot, and one before the first. The high 48 bits are the address behind the
    /// slot's last row, which is where the rows of the next slot begin.
    private let directory: Buffer
    /// 64 less the number of bits that a slot number has.
    private let slotShift: UInt64

    /// Counts the bytes that an index of `rowCount` rows takes while it is made.
    static func byteCount(rowCount: Int, rowByteCount: Int) -> Int {
        rowCount * (rowByteCount + 24) + (slotCount(rowCount) + 1) * 8
    }

    private static func slotCount(_ rowCount: Int) -> Int {
        1 << max(1, Int.bitWidth - max(1, rowCount - 1).leadingZeroBitCount)
    }

    /// Makes an index of copies of the rows in `blocks`, whose first columns are the keys.
    init(
        _ blocks: [RowStoreBlock], _ layout: RowLayout, keyCount: Int, workers: Int,
        execution: QueryExecution
    ) throws(StarlingError) {
        let rowCount = blocks.reduce(0) { $0 + $1.rowCount }
        let slotCount = Self.slotCount(rowCount)
        let slotBits = slotCount.trailingZeroBitCount
        let shift = UInt64(64 - slotBits)
        let rows = Buffer(byteCount: rowCount * layout.rowByteCount)
        let directory = Buffer(byteCount: (slotCount + 1) * 8)
        let width = layout.rowByteCount
        directory.pointer(to: UInt64.self)[0] = UInt64(UInt(bitPattern: rows.baseAddress)) &<< 16

        let partitionBits = rowCount < 1 << 15 ? 0 : min(7, slotBits - 12)
        let entries = try HashEntries(
            blocks, layout, keyCount: keyCount, partitionBits: partitionBits, workers: workers,
            execution: execution)
        let counter = SharedCounter()
        let workers = rowCount < 1 << 15 ? 1 : workers
        try execution.onWorkers(atMost: workers) {
            (_) throws(StarlingError) in
            while case let partition = counter.next(), partition < 1 << partitionBits {
                let slots = slotCount >> partitionBits
                Self.place(
                    entries.entries(ofPartition: partition),
                    rows.baseAddress + entries.start(ofPartition: partition) * width,
                    directory.pointer(to: UInt64.self) + 1 + partition * slots, slotCount: slots,
                    shift: shift, rowByteCount: width)
            }
        }
        self.rowCount = rowCount
        self.rows = rows
        self.rowByteCount = width
        self.directory = directory
        keyBounds = entries.keyBounds
        slotShift = shift
    }

    var byteCount: Int { rows.byteCount + directory.byteCount }

    /// Cuts the rows into pieces for several workers.
    var runs: [RowRun] {
        stride(from: 0, to: rowCount, by: RowPages.pageRowCount).map { start in
            RowRun(
                start: rows.baseAddress + start * rowByteCount,
                count: min(RowPages.pageRowCount, rowCount - start))
        }
    }

    /// Copies the rows of one partition to their places and writes its slots.
    private static func place(
        _ entries: UnsafeBufferPointer<HashEntry>, _ target: RowAddress,
        _ slots: UnsafeMutablePointer<UInt64>, slotCount: Int, shift: UInt64, rowByteCount: Int
    ) {
        let slotMask = UInt64(slotCount - 1)
        slots.update(repeating: 0, count: slotCount)
        let width = UInt64(rowByteCount)
        for entry in entries {
            let slot = Int(entry.hash &>> shift & slotMask)
            // The tags lie in the 16 low bits, the count above them.
            slots[slot] = (slots[slot] &+ (width &<< 16)) | hashTag(entry.hash)
        }
        var next = UInt64(UInt(bitPattern: target)) &<< 16
        for slot in 0..<slotCount {
            let word = slots[slot]
            slots[slot] = next | (word & 0xFFFF)
            next = next &+ (word & ~0xFFFF)
        }
        for entry in entries {
            let slot = Int(entry.hash &>> shift & slotMask)
            let place = RowAddress(bitPattern: UInt(slots[slot] &>> 16)).unsafelyUnwrapped
            copyRow(from: entry.address, to: place, byteCount: rowByteCount)
            // When all rows are placed, this is the end of the slot.
            slots[slot] = slots[slot] &+ (width &<< 16)
        }
    }

    /// Copies a row, a word at a time: rows are short.
    @inline(__always)
    private static func copyRow(from source: RowAddress, to target: RowAddress, byteCount: Int) {
        let source = source.assumingMemoryBound(to: UInt64.self)
        let target = target.assumingMemoryBound(to: UInt64.self)
        for word in 0..<(byteCount &>> 3) { target[word] = source[word] }
    }

    /// Finds the rows whose slot and tags fit the hashes of a chunk.
    ///
    /// Writes the numbers of the chunk's rows that have such rows, with the addresses where these
    /// begin and end, and returns how many they are.
    func findCandidates(
        _ hashes: UnsafePointer<UInt64>, count: Int, probeRows: UnsafeMutablePointer<UInt16>,
        starts: UnsafeMutablePointer<UInt64>, ends: UnsafeMutablePointer<UInt64>
    ) -> Int {
        let directory = UnsafePointer(directory.pointer(to: UInt64.self))
        let shift = slotShift
        // Nothing but loads, so that many of them are under way at once.
        for row in 0..<count {
            let slot = Int(truncatingIfNeeded: hashes[row] &>> shift)
            starts[row] = directory[slot]
            ends[row] = directory[slot &+ 1]
        }
        var found = 0
        for row in 0..<count {
            let tag = hashTag(hashes[row])
            let word = ends[row]
            probeRows[found] = UInt16(truncatingIfNeeded: row)
            starts[found] = starts[row] &>> 16
            ends[found] = word &>> 16
            // 1 where no bit of the tag is missing; written so that no branch comes of it.
            found &+= Int(truncatingIfNeeded: ((tag & ~word) &- 1) &>> 63)
        }
        return found
    }

    /// Writes 1 for each hash that a row may have, else 0.
    func findPresence(
        _ hashes: UnsafePointer<UInt64>, count: Int, into isPresent: UnsafeMutablePointer<UInt8>
    ) {
        let directory = UnsafePointer(directory.pointer(to: UInt64.self))
        let shift = slotShift
        for row in 0..<count {
            let hash = hashes[row]
            let missing =
                hashTag(hash) & ~directory[Int(truncatingIfNeeded: hash &>> shift) &+ 1]
            isPresent[row] = UInt8(truncatingIfNeeded: (missing &- 1) &>> 63)
        }
    }
}

/// Sets three of 16 bits, or fewer, after the low bits of a hash; slots are named by high ones.
@inline(__always)
func hashTag(_ hash: UInt64) -> UInt64 {
    (1 &<< (hash & 15)) | (1 &<< (hash &>> 4 & 15)) | (1 &<< (hash &>> 8 & 15))
}
