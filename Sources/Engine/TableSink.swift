// The end of a pipeline whose rows become a table's: each worker packs its rows into segments of its
// own while they are in its caches, and takes those that are full to the disk.

import StarlingErrors
import StarlingExecution
import StarlingMemory
import StarlingStorage
import StarlingTypes
import StarlingVectors
import Synchronization

/// Gathers rows as segments. A source with an order has one reader, so the order stays; where a sort
/// comes before, each of its morsels becomes a segment, so that all workers can pack. Behind the
/// table's columns stand those of values that do not fit them; from the first on nothing is packed
/// any more, since the rows are made again to report it.
final class TableSink: OrderedSink {
    private let types: [LogicalType]
    private let table: NativeTable
    /// The column that is AUTO_INCREMENT.
    private let numbered: Int?
    private let writer: SegmentWriter?
    /// Finds the partitions of rows; nil where the table has none, or the rows are of one.
    private let router: PartitionRouter?
    private let isForDisk: Bool
    let morselRowCount: Int?
    private let collected = Mutex<[(morsel: Int, segment: Segment)]>([])
    private let ends = Mutex(Ends())
    private let misfitCount = Atomic<Int>(0)

    /// Is what the workers have left over: of many partitions it is little each.
    private struct Ends {
        var rows: [(partition: TablePartition?, rows: Chunk)] = []
        var reservations: [Reservation] = []
    }

    init(
        _ types: [LogicalType], _ table: NativeTable, _ numbered: Int?, _ writer: SegmentWriter?,
        _ router: PartitionRouter? = nil, isForDisk: Bool? = nil, isOrdered: Bool = false
    ) {
        self.types = types
        self.table = table
        self.numbered = numbered
        self.writer = writer
        self.router = router
        self.isForDisk = isForDisk ?? (writer != nil)
        morselRowCount = isOrdered ? Segment.rowCountMax : nil
    }

    /// What was gathered, in order where the rows have one.
    var segments: [Segment] {
        let collected = collected.withLock { $0 }
        guard morselRowCount != nil else { return collected.map(\.segment) }
        // Those of one morsel follow each other already, and stay so.
        return collected.enumerated().sorted {
            ($0.element.morsel, $0.offset) < ($1.element.morsel, $1.offset)
        }.map(\.element.segment)
    }
    /// True where a value does not fit its column.
    var hasMisfits: Bool { misfitCount.load(ordering: .relaxed) > 0 }

    func makeWorker(_ execution: QueryExecution) throws(StarlingError) -> any SinkWorker {
        let reservation = Reservation(execution.budget, purpose: "rows of a table")
        return morselRowCount == nil
            ? Worker(self, reservation, execution) : OrderedWorker(self, reservation, execution)
    }

    /// Packs what the workers have left over of each partition together.
    func combine(_ execution: QueryExecution) throws(StarlingError) {
        let rows = ends.withLock { $0.rows }
        try table.pack(rows, for: isForDisk ? .disk : .memory) {
            (segment) throws(StarlingError) in
            let stored = try writer?.store(segment) ?? segment
            collected.withLock { $0.append((morsel: 0, segment: stored)) }
        }
        ends.withLock { $0 = Ends() }
    }

    private class Worker: SinkWorker {
        private let sink: TableSink
        private let reservation: Reservation
        private let making: IndexMaking
        private var packer: RowPacker
        private var stored: [(morsel: Int, segment: Segment)] = []
        fileprivate var morsel = 0

        init(_ sink: TableSink, _ reservation: Reservation, _ execution: QueryExecution) {
            self.sink = sink
            self.reservation = reservation
            // Rows that go to the disk can do without; those in memory get theirs now or never.
            making = IndexMaking(
                execution.budget, execution.cancellation, isNeeded: sink.writer == nil)
            packer = RowPacker(sink.types, sink.table, sink.router, isStored: sink.isForDisk)
        }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            let width = sink.types.count
            if chunk.columns.count > width {
                if chunk.columns[width...].contains(where: \.hasValues) {
                    sink.misfitCount.wrappingAdd(1, ordering: .relaxed)
                }
                guard !sink.hasMisfits else { return }
                return try collect(
                    Chunk(columns: Array(chunk.columns.prefix(width)), count: chunk.count))
            }
            try collect(chunk)
        }

        private func collect(_ chunk: Chunk) throws(StarlingError) {
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

        fileprivate func closeSegment() throws(StarlingError) {
            try packer.finish()
            try store()
        }

        private func store() throws(StarlingError) {
            let full = packer.takeSegments()
            guard !full.isEmpty else { return }
            for segment in full {
                if let writer = sink.writer {
                    stored.append((morsel, try writer.store(segment)))
                } else {
                    stored.append((morsel, try sink.table.indexed(segment, making)))
                }
            }
            if sink.writer != nil, sink.router == nil { try reservation.resize(to: 0) }
        }
    }

    /// Lets no segment have rows of two morsels.
    private final class OrderedWorker: Worker, MorselSinkWorker {
        func beginMorsel(_ number: Int?) throws(StarlingError) {
            guard let number, number != morsel else { return }
            try closeSegment()
            morsel = number
        }

        func endSource() throws(StarlingError) {}
    }
}

extension Vector {
    /// Tells whether any row has a value.
    var hasValues: Bool {
        guard count > 0, let validity else { return count > 0 }
        return isConstant ? validity.isValid(0) : validity.validCount(of: count) > 0
    }
}
