// The least hashes of a set, from which its size and those of unions, intersections and differences
// can be told: a theta sketch (Dasgupta, Lang, Rhodes and Thaler, "A Framework for Estimating
// Stream Expression Cardinalities", ICDT 2016). It keeps the hashes below a threshold, which is
// lowered so that no more than 4,096 remain; the count is exact while there are fewer.
//
// It is stored as the complement of the threshold, a UInt64, a LEB128 count, and the hashes in
// order, UInt64 each.

import StarlingErrors
import StarlingVectors

/// Holds the hashes of a group, in the aggregation's heap; of zero bytes it is empty.
struct ThetaSketch: UnitedSketch {
    /// Hashes as they came, some of them more than once.
    private var hashes: ByteList
    /// What the threshold is below the greatest hash.
    private var gap: UInt64

    static let empty = ThetaSketch(hashes: .empty, gap: 0)
    private static let hashCountMaximum = 4_096

    var isEmpty: Bool { hashes.isEmpty && gap == 0 }

    private var count: Int { Int(hashes.byteCount) / 8 }

    mutating func add(_ hash: UInt64, heap: StringHeap) {
        if hash >= UInt64.max - gap { return }
        hashes.extend(by: 8, heap).storeBytes(of: hash, as: UInt64.self)
        if count >= 8 * Self.hashCountMaximum { self = ThetaSketch(content, heap) }
    }

    mutating func merge(_ other: ThetaSketch, heap: StringHeap) {
        self = ThetaSketch(content.united(with: other.content), heap)
    }

    /// A set of hashes in order, and what they lie below.
    struct Content {
        var hashes: [UInt64]
        var threshold: UInt64

        /// Estimates how many distinct hashes there were.
        var estimate: Double {
            threshold == .max
                ? Double(hashes.count)
                : Double(hashes.count) / (Double(threshold) / 0x1p64)
        }

        private func below(_ limit: UInt64) -> ArraySlice<UInt64> {
            hashes.prefix { $0 < limit }
        }

        func united(with other: Content) -> Content {
            let limit = min(threshold, other.threshold)
            let all = Set(below(limit)).union(other.below(limit))
            return Content(hashes: all.sorted(), threshold: limit).cut
        }

        func intersected(with other: Content) -> Content {
            let limit = min(threshold, other.threshold)
            let others = Set(other.below(limit))
            return Content(hashes: below(limit).filter(others.contains), threshold: limit)
        }

        func subtracting(_ other: Content) -> Content {
            let limit = min(threshold, other.threshold)
            let others = Set(other.below(limit))
            return Content(
                hashes: below(limit).filter { !others.contains($0) }, threshold: limit)
        }

        /// The same without the hashes that a lower threshold leaves out.
        func limited(to limit: UInt64) -> Content {
            limit < threshold ? Content(hashes: Array(below(limit)), threshold: limit) : self
        }

        /// The same with no more hashes than a sketch keeps.
        var cut: Content {
            guard hashes.count > hashCountMaximum else { return self }
            return Content(
                hashes: Array(hashes[..<hashCountMaximum]), threshold: hashes[hashCountMaximum])
        }
    }

    var content: Content {
        var sorted: [UInt64] = []
        if !hashes.isEmpty {
            let all = UnsafeBufferPointer(
                start: hashes.start.assumingMemoryBound(to: UInt64.self), count: count
            ).sorted()
            for hash in all where sorted.last != hash { sorted.append(hash) }
        }
        return Content(hashes: sorted, threshold: UInt64.max - gap).cut
    }

    init(_ content: Content, _ heap: StringHeap) {
        self = .empty
        gap = UInt64.max - content.threshold
        for hash in content.hashes {
            hashes.extend(by: 8, heap).storeBytes(of: hash, as: UInt64.self)
        }
    }

    private init(hashes: ByteList, gap: UInt64) {
        self.hashes = hashes
        self.gap = gap
    }

    func write(to writer: inout StateWriter) {
        let content = content
        writer.append(UInt64.max - content.threshold)
        writer.append(count: content.hashes.count)
        for hash in content.hashes { writer.append(hash) }
    }

    mutating func merge(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) {
        let other: UInt64 = try reader.read()
        if other > gap { self = ThetaSketch(content.limited(to: UInt64.max - other), heap) }
        for _ in 0..<(try reader.readCount(of: 8)) {
            add(try reader.read(UInt64.self), heap: heap)
        }
    }
}
