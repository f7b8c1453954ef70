import StarlingErrors
import StarlingThreads
import StarlingVectors
import Synchronization

/// Gives the groups of an aggregation.
package final class AggregateSource: ReadySource {
    private let sink: AggregateSink
    private let counter = SharedCounter()
    private let spilledTurns = Mutex<SpilledTurns?>(nil)

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
                try sink.makePlan(), combiner, turns(of: combiner, execution),
                chunkRowCount: chunkRowCount)
        }
    }

    private func turns(of combiner: GroupCombiner, _ execution: QueryExecution) -> SpilledTurns {
        spilledTurns.withLock { turns in
            let known =
                turns
                ?? SpilledTurns(
                    expecting: combiner.expectedByteCounts(), within: execution.budget)
            turns = known
            return known
        }
    }

    /// Takes whole partitions and merges each when its turn comes.
    private final class SpilledReader: SourceReader {
        private let plan: AggregatePlan
        private let combiner: GroupCombiner
        private let turns: SpilledTurns
        private let chunkRowCount: Int
        private var turn: SpilledTurn?
        private var current: GroupPartition?
        private var position = 0

        init(
            _ plan: AggregatePlan, _ combiner: GroupCombiner, _ turns: SpilledTurns,
            chunkRowCount: Int
        ) {
            self.plan = plan
            self.combiner = combiner
            self.turns = turns
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
                turn = nil
                guard let next = turns.take() else { return nil }
                current = try combiner.combined(next.partition)
                turn = consume next
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
