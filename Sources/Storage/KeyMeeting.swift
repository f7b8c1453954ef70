// What becomes of rows that come and of those that have their keys: the new row takes the place of the
// old one, or keeps some of its columns, or goes where it is the older one.

import StarlingErrors
import StarlingKernels
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Says how rows that come meet those that have their keys.
package struct KeyMeeting: Sendable {
    /// The columns that the rows that come have no values for, so that the old ones stay.
    package var keptColumns: Set<Int>
    /// Rows come only where they have at least the value of the old row in this column.
    package var sequenceColumn: Int?

    package init(keptColumns: Set<Int> = [], sequenceColumn: Int? = nil) {
        self.keptColumns = keptColumns
        self.sequenceColumn = sequenceColumn
    }

    /// Tells whether a row takes the place of an earlier one; NULL is below all values.
    static func replaces(_ new: Value, _ old: Value) -> Bool {
        if old.isNull { return true }
        return !new.isNull && !new.precedes(old)
    }
}

extension NativeTable {
    /// Puts rows that come, of which no two have the same key, together with those that have their
    /// keys: returns the rows that are to be added, and those that go.
    package func meeting(
        _ segments: [Segment], _ rules: KeyMeeting, _ search: KeySearch
    ) throws(StarlingError) -> (rows: [Chunk], gone: RowNumbers) {
        var rows: [Chunk] = []
        var gone = RowNumbers()
        let matches = try matches(withKeysOf: segments, search)
        for (segment, found) in zip(segments, matches) {
            let new = try NewRows(segment, columns)
            var alone = new.live
            for (place, found) in found.enumerated() where !found.isEmpty {
                for match in found { alone.remove(match.key) }
                let old = self.segments[place]
                let kept = try later(found, new, old, rules)
                gone.insert(segment: place, rows: kept.map(\.row))
                for start in stride(from: 0, to: kept.count, by: chunkCapacity) {
                    let part = kept[start..<min(start + chunkCapacity, kept.count)]
                    rows.append(try united(part, new, old, rules))
                }
            }
            rows += new.chunks(of: alone)
        }
        return (rows, gone)
    }

    /// Keeps the pairs of which the new row is not the older one.
    private func later(
        _ matches: [KeyMatch], _ new: NewRows, _ old: Segment, _ rules: KeyMeeting
    ) throws(StarlingError) -> [KeyMatch] {
        guard let column = rules.sequenceColumn else { return matches }
        let before = try old.values(
            ofColumn: column, at: matches.map { UInt32($0.row) },
            as: columns[column].type.widestPhysicalType)
        return matches.enumerated().filter { place, match in
            KeyMeeting.replaces(
                new.columns[column].value(at: match.key), before.value(at: place))
        }.map(\.element)
    }

    /// Makes rows of the columns of old ones that are kept and those of new ones.
    private func united(
        _ matches: ArraySlice<KeyMatch>, _ new: NewRows, _ old: Segment, _ rules: KeyMeeting
    ) throws(StarlingError) -> Chunk {
        let (keys, oldRows) = (matches.map { UInt32($0.key) }, matches.map { UInt32($0.row) })
        var vectors: [Vector] = []
        for (position, column) in columns.enumerated() {
            vectors.append(
                rules.keptColumns.contains(position)
                    ? try old.values(
                        ofColumn: position, at: oldRows, as: column.type.widestPhysicalType)
                    : new.columns[position].gathered(by: keys))
        }
        return Chunk(columns: vectors, count: matches.count)
    }
}

/// Holds rows that come, decoded.
private struct NewRows {
    let columns: [Vector]
    let live: RowSet

    init(_ segment: Segment, _ table: [TableColumn]) throws(StarlingError) {
        var columns: [Vector] = []
        for (column, known) in zip(segment.columns, table) {
            columns.append(
                try column.read(
                    0..<segment.rowCount, as: known.type.widestPhysicalType))
        }
        self.columns = columns
        var live = RowSet(0..<segment.rowCount)
        for row in segment.hidden?.rows ?? [] { live.remove(row) }
        self.live = live
    }

    func chunks(of rows: RowSet) -> [Chunk] {
        let rows = rows.rows.map { UInt32($0) }
        return stride(from: 0, to: rows.count, by: chunkCapacity).map { start in
            let part = Array(rows[start..<min(start + chunkCapacity, rows.count)])
            return Chunk(columns: columns.map { $0.gathered(by: part) }, count: part.count)
        }
    }
}

extension Vector {
    fileprivate func gathered(by rows: [UInt32]) -> Vector {
        rows.withUnsafeBufferPointer { rows in
            rows.baseAddress.map { gathered(by: $0, count: rows.count) } ?? self
        }
    }
}
