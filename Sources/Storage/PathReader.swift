// Reads what is asked for at a path of documents, window by window.
//
// 1. The column of the path gives all rows that have a value there; where it is not what is asked for,
//    that is computed from the values.
// 2. Of the other rows, if there may be anything, the remainder is looked at: what is found there is
//    put together, and what is asked for computed from that.
// 3. Documents that have to be looked at as a whole are.

import StarlingBlocks
import StarlingDocuments
import StarlingErrors
import StarlingKernels
import StarlingShredding
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Reads a path of a column of documents of a segment.
final class PathReader {
    private let access: PathAccess
    private let documents: DocumentWindow
    private let lookup: RemainderLookup
    /// The lists of the one field of structures that is read.
    private var lists: ColumnBlock?

    init(_ access: PathAccess, _ documents: DocumentWindow) {
        self.access = access
        self.documents = documents
        lookup = RemainderLookup(access.path.keys)
    }

    var dictionary: VectorDictionary? {
        get throws(StarlingError) { try access.answer?.block().dictionary }
    }

    func read(
        _ rows: Range<Int>, _ selection: Selection?, as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        let path = access.path
        guard access.shredded != nil else {
            return try path.ofDocuments(try documents.documents(rows, selection), type)
        }
        let count = selection?.count ?? rows.count
        if access.isNowhere, path.isNullWhereAbsent {
            return .allNull(as: path.type, type, count: count)
        }
        var present: Vector?
        var result = Vector.allNull(as: path.type, type, count: count)
        if let place = access.place, let block = try documents.reader.block(of: place) {
            if access.isDirect {
                result = try block.read(rows, selection, as: type)
                present = result
            } else if let values = try values(place, rows, selection) {
                result = try computed(of: values, place, as: type)
                present = values
            }
        }
        guard access.needsRemainder || !path.isNullWhereAbsent else { return result }
        return try completed(result, present, rows, selection, as: type)
    }

    /// Reads the values of the path's column, or of the one field of these that is asked for.
    private func values(
        _ place: Int, _ rows: Range<Int>, _ selection: Selection?
    ) throws(StarlingError) -> Vector? {
        guard let field = access.field else {
            return try documents.reader.values(place, rows, selection)
        }
        if lists == nil { lists = try documents.reader.block(of: place)?.lists(ofField: field) }
        return try lists?.read(rows, selection, as: .list)
    }

    /// Computes what is asked for from values of the path's column.
    private func computed(
        of values: Vector, _ place: Int, as layout: PhysicalType
    ) throws(StarlingError) -> Vector {
        guard let stored = access.shredded?.paths[place].type else { return values }
        if stored == .whole, access.path.form == .floating {
            return values.convertedToFloating(layout)
        }
        if stored.isTemporal, access.path.form == .text {
            return try stored.texts(values.flattened())
        }
        var (type, keys) = (stored, [[UInt8]]())
        if let field = access.field, case .records(let paths) = stored {
            type = .list(field > 0 ? paths[field - 1].type : .document)
            keys = field > 0 ? paths[field - 1].keys : []
        }
        let documents = try type.documents(
            values.flattened(), elements: access.path.elementsRead, at: keys)
        return try access.path.ofValues(documents, layout)
    }

    // MARK: The remainder

    /// Adds what the remainder has for rows that have no value yet.
    private func completed(
        _ result: Vector, _ present: Vector?, _ rows: Range<Int>, _ selection: Selection?,
        as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        let remainder = try documents.remainder(rows, selection)
        let view = DecodedVector(remainder)
        var completion = PathCompletion(count: remainder.count)
        var assembly: DocumentAssembly?
        lookup.prepare(for: remainder.dictionary)
        for row in 0..<remainder.count {
            guard view.isValid(row), !(present?.isValid(row) ?? false) else { continue }
            switch lookup.find(view, row) {
            case .nothing: completion.add(absent: row)
            case .whole:
                view.value(row, as: StringReference.self).withBytes {
                    completion.add(whole: Remainder.document($0), row)
                }
            case .value(let range, hasMarks: false):
                view.value(row, as: StringReference.self).withBytes {
                    completion.add(UnsafeRawBufferPointer(rebasing: $0[range]), row)
                }
            case .value(let range, hasMarks: true):
                if assembly == nil {
                    let keys = access.path.keys
                    assembly = try documents.reader.assembly(rows, selection) {
                        $0.keys.starts(with: keys)
                    }
                }
                guard let assembly else { continue }
                let reference: StringReference = view.value(row)
                try completion.add(row) { (bytes) throws(StarlingError) in
                    try assembly.append(reference, range, row: row, to: &bytes)
                }
            }
        }
        withExtendedLifetime(remainder) {}
        return try completion.completed(result, access.path, as: type)
    }
}
