import StarlingErrors
import StarlingMemory
import StarlingVectors

/// Gives the rows of a spilled partition with the results of window functions behind them.
struct SpilledWindow {
    private let partition: SpilledPartition
    private let computation: WindowComputation
    private let progress: [WindowProgress]
    private let execution: QueryExecution
    private let reservation: Reservation
    private var block = 0

    init(
        _ partition: SpilledPartition, _ computation: WindowComputation,
        _ progress: [WindowProgress], _ execution: QueryExecution
    ) {
        self.partition = partition
        self.computation = computation
        self.progress = progress
        self.execution = execution
        reservation = Reservation(execution.budget, purpose: "a window function")
    }

    /// Computes the next block; returns nil behind the last one.
    mutating func next() throws(StarlingError) -> Chunk? {
        guard block < partition.blockCount else { return nil }
        try execution.cancellation.check()
        try reservation.resize(
            to: partition.rows(ofBlock: block).count * computation.workingByteCount)
        let results = try computation.results(
            ofBlock: block, in: partition, progress, reservation)
        var chunk = try partition.chunk(ofBlock: block)
        chunk.columns += results
        block += 1
        return chunk
    }
}
