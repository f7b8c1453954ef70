import StarlingErrors
import StarlingMemory
import StarlingVectors

/// Gathers and sorts the rows of one worker.
final class SortWorker: SinkWorker {
    private let sink: SortSink
    private let execution: QueryExecution
    private let encoder: SortKeyEncoder
    private let words: Buffer
    private let selection = Selection()
    private var blocks: [ColumnBlock] = []
    private var rowCount = 0
    /// Counts the bytes of all blocks but the last.
    private var closedByteCount = 0
    private let reservation: Reservation
    private let compactionCount: Int
    private let byteLimit: Int
    /// The rows to be held before a forced spill; grows, so that runs stay few.
    private var forcedSpillCount: Int
    /// The text of the last row that was kept, where texts come first in the key: of rows with its
    /// first word those with greater texts are not among the first.
    private var lastText: (word: UInt64, text: StringReference, owner: StringHeap)?
    private var file: SpillFile?
    private var spilled: [[SpilledChunk]] = []

    init(_ sink: SortSink, _ execution: QueryExecution) {
        self.sink = sink
        self.execution = execution
        encoder = SortKeyEncoder(layout: sink.layout)
        words = Buffer(byteCount: sink.layout.wordCount * chunkCapacity * 8)
        reservation = Reservation(execution.budget, purpose: "sorting")
        if let limit = sink.rowLimit, limit < Int.max / 4 {
            // Soon, and again soon: a low threshold spares the scans more than sorting costs. A
            // chunk is sorted once at most, as many of its rows as pass.
            compactionCount = max(2 * limit, 16)
        } else {
            compactionCount = .max
        }
        // Half of the budget is left to the operators around.
        byteLimit = execution.budget.byteLimit / (2 * execution.pool.workerCount)
        forcedSpillCount = execution.options.forcesSpill ? 256 : .max
    }

    func consume(_ chunk: Chunk) throws(StarlingError) {
        let pointer = words.pointer(to: UInt64.self)
        encoder.encode(chunk, into: pointer, stride: chunkCapacity)
        var rows: UnsafePointer<UInt16>?
        var count = chunk.count
        if sink.rowLimit != nil {
            count = dropGreaterTexts(chunk, selectPromising(chunk.count))
            if count == 0 { return }
            rows = UnsafePointer(selection.rows)
        }
        try append(chunk, pointer, rows, count)
        if rowCount >= compactionCount { try compact() }
        if try !reserve() || rowCount >= forcedSpillCount { try spill() }
    }

    /// Reserves what the rows take, sorting included; returns false where that is too much.
    private func reserve() throws(StarlingError) -> Bool {
        guard let last = blocks.last else { return true }
        let held = closedByteCount + last.byteCount
        let wanted = held + 2 * rowCount * MemoryLayout<SortEntry>.stride
        if wanted <= byteLimit, reservation.tryResize(to: wanted) { return true }
        // A run of a few rows would not bring anything.
        guard held >= min(1 << 20, byteLimit / 4) else {
            try reservation.resize(to: wanted)
            return true
        }
        return false
    }

    /// Selects the rows that the threshold does not rule out.
    private func selectPromising(_ count: Int) -> Int {
        let threshold = sink.threshold.load(ordering: .relaxed)
        let (words, rows) = (words.pointer(to: UInt64.self), selection.rows)
        var selected = 0
        for row in 0..<count {
            rows[selected] = UInt16(truncatingIfNeeded: row)
            selected &+= words[row] <= threshold ? 1 : 0
        }
        return selected
    }

    /// Takes rows from the first `count` selected ones that the last text kept rules out.
    private func dropGreaterTexts(_ chunk: Chunk, _ count: Int) -> Int {
        guard let lastText, let key = sink.layout.firstText, count > 0,
            lastText.word == sink.threshold.load(ordering: .relaxed)
        else { return count }
        let (words, rows) = (words.pointer(to: UInt64.self), selection.rows)
        let column = chunk.columns[key.position]
        let texts = DecodedVector(column)
        var selected = 0
        for place in 0..<count {
            let row = Int(rows[place])
            rows[selected] = rows[place]
            if words[row] == lastText.word {
                let order = StringReference.compareInFull(texts.value(row), lastText.text)
                if key.isAscending ? order > 0 : order < 0 { continue }
            }
            selected += 1
        }
        withExtendedLifetime(column) {}
        return selected
    }

    /// Remembers the text of the last row that is kept.
    private func noteLast(_ entry: SortEntry, _ view: ColumnBlockView) {
        guard let key = sink.layout.firstText, view.isValid(key.position, entry.row) else {
            return
        }
        let heap = StringHeap(firstBlockByteCount: 64)
        let text = heap.add(view.value(key.position, entry.row, as: StringReference.self))
        lastText = (entry.word, text, heap)
    }

