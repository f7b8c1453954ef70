import StarlingErrors
import StarlingMemory

/// Says for each row that is computed for where its partition and its peers begin and end.
struct WindowExtents {
    private let buffer: Buffer
    private let count: Int
    /// Counts the peers of the first row's partition that begin before it.
    let peersBefore: Int

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
        peersBefore = 0
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

    /// Looks at one block of a partition.
    init(ofBlock block: Int, in partition: SpilledPartition) throws(StarlingError) {
        let rows = partition.rows(ofBlock: block)
        count = rows.count
        buffer = Buffer(byteCount: rows.count * 16)
        peersBefore = partition.peersBefore[block]
        partitionStart.update(repeating: 0, count: count)
        partitionEnd.update(repeating: UInt32(partition.count), count: count)
        let (peerStart, peerEnd) = (peerStart, peerEnd)
        let flagBuffer = try partition.peerFlags(ofBlock: block)
        let flags = flagBuffer.pointer(to: UInt8.self)
        var peer = UInt32(partition.peerStart(beforeBlock: block))
        for row in 0..<count {
            if flags[row] != 0 { peer = UInt32(rows.lowerBound + row) }
            peerStart[row] = peer
        }
        peer = UInt32(partition.peerStart(behindBlock: block))
        for row in (0..<count).reversed() {
            peerEnd[row] = peer
            if flags[row] != 0 { peer = UInt32(rows.lowerBound + row) }
        }
        withExtendedLifetime(flagBuffer) {}
    }
}
