// A segment of a table with a key, as a scan sees it: conditions that name keys are answered by the
// index, so that only rows that may have one of them are read.

import StarlingErrors
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Answers which rows may have certain keys.
final class KeyedSegment: SegmentPart {
    let segment: Segment
    private let key: KeyColumns

    init(_ segment: Segment, _ key: KeyColumns) {
        self.segment = segment
        self.key = key
    }

    var rowCount: Int { segment.rowCount }
    var hasOwnStatistics: Bool { true }
    var hiddenRows: RowSet? { segment.hidden }

    func statistics(ofColumn column: Int) -> ColumnStatistics {
        segment.statistics(ofColumn: column)
    }

    func zones(ofColumn column: Int, context: ScanContext) throws(StarlingError) -> [Zone]? {
        try segment.zones(ofColumn: column, context: context)
    }

    func rows(
        having values: [(column: Int, values: [Value])], context: ScanContext
    ) throws(StarlingError) -> [Int]? {
        try segment.rows(having: values, by: key)
    }

    func lacks(
        _ values: [Value], inColumn column: Int, context: ScanContext
    ) throws(StarlingError) -> Bool {
        try segment.lacks(values, inColumn: column, context: context)
    }

    func rows(
        passing condition: IndexCondition, within ranges: RowRanges, context: ScanContext
    ) throws(StarlingError) -> IndexAnswer? {
        try segment.rows(passing: condition, within: ranges, context: context)
    }

    func prefetch(_ columns: [ReadColumn]) { segment.prefetch(columns) }

    func makeReader(
        columns: [ReadColumn], context: ScanContext
    ) throws(StarlingError) -> any PartReader {
        try segment.makeReader(columns: columns, context: context)
    }
}

extension Segment {
    /// Fewer rows than this are read faster than an index.
    private static let indexedRowCountMin = 1_024
    /// So many keys are looked up at most, and no more than one for so many rows.
    private static let soughtCountMax = 4_096
    private static let rowsPerKeyMin = 32

    /// Lists the rows that may have one of some keys, ascending; nil where the conditions leave a
    /// column of the key open, or name too many.
    func rows(
        having values: [(column: Int, values: [Value])], by key: KeyColumns
    ) throws(StarlingError) -> [Int]? {
        guard rowCount >= Self.indexedRowCountMin else { return nil }
        let limit = min(Self.soughtCountMax, rowCount / Self.rowsPerKeyMin)
        var count = 1
        var lists: [[Value]] = []
        for (position, type) in zip(key.positions, key.types) {
            guard
                let list = values.filter({ $0.column == position }).min(by: {
                    $0.values.count < $1.values.count
                })?.values, list.allSatisfy({ $0.isStored(as: type) })
            else { return nil }
            let within = list.filter { mayHave($0, at: position, type) }
            count *= within.count
            guard count <= limit else { return nil }
            lists.append(within)
        }
        guard count > 0 else { return [] }
        let columns = zip(lists.indices, key.types).map { place, type in
            Vector(type, values: Self.combined(lists, place, count))
        }
        let keys = KeyRows(columns, count: count, bounds: columns.map { _ in nil })
        var found: [UInt64] = []
        try key.index(of: self).find(keys.hashes, nil, count: count, into: &found)
        var rows = RowSet()
        for pair in found { _ = rows.insert(Int(pair >> 32)) }
        return rows.rows
    }

    private func mayHave(_ value: Value, at position: Int, _ type: PhysicalType) -> Bool {
        guard let number = value.integer else { return true }
        let bounds = columns[position].statistics.bounds ?? type.integerBounds
        return bounds?.contains(number) ?? true
    }

    /// Lists one column of all combinations of several lists.
    private static func combined(_ lists: [[Value]], _ place: Int, _ count: Int) -> [Value] {
        let repeats = lists[(place + 1)...].reduce(1) { $0 * $1.count }
        let list = lists[place]
        return (0..<count).map { list[$0 / repeats % list.count] }
    }
}

extension Value {
    /// Tells whether a column of the type may hold it.
    fileprivate func isStored(as type: PhysicalType) -> Bool {
        switch self {
        case .integer: type.isInteger
        case .bytes: type == .string
        default: false
        }
    }
}
