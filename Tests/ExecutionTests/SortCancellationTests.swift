// A run of many rows is sorted when its worker has got the last of them: who wants to stop then must
// not wait for its end.

import StarlingErrors
import StarlingExecution
import StarlingTestSupport
import StarlingThreads
import StarlingTypes
import StarlingVectors
import Testing

/// Gives rows, and asks the query to stop when they have all been given.
private final class StoppingSource: ReadySource {
    private let rows: RowsSource

    init(_ rows: [[Value]], _ type: PhysicalType) {
        self.rows = RowsSource(rows, [type], chunkRowCount: chunkCapacity)
    }

    func makeReader(_ execution: QueryExecution) throws(StarlingError) -> any SourceReader {
        Reader(try rows.makeReader(execution), execution.cancellation)
    }

    private final class Reader: SourceReader {
        private let reader: any SourceReader
        private let cancellation: Cancellation

        init(_ reader: any SourceReader, _ cancellation: Cancellation) {
            self.reader = reader
            self.cancellation = cancellation
        }

        func next() throws(StarlingError) -> Chunk? {
            let chunk = try reader.next()
            if chunk == nil { cancellation.request() }
            return chunk
        }
    }
}

@Suite struct SortCancellationTests {
    /// Sorts rows on one worker, whose only run is never merged with another.
    private func check(_ rows: [[Value]], _ type: PhysicalType) throws {
        let execution = Circumstances(workers: 1, chunkRowCount: chunkCapacity).makeExecution()
        let sink = SortSink(types: [type], keys: [SortColumn(position: 0, physicalType: type)])
        let error = #expect(throws: StarlingError.self) {
            try PipelineRunner(execution).run([
                Pipeline(source: StoppingSource(rows, type), transforms: [], sink: sink)
            ])
        }
        #expect(error?.kind == .cancelled)
    }

    @Test func numbers() throws {
        var generator = SeededGenerator(seed: 1)
        try check((0..<100_000).map { _ in [generator.value(.int64, isNarrow: false)] }, .int64)
    }

    @Test func equalRows() throws {
        try check(
            (0..<40_000).map { _ in [.text("all the same, and longer than a word")] }, .string)
    }

    @Test func longCommonPrefixes() throws {
        let prefix = String(repeating: "x", count: 1_100)
        try check((0..<20_000).map { [.text(prefix + "\($0 % 97)")] }, .string)
    }
}
