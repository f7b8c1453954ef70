// A summary of numbers with weights from which percentiles can be told, more exactly towards both
// ends: a merging t-digest (Dunning and Ertl, "Computing Extremely Accurate Quantiles Using
// t-Digests", arXiv:1902.04023, 2019).
//
// Numbers gather with their weights, in no order, until there are eight times as many as the
// compression. Then they are sorted, and neighbours are joined as long as they span no more than
// one step of the scale function k1. While none were joined, percentiles are those of the numbers.
//
// It is stored (as PERCENTILE values are) as the compression, a Double, a LEB128 count, and as
// many pairs of Doubles, mean and weight.

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import StarlingErrors
import StarlingVectors

/// Is some numbers that were joined: their mean and the sum of their weights.
struct Centroid: BitwiseCopyable {
    var mean: Double
    var weight: Double
}

/// Holds the centroids of a group in the aggregation's heap.
struct Digest: BitwiseCopyable {
    private var list: ByteList
    private var compression: Double

    var isEmpty: Bool { list.isEmpty }

    private var centroids: UnsafeMutableBufferPointer<Centroid> {
        UnsafeMutableBufferPointer(
            start: list.start.assumingMemoryBound(to: Centroid.self),
            count: Int(list.byteCount) / MemoryLayout<Centroid>.stride)
    }

    mutating func add(
        _ value: Double, weight: Double, compression: Double, heap: StringHeap
    ) {
        self.compression = compression
        list.extend(by: MemoryLayout<Centroid>.stride, heap)
            .initializeMemory(as: Centroid.self, to: Centroid(mean: value, weight: weight))
        compressIfFull()
    }

    mutating func merge(_ other: Digest, heap: StringHeap) {
        compression = other.compression
        list.append(other.list, heap)
        compressIfFull()
    }

    private mutating func compressIfFull() {
        if centroids.count >= 8 * Int(compression) { compress() }
    }

    private mutating func compress() {
        var centroids = centroids
        centroids.sort { $0.mean < $1.mean }
        let total = centroids.reduce(0) { $0 + $1.weight }
        var last = 0
        var passed = 0.0
        var limit = total * share(afterStepFrom: 0)
        for number in 1..<centroids.count {
            let next = centroids[number]
            let joined = centroids[last].weight + next.weight
            if passed + joined <= limit {
                centroids[last].mean += (next.mean - centroids[last].mean) * next.weight / joined
                centroids[last].weight = joined
            } else {
                passed += centroids[last].weight
                limit = total * share(afterStepFrom: passed / total)
                last += 1
                centroids[last] = next
            }
        }
        list.shorten(to: (last + 1) * MemoryLayout<Centroid>.stride)
    }

    /// Goes one step of the scale function k1 from a share of the weight to another.
    private func share(afterStepFrom share: Double) -> Double {
        let angle = asin(2 * share - 1) + 2 * Double.pi / compression
        return angle >= Double.pi / 2 ? 1 : (sin(angle) + 1) / 2
    }

    /// Tells the value below which `fraction` of the weight lies, between the middles of centroids.
    func percentile(_ fraction: Double) -> Double {
        var centroids = centroids
        centroids.sort { $0.mean < $1.mean }
        let total = centroids.reduce(0) { $0 + $1.weight }
        let wanted = fraction * total
        var middle = centroids[0].weight / 2
        if wanted <= middle { return centroids[0].mean }
        for number in 1..<centroids.count {
            let (low, high) = (centroids[number - 1], centroids[number])
            let next = middle + (low.weight + high.weight) / 2
            if wanted <= next {
                return low.mean + (high.mean - low.mean) * (wanted - middle) / (next - middle)
            }
            middle = next
        }
        return centroids[centroids.count - 1].mean
    }
}

extension Digest: UnitedSketch {
    /// Summarizes nothing.
    static let empty = Digest(list: .empty, compression: 0)

    func write(to writer: inout StateWriter) {
        writer.append(compression)
        if list.isEmpty { return writer.append(count: 0) }
        let centroids = centroids.sorted { ($0.mean, $0.weight) < ($1.mean, $1.weight) }
        writer.append(count: centroids.count)
        for centroid in centroids {
            writer.append(centroid.mean)
            writer.append(centroid.weight)
        }
    }

    mutating func merge(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) {
        let compression = try reader.readDouble()
        for _ in 0..<(try reader.readCount(of: 16)) {
            let (mean, weight) = (try reader.readDouble(), try reader.readDouble())
            guard weight > 0, weight.isFinite, compression >= 2_048, compression <= 10_000 else {
                throw StateReader.damage
            }
            add(mean, weight: weight, compression: compression, heap: heap)
        }
    }
}
