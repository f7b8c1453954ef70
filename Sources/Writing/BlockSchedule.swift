// Says what each worker of a statement that writes does next, so that rows never pile up:
//
// 1. Blocks that are complete are encoded before more rows are brought, by whoever comes. Workers
//    that have nothing else to do take them first, so that those who bring rows can go on.
// 2. Rows that wait for rows before them have a limit. Beyond it only workers of the lowest morsel
//    bring more, and the others encode what these complete. So whoever waits does so for a worker
//    that doesn't, and a worker that fails is forgotten.
// 3. Where the memory of the query is short, rows are cut as they lie, and the order of a scan is
//    given up.

import StarlingMemory

/// Holds some rows that a worker brought.
struct BroughtRows {
    var pieces: [Piece]
    /// Where they come from; nil where the source has no order.
    var morsel: Int?
    var worker: Int
    /// The morsel that the worker goes on with; nil where that is the same.
    var next: Int?

    var byteCount: Int { pieces.reduce(0) { $0 + $1.byteCount } }
}

/// Holds rows and blocks on their way to files; used under a lock.
struct BlockSchedule {
    private var cutter: BlockCutter
    private var ready: [BlockTask] = []
    private let reservation: Reservation
    /// The limit of rows that wait for others, for each worker that brings some and for all.
    private static let waitingByteCountPerWorker = 1 << 25
    private let waitingByteCountLimit: Int
    private let tailByteCountMaximum: Int
    private var workerCount = 0
    /// Workers whose source may have more.
    private var sourceCount = 0
    /// Workers that wait for a block, or for others to bring rows.
    private var idleCount = 0

    init(blockRowCount: Int, budget: MemoryBudget) {
        cutter = BlockCutter(blockRowCount: blockRowCount)
        reservation = Reservation(budget, purpose: "rows to be written")
        waitingByteCountLimit = min(1 << 28, budget.byteLimit / 8)
        tailByteCountMaximum = max(1 << 24, min(1 << 28, budget.byteLimit / 4))
    }

    // MARK: Workers

    /// Numbers a worker that is about to bring rows.
    mutating func addWorker() -> Int {
        defer { workerCount += 1 }
        sourceCount += 1
        cutter.addWorker(workerCount)
        return workerCount
    }

    /// Notes that a worker's source has no more.
    mutating func endSource() { sourceCount -= 1 }

    /// Forgets a worker that failed, so that nobody waits for it.
    mutating func removeWorker(_ worker: Int) {
        sourceCount -= 1
        cutter.removeWorker(worker)
        ready += cutter.takeBlocks()
    }

    // MARK: Rows

    /// Adds rows where there is memory for them, or in any case; else everything is cut early, for
    /// it gives its memory back as it is encoded.
    mutating func add(_ rows: BroughtRows, inAnyCase: Bool) -> Bool {
        let isReserved = reservation.tryResize(to: reservation.byteCount + rows.byteCount)
        if isReserved || inAnyCase {
            cutter.add(rows.pieces, of: rows.morsel, worker: rows.worker, next: rows.next)
        }
        if !isReserved { cutter.cutEverything() }
        if cutter.tailByteCount > tailByteCountMaximum {
            cutter.cutTails(downTo: tailByteCountMaximum / 2)
        }
        ready += cutter.takeBlocks()
        return isReserved || inAnyCase
    }

    /// Gives back the memory of rows that were encoded.
    mutating func release(_ byteCount: Int) {
        // Giving memory back cannot fail.
        _ = reservation.tryResize(to: max(0, reservation.byteCount - byteCount))
    }

    // MARK: Blocks

    /// Tells whether a worker must not bring rows now.
    func mustWait(_ worker: Int) -> Bool {
        let limit = min(waitingByteCountLimit, workerCount * Self.waitingByteCountPerWorker)
        return cutter.waitingByteCount > limit && !cutter.isLowest(worker)
    }

    /// Tells whether a worker that waits has something to do, or to bring.
    func hasNews(for worker: Int) -> Bool { !ready.isEmpty || !mustWait(worker) }

    /// Tells whether a worker whose source has no more may stop waiting.
    var hasNewsForHelpers: Bool { !ready.isEmpty || sourceCount == 0 }

    mutating func beginWaiting() { idleCount += 1 }

    /// Ends a worker's waiting with the next block, if there is one.
    mutating func endWaiting() -> BlockTask? {
        idleCount -= 1
        return takeBlock()
    }

    /// Returns the next block that nobody waits for.
    mutating func takeSpareBlock() -> BlockTask? { ready.count > idleCount ? takeBlock() : nil }

    /// Returns the next block.
    mutating func takeBlock() -> BlockTask? { ready.isEmpty ? nil : ready.removeFirst() }

    /// Returns all blocks that are left when all rows were brought.
    mutating func takeRest() -> [BlockTask] {
        cutter.cutTails()
        defer { ready = [] }
        return ready + cutter.takeBlocks()
    }
}
