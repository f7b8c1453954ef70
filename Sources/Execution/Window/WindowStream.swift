// Window functions over rows that are merged while they are read, where a sort had to spill: a few
// partitions at a time are gathered, computed and given.

import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Gives the rows of a spilled sort with the results of window functions behind their columns.
final class WindowStream: SourceReader {
    private let sink: WindowSink
    private let input: MergingReader
    private let chunkRowCount: Int
    private let reservation: Reservation
    /// Rows that are read and belong to no batch yet, in order.
    private var store: ColumnBlockStore
    private var blocks: [ColumnBlock] = []
    private var rowCount = 0
    private var isAtEnd = false
    private var result: Chunk?
    private var given = 0

    init(_ sink: WindowSink, _ runs: [RunSource], _ execution: QueryExecution) {
        self.sink = sink
        input = sink.sort.makeMergingReader(runs, chunkRowCount: chunkCapacity)
        chunkRowCount = execution.options.chunkRowCount
        reservation = Reservation(execution.budget, purpose: "window functions")
        store = ColumnBlockStore(types: sink.sort.types, wordCount: 0)
    }

    func next() throws(StarlingError) -> Chunk? {
        while true {
            if let result, given < result.count {
                let start = given
                given = min(result.count, start + chunkRowCount)
                return result.rows(start..<given)
            }
            result = nil
            given = 0
            guard try computeBatch() else { return nil }
        }
    }

    /// Reads until whole partitions are there and computes them; returns false at the end.
    private func computeBatch() throws(StarlingError) -> Bool {
        var wanted = WindowSink.batchRowCount
        while true {
            while !isAtEnd, rowCount < wanted {
                guard let chunk = try input.next() else {
                    isAtEnd = true
                    break
                }
                try append(chunk)
            }
            if rowCount == 0 { return false }
            let rows = gatheredRows()
            let flags = Buffer.zeroed(byteCount: rows.count)
            let partitions = flags.pointer(to: UInt8.self)
            for column in sink.computation.partitionColumns {
                markChanges(of: rows.column(column), in: partitions)
            }
            partitions[0] = 1
            // The last partition may go on in the next chunk.
            var end = rows.count
            if !isAtEnd {
                end -= 1
                while partitions[end] == 0 { end -= 1 }
            }
            if end > 0 {
                try give(rows, partitions, end)
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
        try reservation.resize(to: held + rowCount * sink.computation.workingByteCount)
    }

    /// Views the rows that were read; they lie in the blocks in order.
    private func gatheredRows() -> WindowRows {
        let numbers = Buffer(byteCount: rowCount * 4)
        let pointer = numbers.pointer(to: RowNumber.self)
        var place = 0
        for block in blocks {
            for row in 0..<block.count {
                pointer[place] = RowNumber(block.number) << columnBlockShift | RowNumber(row)
                place += 1
            }
        }
        let view = ColumnBlockView(blocks, types: sink.sort.types)
        self.numbers = numbers
        return WindowRows(view: view, numbers: pointer, stride: 1, count: rowCount)
    }

    private var numbers = Buffer(byteCount: 0)

    /// Computes the first `end` rows and keeps the others for the next batch.
    private func give(
        _ rows: WindowRows, _ partitions: UnsafePointer<UInt8>, _ end: Int
    ) throws(StarlingError) {
        let batch = WindowRows(view: rows.view, numbers: rows.numbers, stride: 1, count: end)
        let results = try sink.computation.results(batch, partitions: partitions)
        let columns = rows.view.gather(rows.numbers, count: end).columns
        result = Chunk(columns: columns + results, count: end)
        store = ColumnBlockStore(types: sink.sort.types, wordCount: 0)
        blocks = []
        rowCount = 0
        var start = end
        while start < rows.count {
            let count = min(chunkCapacity, rows.count - start)
            try append(rows.view.gather(rows.numbers + start, count: count))
            start += count
        }
    }
}
