import StarlingErrors
import StarlingVectors
import Synchronization

/// Gives the rows of a sort in order, to one reader.
package final class SortSource: ReadySource {
    private let sink: SortSink
    private let offset: Int
    private let limit: Int
    private let isTaken = Atomic<Bool>(false)

    /// Gives `limit` rows after the first `offset`.
    package init(_ sink: SortSink, limit: Int? = nil, offset: Int = 0) {
        self.sink = sink
        self.limit = limit ?? .max
        self.offset = offset
    }

    package func makeReader(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any SourceReader {
        // The order would be lost among several workers, so all others find the source empty.
        guard !isTaken.exchange(true, ordering: .relaxed) else { return EmptyReader() }
        let chunkRowCount = execution.options.chunkRowCount
        switch sink.result() {
        case .ordered(let rows):
            let start = min(offset, rows.run.count)
            let end = start + min(limit, rows.run.count - start)
            return SortReader(rows, from: start, to: end, chunkRowCount)
        case .runs(let runs):
            return sink.makeMergingReader(
                runs, offset: offset, limit: limit, chunkRowCount: chunkRowCount)
        }
    }
}

/// Gives nothing.
final class EmptyReader: SourceReader {
    func next() throws(StarlingError) -> Chunk? { nil }
}

private final class SortReader: SourceReader {
    private let rows: SortedRows
    private var position: Int
    private let end: Int
    private let chunkRowCount: Int

    init(_ rows: SortedRows, from start: Int, to end: Int, _ chunkRowCount: Int) {
        self.rows = rows
        self.position = start
        self.end = end
        self.chunkRowCount = chunkRowCount
    }

    func next() throws(StarlingError) -> Chunk? {
        let count = min(chunkRowCount, end - position)
        guard count > 0 else { return nil }
        defer { position += count }
        return rows.chunk(from: position, count: count)
    }
}
