import StarlingErrors
import StarlingThreads
import StarlingVectors

/// Gives the groups of an aggregation.
package final class AggregateSource: Source {
    private let sink: AggregateSink
    private let counter = SharedCounter()

    package init(_ sink: AggregateSink) { self.sink = sink }

    package func makeReader(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any SourceReader {
        Reader(
            try sink.makePlan(), sink.partitions, counter,
            chunkRowCount: execution.options.chunkRowCount)
    }

    /// Takes pieces of partitions; all readers cut them alike.
    private final class Reader: SourceReader {
        private let plan: AggregatePlan
        private let partitions: [GroupPartition]
        private let counter: SharedCounter
        private let chunkRowCount: Int
        private var partition = 0
        /// The number of the current partition's first piece.
        private var firstPiece = 0

        init(
            _ plan: AggregatePlan, _ partitions: [GroupPartition], _ counter: SharedCounter,
            chunkRowCount: Int
        ) {
            self.plan = plan
            self.partitions = partitions
            self.counter = counter
            self.chunkRowCount = chunkRowCount
        }

        func next() throws(StarlingError) -> Chunk? {
            let piece = counter.next()
            while partition < partitions.count {
                let groupCount = partitions[partition].groups.count
                let pieceCount = (groupCount + chunkRowCount - 1) / chunkRowCount
                if piece < firstPiece + pieceCount {
                    let start = (piece - firstPiece) * chunkRowCount
                    return try partitions[partition].chunk(
                        plan, from: start, count: min(chunkRowCount, groupCount - start))
                }
                firstPiece += pieceCount
                partition += 1
            }
            return nil
        }
    }
}
