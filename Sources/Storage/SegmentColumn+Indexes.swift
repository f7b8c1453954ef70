// The indexes of a column of a segment, and of the paths of its documents, compared with those that the
// table wants.

import StarlingErrors
import StarlingTypes

extension SegmentColumn {
    /// Returns the values with the indexes that are wanted, made where they are not there; nil where
    /// nothing changes.
    func indexed(
        _ wanted: [WantedIndex], _ values: IndexedValues, _ making: IndexMaking?
    ) throws(StarlingError) -> SegmentColumn? {
        guard lacksIndex(wanted, values) else { return keepingIndexes(wanted) }
        let kinds = wanted.kinds(possibleFor: values)
        var indexes = self.indexes.filter { kinds.contains($0.kind) && values.isOfThem($0) }
        for kind in kinds where !indexes.contains(where: { $0.kind == kind }) {
            let piece = IndexedPiece(values: values, rows: 0..<(try values.rowCount()))
            indexes.append(
                try ColumnIndex.make(kind, values.scope(of: kind), of: [piece], making))
        }
        guard let shredded else { return having(indexes, nil) }
        var columns = shredded.columns
        for (place, path) in shredded.paths.enumerated() {
            columns[place] =
                try columns[place].indexed(
                    wanted.ofPath(path.keys), IndexedValues(at: place, of: self, shredded),
                    making)
                ?? columns[place]
        }
        return having(indexes, shredded.having(columns))
    }

    /// Tells whether an index is wanted that could be there and is not.
    func lacksIndex(_ wanted: [WantedIndex], _ values: IndexedValues) -> Bool {
        guard !wanted.isEmpty else { return false }
        let lacksOwn = wanted.kinds(possibleFor: values).contains { kind in
            !indexes.contains { $0.kind == kind && values.isOfThem($0) }
        }
        guard !lacksOwn, let shredded else { return lacksOwn }
        return shredded.columns.indices.contains { place in
            shredded.columns[place].lacksIndex(
                wanted.ofPath(shredded.paths[place].keys),
                IndexedValues(at: place, of: self, shredded))
        }
    }

    /// Returns the values without indexes other than these; nil where there are no others.
    func keepingIndexes(_ wanted: [WantedIndex]) -> SegmentColumn? {
        let kept = indexes.filter { index in
            wanted.contains(WantedIndex(kind: index.kind))
        }
        var columns = shredded?.columns ?? []
        var isChanged = kept.count < indexes.count
        for (place, path) in (shredded?.paths ?? []).enumerated() {
            guard let changed = columns[place].keepingIndexes(wanted.ofPath(path.keys)) else {
                continue
            }
            columns[place] = changed
            isChanged = true
        }
        return isChanged ? having(kept, shredded?.having(columns)) : nil
    }
}
