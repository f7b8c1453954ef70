// Lets the other input of a join stream past its table.

import StarlingErrors
import StarlingVectors

/// Joins chunks with the table that a `JoinBuildSink` made.
final class JoinProbe: Transform {
    private let build: JoinBuildSink
    /// Hands out the pieces of the table that are given at the end.
    private let remainder = SharedCounter()

    init(_ build: JoinBuildSink) { self.build = build }

    func makeWorker(
        _ execution: QueryExecution, next: any ChunkConsumer
    ) throws(StarlingError) -> any TransformWorker {
        try JoinProbeWorker(try build.table(), remainder, execution, next: next)
    }
}

/// Joins as `JoinProbe` does and gives, at the end, build rows with or without a match.
final class RemainderJoinProbe: RemainderGiving {
    private let probe: JoinProbe

    init(_ build: JoinBuildSink) { probe = JoinProbe(build) }

    func makeWorker(
        _ execution: QueryExecution, next: any ChunkConsumer
    ) throws(StarlingError) -> any TransformWorker {
        try probe.makeWorker(execution, next: next)
    }
}
