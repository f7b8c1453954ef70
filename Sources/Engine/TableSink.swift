// The end of a pipeline whose rows become a table in memory: each worker packs its rows into
// segments of its own while they are in its caches.

import StarlingErrors
import StarlingExecution
import StarlingMemory
import StarlingStorage
import StarlingTypes
import StarlingVectors
import Synchronization

/// Gathers rows as segments. A source with an order has one reader, so the order stays.
final class TableSink: Sink {
    private let types: [LogicalType]
    private let collected = Mutex<[MemorySegment]>([])

    init(_ types: [LogicalType]) { self.types = types }

    var segments: [MemorySegment] { collected.withLock { $0 } }

    func makeWorker(_ execution: QueryExecution) throws(StarlingError) -> any SinkWorker {
        Worker(self, Reservation(execution.budget, purpose: "rows of a table"))
    }

    func combine(_ execution: QueryExecution) throws(StarlingError) {}

    private final class Worker: SinkWorker {
        private let sink: TableSink
        private let reservation: Reservation
        private var collector: SegmentCollector

        init(_ sink: TableSink, _ reservation: Reservation) {
            self.sink = sink
            self.reservation = reservation
            collector = SegmentCollector(sink.types)
        }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            try reservation.resize(to: reservation.byteCount + chunk.byteCount)
            collector.append(chunk)
        }

        func finish() throws(StarlingError) {
            collector.finish()
            sink.collected.withLock { $0 += collector.segments }
        }
    }
}
