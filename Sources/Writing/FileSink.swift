// The end of a pipeline whose rows become files.
//
// 1. Workers bring chunks, split by partition where there are some; `BlockCutter` puts them in
//    order and cuts blocks.
// 2. The worker that completed a block encodes it, or leaves it to one whose source has no more:
//    rows in order come from a single worker, and the others help it.
// 3. `PartitionFiles` appends encoded blocks to files in order.
// 4. When all is written, the files get their names at once.

import StarlingErrors
import StarlingExecution
import StarlingFiles
import StarlingFormats
import StarlingMemory
import StarlingTables
import StarlingThreads
import StarlingVectors
import Synchronization

/// Writes the rows of a pipeline into files.
package final class FileSink<Writer: FileWriter>: Sink {
    private struct Rows {
        var cutter: BlockCutter
        var nextWorker = 0
        /// For chunks that wait to be encoded.
        var reservation: Reservation
    }

    /// Blocks for workers that have no source any more.
    private struct Help {
        var tasks: [BlockTask] = []
        var helperCount = 0
        var sourceCount = 0
    }

    private let writer: Writer
    private let target: WriteTarget
    private let unfinished: UnfinishedFiles
    fileprivate let names: PartitionNames
    fileprivate let keptColumns: [Int]
    private let tailByteCountMaximum: Int
    private let rows: Mutex<Rows>
    private let help = ConditionLocked(Help())
    private let partitions = Mutex<[Int: PartitionFiles<Writer>]>([:])
    /// Partitions whose files were begun, oldest first.
    private let begun = Mutex<[Int]>([])
    private static var openFileCountMaximum: Int { 128 }

    package init(
        _ writer: Writer, _ target: WriteTarget, _ unfinished: UnfinishedFiles,
        columns: [TableColumn], keptColumns: [Int], budget: MemoryBudget
    ) {
        self.writer = writer
        self.target = target
        self.unfinished = unfinished
        self.keptColumns = keptColumns
        names = PartitionNames(target.partitionColumns.map { columns[$0] })
        tailByteCountMaximum = max(1 << 24, min(1 << 29, budget.byteLimit / 4))
        rows = Mutex(
            Rows(
                cutter: BlockCutter(blockRowCount: writer.blockRowCount),
                reservation: Reservation(budget, purpose: "rows to be written")))
    }

    /// What has been written.
    package var counts: WrittenCounts {
        partitions.withLock { $0.values.reduce(WrittenCounts()) { $0 + $1.counts } }
    }

    package func makeWorker(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any SinkWorker {
        let number = rows.withLock { rows in
            defer { rows.nextWorker += 1 }
            rows.cutter.addWorker(rows.nextWorker)
            return rows.nextWorker
        }
        help.withLock { $0.sourceCount += 1 }
        return FileSinkWorker(
            self, number: number, positions: target.partitionColumns, execution.cancellation)
    }

    package func combine(_ execution: QueryExecution) throws(StarlingError) {
        let tasks = rows.withLock { rows in
            rows.cutter.cutTails()
            return rows.cutter.takeBlocks()
        }
        let counter = SharedCounter()
        try execution.pool.run(cancellation: execution.cancellation) { (_) throws(StarlingError) in
            while case let place = counter.next(), place < tasks.count {
                try execution.cancellation.check()
                try self.encode(tasks[place])
            }
        }
        let all = partitions.withLock { Array($0.values) }
        for files in all { try files.endFile() }
        // No rows are a table too, but no partition.
        if all.isEmpty, target.partitionColumns.isEmpty { try files(0).writeEmptyFile() }
        try execution.cancellation.check()
        try unfinished.commit()
    }

    // MARK: For workers

    fileprivate func add(
        _ pieces: [Piece], of morsel: Int?, worker: Int, next: Int?
    ) throws(StarlingError) {
        let byteCount = pieces.reduce(0) { $0 + $1.byteCount }
        var isShort = false
        while true {
            let (tasks, isAdded) = rows.withLock { rows in
                let isReserved = rows.reservation.tryResize(
                    to: rows.reservation.byteCount + byteCount)
                guard isReserved || isShort else {
                    // What is cut early makes smaller blocks, but room when it is written.
                    rows.cutter.cutEverything()
                    return (rows.cutter.takeBlocks(), false)
                }
                rows.cutter.add(pieces, of: morsel, worker: worker, next: next)
                // What others encode now is given back soon; until then a few rows are too many.
                if !isReserved { rows.cutter.cutEverything() }
                if rows.cutter.tailByteCount > tailByteCountMaximum {
                    rows.cutter.cutTails(downTo: tailByteCountMaximum / 2)
                }
                return (rows.cutter.takeBlocks(), true)
            }
            for task in tasks where isShort || !isAdded || !passOn(task) { try encode(task) }
            if isAdded { return }
            isShort = true
        }
    }

    /// Gives a block to a worker that has no source, unless enough wait there.
    private func passOn(_ task: BlockTask) -> Bool {
        let isPassed = help.withLock { help in
            guard help.tasks.count < help.helperCount else { return false }
            help.tasks.append(task)
            return true
        }
        if isPassed { help.broadcast() }
        return isPassed
    }

    /// Tells that a worker's source has no more, and helps those whose sources have.
    fileprivate func leave(_ cancellation: Cancellation) throws(StarlingError) {
        help.withLock { help in
            help.sourceCount -= 1
            help.helperCount += 1
        }
        help.broadcast()
        while true {
            let task: BlockTask? = help.wait(
                until: { !$0.tasks.isEmpty || $0.sourceCount == 0 }
            ) { $0.tasks.isEmpty ? nil : $0.tasks.removeFirst() }
            guard let task else { return }
            try cancellation.check()
            try encode(task)
        }
    }

    /// Forgets a worker that failed, so that nobody waits for it.
    fileprivate func fail() {
        help.withLock { $0.sourceCount -= 1 }
        help.broadcast()
    }

    private func encode(_ task: BlockTask) throws(StarlingError) {
        let block = try writer.encode(task.chunks)
        rows.withLock { rows in
            let rest = max(0, rows.reservation.byteCount - task.byteCount)
            // Giving memory back cannot fail.
            _ = rows.reservation.tryResize(to: rest)
        }
        guard try files(task.partition).add(block, number: task.number) else { return }
        let oldest: Int? = begun.withLock { begun in
            begun.append(task.partition)
            return begun.count > Self.openFileCountMaximum ? begun.removeFirst() : nil
        }
        if let oldest { try files(oldest).endFile() }
    }

    private func files(_ partition: Int) -> PartitionFiles<Writer> {
        partitions.withLock { all in
            if let files = all[partition] { return files }
            let files = PartitionFiles(
                writer, target, unfinished, folder: names.folder(partition))
            all[partition] = files
            return files
        }
    }
}

/// Brings the chunks of one worker, some at a time.
private final class FileSinkWorker<Writer: FileWriter>: MorselSinkWorker {
    private static var handInRowCount: Int { 32_768 }

    private let sink: FileSink<Writer>
    private let number: Int
    private let cancellation: Cancellation
    private var splitter: PartitionSplitter
    private var pieces: [Piece] = []
    private var rowCount = 0
    private var morsel: Int?
    private var hasLeft = false

    init(
        _ sink: FileSink<Writer>, number: Int, positions: [Int], _ cancellation: Cancellation
    ) {
        self.sink = sink
        self.number = number
        self.cancellation = cancellation
        splitter = PartitionSplitter(sink.names, positions: positions, kept: sink.keptColumns)
    }

    deinit { if !hasLeft { sink.fail() } }

    func beginMorsel(_ next: Int?) throws(StarlingError) {
        guard next != morsel else { return }
        try handIn(next: next)
        morsel = next
    }

    func consume(_ chunk: Chunk) throws(StarlingError) {
        pieces += splitter.split(chunk)
        rowCount += chunk.count
        if rowCount >= Self.handInRowCount { try handIn(next: nil) }
    }

    func endSource() throws(StarlingError) {
        try handIn(next: .max)
        // Rows that transforms give at their end have no place in the order.
        morsel = nil
        hasLeft = true
        try sink.leave(cancellation)
    }

    func finish() throws(StarlingError) { try handIn(next: nil) }

    private func handIn(next: Int?) throws(StarlingError) {
        let pieces = pieces
        self.pieces = []
        rowCount = 0
        guard !pieces.isEmpty || next != nil else { return }
        try sink.add(pieces, of: morsel, worker: number, next: next)
    }
}
