// Lets the other input of a join stream past its table.

import StarlingErrors
import StarlingVectors

/// Joins chunks with what a `JoinBuildSink` made.
final class JoinProbe: RemainderGiving {
    private let build: JoinBuildSink
    /// Hands out the pieces of the table that are given at the end.
    private let remainder = SharedCounter()
    private let spilledProbe = SpilledProbe()

    init(_ build: JoinBuildSink) { self.build = build }

    var givesRemainder: Bool { build.givesRemainder }

    func makeWorker(
        _ execution: QueryExecution, next: any ChunkConsumer
    ) throws(StarlingError) -> any TransformWorker {
        switch try build.outcome() {
        case .table(let table): try JoinProbeWorker(table, remainder, execution, next: next)
        case .spilled(let spilled):
            try SpilledJoinWorker(build.shape, spilled, spilledProbe, execution, next: next)
        }
    }
}
