// Tables of which no two rows have the same key: which rows those that come take the place of.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

extension NativeTable {
    /// Estimates whether a join over the columns of the key finds the keys of `segments` faster than
    /// the indexes of all segments do, each of which is asked for each key.
    package func prefersJoin(forKeysOf segments: [Segment]) -> Bool {
        guard let key = keyColumns else { return true }
        // A question takes about a tenth of what a row takes in a join.
        var questionCount = 0
        for segment in segments {
            for other in self.segments where !other.excludes(segment, by: key) {
                questionCount += segment.liveRowCount
            }
        }
        let rowCount = (segments + self.segments).reduce(0) { $0 + $1.liveRowCount }
        return questionCount > 10 * rowCount
    }

    /// Finds the rows that have the keys of rows of `segments`.
    package func rows(
        withKeysOf segments: [Segment], _ search: KeySearch
    ) throws(StarlingError) -> RowNumbers {
        var numbers = RowNumbers()
        for matches in try matches(withKeysOf: segments, search) {
            for (place, found) in matches.enumerated() where !found.isEmpty {
                numbers.insert(segment: place, rows: found.map(\.row))
            }
        }
        return numbers
    }

    /// Tells whether some row has the key of one of other rows.
    package func has(
        keysOf segments: [Segment], _ search: KeySearch
    ) throws(StarlingError) -> Bool {
        guard !segments.isEmpty, !self.segments.isEmpty else { return false }
        return try rows(withKeysOf: segments, search).count > 0
    }

    /// Tells for each of `segments`, and for each segment of the table, which rows have the same keys.
    package func matches(
        withKeysOf segments: [Segment], _ search: KeySearch
    ) throws(StarlingError) -> [[[KeyMatch]]] {
        guard let key = keyColumns else {
            throw StarlingError(.internal, "'\(name)' has no key")
        }
        var found: [[[KeyMatch]]] = []
        for segment in segments {
            found.append(try search.matches(try key.rows(of: segment), in: self.segments, by: key))
        }
        return found
    }

    /// Hides rows of which the key comes again: all but the last, or all but the last of those with
    /// the largest value of a column.
    package func withoutRepeatedKeys(
        _ segments: [Segment], orderedBy sequence: Int? = nil, _ search: KeySearch
    ) throws(StarlingError) -> [Segment] {
        guard let key = keyColumns else { return segments }
        var result: [Segment] = []
        var values: [Vector] = []
        for segment in segments {
            if let sequence {
                let block = SegmentColumnReader(segment.columns[sequence])
                let type = columns[sequence].type.widestPhysicalType
                values.append(try block.read(0..<segment.rowCount, as: type))
            }
            var keys = try key.rows(of: segment)
            let classes = try key.index(of: segment).repeatedRows(of: segment, keys)
            let repeated = classes.flatMap { rows in
                let last = rows.reduce(rows[0]) { last, row in
                    guard let known = values.last else { return row }
                    return KeyMeeting.replaces(known.value(at: row), known.value(at: last))
                        ? row : last
                }
                return rows.filter { $0 != last }
            }
            result.append(segment)
            let own = result.count - 1
            if !repeated.isEmpty {
                result[own] = segment.hiding(more: repeated)
                keys = try key.rows(of: result[own])
            }
            let earlier = try search.matches(keys, in: Array(result.dropLast()), by: key)
            for (place, found) in earlier.enumerated() where !found.isEmpty {
                let replaced = found.filter { (match: KeyMatch) in
                    values.isEmpty
                        || KeyMeeting.replaces(
                            values[own].value(at: match.key), values[place].value(at: match.row))
                }
                result[place] = result[place].hiding(more: replaced.map(\.row))
                guard replaced.count < found.count else { continue }
                let staying = Set(replaced.map(\.key))
                result[own] = result[own].hiding(
                    more: found.map(\.key).filter { !staying.contains($0) })
            }
        }
        return result
    }
}

extension Segment {
    /// Tells whether the bounds of a column of the key say that no row has the same one.
    fileprivate func excludes(_ other: Segment, by key: KeyColumns) -> Bool {
        key.positions.contains { position in
            let (own, others) = (columns[position].statistics, other.columns[position].statistics)
            guard others.nullCount == 0, let bounds = own.bounds, let otherBounds = others.bounds
            else { return false }
            return bounds.intersection(otherBounds) == nil
        }
    }

    /// Returns the rows without more of them.
    fileprivate func hiding(more rows: [Int]) -> Segment {
        guard !rows.isEmpty else { return self }
        var hidden = hidden ?? RowSet()
        for row in rows { _ = hidden.insert(row) }
        return hiding(hidden)
    }
}

extension KeyIndex {
    /// Lists the rows of the segment that have the same keys: those with one key together, ascending.
    fileprivate func repeatedRows(of segment: Segment, _ keys: KeyRows) -> [[Int]] {
        var groups = repeatedRows().map { group in
            group.filter { !(segment.hidden?.contains(Int($0)) ?? false) }
        }
        var classes: [[Int]] = []
        // The rows of a group that have the key of its last one are together; those that only look
        // the same are a group again.
        while true {
            groups.removeAll { $0.count < 2 }
            if groups.isEmpty { return classes }
            let rows = groups.flatMap { $0.dropLast() }
            let last = groups.flatMap { group in
                group.dropLast().map { _ in group[group.count - 1] }
            }
            let isSame = keys.compared(at: rows, with: keys.columns, at: last)
            var place = 0
            for number in groups.indices {
                let end = place + groups[number].count - 1
                let same = (place..<end).filter { isSame[$0] }.map { Int(rows[$0]) }
                if !same.isEmpty { classes.append(same + [Int(last[place])]) }
                groups[number] = (place..<end).filter { !isSame[$0] }.map { rows[$0] }
                place = end
            }
        }
    }
}
