// The segments of a version of a table. Once another version has taken its place only what differs is
// held, since most segments are the same, and of the others few rows went: a thousand versions of a
// table would need a thousand sets of the rows that are gone.

import StarlingTables
import Synchronization

/// Holds the segments of a version: themselves, or what differs from those of the next one.
final class VersionRows: Sendable {
    private let held: Mutex<Held>

    private enum Held: Sendable {
        case segments([Segment])
        case differences([Difference], next: VersionRows)
    }

    /// Says what a segment was, given those of the next version.
    private enum Difference: Sendable {
        case same(Int)
        /// The rows are there that went with the next version.
        case withRows(Int, [UInt32])
        case other(Segment)
    }

    init(_ segments: [Segment]) { held = Mutex(.segments(segments)) }

    var segments: [Segment] {
        // From the first later version that holds its segments back to this one.
        var path: [[Difference]] = []
        var rows = self
        while true {
            switch rows.held.withLock({ $0 }) {
            case .segments(let segments):
                return path.reversed().reduce(segments) { later, differences in
                    differences.map { Self.segment($0, later) }
                }
            case .differences(let differences, let next):
                path.append(differences)
                rows = next
            }
        }
    }

    private static func segment(_ difference: Difference, _ later: [Segment]) -> Segment {
        switch difference {
        case .same(let place): return later[place]
        case .other(let segment): return segment
        case .withRows(let place, let rows):
            var hidden = later[place].hidden ?? RowSet()
            for row in rows { hidden.remove(Int(row)) }
            return later[place].hiding(hidden)
        }
    }

    /// Lets go of what the next version has, too.
    func giveWay(to next: VersionRows) {
        guard case .segments(let own) = held.withLock({ $0 }) else { return }
        let later = next.segments
        var places: [UInt64: Int] = [:]
        for (place, segment) in later.enumerated() {
            if let number = segment.numbers.first { places[number] = place }
        }
        let differences = own.map { segment -> Difference in
            guard let place = segment.numbers.first.flatMap({ places[$0] }) else {
                return .other(segment)
            }
            if later[place] === segment { return .same(place) }
            guard later[place].hasSameRows(as: segment) else { return .other(segment) }
            let gone = (later[place].hidden ?? RowSet()).rows(notIn: segment.hidden ?? RowSet())
            guard gone.count * 16 < segment.rowCount else { return .other(segment) }
            return .withRows(place, gone.map { UInt32($0) })
        }
        held.withLock { $0 = .differences(differences, next: next) }
    }
}

extension Segment {
    /// Tells whether both have the same rows, but for some that are gone by now.
    fileprivate func hasSameRows(as earlier: Segment) -> Bool {
        pieces == earlier.pieces && place == earlier.place && keys === earlier.keys
            && partition == earlier.partition
            && columns.count == earlier.columns.count
            && zip(columns, earlier.columns).allSatisfy { $0 === $1 }
    }
}
