import StarlingErrors
import StarlingMemory
import StarlingVectors

/// Views some whole partitions of sorted rows in memory.
final class MemoryRows: WindowStorage {
    let view: ColumnBlockView
    let count: Int
    /// Row i is `numbers[i * stride]`.
    private let numbers: UnsafePointer<RowNumber>
    private let stride: Int
    /// Keeps the numbers alive where nothing else does.
    private let numberBuffer: Buffer?
    private let peers: Buffer

    /// Takes rows in order.
    init(
        _ view: ColumnBlockView, _ numbers: UnsafePointer<RowNumber>, stride: Int, count: Int,
        keeping numberBuffer: Buffer? = nil
    ) {
        self.view = view
        self.numbers = numbers
        self.stride = stride
        self.count = count
        self.numberBuffer = numberBuffer
        peers = .zeroed(byteCount: count)
    }

    var blockRowCount: Int { max(1, count) }
    var owner: (any Owner)? { view }
    var peersBefore: [Int] { [0] }

    /// Flags the rows at which one of `columns` changes.
    func markPeers(_ columns: [Int], partitions: UnsafePointer<UInt8>) {
        let flags = peers.pointer(to: UInt8.self)
        flags.update(from: partitions, count: count)
        for column in columns { markChanges(of: self.column(column), in: flags) }
    }

    func column(_ position: Int) -> Vector {
        view.gather(position, numbers, stride: stride, count: count)
    }

    func columns(_ positions: [Int], from start: Int, count: Int) -> [Vector] {
        positions.map {
            view.gather($0, numbers + start * stride, stride: stride, count: count)
        }
    }

    func gather(_ column: Int, at positions: UnsafePointer<UInt32>, count: Int) -> Vector {
        let picked = Buffer(byteCount: count * 4)
        let rows = picked.pointer(to: RowNumber.self)
        for row in 0..<count { rows[row] = numbers[Int(positions[row]) &* stride] }
        return view.gather(column, rows, count: count)
    }

    /// Gathers all columns of the rows from `start` on.
    func chunk(from start: Int, count: Int) -> Chunk {
        view.gather(numbers + start * stride, stride: stride, count: count)
    }

    func peerFlags(ofBlock block: Int) -> Buffer { peers }
    func validBefore(_ column: Int) -> [Int] { [0] }
    func firstKeys(_ column: Int) -> [Int128] { [] }
}

extension MemoryRows {
    /// Views consecutive rows of an order.
    convenience init(_ rows: SortedRows, from start: Int, count: Int) {
        self.init(
            rows.order.view, rows.rowNumbers(from: start), stride: SortedRows.stride,
            count: count, keeping: rows.run.entries)
    }
}
