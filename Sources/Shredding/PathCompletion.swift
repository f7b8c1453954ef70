// What a path leads to in documents that no column of its own answers for: values, whole documents, or
// nothing, row by row.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Gathers what is found for rows of a path that have no value yet, and adds it to those that have.
package struct PathCompletion {
    private var values: FoundDocuments
    private var wholes: FoundDocuments
    private var absent: [Int] = []
    private var bytes: [UInt8] = []

    package init(count: Int) {
        values = FoundDocuments(count: count)
        wholes = FoundDocuments(count: count)
    }

    /// Takes the value that the path leads to.
    package mutating func add(_ value: UnsafeRawBufferPointer, _ row: Int) {
        values.add(value, row)
    }

    /// Takes the value as it is written into an empty buffer.
    package mutating func add(
        _ row: Int, _ write: (inout [UInt8]) throws(StarlingError) -> Void
    ) throws(StarlingError) {
        bytes.removeAll(keepingCapacity: true)
        try write(&bytes)
        bytes.withUnsafeBytes { values.add($0, row) }
    }

    /// Takes a document that has to be looked at as a whole.
    package mutating func add(whole document: UnsafeRawBufferPointer, _ row: Int) {
        wholes.add(document, row)
    }

    /// Takes a document in which the path leads nowhere.
    package mutating func add(absent row: Int) { absent.append(row) }

    /// Returns a column with what was found beside the rows that it has.
    package consuming func completed(
        _ result: Vector, _ path: PathColumn, as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        var result = result
        if !values.rows.isEmpty {
            let computed = try path.ofValues(values.finish(), type)
            result = result.taking(values.rows, of: computed)
        }
        if !wholes.rows.isEmpty {
            let computed = try path.ofDocuments(wholes.finish(), type)
            result = result.taking(wholes.rows, of: computed)
        }
        guard !path.isNullWhereAbsent, !absent.isEmpty else { return result }
        return result.taking(
            absent, of: Vector(constant: .integer(0), type, count: result.count).flattened())
    }
}

/// Gathers documents for some rows; the others are NULL.
private struct FoundDocuments {
    private let heap = StringHeap()
    private let vector: Vector
    private let validity: Validity
    private(set) var rows: [Int] = []

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

    func finish() -> Vector {
        var result = vector
        result.validity = validity
        result.owner = heap
        return result
    }
}

extension Vector {
    /// Returns the vector with the values that another one has in some rows.
    package func taking(_ rows: [Int], of other: Vector) -> Vector {
        if rows.isEmpty { return self }
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
