// Which rows of a table have the keys of other rows. The index of one segment after the other is asked,
// so that one of them at a time is in the processor's caches:
//
// 1. Segments go whose bounds exclude all keys, and keys that a segment's bounds exclude.
// 2. The index gives, for the hash of each key, rows that may have it.
// 3. Those that are gone are passed over; of the others the key's columns are read and compared.

import StarlingErrors
import StarlingKernels
import StarlingThreads
import StarlingTypes
import StarlingVectors
import Synchronization

/// Is a row of one set of rows and a row of a segment that have the same key.
package struct KeyMatch: Sendable {
    /// Where the key stands among those that were sought.
    package var key: Int
    package var row: Int
}

/// Searches tables by their keys.
package struct KeySearch: Sendable {
    /// Fewer questions than this are not worth a second worker.
    private static let questionCountMin = 100_000

    private let pool: WorkerPool
    private let workerCount: Int?
    private let cancellation: Cancellation

    package init(_ pool: WorkerPool, workerCount: Int?, _ cancellation: Cancellation) {
        self.pool = pool
        self.workerCount = workerCount
        self.cancellation = cancellation
    }

    /// Tells for each segment of a table which of its rows have which keys.
    func matches(
        _ keys: KeyRows, in segments: [Segment], by key: KeyColumns
    ) throws(StarlingError) -> [[KeyMatch]] {
        guard keys.liveCount > 0 else { return segments.map { _ in [] } }
        let places = segments.indices.filter { !segments[$0].excludes(keys, by: key) }
        let isSmall = keys.liveCount * places.count < Self.questionCountMin
        guard !isSmall, pool.workerCount > 1 else {
            var found: [[KeyMatch]] = segments.map { _ in [] }
            for place in places {
                try cancellation.check()
                found[place] = try segments[place].matches(keys, by: key)
            }
            return found
        }
        let found = Mutex<[[KeyMatch]]>(segments.map { _ in [] })
        let next = Atomic<Int>(0)
        try pool.run(workers: workerCount, cancellation: cancellation) {
            [cancellation] _ throws(StarlingError) in
            while true {
                let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard number < places.count else { return }
                try cancellation.check()
                let own = try segments[places[number]].matches(keys, by: key)
                found.withLock { $0[places[number]] = own }
            }
        }
        return found.withLock { $0 }
    }
}

extension Segment {
    /// Tells whether the bounds of a column of the key exclude all keys.
    fileprivate func excludes(_ keys: KeyRows, by key: KeyColumns) -> Bool {
        key.positions.indices.contains { place in
            guard keys.columns[place].validity == nil, let bounds = keys.bounds[place],
                let own = columns[key.positions[place]].statistics.bounds
            else { return false }
            return own.intersection(bounds) == nil
        }
    }

    /// Finds the rows that have one of the keys.
    fileprivate func matches(
        _ keys: KeyRows, by key: KeyColumns
    ) throws(StarlingError) -> [KeyMatch] {
        let within = keys.rows(within: key.positions.map { columns[$0].statistics.bounds })
        guard within?.isEmpty != true else { return [] }
        let index = try key.index(of: self)
        var found: [UInt64] = []
        if let within {
            within.withUnsafeBufferPointer {
                index.find(keys.hashes, $0.baseAddress, count: $0.count, into: &found)
            }
        } else {
            index.find(keys.hashes, nil, count: keys.count, into: &found)
        }
        if let hidden { found.removeAll { hidden.contains(Int($0 >> 32)) } }
        return try verified(found, keys, by: key)
    }

    /// Keeps the pairs of rows that have the same key.
    private func verified(
        _ found: [UInt64], _ keys: KeyRows, by key: KeyColumns
    ) throws(StarlingError) -> [KeyMatch] {
        guard !found.isEmpty else { return [] }
        let pairs = found.sorted()
        // Each row of the segment is read once.
        var rows: [UInt32] = []
        var rowPlaces: [UInt32] = []
        rows.reserveCapacity(pairs.count)
        rowPlaces.reserveCapacity(pairs.count)
        for pair in pairs {
            let row = UInt32(truncatingIfNeeded: pair >> 32)
            if rows.last != row { rows.append(row) }
            rowPlaces.append(UInt32(rows.count - 1))
        }
        var read: [Vector] = []
        for (position, type) in zip(key.positions, key.types) {
            read.append(try values(ofColumn: position, at: rows, as: type))
        }
        let keyPlaces = pairs.map { UInt32(truncatingIfNeeded: $0) }
        let isSame = keys.compared(at: keyPlaces, with: read, at: rowPlaces)
        var matches: [KeyMatch] = []
        matches.reserveCapacity(pairs.count)
        for (place, pair) in pairs.enumerated() where isSame[place] {
            matches.append(
                KeyMatch(key: Int(pair & 0xFFFF_FFFF), row: Int(pair >> 32)))
        }
        return matches
    }
}
