// The build side of a join without equalities whose conditions compare numbers of both sides, such
// as `event.moment BETWEEN span.start AND span.end`: instead of all rows only those are candidates
// that the comparisons allow.
//
// 1. The rows are sorted by the number that the first comparison reads. What a comparison of it
//    allows
//    is a prefix or a suffix of the order, and two of them an interval.
// 2. Where a comparison reads another number, a segment tree over the order holds the greatest one
//    of
//    every subtree. A search of the interval leaves out every subtree whose greatest does not reach
//    what is asked for; what it finds costs a logarithm each at most (McCreight, "Priority Search
//    Trees", SIAM J. Comput. 1985, with the heap laid over a static order).
//
// All comparisons are part of the residual condition too, which asks again; the index needs not be
// exact at the edges.

import StarlingErrors
import StarlingMemory
import StarlingRows
import StarlingTypes
import StarlingVectors

/// Compares a number of the probe rows with one of the build rows.
struct RangeCondition: Sendable {
    /// The probe input's column.
    var probe: Int
    /// The column of the build rows.
    var build: Int
    /// True where the build row's number is not below the probe row's.
    var isLowerBound: Bool
}

/// Finds the build rows whose numbers lie in ranges.
struct RangeIndex: Sendable {
    /// Fewer rows are compared one by one.
    static let rowCountMin = 64

    let addresses: Buffer
    /// The numbers by which the rows are sorted.
    private let keys: Buffer
    /// The greatest second number of each node, from the root at 1 on; nil without a second one.
    private let tree: Buffer?
    /// The leaves of the tree: a power of two.
    private let leafCount: Int
    let count: Int
    /// The comparisons of the number that sorts.
    let sorted: [RangeCondition]
    /// The comparison that the tree answers.
    let second: RangeCondition?

    /// The bytes that an index of so many rows takes while it is made.
    static func byteCount(rowCount: Int) -> Int { rowCount * 64 }

    init(_ conditions: [RangeCondition], _ pages: RowPages, _ layout: RowLayout) {
        let first = conditions[0].build
        sorted = conditions.filter { $0.build == first }
        second = conditions.first { $0.build != first }
        var entries: [(key: Int64, second: Int64, address: UInt)] = []
        let rowAddresses = RowAddresses()
        for block in pages.blocks {
            var row = 0
            while row < block.rowCount {
                let size = min(chunkCapacity, block.rowCount - row)
                for place in 0..<size {
                    rowAddresses.pointer[place] =
                        block.baseAddress + (row + place) * pages.rowByteCount
                }
                func gather(_ column: Int) -> Vector {
                    layout.gather(column, rows: rowAddresses.pointer, count: size, owner: nil)
                }
                let key = RangeNumbers(gather(first))
                let other = second.map { RangeNumbers(gather($0.build)) }
                for place in 0..<size {
                    guard let number = key[place] else { continue }
                    var weight: Int64 = 0
                    if let other {
                        guard let found = other[place] else { continue }
                        weight = second!.isLowerBound ? found : ~found
                    }
                    entries.append(
                        (number, weight, UInt(bitPattern: rowAddresses.pointer[place])))
                }
                row += size
            }
        }
        entries.sort { $0.key < $1.key }
        count = entries.count
        keys = Buffer(byteCount: max(1, count) * 8)
        addresses = Buffer(byteCount: max(1, count) * 8)
        let keyPointer = keys.pointer(to: Int64.self)
        let addressPointer = addresses.pointer(to: UInt.self)
        for (place, entry) in entries.enumerated() {
            keyPointer[place] = entry.key
            addressPointer[place] = entry.address
        }
        var leafCount = 1
        while leafCount < count { leafCount *= 2 }
        self.leafCount = leafCount
        guard second != nil else {
            tree = nil
            return
        }
        let tree = Buffer(byteCount: leafCount * 16)
        let nodes = tree.pointer(to: Int64.self)
        for leaf in 0..<leafCount {
            nodes[leafCount + leaf] = leaf < count ? entries[leaf].second : .min
        }
        for node in (1..<leafCount).reversed() {
            nodes[node] = max(nodes[2 * node], nodes[2 * node + 1])
        }
        self.tree = tree
    }

