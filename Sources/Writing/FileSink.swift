// The end of a pipeline whose rows become files.
//
// 1. Workers bring chunks, split by partition where there are some; `BlockCutter` puts them in
//    order and cuts blocks.
// 2. `BlockSchedule` gives the blocks to workers, that encode them in parallel, and keeps those back
//    who bring more than can be put in order.
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
    private let writer: Writer
    private let target: WriteTarget
    private let unfinished: UnfinishedFiles
    fileprivate let names: PartitionNames
    fileprivate let keptColumns: [Int]
    private let schedule: ConditionLocked<BlockSchedule>
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
        schedule = ConditionLocked(
            BlockSchedule(blockRowCount: writer.blockRowCount, budget: budget))
    }

    /// What has been written.
    package var counts: WrittenCounts {
        partitions.withLock { $0.values.reduce(WrittenCounts()) { $0 + $1.counts } }
    }

    package func makeWorker(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any SinkWorker {
        let number = schedule.withLock { $0.addWorker() }
        return FileSinkWorker(
            self, number: number, positions: target.partitionColumns, execution.cancellation)
    }

    package func combine(_ execution: QueryExecution) throws(StarlingError) {
        let tasks = schedule.withLock { $0.takeRest() }
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

    /// Takes rows, then has the worker encode until it is to bring more.
    fileprivate func add(
        _ rows: BroughtRows, _ cancellation: Cancellation
    ) throws(StarlingError) {
        if !schedule.withLock({ $0.add(rows, inAnyCase: false) }) {
            schedule.broadcast()
            while let task = schedule.withLock({ $0.takeBlock() }) {
                try cancellation.check()
                try encode(task)
            }
            // What others encode now is given back soon; until then a few rows are too many.
            _ = schedule.withLock { $0.add(rows, inAnyCase: true) }
        }
        schedule.broadcast()
        while let task = nextBlock(for: rows.worker) {
            try cancellation.check()
            try encode(task)
        }
    }

    /// Returns a block to encode now, after waiting for one where others have to bring rows first;
    /// nil where the worker is to bring more rows.
    private func nextBlock(for worker: Int) -> BlockTask? {
        let (task, mustWait) = schedule.withLock { schedule in
            let task = schedule.takeSpareBlock()
            let mustWait = task == nil && schedule.mustWait(worker)
            if mustWait { schedule.beginWaiting() }
            return (task, mustWait)
        }
        guard mustWait else { return task }
        return schedule.wait(until: { $0.hasNews(for: worker) }) { $0.endWaiting() }
    }

    /// Tells that a worker's source has no more, and helps those whose sources have.
    fileprivate func leave(_ cancellation: Cancellation) throws(StarlingError) {
        schedule.withLock { $0.endSource() }
        schedule.broadcast()
        while true {
            schedule.withLock { $0.beginWaiting() }
            let task = schedule.wait(until: { $0.hasNewsForHelpers }) { $0.endWaiting() }
            guard let task else { return }
            try cancellation.check()
            try encode(task)
        }
    }

    /// Forgets a worker that failed.
    fileprivate func fail(_ worker: Int) {
        schedule.withLock { $0.removeWorker(worker) }
        schedule.broadcast()
    }

    private func encode(_ task: BlockTask) throws(StarlingError) {
        let block = try writer.encode(task.chunks)
        schedule.withLock { $0.release(task.byteCount) }
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
    private static var handInByteCount: Int { 1 << 23 }

    private let sink: FileSink<Writer>
    private let number: Int
    private let cancellation: Cancellation
    private let handInRowCount: Int
    private var packer = ChunkPacker()
    /// Join the rows that each of many chunks has of a partition.
    private var partitionPackers: [Int: ChunkPacker] = [:]
    private var splitter: PartitionSplitter
    private var pieces: [Piece] = []
    private var rowCount = 0
    private var byteCount = 0
    private var morsel: Int?
    private var hasLeft = false

    init(
        _ sink: FileSink<Writer>, number: Int, positions: [Int], _ cancellation: Cancellation
    ) {
        self.sink = sink
        self.number = number
        self.cancellation = cancellation
        // More rows at a time are fewer and larger pieces.
        handInRowCount = positions.isEmpty ? 32_768 : 131_072
        splitter = PartitionSplitter(sink.names, positions: positions, kept: sink.keptColumns)
    }

    deinit { if !hasLeft { sink.fail(number) } }

    func beginMorsel(_ next: Int?) throws(StarlingError) {
        guard next != morsel else { return }
        try handIn(next: next)
        morsel = next
    }

    func consume(_ chunk: Chunk) throws(StarlingError) {
        for full in packer.add(chunk) { split(full) }
        if rowCount >= handInRowCount || byteCount >= Self.handInByteCount {
            try handIn(next: nil)
        }
    }

    func endSource() throws(StarlingError) {
        try handIn(next: .max)
        // Rows that transforms give at their end have no place in the order.
        morsel = nil
        hasLeft = true
        try sink.leave(cancellation)
    }

    func finish() throws(StarlingError) { try handIn(next: nil) }

    private func split(_ chunk: Chunk) {
        rowCount += chunk.count
        for (partition, part) in splitter.split(chunk) {
            if part.count == chunk.count {
                addPiece(partition, part)
            } else {
                let full = partitionPackers[partition, default: ChunkPacker()].add(part)
                for part in full { addPiece(partition, part) }
            }
        }
    }

    private func addPiece(_ partition: Int, _ chunk: Chunk) {
        let piece = Piece(partition: partition, chunk: chunk)
        byteCount += piece.byteCount
        pieces.append(piece)
    }

    private func handIn(next: Int?) throws(StarlingError) {
        if let rest = packer.takeRest() { split(rest) }
        for partition in partitionPackers.keys.sorted() {
            if let rest = partitionPackers[partition]!.takeRest() { addPiece(partition, rest) }
        }
        let rows = BroughtRows(pieces: pieces, morsel: morsel, worker: number, next: next)
        pieces = []
        rowCount = 0
        byteCount = 0
        guard !rows.pieces.isEmpty || next != nil else { return }
        try sink.add(rows, cancellation)
    }
}
