// The end of the last pipeline: rows for whoever asked.

import StarlingErrors
import StarlingMemory
import StarlingVectors
import Synchronization

/// Collects the rows of a query. A source with an order has one reader, so the order stays.
package final class ResultSink: Sink {
    private let collected = Mutex<[Chunk]>([])

    package init() {}

    package var chunks: [Chunk] { collected.withLock { $0 } }

    package func makeWorker(
        _ execution: QueryExecution
    ) throws(StarlingError) -> any SinkWorker {
        Worker(self, Reservation(execution.budget, purpose: "the result"))
    }

    package func combine(_ execution: QueryExecution) throws(StarlingError) {}

    fileprivate func add(_ chunks: [Chunk]) { collected.withLock { $0 += chunks } }

    private final class Worker: SinkWorker {
        private let sink: ResultSink
        private let reservation: Reservation
        private var chunks: [Chunk] = []

        init(_ sink: ResultSink, _ reservation: Reservation) {
            self.sink = sink
            self.reservation = reservation
        }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            try reservation.resize(to: reservation.byteCount + chunk.byteCount)
            chunks.append(chunk)
        }

        func finish() throws(StarlingError) {
            sink.add(chunks)
            chunks = []
        }
    }
}
