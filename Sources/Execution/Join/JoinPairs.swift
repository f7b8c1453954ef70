// Pairs of a row of the current chunk and a build row that may match it, as many as an output chunk
// holds. The first `verifiedCount` are known to match; those behind are candidates.

import StarlingMemory
import StarlingRows
import StarlingVectors

/// Holds pairs of rows; belongs to one worker.
final class JoinPairs {
    static let capacity = chunkCapacity

    let rows: UnsafeMutablePointer<UInt16>
    let addresses: UnsafeMutablePointer<RowAddress>
    var count = 0
    var verifiedCount = 0
    private let rowBuffer = Buffer(byteCount: capacity * 2 + 64)
    private let addressBuffer = Buffer(byteCount: capacity * 8 + 64)
    private let indexBuffer = Buffer(byteCount: capacity * 4)

    init() {
        rows = rowBuffer.pointer(to: UInt16.self)
        addresses = addressBuffer.pointer(to: RowAddress.self)
    }

    func removeAll() {
        count = 0
        verifiedCount = 0
    }

    /// Keeps the candidates that `isMatch` marks with 1.
    func keep(where isMatch: UnsafePointer<UInt8>) {
        let rows = rows
        let addresses = addresses
        let start = verifiedCount
        var kept = start
        for place in start..<count {
            rows[kept] = rows[place]
            addresses[kept] = addresses[place]
            kept &+= Int(isMatch[place &- start])
        }
        count = kept
    }

    /// Keeps the candidates that `selection` lists, counted from the first candidate.
    func keep(_ selection: Selection) {
        let start = verifiedCount
        let selected = selection.rows
        for place in 0..<selection.count {
            rows[start &+ place] = rows[start &+ Int(selected[place])]
            addresses[start &+ place] = addresses[start &+ Int(selected[place])]
        }
        count = start + selection.count
    }

    /// Tells whether the pairs from `start` on have all rows of a chunk, in order.
    func areAllRows(of chunkCount: Int, from start: Int = 0) -> Bool {
        guard count &- start == chunkCount else { return false }
        var difference = 0
        for row in 0..<chunkCount { difference |= Int(rows[start &+ row]) ^ row }
        return difference == 0
    }

    /// Returns the chunk's rows as 32-bit numbers.
    func indexes(from start: Int = 0) -> UnsafePointer<UInt32> {
        let indexes = indexBuffer.pointer(to: UInt32.self)
        for place in start..<count { indexes[place &- start] = UInt32(rows[place]) }
        return UnsafePointer(indexes)
    }
}
