// Turns the chunks that workers bring, in whatever order they come, into blocks in the order of the
// rows:
//
// 1. A source tells each worker which morsel its chunks come from, and each worker takes morsels in
//    ascending order. So no chunk of a morsel below every worker's own can still come.
// 2. Chunks of later morsels wait; the others go to the tail of their partition.
// 3. A tail that is long enough is cut off as a block, which gets the next number of its partition.
//
// Sources without morsels have no order, or one worker alone; their chunks go to the tail at once.

import StarlingKernels
import StarlingVectors

/// Holds rows of one partition on their way.
struct Piece {
    let partition: Int
    let chunk: Chunk
    let byteCount: Int

    init(partition: Int, chunk: Chunk) {
        self.partition = partition
        self.chunk = chunk
        byteCount = chunk.writtenByteCount
    }
}

/// Holds rows that are to be encoded together.
struct BlockTask: Sendable {
    var partition: Int
    /// Counts the blocks of the partition.
    var number: Int
    var chunks: [Chunk]
    var byteCount: Int
}

/// Cuts blocks; used under a lock.
struct BlockCutter {
    private struct Tail {
        var chunks: [Chunk] = []
        var rowCount = 0
        var byteCount = 0
        var blockCount = 0
    }

    /// Long texts make blocks of fewer rows.
    private static let blockByteCountMaximum = 256 << 20

    private let blockRowCount: Int
    private var waiting: [Int: [Piece]] = [:]
    /// A worker's morsel; none below it is still to come from this worker.
    private var morsels: [Int: Int] = [:]
    private var tails: [Int: Tail] = [:]
    private var ready: [BlockTask] = []
    /// Bytes of the tails, which can be cut early, as those of waiting pieces can't.
    private(set) var tailByteCount = 0
    /// Bytes of the pieces that wait for others before them.
    private(set) var waitingByteCount = 0

    init(blockRowCount: Int) { self.blockRowCount = blockRowCount }

    mutating func addWorker(_ worker: Int) { morsels[worker] = 0 }

    mutating func removeWorker(_ worker: Int) {
        morsels[worker] = nil
        drain()
    }

    /// Tells whether no worker is at a morsel before this worker's, so that its pieces never wait.
    func isLowest(_ worker: Int) -> Bool { (morsels[worker] ?? .max) == lowestMorsel }

    /// Adds pieces of a morsel; the worker goes on with `next`.
    mutating func add(_ pieces: [Piece], of morsel: Int?, worker: Int, next: Int?) {
        if let morsel {
            waiting[morsel, default: []] += pieces
            for piece in pieces { waitingByteCount += piece.byteCount }
        } else {
            for piece in pieces { append(piece) }
        }
        if let next { morsels[worker] = next }
        drain()
    }

    /// Returns the blocks that became complete.
    mutating func takeBlocks() -> [BlockTask] {
        defer { ready = [] }
        return ready
    }

    /// Cuts all rows that are here, also those that wait for others before them: where memory is
    /// short the order of a scan, which nobody asked for, is given up.
    mutating func cutEverything() {
        for morsel in waiting.keys.sorted() { appendWaiting(morsel) }
        cutTails()
    }

    /// Cuts what is left, or the longest tails until they hold at most `byteCount`.
    mutating func cutTails(downTo byteCount: Int = 0) {
        let longest = tails.filter { !$0.value.chunks.isEmpty }.sorted {
            ($0.value.byteCount, $1.key) > ($1.value.byteCount, $0.key)
        }
        for (partition, _) in longest {
            guard tailByteCount > byteCount || byteCount == 0 else { return }
            cut(partition)
        }
    }

    private mutating func drain() {
        guard !waiting.isEmpty else { return }
        let low = lowestMorsel
        for morsel in waiting.keys.filter({ $0 <= low }).sorted() { appendWaiting(morsel) }
    }

    private var lowestMorsel: Int { morsels.values.min() ?? .max }

    private mutating func appendWaiting(_ morsel: Int) {
        for piece in waiting.removeValue(forKey: morsel) ?? [] {
            waitingByteCount -= piece.byteCount
            append(piece)
        }
    }

    private mutating func append(_ piece: Piece) {
        var rest = piece.chunk
        while rest.count > 0 {
            let room = blockRowCount - (tails[piece.partition]?.rowCount ?? 0)
            let part = rest.count <= room ? rest : rest.rows(0..<room)
            let isWhole = part.count == piece.chunk.count
            let byteCount = isWhole ? piece.byteCount : part.writtenByteCount
            tails[piece.partition, default: Tail()].chunks.append(part)
            tails[piece.partition]!.rowCount += part.count
            tails[piece.partition]!.byteCount += byteCount
            tailByteCount += byteCount
            if part.count == room
                || tails[piece.partition]!.byteCount >= Self.blockByteCountMaximum
            {
                cut(piece.partition)
            }
            guard part.count < rest.count else { return }
            rest = rest.rows(part.count..<rest.count)
        }
    }

    private mutating func cut(_ partition: Int) {
        guard let tail = tails[partition] else { return }
        ready.append(
            BlockTask(
                partition: partition, number: tail.blockCount, chunks: tail.chunks,
                byteCount: tail.byteCount))
        tailByteCount -= tail.byteCount
        tails[partition] = Tail(blockCount: tail.blockCount + 1)
    }
}

extension Chunk {
    /// The bytes that the rows take while they wait.
    var writtenByteCount: Int { columns.reduce(0) { $0 + $1.heldByteCount(of: 0..<$1.count) } }

    /// Returns some of the rows.
    func rows(_ range: Range<Int>) -> Chunk {
        var selection = Selection()
        for (place, row) in range.enumerated() {
            selection.rows[place] = UInt16(truncatingIfNeeded: row)
        }
        selection.count = range.count
        return Chunk(columns: columns.map { $0.gathered(by: selection) }, count: range.count)
    }
}

extension Vector {
    /// The bytes of rows, and of the texts and elements that they have.
    fileprivate func heldByteCount(of rows: Range<Int>) -> Int {
        // What is allocated for a vector at least.
        let own = 2_304
        if isConstant { return own }
        guard isFlat else { return max(own, 4 * rows.count) }
        var total = max(own, physicalType.byteWidth * rows.count)
        switch physicalType {
        case .string:
            let texts = pointer(to: StringReference.self)
            for row in rows where isValid(row) { total += texts[row].count }
        case .list:
            // Vectors may share their elements, but the rows of one have theirs side by side.
            let ranges = pointer(to: ListRange.self)
            var (start, end) = (UInt32.max, UInt32.min)
            for row in rows where isValid(row) && ranges[row].count > 0 {
                start = min(start, ranges[row].offset)
                end = max(end, ranges[row].offset + ranges[row].count)
            }
            guard start < end else { break }
            for child in children?.vectors ?? [] {
                total += child.heldByteCount(of: Int(start)..<Int(end))
            }
        case .structure:
            for child in children?.vectors ?? [] { total += child.heldByteCount(of: rows) }
        default: break
        }
        return total
    }
}
