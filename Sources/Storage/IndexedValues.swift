// What an index is made of. Of a column it is the values, or the elements of its arrays. At a path of
// documents, which every segment stores as it likes, it is the texts that `->>` reads there: an index of
// terms or of runs is asked for those, and for elements no more than which rows may have what is sought.

import StarlingErrors
import StarlingKernels
import StarlingShredding
import StarlingTypes
import StarlingVectors

/// Is the values that indexes are made of.
struct IndexedValues {
    let type: LogicalType
    /// What the values at a path are stored as; nil for those of a column.
    private let stored: ShreddedType?

    init(_ type: LogicalType) {
        self.type = type
        stored = nil
    }

    init(at path: ShreddedPath) {
        type = path.type.logicalType
        stored = path.type
    }

    var layout: PhysicalType { type.widestPhysicalType }

    /// Tells whether an index of a kind can be made of them.
    func canHave(_ kind: IndexKind) -> Bool {
        guard let stored, kind != .values else { return kind.isPossible(for: type) }
        return stored.isText || stored.isWrittenAsText
    }

    /// The texts of the rows for an index of terms or of runs of characters.
    func texts(_ values: Vector, for kind: IndexKind) throws(StarlingError) -> TextRows {
        guard let stored, !stored.isText else { return TextRows([values]) }
        let values = values.flattened()
        if stored.isTemporal { return TextRows([try stored.texts(values)]) }
        let written = try stored.documents(values)
        // JSON has another spelling for some characters: runs are those of the elements, too.
        if case .grams = kind, stored == .list(.text) { return TextRows([written, values]) }
        return TextRows([written])
    }
}

extension ShreddedType {
    /// True where the values are texts already.
    var isText: Bool { self == .text }

    /// True where a text can be made of each value that is what `->>` reads.
    var isWrittenAsText: Bool {
        switch self {
        case .whole, .wide, .day, .moment, .list, .records: true
        case .text, .floating, .truth, .document: false
        }
    }
}

extension PathAccess {
    /// The indexes that say which rows have what is asked of the path.
    var indexes: [ColumnIndex] {
        guard let answer, let place, let shredded else { return [] }
        let isText = shredded.paths[place].type.isText
        return answer.indexes.filter { isText || $0.kind == .values }
    }

    /// The indexes that say which rows may have it.
    var candidateIndexes: [ColumnIndex] {
        guard let shredded, let place, !needsRemainder else { return [] }
        let stored = shredded.paths[place].type
        return shredded.columns[place].indexes.filter { index in
            switch (path.form, index.kind) {
            case (.text, .terms), (.text, .grams): stored.isWrittenAsText
            case (.elements, .grams): isDirect && stored == .list(.text)
            default: false
            }
        }
    }
}
