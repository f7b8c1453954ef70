// The end of the last pipeline for those who don't keep the rows: each chunk is handed over as soon
// as it is there, one at a time.

import StarlingErrors
import StarlingExecution
import StarlingVectors
import Synchronization

/// Hands chunks to a receiver; nothing is collected.
final class StreamingSink: Sink {
    /// Returns false where no more rows are wanted.
    private let receive: @Sendable (Chunk) -> Bool
    private let isFinished = Mutex<Bool>(false)

    init(receive: @escaping @Sendable (Chunk) -> Bool) { self.receive = receive }

    func makeWorker(_ execution: QueryExecution) throws(StarlingError) -> any SinkWorker {
        Worker(self)
    }

    func combine(_ execution: QueryExecution) throws(StarlingError) {}

    /// Tells that the receiver wanted no more, which ends the query early.
    var endedEarly: Bool { isFinished.withLock { $0 } }

    fileprivate func consume(_ chunk: Chunk) throws(StarlingError) {
        // Under the lock, so that the receiver gets one chunk at a time.
        let goesOn = isFinished.withLock { isFinished in
            guard !isFinished else { return false }
            isFinished = !receive(chunk)
            return !isFinished
        }
        if !goesOn { throw StarlingError(.cancelled, "no more rows are wanted") }
    }

    private final class Worker: SinkWorker {
        private let sink: StreamingSink

        init(_ sink: StreamingSink) { self.sink = sink }

        func consume(_ chunk: Chunk) throws(StarlingError) { try sink.consume(chunk) }

        func finish() throws(StarlingError) {}
    }
}
