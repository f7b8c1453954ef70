// How a segment answers for a path of documents: from the column of the path where there is one whose
// values are what is asked for, else from what these, or the remainder, make of it.

import StarlingErrors
import StarlingShredding
import StarlingTables
import StarlingTypes

/// Says what of a segment has to be read for a path.
struct PathAccess: DerivedAccess {
    let path: PathColumn
    let column: SegmentColumn
    let shredded: ShreddedBlocks?
    /// The column of the path among those of the documents.
    let place: Int?
    /// True where the values of that column are what is asked for.
    let isDirect: Bool
    /// The field of the structures in that column that has all that is asked for; nil where more is.
    let field: Int?
    /// False where rows without a value there have none in the remainder either that matters.
    let needsRemainder: Bool

    init(_ asked: PathColumn, _ segment: Segment) {
        self.init(asked, segment.columns[asked.column])
    }

    /// Looks for the path in a column of documents.
    init(_ asked: PathColumn, _ column: SegmentColumn) {
        self.column = column
        shredded = column.shredded
        var path = asked
        if let other = asked.throughArrays.first, shredded?.mayHaveValue(other.keys) ?? false {
            path = other
        }
        self.path = path
        place = shredded?.place(of: path.keys)
        guard let shredded else {
            isDirect = false
            field = nil
            needsRemainder = false
            return
        }
        guard let place else {
            isDirect = false
            field = nil
            needsRemainder = shredded.mayKeep(path.keys)
            return
        }
        let known = shredded.paths[place]
        isDirect = path.isDirect(known.type, shredded.columns[place].statistics)
        field = known.type.field(of: path)
        needsRemainder =
            shredded.wholeCount > 0 || known.otherCount > 0
            || (known.nullCount > 0 && !path.form.takesNullForNothing)
    }

    /// True where no document has the path.
    var isNowhere: Bool { shredded != nil && place == nil && !needsRemainder }

    /// Where the segment has the path: in documents only where these are put together for the answer.
    var reads: PathReads.Place { place != nil ? .column : isNowhere ? .nowhere : .documents }

    /// The column that answers alone.
    var answer: SegmentColumn? {
        guard let shredded, let place, isDirect, !needsRemainder else { return nil }
        return shredded.columns[place]
    }

    func zones(rowCount: Int, _ context: ScanContext) throws(StarlingError) -> [Zone]? {
        if let answer { return try answer.zones(rowCount: rowCount) }
        guard let (column, type) = written else { return nil }
        return try column.zones(rowCount: rowCount)?.map { zone in
            Zone(rows: zone.rows, statistics: type.textual(zone.statistics))
        }
    }

    /// The column of days or moments whose texts are what is asked for.
    private var written: (column: SegmentColumn, type: ShreddedType)? {
        guard let shredded, let place, !needsRemainder, path.form == .text,
            shredded.paths[place].type.isTemporal
        else { return nil }
        return (shredded.columns[place], shredded.paths[place].type)
    }

    func lacks(_ values: [Value]) throws(StarlingError) -> Bool {
        try answer?.lacks(values) ?? false
    }

    /// What is known of the values.
    func summary(rowCount: Int) -> ColumnSummary {
        if let answer { return answer.summary }
        if let (column, type) = written {
            return ColumnSummary(
                type.textual(column.summary.statistics))
        }
        guard isNowhere else { return ColumnSummary(ColumnStatistics()) }
        guard path.isNullWhereAbsent else { return ColumnSummary(.absent) }
        return ColumnSummary(constant: .null, path.type, rowCount: rowCount)
    }
}

extension ShreddedType {
    /// The field of structures in arrays that has all that is asked of their elements; where nothing
    /// is, what is left of them.
    fileprivate func field(of path: PathColumn) -> Int? {
        guard case .records(let paths) = self else { return nil }
        if path.elementsRead.isEmpty { return 0 }
        let keys = path.keysInElements
        guard !keys.isEmpty else { return nil }
        return paths.firstIndex { $0.keys == keys && $0.nullCount == 0 && $0.otherCount == 0 }
            .map { $0 + 1 }
    }
}
