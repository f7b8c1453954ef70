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
    /// Finds the partitions of rows; nil where the table has none.
    private let router: PartitionRouter?
    private let collected = Mutex<[Segment]>([])
    private let ends = Mutex(Ends())

    /// Is what the workers have left over: of many partitions it is little each.
    private struct Ends {
        var rows: [(partition: TablePartition?, rows: Chunk)] = []
        var reservations: [Reservation] = []
    }

    init(
        _ types: [LogicalType], _ table: NativeTable, _ numbered: Int?, _ writer: SegmentWriter?,
        _ router: PartitionRouter? = nil
    ) {
        self.types = types
        self.table = table
        self.numbered = numbered
        self.writer = writer
        self.router = router
    }

    var segments: [Segment] { collected.withLock { $0 } }

    func makeWorker(_ execution: QueryExecution) throws(StarlingError) -> any SinkWorker {
        Worker(self, Reservation(execution.budget, purpose: "rows of a table"))
    }

    /// Packs what the workers have left over of each partition together.
    func combine(_ execution: QueryExecution) throws(StarlingError) {
        let rows = ends.withLock { $0.rows }
        try table.pack(rows, for: writer == nil ? .memory : .disk) {
            (segment) throws(StarlingError) in
            let stored = try writer?.store(segment) ?? segment
            collected.withLock { $0.append(stored) }
        }
        ends.withLock { $0 = Ends() }
    }

    private final class Worker: SinkWorker {
        private let sink: TableSink
        private let reservation: Reservation
        private var packer: RowPacker
        private var stored: [Segment] = []

        init(_ sink: TableSink, _ reservation: Reservation) {
            self.sink = sink
            self.reservation = reservation
            packer = RowPacker(
                sink.types, sink.table, sink.router, isStored: sink.writer != nil)
        }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            try reserve(chunk)
            try packer.append(try sink.table.numbering(chunk, sink.numbered))
            try store()
        }

        private func reserve(_ chunk: Chunk) throws(StarlingError) {
            guard sink.router != nil else {
                return try reservation.resize(to: reservation.byteCount + chunk.byteCount)
            }
            let byteCount = packer.byteCount + chunk.byteCount
            guard !reservation.tryResize(to: byteCount) else { return }
            try packer.finish()
            try store()
            try reservation.resize(to: chunk.byteCount)
        }

        func finish() throws(StarlingError) {
            if sink.router != nil {
                let rows = try packer.takeRows()
                sink.ends.withLock { ends in
                    ends.rows += rows
                    ends.reservations.append(reservation)
                }
            } else {
                try packer.finish()
            }
            try store()
            sink.collected.withLock { $0 += stored }
        }

        private func store() throws(StarlingError) {
            guard let writer = sink.writer else {
                stored += packer.takeSegments()
                return
            }
            let full = packer.takeSegments()
            guard !full.isEmpty else { return }
            for segment in full { stored.append(try writer.store(segment)) }
            if sink.router == nil { try reservation.resize(to: 0) }
        }
    }
}
