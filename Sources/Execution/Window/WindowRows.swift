// The rows that window functions are computed over at a time: whole partitions, in order. All
// positions count from the first row of the batch.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Views some whole partitions of sorted rows.
struct WindowRows {
    let view: ColumnBlockView
    let numbers: UnsafePointer<RowNumber>
    /// Row i is `numbers[i * stride]`.
    let stride: Int
    let count: Int

    func column(_ position: Int) -> Vector {
        view.gather(position, numbers, stride: stride, count: count)
    }

    func columns(_ positions: [Int], from start: Int, count: Int) -> [Vector] {
        positions.map {
            view.gather($0, numbers + start * stride, stride: stride, count: count)
        }
    }

    /// Gathers a column's values at `positions`; `missingPosition` gives NULL.
    func pick(_ column: Int, at positions: UnsafePointer<UInt32>) -> Vector {
        let picked = Buffer(byteCount: count * 4)
        let rows = picked.pointer(to: RowNumber.self)
        var missingCount = 0
        for row in 0..<count {
            let isMissing = positions[row] == missingPosition
            rows[row] = numbers[isMissing ? 0 : Int(positions[row]) &* stride]
            missingCount &+= isMissing ? 1 : 0
        }
        var vector = view.gather(column, rows, count: count)
        guard missingCount > 0 else { return vector }
        let validity = vector.validity ?? Validity(count: count, allValid: true)
        for row in 0..<count where positions[row] == missingPosition { validity.setNull(row) }
        vector.validity = validity
        return vector
    }
}

/// Stands for no row.
let missingPosition = UInt32.max

/// Says for every row of a batch where its partition and its peers begin and end.
struct WindowExtents {
    private let buffer: Buffer
    private let count: Int

    private func list(_ number: Int) -> UnsafeMutablePointer<UInt32> {
        buffer.pointer(to: UInt32.self) + number * count
    }

    var partitionStart: UnsafeMutablePointer<UInt32> { list(0) }
    /// The first row behind the partition.
    var partitionEnd: UnsafeMutablePointer<UInt32> { list(1) }
    var peerStart: UnsafeMutablePointer<UInt32> { list(2) }
    var peerEnd: UnsafeMutablePointer<UInt32> { list(3) }

    /// Takes flags that are set where a partition begins, and where peers begin.
    init(partitions: UnsafePointer<UInt8>, peers: UnsafePointer<UInt8>, count: Int) {
        buffer = Buffer(byteCount: count * 16)
        self.count = count
        let (partitionStart, partitionEnd) = (partitionStart, partitionEnd)
        let (peerStart, peerEnd) = (peerStart, peerEnd)
        var (partition, peer) = (UInt32(0), UInt32(0))
        for row in 0..<count {
            if partitions[row] != 0 { partition = UInt32(row) }
            if partitions[row] | peers[row] != 0 { peer = UInt32(row) }
            partitionStart[row] = partition
            peerStart[row] = peer
        }
        (partition, peer) = (UInt32(count), UInt32(count))
        for row in (0..<count).reversed() {
            partitionEnd[row] = partition
            peerEnd[row] = peer
            if partitionStart[row] == UInt32(row) { partition = UInt32(row) }
            if peerStart[row] == UInt32(row) { peer = UInt32(row) }
        }
    }
}