    private func append(
        _ chunk: Chunk, _ words: UnsafePointer<UInt64>, _ rows: UnsafePointer<UInt16>?, _ count: Int
    ) throws(StarlingError) {
        var start = 0
        while start < count {
            if blocks.last?.isFull ?? true { try addBlock() }
            start += blocks[blocks.count - 1].append(
                chunk, words: words, wordCount: sink.layout.wordCount, rows: rows, from: start,
                to: count)
        }
        rowCount += count
    }

    private func addBlock() throws(StarlingError) {
        closedByteCount += blocks.last?.byteCount ?? 0
        blocks.append(try sink.store.addBlock())
    }

    /// Sorts what was gathered into a run of row numbers.
    private func sortedRun(
        _ view: ColumnBlockView, _ progress: QueryProgress? = nil
    ) throws(StarlingError) -> SortedRun {
        let byteCount = rowCount * MemoryLayout<SortEntry>.stride
        let run = SortedRun(entries: Buffer(byteCount: byteCount), count: rowCount)
        let scratch = Buffer(byteCount: byteCount)
        let entries = run.pointer
        var place = 0
        for block in blocks {
            let words = block.words.pointer(to: UInt64.self)
            let first = RowNumber(block.number) << columnBlockShift
            for row in 0..<block.count {
                entries[place &+ row] = SortEntry(
                    word: words[row], row: first | RowNumber(truncatingIfNeeded: row))
            }
            place += block.count
            try execution.cancellation.check()
        }
        let sorter = RunSorter(
            order: RowOrder(layout: sink.layout, view: view),
            pace: SortPace(cancellation: execution.cancellation, progress: progress))
        try sorter.sort(entries, scratch: scratch.pointer(to: SortEntry.self), count: rowCount)
        return run
    }

    /// Writes what was gathered to the spill file, in order.
    private func spill() throws(StarlingError) {
        let view = ColumnBlockView(blocks, types: sink.types)
        let rows = SortedRows(
            run: try sortedRun(view), order: RowOrder(layout: sink.layout, view: view))
        if file == nil { file = try SpillFile(execution) }
        guard let file else { return }
        var run: [SpilledChunk] = []
        let total = min(rowCount, sink.rowLimit ?? .max)
        var start = 0
        while start < total {
            let count = min(chunkCapacity, total - start)
            run.append(try file.append(rows.chunk(from: start, count: count)))
            try execution.cancellation.check()
            start += count
        }
        if !run.isEmpty { spilled.append(run) }
        sink.store.remove(blocks)
        blocks = []
        rowCount = 0
        closedByteCount = 0
        if forcedSpillCount < .max / 2 { forcedSpillCount *= 2 }
        try reservation.resize(to: 0)
    }

    /// Keeps only the first `rowLimit` rows.
    private func compact() throws(StarlingError) {
        guard let limit = sink.rowLimit, rowCount > limit else { return }
        let view = ColumnBlockView(blocks, types: sink.types)
        var run = try sortedRun(view)
        run.count = limit
        sink.lowerThreshold(to: limit > 0 ? run.pointer[limit - 1].word : 0)
        if limit > 0 { noteLast(run.pointer[limit - 1], view) }
        let old = blocks
        blocks = []
        rowCount = 0
        closedByteCount = 0
        let rows = SortedRows(run: run, order: RowOrder(layout: sink.layout, view: view))
        var start = 0
        while start < limit {
            let count = min(chunkCapacity, limit - start)
            let numbers = rows.rowNumbers(from: start)
            let pointer = words.pointer(to: UInt64.self)
            for word in 0..<sink.layout.wordCount {
                for i in 0..<count {
                    pointer[word * chunkCapacity + i] =
                        view.word(word, numbers[i * SortedRows.stride])
                }
            }
            try append(rows.chunk(from: start, count: count), pointer, nil, count)
            start += count
        }
        sink.store.remove(old)
    }

    func finish() throws(StarlingError) {
        execution.progress.expect(rowCount)
        var run = try sortedRun(ColumnBlockView(blocks, types: sink.types), execution.progress)
        run.count = min(run.count, sink.rowLimit ?? .max)
        if blocks.isEmpty {
            try reservation.resize(to: 0)
        } else {
            // The room for sorting is not needed any more.
            let held = closedByteCount + blocks[blocks.count - 1].byteCount
            try reservation.resize(
                to: min(
                    reservation.byteCount, held + rowCount * MemoryLayout<SortEntry>.stride))
        }
        try file?.finish()
        sink.add(run, blocks: blocks, spilled: spilled, reservation: reservation)
    }
}
