import StarlingErrors
import StarlingThreads
import StarlingVectors

/// Gives the groups of an aggregation.
package final class AggregateSource: ReadySource {
    private let sink: AggregateSink
    private let counter = SharedCounter()

    package init(_ sink: AggregateSink) { self.sink = sink }

    package var extent: SourceExtent {
        guard case .groups(let partitions) = sink.result else { return .given(rowCount: nil) }
        return .given(rowCount: partitions.reduce(0) { $0 + $1.groups.count })
    }

    package func makeReader(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any SourceReader {
        let chunkRowCount = execution.options.chunkRowCount
        switch sink.result {
        case .groups(let partitions):
            return Reader(
                try sink.makePlan(), partitions, counter, chunkRowCount: chunkRowCount)
        case .spilled(let combiner):
            return SpilledReader(
                try sink.makePlan(), combiner, counter, chunkRowCount: chunkRowCount)
        }
    }

    /// Takes whole partitions and merges each when its turn comes.
    private final class SpilledReader: SourceReader {
        private let plan: AggregatePlan
        private let combiner: GroupCombiner
        private let counter: SharedCounter
        private let chunkRowCount: Int
        private var current: GroupPartition?
        private var position = 0

        init(
            _ plan: AggregatePlan, _ combiner: GroupCombiner, _ counter: SharedCounter,
            chunkRowCount: Int
        ) {
            self.plan = plan
            self.combiner = combiner
            self.counter = counter
            self.chunkRowCount = chunkRowCount
        }

        func next() throws(StarlingError) -> Chunk? {
            while true {
                if let current, position < current.groups.count {
                    let count = min(chunkRowCount, current.groups.count - position)
                    defer { position += count }
                    return try current.chunk(plan, from: position, count: count)
                }
                // The memory goes before the next partition comes.
                current = nil
                position = 0
                let partition = counter.next()
                guard partition < GroupLayout.partitionCount else { return nil }
                current = try combiner.combined(partition)
            }
        }
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
