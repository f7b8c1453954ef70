// The end of a pipeline whose rows become a table's: each worker packs its rows into segments of its
// own while they are in its caches, and takes those that are full to the disk.

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
    private let table: NativeTable
    /// The column that is AUTO_INCREMENT.
    private let numbered: Int?
    private let writer: SegmentWriter?
    private let collected = Mutex<[Segment]>([])

    init(
        _ types: [LogicalType], _ table: NativeTable, _ numbered: Int?, _ writer: SegmentWriter?
    ) {
        self.types = types
        self.table = table
        self.numbered = numbered
        self.writer = writer
    }

    var segments: [Segment] { collected.withLock { $0 } }

    func makeWorker(_ execution: QueryExecution) throws(StarlingError) -> any SinkWorker {
        Worker(self, Reservation(execution.budget, purpose: "rows of a table"))
    }

    func combine(_ execution: QueryExecution) throws(StarlingError) {}

    private final class Worker: SinkWorker {
        private let sink: TableSink
        private let reservation: Reservation
        private var collector: SegmentCollector
        private var stored: [Segment] = []

        init(_ sink: TableSink, _ reservation: Reservation) {
            self.sink = sink
            self.reservation = reservation
            collector = SegmentCollector(
                sink.types, sink.table.pools, for: sink.writer == nil ? .memory : .disk)
        }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            try reservation.resize(to: reservation.byteCount + chunk.byteCount)
            try collector.append(try sink.table.numbering(chunk, sink.numbered))
            try store()
        }

        func finish() throws(StarlingError) {
            try collector.finish()
            try store()
            sink.collected.withLock { $0 += stored }
        }

        private func store() throws(StarlingError) {
            guard let writer = sink.writer else {
                stored += collector.takeSegments()
                return
            }
            let full = collector.takeSegments()
            guard !full.isEmpty else { return }
            for segment in full { stored.append(try writer.store(segment)) }
            try reservation.resize(to: 0)
        }
    }
}
