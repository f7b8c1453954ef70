// Making indexes of the rows of a segment.

import StarlingAnalyzers
import StarlingBlocks
import StarlingErrors
import StarlingIndexes
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Is rows of which an index is made, behind others or alone.
struct IndexedPiece {
    /// Nil where all of the rows are NULL.
    var values: IndexedValues?
    var rows: Range<Int>

    fileprivate func texts(
        _ kind: IndexKind, _ scope: IndexScope
    ) throws(StarlingError) -> TextRows {
        try values?.texts(rows, for: kind, scope)
            ?? TextRows([.allNull(as: .string, .string, count: rows.count)])
    }

    fileprivate func vector() throws(StarlingError) -> Vector {
        try values?.values(rows) ?? .allNull(as: .string, .string, count: rows.count)
    }
}

extension ColumnIndex {
    /// Makes the index of rows behind each other.
    static func make(
        _ kind: IndexKind, _ scope: IndexScope, of pieces: [IndexedPiece], _ making: IndexMaking?
    ) throws(StarlingError) -> ColumnIndex {
        var progress = making?.begin()
        let writer: ByteWriter
        switch kind {
        case .terms(let description, let hasPositions):
            guard let analyzer = Analyzer(description) else {
                throw StarlingError(.internal, "there is no analyzer '\(description)'")
            }
            var builder = InvertedIndexBuilder(analyzer, hasPositions: hasPositions)
            for piece in pieces {
                let texts = try piece.texts(kind, scope)
                for row in 0..<texts.count {
                    try progress?.addRow { builder.byteCount }
                    guard texts.isValid(row) else {
                        builder.appendNull()
                        continue
                    }
                    builder.append { texts.forEachText(of: row, $0) }
                }
            }
            writer = builder.finish()
        case .values:
            var builder = InvertedIndexBuilder(.none, hasPositions: false, isCounted: false)
            for piece in pieces {
                let vector = try piece.vector()
                if vector.physicalType == .list {
                    try addElements(of: vector, to: &builder, &progress)
                } else {
                    try addValues(of: vector, to: &builder, &progress)
                }
            }
            writer = builder.finish()
        case .grams(let size, let ignoresCase, let error):
            var builder = GramIndexBuilder(size: size, ignoresCase: ignoresCase, error: error)
            for piece in pieces {
                let texts = try piece.texts(kind, scope)
                for row in 0..<texts.count {
                    try progress?.addRow { builder.byteCount }
                    texts.forEachText(of: row) { builder.append($0) }
                    builder.endRow()
                }
            }
            writer = builder.finish()
        }
        return ColumnIndex(
            kind, scope, HeldIndexBytes(writer),
            rowCount: pieces.reduce(0) { $0 + $1.rows.count })
    }

    /// Adds values, each the one of its row.
    private static func addValues(
        of vector: Vector, to builder: inout InvertedIndexBuilder,
        _ progress: inout IndexMaking.Progress?
    ) throws(StarlingError) {
        let values = DecodedVector(vector)
        defer { withExtendedLifetime(vector) {} }
        for row in 0..<values.count {
            try progress?.addRow { builder.byteCount }
            guard values.isValid(row) else {
                builder.appendNull()
                continue
            }
            try builder.appendTerm(values, row)
            builder.endRow()
        }
    }

    /// Adds the elements of lists.
    private static func addElements(
        of vector: Vector, to builder: inout InvertedIndexBuilder,
        _ progress: inout IndexMaking.Progress?
    ) throws(StarlingError) {
        let lists = ListElements(vector)
        let elements = DecodedVector(lists.parts[0])
        defer { withExtendedLifetime(vector) {} }
        for row in 0..<lists.lists.count {
            try progress?.addRow { builder.byteCount }
            guard lists.lists.isValid(row) else {
                builder.appendNull()
                continue
            }
            let range = lists.ranges[row]
            for element in Int(range.offset)..<(Int(range.offset) + Int(range.count))
            where elements.isValid(element) {
                try builder.appendTerm(elements, element)
            }
            builder.endRow()
        }
    }
}

extension InvertedIndexBuilder {
    /// Adds a value to the row as a term.
    fileprivate mutating func appendTerm(
        _ values: DecodedVector, _ row: Int
    ) throws(StarlingError) {
        let number: Int128
        switch values.physicalType {
        case .string:
            return values.value(row, as: StringReference.self).withBytes { append(term: $0) }
        case .int8: number = Int128(values.value(row, as: Int8.self))
        case .int16: number = Int128(values.value(row, as: Int16.self))
        case .int32: number = Int128(values.value(row, as: Int32.self))
        case .int64: number = Int128(values.value(row, as: Int64.self))
        case .int128: number = values.value(row, as: Int128.self)
        default: throw StarlingError(.internal, "values of this type are not indexed")
        }
        IndexedValue.bytes(of: number).withUnsafeBytes { append(term: $0) }
    }
}

extension Segment {
    /// Returns the rows without indexes other than these, by the places of columns.
    func keepingIndexes(_ wanted: [Int: [WantedIndex]]) -> Segment {
        var columns = columns
        var isChanged = false
        for (position, column) in columns.enumerated() {
            guard let kept = column.keepingIndexes(wanted[position] ?? []) else { continue }
            columns[position] = kept
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

    /// Returns a segment with the indexes that the table wants and it lacks; where there is no memory
    /// to make them and nobody needs them, as it is.
    package func indexed(
        _ segment: Segment, _ making: IndexMaking?
    ) throws(StarlingError) -> Segment {
        guard lacksIndex(segment) else { return segment }
        var columns = segment.columns
        do throws(StarlingError) {
            for (position, wanted) in indexing where position < columns.count {
                columns[position] =
                    try columns[position].indexed(
                        wanted,
                        IndexedValues(columns[position], self.columns[position].type), making)
                    ?? columns[position]
            }
        } catch {
            guard error.kind == .resource, let making, !making.isNeeded else { throw error }
            return segment
        }
        return segment.having(columns)
    }

    /// Makes the indexes that segments in memory lack; those of files are made as they are written.
    func indexedInMemory(_ segments: [Segment]) throws(StarlingError) -> [Segment] {
        guard !indexing.isEmpty else { return segments }
        var result: [Segment] = []
        for segment in segments {
            result.append(segment.place == nil ? try indexed(segment, nil) : segment)
        }
        return result
    }

    /// Tells whether a segment lacks an index that the table wants.
    package func lacksIndex(_ segment: Segment) -> Bool {
        guard segment.rowCount >= Self.indexedRowCountMin, segment.damage == nil else {
            return false
        }
        return indexing.contains { position, wanted in
            let column = segment.columns[position]
            return column.lacksIndex(wanted, IndexedValues(column, columns[position].type))
        }
    }
}