    /// The places of the order whose numbers are not below `number` begin here.
    func place(notBelow number: Int64) -> Int {
        let keys = UnsafePointer(keys.pointer(to: Int64.self))
        var (low, high) = (0, count)
        while low < high {
            let middle = (low &+ high) &>> 1
            if keys[middle] < number { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    /// Finds the first place from `start` on, before `end`, whose second number reaches `weight`.
    func nextPlace(from start: Int, to end: Int, reaching weight: Int64) -> Int {
        guard let tree else { return start }
        guard start < end else { return end }
        let nodes = UnsafePointer(tree.pointer(to: Int64.self))
        var node = leafCount &+ start
        // Up, to the right, until a subtree reaches the weight; then down to its first leaf.
        while nodes[node] < weight {
            while node & 1 == 1 { node &>>= 1 }
            if node == 0 { return end }
            node &+= 1
        }
        while node < leafCount {
            node = 2 &* node
            if nodes[node] < weight { node &+= 1 }
        }
        return min(end, node &- leafCount)
    }
}

/// Reads numbers of any layout as integers in the same order.
struct RangeNumbers {
    private let vector: Vector

    init(_ vector: Vector) { self.vector = vector.flattened() }

    /// Tells whether columns of this layout can be read.
    static func canRead(_ type: PhysicalType) -> Bool {
        switch type {
        case .int8, .int16, .int32, .int64, .float32, .float64: true
        default: false
        }
    }

    /// Returns nil for NULL.
    subscript(row: Int) -> Int64? {
        guard vector.isValid(row) else { return nil }
        switch vector.physicalType {
        case .int8: return Int64(vector.pointer(to: Int8.self)[row])
        case .int16: return Int64(vector.pointer(to: Int16.self)[row])
        case .int32: return Int64(vector.pointer(to: Int32.self)[row])
        case .int64: return vector.pointer(to: Int64.self)[row]
        case .float32: return Self.ordered(Double(vector.pointer(to: Float.self)[row]))
        case .float64: return Self.ordered(vector.pointer(to: Double.self)[row])
        default: return nil
        }
    }

    /// Maps floating point onto integers: -0 is 0, and NaN comes last.
    private static func ordered(_ number: Double) -> Int64 {
        if number.isNaN { return .max }
        let bits = Int64(bitPattern: (number + 0).bitPattern)
        return bits < 0 ? ~(bits & .max) : bits
    }
}

extension JoinProbeWorker {
    /// Pairs every row of the chunk with the build rows that lie in its ranges.
    func consumeRanges(_ chunk: Chunk, _ index: RangeIndex) throws(StarlingError) {
        let stopsAtMatch = shape.kind.isMembership && !shape.buildsLeft
        let bounds = index.sorted.map { RangeNumbers(chunk.columns[$0.probe]) }
        let weights = index.second.map { RangeNumbers(chunk.columns[$0.probe]) }
        let addresses = UnsafePointer(index.addresses.pointer(to: RowAddress.self))
        rows: for row in 0..<chunk.count {
            var (start, end) = (0, index.count)
            for (condition, numbers) in zip(index.sorted, bounds) {
                guard let number = numbers[row] else { continue rows }
                if condition.isLowerBound {
                    start = max(start, index.place(notBelow: number))
                } else if number < .max {
                    end = min(end, index.place(notBelow: number + 1))
                }
            }
            var weight = Int64.min
            if let weights, let second = index.second {
                guard let number = weights[row] else { continue }
                weight = second.isLowerBound ? number : ~number
            }
            var place = index.nextPlace(from: start, to: end, reaching: weight)
            while place < end {
                if pairs.count == JoinPairs.capacity {
                    try verifyFullPairs(chunk, keys: nil)
                    if stopsAtMatch, isMatched[row] != 0 { continue rows }
                }
                pairs.rows[pairs.count] = UInt16(truncatingIfNeeded: row)
                pairs.addresses[pairs.count] = addresses[place]
                pairs.count += 1
                place = index.nextPlace(from: place + 1, to: end, reaching: weight)
            }
        }
        try verify(chunk, keys: nil)
        if !shape.givesPairs { pairs.removeAll() }
    }
}
