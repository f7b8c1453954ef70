// Making indexes of the rows of a segment.

import StarlingAnalyzers
import StarlingBlocks
import StarlingErrors
import StarlingIndexes
import StarlingMemory
import StarlingTypes
import StarlingVectors

extension ColumnIndex {
    /// Makes the index of a column.
    static func make(
        _ kind: IndexKind, of block: ColumnBlock, _ type: PhysicalType
    ) throws(StarlingError) -> ColumnIndex {
        let vector = try block.read(0..<block.rowCount, as: type)
        defer { withExtendedLifetime(vector) {} }
        let values = DecodedVector(vector)
        let writer: ByteWriter
        switch kind {
        case .terms(let description, let hasPositions):
            guard type == .string, let analyzer = Analyzer(description) else {
                throw StarlingError(.internal, "there is no analyzer '\(description)'")
            }
            writer = terms(
                InvertedIndexBuilder(analyzer, hasPositions: hasPositions), values)
        case .values: writer = try Self.values(values, type)
        case .grams(let size, let ignoresCase, let error):
            writer = grams(
                GramIndexBuilder(size: size, ignoresCase: ignoresCase, error: error), values)
        }
        return ColumnIndex(kind, HeldIndexBytes(writer), rowCount: block.rowCount)
    }

    private static func terms(
        _ start: InvertedIndexBuilder, _ values: DecodedVector
    ) -> ByteWriter {
        var builder = start
        for row in 0..<values.count {
            guard values.isValid(row) else {
                builder.appendNull()
                continue
            }
            values.value(row, as: StringReference.self).withBytes { builder.append($0) }
        }
        return builder.finish()
    }

    private static func grams(_ start: GramIndexBuilder, _ values: DecodedVector) -> ByteWriter {
        var builder = start
        for row in 0..<values.count {
            guard values.isValid(row) else {
                builder.append(nil)
                continue
            }
            values.value(row, as: StringReference.self).withBytes { builder.append($0) }
        }
        return builder.finish()
    }

    private static func values(
        _ values: DecodedVector, _ type: PhysicalType
    ) throws(StarlingError) -> ByteWriter {
        var builder = InvertedIndexBuilder(.none, hasPositions: false, isCounted: false)
        for row in 0..<values.count {
            guard values.isValid(row) else {
                builder.appendNull()
                continue
            }
            let number: Int128
            switch type {
            case .string:
                values.value(row, as: StringReference.self).withBytes { builder.append(term: $0) }
                continue
            case .int8: number = Int128(values.value(row, as: Int8.self))
            case .int16: number = Int128(values.value(row, as: Int16.self))
            case .int32: number = Int128(values.value(row, as: Int32.self))
            case .int64: number = Int128(values.value(row, as: Int64.self))
            case .int128: number = values.value(row, as: Int128.self)
            default: throw StarlingError(.internal, "values of this type are not indexed")
            }
            IndexedValue.bytes(of: number).withUnsafeBytes { builder.append(term: $0) }
        }
        return builder.finish()
    }
}

extension Segment {
    /// Returns the rows without indexes other than these, by the places of columns.
    func keepingIndexes(_ kinds: [Int: [IndexKind]]) -> Segment {
        var columns = columns
        var isChanged = false
        for (position, column) in columns.enumerated() where !column.indexes.isEmpty {
            let kept = column.indexes.filter { kinds[position]?.contains($0.kind) ?? false }
            guard kept.count < column.indexes.count else { continue }
            columns[position] = column.having(kept)
            isChanged = true
        }
        return isChanged ? having(columns) : self
    }

    /// Returns the rows without indexes.
    package var withoutIndexes: Segment { keepingIndexes([:]) }
}

extension NativeTable {
    /// Segments of fewer rows are read faster than their indexes.
    private static let indexedRowCountMin = 1_024

    /// Returns a segment with the indexes that the table wants and it lacks.
    package func indexed(_ segment: Segment) throws(StarlingError) -> Segment {
        let wanted = indexing
        guard !wanted.isEmpty, segment.rowCount >= Self.indexedRowCountMin,
            segment.damage == nil
        else { return segment }
        var columns = segment.columns
        var isChanged = false
        for (position, kinds) in wanted where position < columns.count {
            let known = columns[position].indexes
            var indexes = known.filter { kinds.contains($0.kind) }
            for kind in kinds where !indexes.contains(where: { $0.kind == kind }) {
                indexes.append(
                    try ColumnIndex.make(
                        kind, of: try columns[position].block(),
                        self.columns[position].type.widestPhysicalType))
            }
            guard indexes.map(\.kind) != known.map(\.kind) else { continue }
            columns[position] = columns[position].having(indexes)
            isChanged = true
        }
        return isChanged ? segment.having(columns) : segment
    }

    /// Makes the indexes that segments in memory lack; those of files are made as they are written.
    func indexedInMemory(_ segments: [Segment]) throws(StarlingError) -> [Segment] {
        guard !indexing.isEmpty else { return segments }
        var result: [Segment] = []
        for segment in segments {
            result.append(segment.place == nil ? try indexed(segment) : segment)
        }
        return result
    }

    /// Tells whether a segment lacks an index that the table wants.
    package func lacksIndex(_ segment: Segment) -> Bool {
        guard segment.rowCount >= Self.indexedRowCountMin, segment.damage == nil else {
            return false
        }
        return indexing.contains { position, kinds in
            kinds.contains { kind in
                !segment.columns[position].indexes.contains { $0.kind == kind }
            }
        }
    }
}
