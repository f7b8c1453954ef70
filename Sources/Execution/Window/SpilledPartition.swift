// One partition of a window that memory cannot hold: its rows lie in a spill file, in order, in
// blocks, each with the flags of its peers. A few blocks are in memory, those that were used last.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingVectors

/// Gives the rows of a partition in a spill file.
final class SpilledPartition: WindowStorage {
    /// Says about a column what leads to a block.
    struct Figures {
        /// Behind the blocks' counts comes that of the whole partition.
        var validBefore = [0]
        var firstKeys: [Int128] = []
    }

    let count: Int
    let blockRowCount: Int
    let peersBefore: [Int]
    private let blocks: [SpilledChunk]
    private let figures: [Int: Figures]
    /// Where the peers begin that the first row of each block may belong to.
    private let lastPeerStarts: [Int]
    /// Where the peers behind each block begin.
    private let nextPeerStarts: [Int]
    /// The blocks in memory, the one used last at the end.
    private var cached: [(block: Int, chunk: Chunk)] = []
    private let reservation: Reservation
    private let cachedByteCountMax: Int

    private static let cachedCountMax = 32

    init(
        _ blocks: [SpilledChunk], count: Int, blockRowCount: Int, peers: [BlockPeers],
        figures: [Int: Figures], _ budget: MemoryBudget
    ) {
        self.blocks = blocks
        self.count = count
        self.blockRowCount = blockRowCount
        self.figures = figures
        reservation = Reservation(budget, purpose: "a window function")
        cachedByteCountMax = budget.byteLimit / 8
        var (before, start) = (0, 0)
        var (peersBefore, lastPeerStarts): ([Int], [Int]) = ([], [])
        for block in peers {
            peersBefore.append(before)
            lastPeerStarts.append(start)
            before += block.count
            start = block.lastStart ?? start
        }
        var next = count
        var nextPeerStarts = Array(repeating: count, count: peers.count)
        for block in peers.indices.reversed() {
            nextPeerStarts[block] = next
            next = peers[block].firstStart ?? next
        }
        self.peersBefore = peersBefore
        self.lastPeerStarts = lastPeerStarts
        self.nextPeerStarts = nextPeerStarts
    }

    var owner: (any Owner)? { nil }
    var blockCount: Int { blocks.count }

    /// Where the peers begin that the rows before the block's first flag belong to.
    func peerStart(beforeBlock block: Int) -> Int { lastPeerStarts[block] }

    /// Where the first peers behind the block begin.
    func peerStart(behindBlock block: Int) -> Int { nextPeerStarts[block] }

    func validBefore(_ column: Int) -> [Int] { figures[column]?.validBefore ?? [0] }
    func firstKeys(_ column: Int) -> [Int128] { figures[column]?.firstKeys ?? [] }

    /// Gives the rows of a block, without the flags behind them.
    func chunk(ofBlock block: Int) throws(StarlingError) -> Chunk {
        var chunk = try load(block)
        chunk.columns.removeLast()
        return chunk
    }

    func peerFlags(ofBlock block: Int) throws(StarlingError) -> Buffer {
        let chunk = try load(block)
        let flags = Buffer(byteCount: chunk.count)
        let marks = chunk.columns[chunk.columns.count - 1].flattened()
        withExtendedLifetime(marks) {
            flags.baseAddress.copyMemory(
                from: $0.pointer(to: UInt8.self), byteCount: chunk.count)
        }
        return flags
    }

    /// Reads a block, unless it is in memory.
    private func load(_ block: Int) throws(StarlingError) -> Chunk {
        if let last = cached.last, last.block == block { return last.chunk }
        if let place = cached.firstIndex(where: { $0.block == block }) {
            cached.append(cached.remove(at: place))
            return cached[cached.count - 1].chunk
        }
        try makeRoom(blocks[block].byteCount)
        let chunk = try blocks[block].read()
        cached.append((block, chunk))
        return chunk
    }

    /// Reserves bytes for one more block, and drops others where there are too many.
    private func makeRoom(_ byteCount: Int) throws(StarlingError) {
        while cached.count > 1 {
            let isFull =
                cached.count >= Self.cachedCountMax
                || reservation.byteCount + byteCount > cachedByteCountMax
            if !isFull, reservation.tryResize(to: reservation.byteCount + byteCount) { return }
            let dropped = cached.removeFirst().block
            try reservation.resize(to: reservation.byteCount - blocks[dropped].byteCount)
        }
        try reservation.resize(to: reservation.byteCount + byteCount)
    }

    func columns(
        _ positions: [Int], from start: Int, count: Int
    ) throws(StarlingError) -> [Vector] {
        if count == 0 || block(of: start) == block(of: start + count - 1) {
            let block = block(of: start)
            let offset = start - block * blockRowCount
            let chunk = try load(block).projected(to: positions)
            return chunk.rows(offset..<offset + count).columns.map { $0.flattened() }
        }
        var collectors: [ColumnCollector] = []
        var place = start
        while place < start + count {
            let rows = rows(ofBlock: block(of: place))
            let end = min(rows.upperBound, start + count)
            let chunk = try load(block(of: place)).projected(to: positions)
                .rows((place - rows.lowerBound)..<(end - rows.lowerBound))
            if collectors.isEmpty {
                collectors = chunk.columns.map { ColumnCollector($0.physicalType) }
            }
            for column in chunk.columns.indices {
                collectors[column].append(chunk.columns[column])
            }
            place = end
        }
        return collectors.map { $0.finish().flattened() }
    }

    func gather(
        _ column: Int, at positions: UnsafePointer<UInt32>, count: Int
    ) throws(StarlingError) -> Vector {
        let order = (0..<count).sorted { positions[$0] < positions[$1] }
        let numbers = Buffer(byteCount: count * 4)
        let rowsInBlock = numbers.pointer(to: UInt32.self)
        let places = Buffer(byteCount: count * 4)
        let collectedPlaces = places.pointer(to: UInt32.self)
        var collector: ColumnCollector?
        var done = 0
        while done < count {
            let block = block(of: Int(positions[order[done]]))
            let rows = rows(ofBlock: block)
            var taken = 0
            while done + taken < count, Int(positions[order[done + taken]]) < rows.upperBound {
                let row = order[done + taken]
                rowsInBlock[taken] = positions[row] - UInt32(rows.lowerBound)
                collectedPlaces[row] = UInt32(done + taken)
                taken += 1
            }
            let vector = try load(block).columns[column].gathered(by: rowsInBlock, count: taken)
            // Text is copied, or a row each of many blocks would keep all of them in memory.
            if collector == nil {
                collector = ColumnCollector(vector.physicalType, copiesStrings: true)
            }
            collector?.append(vector)
            done += taken
        }
        let collected = collector.unsafelyUnwrapped.finish().flattened()
        return collected.gathered(by: collectedPlaces, count: count)
    }
}
