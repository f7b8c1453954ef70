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
import StarlingMemory
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
        var found = FoundValues(count: remainder.count)
        var wholes = FoundValues(count: remainder.count)
        var absent: [Int] = []
        var assembly: DocumentAssembly?
        lookup.prepare(for: remainder.dictionary)
        for row in 0..<remainder.count {
            guard view.isValid(row), !(present?.isValid(row) ?? false) else { continue }
            switch lookup.find(view, row) {
            case .nothing: absent.append(row)
            case .whole:
                view.value(row, as: StringReference.self).withBytes {
                    wholes.add(Remainder.document($0), row)
                }
            case .value(let range, hasMarks: false):
                view.value(row, as: StringReference.self).withBytes {
                    found.add(UnsafeRawBufferPointer(rebasing: $0[range]), row)
                }
            case .value(let range, hasMarks: true):
                if assembly == nil {
                    let keys = access.path.keys
                    assembly = try documents.reader.assembly(rows, selection) {
                        $0.keys.starts(with: keys)
                    }
                }
                guard let assembly else { continue }
                try found.add(view.value(row, as: StringReference.self), range, row, assembly)
            }
        }
        withExtendedLifetime(remainder) {}
        var result = result
        if !found.rows.isEmpty {
            let computed = try access.path.ofValues(found.finish(), type)
            result = result.taking(found.rows, of: computed)
        }
        if !wholes.rows.isEmpty {
            let computed = try access.path.ofDocuments(wholes.finish(), type)
            result = result.taking(wholes.rows, of: computed)
        }
        guard !access.path.isNullWhereAbsent, !absent.isEmpty else { return result }
        return result.taking(
            absent, of: Vector(constant: .integer(0), type, count: result.count).flattened())
    }
}

/// Gathers documents for some rows; the others are NULL.
private struct FoundValues {
    private let heap = StringHeap()
    private let vector: Vector
    private let validity: Validity
    private(set) var rows: [Int] = []
    private var bytes: [UInt8] = []

    init(count: Int) {
        vector = Vector(
            .string, count: count, buffer: .zeroed(byteCount: max(1, count) * 16))
        validity = Validity(count: count, allValid: false)
    }

    mutating func add(_ document: UnsafeRawBufferPointer, _ row: Int) {
        rows.append(row)
        validity.setValid(row)
        vector.pointer(to: StringReference.self)[row] =
            document.isEmpty
            ? .empty : heap.add(document.baseAddress.unsafelyUnwrapped, count: document.count)
    }

    /// Adds a part of a remainder that has marks.
    mutating func add(
        _ remainder: StringReference, _ range: Range<Int>, _ row: Int,
        _ assembly: DocumentAssembly
    ) throws(StarlingError) {
        bytes.removeAll(keepingCapacity: true)
        try assembly.append(remainder, range, row: row, to: &bytes)
        bytes.withUnsafeBytes { add($0, row) }
    }

    func finish() -> Vector {
        var result = vector
        result.validity = validity
        result.owner = heap
        return result
    }
}

extension Vector {
    /// Returns the vector with the values that another one has in some rows.
    fileprivate func taking(_ rows: [Int], of other: Vector) -> Vector {
        if rows.count == count { return other }
        if physicalType == .list { return joined(rows, other) }
        let (own, source) = (flattened(), other.flattened())
        let width = physicalType.byteWidth
        var result = Vector(uninitialized: physicalType, count: count)
        let target = UnsafeMutableRawPointer(result.pointer(to: UInt8.self))
        target.copyMemory(from: own.pointer(to: UInt8.self), byteCount: count * width)
        let values = UnsafeRawPointer(source.pointer(to: UInt8.self))
        let validity = Validity(count: count, allValid: true)
        for row in 0..<count where !own.isValid(row) { validity.setNull(row) }
        for row in rows {
            (target + row * width).copyMemory(from: values + row * width, byteCount: width)
            if source.isValid(row) { validity.setValid(row) } else { validity.setNull(row) }
        }
        result.validity = validity.validCount(of: count) == count ? nil : validity
        result.owner = OwnerList.joining(own.owner, source.owner)
        return result
    }

    /// The same of lists, whose elements come to lie in one vector.
    private func joined(_ rows: [Int], _ other: Vector) -> Vector {
        var collector = ColumnCollector(physicalType)
        collector.append(self)
        collector.append(other)
        let indexes = Buffer(byteCount: count * 4)
        let places = indexes.pointer(to: UInt32.self)
        for row in 0..<count { places[row] = UInt32(truncatingIfNeeded: row) }
        for row in rows { places[row] += UInt32(truncatingIfNeeded: count) }
        defer { withExtendedLifetime(indexes) {} }
        return collector.finish().gathered(by: UnsafePointer(places), count: count)
    }
}
