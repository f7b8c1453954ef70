// Sources over chunks that are there already.

import StarlingErrors
import StarlingThreads
import StarlingVectors

/// Gives chunks from memory, each once.
package final class ChunkSource: ReadySource {
    private let chunks: [Chunk]
    private let counter = SharedCounter()

    package init(_ chunks: [Chunk]) { self.chunks = chunks }

    package var extent: SourceExtent { .given(rowCount: chunks.reduce(0) { $0 + $1.count }) }
    package var readerCountMax: Int { max(1, chunks.count) }

    package func makeReader(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any SourceReader {
        Reader(chunks, counter)
    }

    private final class Reader: SourceReader {
        private let chunks: [Chunk]
        private let counter: SharedCounter

        init(_ chunks: [Chunk], _ counter: SharedCounter) {
            self.chunks = chunks
            self.counter = counter
        }

        func next() throws(StarlingError) -> Chunk? {
            let position = counter.next()
            return position < chunks.count ? chunks[position] : nil
        }
    }
}
