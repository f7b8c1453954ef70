// The build side of a join whose conditions compare numbers of both sides, such as
// `event.moment BETWEEN span.start AND span.end`: instead of all rows, or all rows with a key, only
// those are candidates that the comparisons allow.
//
// 1. The rows are sorted by the hash of their keys, where the join has keys, and then by the number
//    that the first comparison reads. What a comparison of it allows is a prefix or a suffix of the
//    rows of one hash, and two of them an interval.
// 2. Where a comparison reads another number, a segment tree over the order holds the greatest one
//    of every subtree. A search of the interval leaves out every subtree whose greatest does not
//    reach what is asked for; what it finds costs a logarithm each at most (McCreight, "Priority
//    Search Trees", SIAM J. Comput. 1985, with the heap laid over a static order).
//
// Keys are compared afterwards, and all comparisons are part of the residual condition too, which
// asks again; the index needs not be exact at the edges.

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
    /// The numbers by which the rows of a hash are sorted.
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
    /// The rows of each hash; empty where the join has no keys.
    private let groups: [UInt64: Range<Int>]
    let hasKeys: Bool

    /// The bytes that an index of so many rows takes while it is made.
    static func byteCount(rowCount: Int) -> Int { rowCount * 72 }

    /// Makes an index of rows without keys.
    init(_ conditions: [RangeCondition], _ pages: RowPages, _ layout: RowLayout) {
        var rows: [HashEntry] = []
        for block in pages.blocks {
            for row in 0..<block.rowCount {
                rows.append(
                    HashEntry(hash: 0, address: block.baseAddress + row * pages.rowByteCount))
            }
        }
        self = rows.withUnsafeBufferPointer {
            RangeIndex(conditions, $0, layout, hasKeys: false)
        }
    }

    /// Makes an index of rows with the hashes of their keys.
    init(_ conditions: [RangeCondition], _ rows: HashEntries, _ layout: RowLayout) {
        self = withExtendedLifetime(rows) {
            RangeIndex(conditions, rows.entries(ofPartition: 0), layout, hasKeys: true)
        }
    }

    private init(
        _ conditions: [RangeCondition], _ rows: UnsafeBufferPointer<HashEntry>,
        _ layout: RowLayout, hasKeys: Bool
    ) {
        let first = conditions[0].build
        sorted = conditions.filter { $0.build == first }
        let second = conditions.first { $0.build != first }
        self.second = second
        self.hasKeys = hasKeys
        var entries = Self.entries(rows, layout, first: first, second: second)
        entries.sort { $0.hash == $1.hash ? $0.key < $1.key : $0.hash < $1.hash }
        count = entries.count
        keys = Buffer(byteCount: max(1, count) * 8)
        addresses = Buffer(byteCount: max(1, count) * 8)
        let keyPointer = keys.pointer(to: Int64.self)
        let addressPointer = addresses.pointer(to: UInt.self)
        var groups: [UInt64: Range<Int>] = [:]
        var start = 0
        for (place, entry) in entries.enumerated() {
            keyPointer[place] = entry.key
            addressPointer[place] = entry.address
            let isLast = place + 1 == entries.count || entries[place + 1].hash != entry.hash
            if hasKeys, isLast {
                groups[entry.hash] = start..<(place + 1)
                start = place + 1
            }
        }
        self.groups = groups
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

    /// Is a row while the index is made.
    private struct Entry {
        var hash: UInt64
        var key: Int64
        var second: Int64
        var address: UInt
    }

    /// Reads the numbers of all rows but those that have a NULL, which no comparison allows.
    private static func entries(
        _ rows: UnsafeBufferPointer<HashEntry>, _ layout: RowLayout, first: Int,
        second: RangeCondition?
    ) -> [Entry] {
        var entries: [Entry] = []
        entries.reserveCapacity(rows.count)
        let rowAddresses = RowAddresses()
        for start in stride(from: 0, to: rows.count, by: chunkCapacity) {
            let size = min(chunkCapacity, rows.count - start)
            for place in 0..<size { rowAddresses.pointer[place] = rows[start + place].address }
            func gather(_ column: Int) -> Vector {
                layout.gather(column, rows: rowAddresses.pointer, count: size, owner: nil)
            }
            let key = RangeNumbers(gather(first))
            let other = second.map { RangeNumbers(gather($0.build)) }
            for place in 0..<size {
                guard let number = key[place] else { continue }
                var weight: Int64 = 0
                if let other, let second {
                    guard let found = other[place] else { continue }
                    weight = second.isLowerBound ? found : ~found
                }
                entries.append(
                    Entry(
                        hash: rows[start + place].hash, key: number, second: weight,
                        address: UInt(bitPattern: rowAddresses.pointer[place])))
            }
        }
        return entries
    }

    /// The rows whose keys have the hash, all rows where the join has no keys.
    @inline(__always)
    func rows(of hash: UInt64) -> Range<Int> {
        hasKeys ? groups[hash] ?? 0..<0 : 0..<count
    }

    /// Among the places given, those whose numbers are not below `number` begin here.
    func place(notBelow number: Int64, in places: Range<Int>) -> Int {
        let keys = UnsafePointer(keys.pointer(to: Int64.self))
        var (low, high) = (places.lowerBound, places.upperBound)
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
        let keys = index.hasKeys ? keys(of: chunk) : nil
        let validity = keys.flatMap { shape.keyValidity($0, count: chunk.count) }
        if let keys { hasher.hash(keys, count: chunk.count, into: hashes) }
        let bounds = index.sorted.map { RangeNumbers(chunk.columns[$0.probe]) }
        let weights = index.second.map { RangeNumbers(chunk.columns[$0.probe]) }
        let addresses = UnsafePointer(index.addresses.pointer(to: RowAddress.self))
        rows: for row in 0..<chunk.count {
            if let validity, !validity.isValid(row) { continue }
            let places = index.rows(of: index.hasKeys ? hashes[row] : 0)
            var (start, end) = (places.lowerBound, places.upperBound)
            for (condition, numbers) in zip(index.sorted, bounds) {
                guard let number = numbers[row] else { continue rows }
                if condition.isLowerBound {
                    start = max(start, index.place(notBelow: number, in: places))
                } else if number < .max {
                    end = min(end, index.place(notBelow: number + 1, in: places))
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
                    try verifyFullPairs(chunk, keys: keys)
                    if stopsAtMatch, isMatched[row] != 0 { continue rows }
                }
                pairs.rows[pairs.count] = UInt16(truncatingIfNeeded: row)
                pairs.addresses[pairs.count] = addresses[place]
                pairs.count += 1
                place = index.nextPlace(from: place + 1, to: end, reaching: weight)
            }
        }
        try verify(chunk, keys: keys)
        if !shape.givesPairs { pairs.removeAll() }
    }
}
