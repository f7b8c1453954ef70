// The end of the pipeline of a DELETE or an UPDATE: which rows are meant, by their numbers, and what
// they become. Each worker packs its rows into segments, as those of an INSERT do. Where a value does
// not fit its column nothing is packed any more: the rows are made again to report it.

import StarlingErrors
import StarlingExecution
import StarlingKernels
import StarlingMemory
import StarlingStorage
import StarlingTypes
import StarlingVectors
import Synchronization

/// Gathers rows that go, by the numbers in the last column, and those that come in their place.
final class ChangeSink: Sink {
    private let table: NativeTable
    /// How rows that come are packed; nil where rows only go.
    private let packing: Packing?
    private let gathered = Mutex(Gathered())
    private let packedRowCount = Atomic<Int>(0)
    /// As long as the rows are no more than one of so many, their texts are not compressed, which
    /// takes longer than all else.
    private static let quickShare = 8

    /// Says what becomes of rows that come.
    struct Packing {
        /// The column that is AUTO_INCREMENT.
        var numbered: Int?
        /// Takes the rows to the disk; nil for those that stay in memory.
        var writer: SegmentWriter?
        /// Finds the partitions of rows; nil where the table has none.
        var router: PartitionRouter?
    }

    /// Is what the workers found.
    private struct Gathered {
        var rowCount = 0
        var gone = RowNumbers()
        var segments: [Segment] = []
        var hasMisfits = false
        /// What the workers have left over: of many partitions it is little each.
        var rest: [(partition: TablePartition?, rows: Chunk)] = []
        var reservations: [Reservation] = []
    }

    init(_ table: NativeTable, _ packing: Packing? = nil) {
        self.table = table
        self.packing = packing
    }

    var gone: RowNumbers { gathered.withLock { $0.gone } }
    var segments: [Segment] { gathered.withLock { $0.segments } }
    /// True where a value does not fit its column.
    var hasMisfits: Bool { gathered.withLock { $0.hasMisfits } }
    /// True where a row was found more than once.
    var hasRepeatedRows: Bool { gathered.withLock { $0.rowCount != $0.gone.count } }

    /// Tells whether rows are packed the quick way.
    private var isQuick: Bool {
        packing?.writer == nil
            || packedRowCount.load(ordering: .relaxed) * Self.quickShare
                <= table.statistics.rowCount
    }

    func makeWorker(_ execution: QueryExecution) throws(StarlingError) -> any SinkWorker {
        Worker(self, Reservation(execution.budget, purpose: "changed rows of a table"))
    }

    /// Packs what the workers have left over of each partition together.
    func combine(_ execution: QueryExecution) throws(StarlingError) {
        let rest = gathered.withLock { $0.hasMisfits ? [] : $0.rest }
        try table.pack(rest, for: isQuick ? .memory : .disk) { (segment) throws(StarlingError) in
            let stored = try packing?.writer?.store(segment) ?? segment
            gathered.withLock { $0.segments.append(stored) }
        }
        gathered.withLock { gathered in
            gathered.rest = []
            gathered.reservations = []
        }
    }

    private final class Worker: SinkWorker {
        private let sink: ChangeSink
        private let reservation: Reservation
        private var packer: RowPacker
        private var isQuick: Bool
        private var found = Gathered()

        init(_ sink: ChangeSink, _ reservation: Reservation) {
            self.sink = sink
            self.reservation = reservation
            isQuick = sink.isQuick
            packer = sink.makePacker(isQuick: isQuick)
        }

        func consume(_ chunk: Chunk) throws(StarlingError) {
            guard chunk.count > 0, var numbers = chunk.columns.last else { return }
            found.rowCount += chunk.count
            numbers = numbers.flattened()
            if numbers.physicalType != .int64 { numbers = numbers.withIntegerLayout(.int64) }
            found.gone.insert(numbers.pointer(to: Int64.self), count: chunk.count)
            guard let packing = sink.packing, !found.hasMisfits else { return }
            let width = sink.table.columns.count
            if chunk.columns[width..<(chunk.columns.count - 1)].contains(where: \.hasValues) {
                found.hasMisfits = true
                return
            }
            let values = Chunk(
                columns: Array(chunk.columns.prefix(width)), count: chunk.count)
            try reserve(values)
            try packer.append(try sink.table.numbering(values, packing.numbered))
            try store()
        }

        /// Makes room for more rows; where there is none those of all partitions are packed.
        private func reserve(_ rows: Chunk) throws(StarlingError) {
            guard sink.packing?.router != nil else {
                return try reservation.resize(to: reservation.byteCount + rows.byteCount)
            }
            guard !reservation.tryResize(to: packer.byteCount + rows.byteCount) else { return }
            try packer.finish()
            try store()
            try reservation.resize(to: rows.byteCount)
        }

        func finish() throws(StarlingError) {
            if sink.packing?.router != nil {
                found.rest = try packer.takeRows()
                found.reservations = [reservation]
            } else {
                try packer.finish()
            }
            try store()
            let found = found
            sink.gathered.withLock { gathered in
                gathered.rowCount += found.rowCount
                gathered.gone.formUnion(found.gone)
                gathered.segments += found.segments
                gathered.rest += found.rest
                gathered.reservations += found.reservations
                if found.hasMisfits { gathered.hasMisfits = true }
            }
        }

        private func store() throws(StarlingError) {
            var full = packer.takeSegments()
            guard !full.isEmpty else { return }
            guard let writer = sink.packing?.writer else {
                found.segments += full
                return
            }
            if isQuick != sink.isQuick {
                try packer.finish()
                full += packer.takeSegments()
                isQuick = sink.isQuick
                packer = sink.makePacker(isQuick: isQuick)
            }
            for segment in full {
                found.segments.append(try writer.store(segment))
                sink.packedRowCount.wrappingAdd(segment.rowCount, ordering: .relaxed)
            }
            if sink.packing?.router == nil { try reservation.resize(to: 0) }
        }
    }

    private func makePacker(isQuick: Bool) -> RowPacker {
        RowPacker(table.columns.map(\.type), table, packing?.router, isStored: !isQuick)
    }
}
