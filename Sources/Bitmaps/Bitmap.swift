// A set of unsigned 64-bit integers as a roaring bitmap: values that share their upper 48 bits
// stand in one container (`Container`), and the containers stand in order of those bits.
//
// BITMAP columns, bitmap aggregates and indexes use it. Its stored form is StarRocks'
// (`Bitmap+Writing`, `StoredBitmap`).

/// Holds a set of integers.
package struct Bitmap: Sendable, Equatable {
    /// The upper 48 bits of each container's values, in order.
    var keys: [UInt64] = []
    /// The lowest 16 bits, as many as there are keys; none is empty.
    var containers: [Container] = []

    package init() {}

    package init(_ values: some Sequence<UInt64>) {
        for value in values { insert(value) }
    }

    package var isEmpty: Bool { keys.isEmpty }

    package var count: Int {
        var count = 0
        for container in containers { count &+= container.count }
        return count
    }

    /// The bytes that the bitmap takes in memory, about.
    package var byteCount: Int {
        var count = keys.count * 64
        for container in containers {
            count &+= container.isDense ? 8_192 : container.count &* 2
        }
        return count
    }

    /// Finds the number of the container with this key, or where it would stand.
    func place(of key: UInt64) -> (place: Int, isThere: Bool) {
        // Values often come in order.
        if let last = keys.last, last <= key {
            return last == key ? (keys.count - 1, true) : (keys.count, false)
        }
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low &+ high) / 2
            if keys[middle] < key { low = middle &+ 1 } else { high = middle }
        }
        return (low, low < keys.count && keys[low] == key)
    }

    package func contains(_ value: UInt64) -> Bool {
        let (place, isThere) = place(of: value >> 16)
        return isThere && containers[place].contains(UInt16(truncatingIfNeeded: value))
    }

    package mutating func insert(_ value: UInt64) {
        let (place, isThere) = place(of: value >> 16)
        if !isThere {
            keys.insert(value >> 16, at: place)
            containers.insert(Container(), at: place)
        }
        containers[place].insert(UInt16(truncatingIfNeeded: value))
    }

    package mutating func remove(_ value: UInt64) {
        let (place, isThere) = place(of: value >> 16)
        guard isThere else { return }
        containers[place].remove(UInt16(truncatingIfNeeded: value))
        if containers[place].count == 0 {
            keys.remove(at: place)
            containers.remove(at: place)
        }
    }

    /// Adds a container behind all others.
    mutating func append(_ key: UInt64, _ container: Container) {
        if container.count == 0 { return }
        keys.append(key)
        containers.append(container)
    }

    /// The least value; nil of an empty bitmap.
    package var least: UInt64? {
        keys.first.map { $0 << 16 | UInt64(containers[0].least) }
    }

    /// The greatest value; nil of an empty bitmap.
    package var greatest: UInt64? {
        keys.last.map { $0 << 16 | UInt64(containers[keys.count - 1].greatest) }
    }

    /// The values in order.
    package var values: [UInt64] {
        var values: [UInt64] = []
        values.reserveCapacity(count)
        for (key, container) in zip(keys, containers) {
            for low in container.listed { values.append(key << 16 | UInt64(low)) }
        }
        return values
    }

    /// Counts the values below `value`.
    package func countBelow(_ value: UInt64) -> Int {
        let (place, isThere) = place(of: value >> 16)
        var below = 0
        for container in containers[..<place] { below &+= container.count }
        if isThere {
            below &+= containers[place].countBelow(UInt16(truncatingIfNeeded: value))
        }
        return below
    }

    /// Gives the values at these places of their order.
    package func part(_ places: Range<Int>) -> Bitmap {
        var result = Bitmap()
        var start = 0
        for (key, container) in zip(keys, containers) {
            let end = start &+ container.count
            if start >= places.upperBound { break }
            if end > places.lowerBound {
                var kept = container
                if start < places.lowerBound || end > places.upperBound {
                    kept.keep(
                        places: max(
                            0, places.lowerBound - start)..<min(
                                container.count, places.upperBound - start))
                }
                result.append(key, kept)
            }
            start = end
        }
        return result
    }
}
