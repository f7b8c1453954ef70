import StarlingErrors
import StarlingThreads
import StarlingVectors
import Synchronization

/// Gives the rows of a window sink with the results of its functions behind their columns.
package final class WindowSource: ReadySource {
    private let sink: WindowSink
    private let counter = SharedCounter()
    private let isTaken = Atomic<Bool>(false)

    package init(_ sink: WindowSink) { self.sink = sink }

    package var extent: SourceExtent { .given(rowCount: sink.sort.rowCount) }

    package func makeReader(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any SourceReader {
        switch sink.sort.result() {
        case .ordered(let rows) where !sink.isTooLarge:
            return Reader(
                sink, rows, counter, chunkRowCount: execution.options.chunkRowCount)
        case .ordered(let rows):
            if isTaken.exchange(true, ordering: .relaxed) { return EmptyReader() }
            return WindowStream(sink, [.memory(rows)], execution)
        case .runs(let runs):
            // Only one can merge them.
            if isTaken.exchange(true, ordering: .relaxed) { return EmptyReader() }
            return WindowStream(sink, runs, execution)
        }
    }

    /// Takes pieces of batches; all readers cut them alike.
    private final class Reader: SourceReader {
        private let rows: SortedRows
        private let batches: [WindowBatch]
        private let counter: SharedCounter
        private let chunkRowCount: Int
        private var batch = 0
        /// The number of the current batch's first piece.
        private var firstPiece = 0

        init(
            _ sink: WindowSink, _ rows: SortedRows, _ counter: SharedCounter, chunkRowCount: Int
        ) {
            self.rows = rows
            batches = sink.batches
            self.counter = counter
            self.chunkRowCount = chunkRowCount
        }

        func next() throws(StarlingError) -> Chunk? {
            let piece = counter.next()
            while batch < batches.count {
                let current = batches[batch]
                let pieceCount = (current.count + chunkRowCount - 1) / chunkRowCount
                if piece < firstPiece + pieceCount {
                    let start = (piece - firstPiece) * chunkRowCount
                    return chunk(current, from: start)
                }
                firstPiece += pieceCount
                batch += 1
            }
            return nil
        }

        private func chunk(_ batch: WindowBatch, from start: Int) -> Chunk {
            let count = min(chunkRowCount, batch.count - start)
            var chunk = rows.chunk(from: batch.start + start, count: count)
            let results = Chunk(columns: batch.results, count: batch.count)
            chunk.columns += results.rows(start..<(start + count)).columns
            return chunk
        }
    }
}
