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
        var indexes = self.indexes.filter { kinds.contains($0.kind) }
        for kind in kinds where !indexes.contains(where: { $0.kind == kind }) {
            indexes.append(try ColumnIndex.make(kind, of: try block(), values, making))
        }
        guard let shredded else { return having(indexes, nil) }
        var columns = shredded.columns
        for (place, path) in shredded.paths.enumerated() {
            columns[place] =
                try columns[place].indexed(
                    wanted.ofPath(path.keys), IndexedValues(at: path), making)
                ?? columns[place]
        }
        return having(indexes, shredded.having(columns))
    }

    /// Tells whether an index is wanted that could be there and is not.
    func lacksIndex(_ wanted: [WantedIndex], _ values: IndexedValues) -> Bool {
        guard !wanted.isEmpty else { return false }
        let lacksOwn = wanted.kinds(possibleFor: values).contains { kind in
            !indexes.contains { $0.kind == kind }
        }
        guard !lacksOwn, let shredded else { return lacksOwn }
        return zip(shredded.paths, shredded.columns).contains { path, column in
            column.lacksIndex(wanted.ofPath(path.keys), IndexedValues(at: path))
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
