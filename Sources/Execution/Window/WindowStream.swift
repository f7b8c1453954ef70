// Window functions over rows that are merged while they are read, where a sort had to spill or
// memory does not suffice for the results: a few partitions at a time are gathered, computed and
// given. A partition that memory cannot hold is written to a file of its own and computed from
// there, block by block.

import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Gives the rows of sorted runs with the results of window functions behind their columns.
final class WindowStream: SourceReader {
    private let sink: WindowSink
    private let input: MergingReader
    private let execution: QueryExecution
    private let reservation: Reservation
    /// Rows that are read and belong to no batch yet, in order.
    private var store: ColumnBlockStore
    private var blocks: [ColumnBlock] = []
    private var rowCount = 0
    /// True where memory has no room for more rows.
    private var isFull = false
    private var isAtEnd = false
    private var result: Chunk?
    private var given = 0
    private var spilled: SpilledWindow?
    private let byteLimit: Int
    private let rowLimit: Int

    init(_ sink: WindowSink, _ runs: [RunSource], _ execution: QueryExecution) {
        self.sink = sink
        self.execution = execution
        input = sink.sort.makeMergingReader(runs, chunkRowCount: chunkCapacity)
        reservation = Reservation(execution.budget, purpose: "a window function")
        store = ColumnBlockStore(types: sink.sort.types, wordCount: 0)
        // Rows are there twice, once as they are given.
        byteLimit = execution.budget.byteLimit / 8
        rowLimit = execution.options.forcesSpill ? 64 : .max
    }

    func next() throws(StarlingError) -> Chunk? {
        while true {
            if let result, given < result.count {
                let start = given
                given = min(result.count, start + execution.options.chunkRowCount)
                return result.rows(start..<given)
            }
            given = 0
            result = try spilled?.next()
            if result != nil { continue }
            spilled = nil
            guard try computeBatch() else { return nil }
        }
    }

    /// Reads until whole partitions are there and computes them, or until one does not fit, which
    /// is spilled; returns false at the end.
    private func computeBatch() throws(StarlingError) -> Bool {
        var wanted = WindowSink.batchRowCount
        while true {
            while !isAtEnd, !isFull, rowCount < wanted {
                guard let chunk = try input.next() else {
                    isAtEnd = true
                    break
                }
                try append(chunk)
            }
            if rowCount == 0 { return false }
            let count = rowCount
            let (view, numbers) = gatheredRows()
            let all = MemoryRows(
                view, numbers.pointer(to: RowNumber.self), stride: 1, count: count,
                keeping: numbers)
            let flags = Buffer.zeroed(byteCount: count)
            let partitions = flags.pointer(to: UInt8.self)
            for column in sink.computation.partitionColumns {
                markChanges(of: all.column(column), in: partitions)
            }
            partitions[0] = 1
            // The last partition may go on in the next chunk.
            var end = count
            if !isAtEnd {
                end -= 1
                while partitions[end] == 0 { end -= 1 }
            }
            if end > 0 {
                let batch = MemoryRows(
                    view, numbers.pointer(to: RowNumber.self), stride: 1, count: end,
                    keeping: numbers)
                try give(batch, partitions, of: all)
                return true
            }
            if isFull {
                try spill(all)
                return true
            }
            wanted = 2 * rowCount
        }
    }

    private func append(_ chunk: Chunk) throws(StarlingError) {
        var start = 0
        let noWords = Buffer(byteCount: 8)
        while start < chunk.count {
            if blocks.last?.isFull ?? true { blocks.append(try store.addBlock()) }
            start += blocks[blocks.count - 1].append(
                chunk, words: noWords.pointer(to: UInt64.self), wordCount: 0, rows: nil,
                from: start, to: chunk.count)
        }
        rowCount += chunk.count
        let held = blocks.reduce(0) { $0 + $1.byteCount }
        let wanted = held + rowCount * sink.computation.workingByteCount
        isFull =
            rowCount >= rowLimit || wanted > byteLimit || !reservation.tryResize(to: wanted)
    }

    /// Views the rows that were read; they lie in the blocks in order.
    private func gatheredRows() -> (ColumnBlockView, Buffer) {
        let numbers = Buffer(byteCount: rowCount * 4)
        let pointer = numbers.pointer(to: RowNumber.self)
        var place = 0
        for block in blocks {
            for row in 0..<block.count {
                pointer[place] = RowNumber(block.number) << columnBlockShift | RowNumber(row)
                place += 1
            }
        }
        return (ColumnBlockView(blocks, types: sink.sort.types), numbers)
    }

    /// Forgets the rows that were read.
    private func drop() throws(StarlingError) {
        store = ColumnBlockStore(types: sink.sort.types, wordCount: 0)
        blocks = []
        rowCount = 0
        isFull = false
        try reservation.resize(to: 0)
    }

    /// Computes the rows of a batch, the first of all, and keeps the others for the next one.
    private func give(
        _ batch: MemoryRows, _ partitions: UnsafePointer<UInt8>, of all: MemoryRows
    ) throws(StarlingError) {
        let working = Reservation(execution.budget, purpose: "a window function")
        let results = try sink.computation.results(batch, partitions: partitions, working)
        let columns = batch.chunk(from: 0, count: batch.count).columns
        result = Chunk(columns: columns + results, count: batch.count)
        try drop()
        var start = batch.count
        while start < all.count {
            let count = min(chunkCapacity, all.count - start)
            try append(all.chunk(from: start, count: count))
            start += count
        }
    }

    /// Writes the rows that were read, and all that follow of their partition, to a file.
    private func spill(_ rows: MemoryRows) throws(StarlingError) {
        var spiller = try PartitionSpiller(
            sink.computation, types: sink.sort.types, execution)
        var start = 0
        while start < rows.count {
            let count = min(chunkCapacity, rows.count - start)
            try spiller.append(rows.chunk(from: start, count: count))
            start += count
        }
        var changes = ChangeFinder(
            sink.computation.partitionColumns,
            behind: rows.chunk(from: rows.count - 1, count: 1))
        try drop()
        while true {
            guard let chunk = try input.next() else {
                isAtEnd = true
                break
            }
            let flagBuffer = changes.flags(chunk)
            let flags = flagBuffer.pointer(to: UInt8.self)
            let end = (0..<chunk.count).first { flags[$0] != 0 } ?? chunk.count
            if end > 0 { try spiller.append(chunk.rows(0..<end)) }
            if end < chunk.count {
                try append(chunk.rows(end..<chunk.count))
                break
            }
        }
        spilled = SpilledWindow(
            try spiller.finish(), sink.computation, spiller.progress, execution)
    }
}
