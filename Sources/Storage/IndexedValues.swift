// What an index is made of. Of a column it is the values, or the elements of its arrays. At a path of
// documents, which every segment stores as it likes, it is the texts that `->>` reads there: an index of
// terms or of runs is asked for those, and for elements no more than which rows may have what is sought.

import StarlingErrors
import StarlingKernels
import StarlingShredding
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Says of which texts at a path an index of terms or of runs of characters knows.
package enum IndexScope: Sendable {
    /// Those that the values in the column of the path are, or are written as; of other indexes, and of
    /// those of columns, there is nothing to be said.
    case column
    /// All that are read at the path, wherever they stand, and elements of arrays of texts beside.
    case path
}

/// Is the values that indexes are made of.
struct IndexedValues {
    let type: LogicalType
    private let column: SegmentColumn
    /// What the values at a path stand in; nil for those of a column.
    private let path: (documents: SegmentColumn, known: ShreddedPath, mayStandElsewhere: Bool)?

    /// Takes the values of a column.
    init(_ column: SegmentColumn, _ type: LogicalType) {
        self.column = column
        self.type = type
        path = nil
    }

    /// Takes the values at a path of documents that were taken apart.
    init(at place: Int, of documents: SegmentColumn, _ shredded: ShreddedBlocks) {
        let known = shredded.paths[place]
        column = shredded.columns[place]
        type = known.type.logicalType
        path = (documents, known, shredded.wholeCount > 0 || known.otherCount > 0)
    }

    /// Tells whether an index of a kind can be made of them.
    func canHave(_ kind: IndexKind) -> Bool {
        path != nil && kind != .values || kind.isPossible(for: type)
    }

    /// Says of which texts an index that is made now knows: of as many as it takes to know all that are
    /// read at the path, but of no more.
    func scope(of kind: IndexKind) -> IndexScope {
        guard let path, kind != .values else { return .column }
        switch path.known.type {
        case _ where path.mayStandElsewhere: return .path
        case .document: return .path
        case .list(.text): if case .terms = kind { return .path } else { return .column }
        default: return .column
        }
    }

    /// Tells whether an index of them is one that would be made now.
    func isOfThem(_ index: ColumnIndex) -> Bool { index.scope == scope(of: index.kind) }

    func rowCount() throws(StarlingError) -> Int { try column.block().rowCount }

    /// Reads the values of rows, for an index of values.
    func values(_ rows: Range<Int>) throws(StarlingError) -> Vector {
        try column.read(rows, as: type.widestPhysicalType)
    }

    /// Reads the texts of rows, for an index of terms or of runs of characters.
    func texts(
        _ rows: Range<Int>, for kind: IndexKind, _ scope: IndexScope
    ) throws(StarlingError) -> TextRows {
        guard let path else { return TextRows([try values(rows)]) }
        let stored = path.known.type
        let hasTextElements = stored == .list(.text)
        guard scope == .column else {
            let asked = PathColumn(textAt: path.known.keys, ofColumn: 0)
            let reader = PathReader(
                PathAccess(asked, path.documents), DocumentWindow(path.documents))
            let read = try reader.read(rows, nil, as: .string)
            return TextRows(hasTextElements ? [read, try values(rows)] : [read])
        }
        if stored == .text { return TextRows([try values(rows)]) }
        let values = try values(rows).flattened()
        if stored.isTemporal { return TextRows([try stored.texts(values)]) }
        let written = try stored.documents(values)
        // JSON has another spelling for some characters: runs are those of the elements, too.
        if case .grams = kind, hasTextElements { return TextRows([written, values]) }
        return TextRows([written])
    }
}

extension PathAccess {
    /// The indexes that say which rows have what is asked of the path.
    var indexes: [ColumnIndex] {
        guard let answer, let place, let shredded else { return [] }
        let isText = shredded.paths[place].type == .text
        return answer.indexes.filter { $0.kind == .values || isText && $0.scope == .column }
    }

    /// The indexes that say which rows may have it.
    var candidateIndexes: [ColumnIndex] {
        guard let shredded, let place else { return [] }
        let stored = shredded.paths[place].type
        return shredded.columns[place].indexes.filter { index in
            if index.kind == .values { return false }
            switch path.form {
            case .text:
                return index.scope == .path
                    || !needsRemainder && stored != .text && stored != .document
            case .elements:
                guard isDirect, stored == .list(.text), !needsRemainder else { return false }
                if case .grams = index.kind { return true }
                return index.scope == .path
            default: return false
            }
        }
    }
}
