// What rows of a window have at a path of a VARIANT and no column of values of one type gives: it is written
// as JSON, of which what is asked for is computed.

import StarlingErrors
import StarlingShredding
import StarlingTables
import StarlingTypes
import StarlingVectors

/// Gathers values row by row.
struct VariantRows {
    /// Is a column of values as they are, in which the keys of a path from `level` on lead further.
    struct Values {
        var level: Int
        /// The rows of the values.
        var rows: [Int]
        var vector: Vector
    }

    var values: [Values] = []
    /// Puts values at the end of the path together.
    var group: VariantGroup?
    /// The names of fields in the rows that need them.
    var names: Vector?
    var completion: PathCompletion
    /// The values that need not be written; nil where all are.
    private var scalars: VariantScalars?
    private var rowsInGroup: [Int] = []
    private let count: Int
    private var text: [UInt8] = []

    /// Is metadata without names.
    private static let noNames: [UInt8] = [1, 0, 0]

    init(_ path: PathColumn, _ physicalType: PhysicalType, count: Int) {
        self.count = count
        completion = PathCompletion(count: count)
        scalars = VariantScalars(path, physicalType, count: count)
    }

    /// Takes a row of the group, if it has something there.
    mutating func addToGroup(_ row: Int) -> Bool {
        guard let group, group.isPresent(row) else { return false }
        rowsInGroup.append(row)
        return true
    }

    /// Takes the values of a leaf.
    mutating func add(_ leaf: SchemaNode, _ vector: Vector) throws(ParquetDamage) {
        let view = DecodedVector(vector)
        let isText = leaf.type.isString && leaf.type != .varbinary
        for row in 0..<vector.count where view.isValid(row) {
            text.removeAll(keepingCapacity: true)
            if isText {
                view.value(row, as: StringReference.self).withBytes {
                    appendJSONString($0, to: &text)
                }
            } else {
                try VariantGroup.appendScalar(leaf, vector, row, to: &text)
            }
            text.withUnsafeBytes { completion.add($0, row) }
        }
    }

    /// The rows that have objects or arrays, in which names may be numbers.
    var rowsWithNames: [Int] {
        var isNamed = Array(repeating: false, count: count)
        for row in rowsInGroup { isNamed[row] = true }
        for values in values {
            let view = DecodedVector(values.vector)
            for (index, row) in values.rows.enumerated() where view.isValid(index) {
                let first = view.value(index, as: StringReference.self).withBytes { $0.first }
                if let first, first & 2 != 0 { isNamed[row] = true }
            }
        }
        return isNamed.indices.filter { isNamed[$0] }
    }

    /// Writes all values; `named` has the rows of the names.
    mutating func write(_ named: [Int], _ keys: [[UInt8]]) throws(ParquetDamage) {
        var places = Array(repeating: -1, count: named.isEmpty ? 0 : count)
        for (place, row) in named.enumerated() { places[row] = place }
        let names = names.map { DecodedVector($0) }
        let none = StringHeap().add(Self.noNames)
        func metadata(_ row: Int) -> StringReference {
            guard let names, places[row] >= 0, names.isValid(places[row]) else { return none }
            return names.value(places[row])
        }
        for row in rowsInGroup {
            text.removeAll(keepingCapacity: true)
            try metadata(row).withBytes { (bytes) throws(ParquetDamage) in
                var document = try VariantText(metadata: bytes)
                try group?.append(row, &document, to: &text)
            }
            text.withUnsafeBytes { completion.add($0, row) }
        }
        for values in values {
            let view = DecodedVector(values.vector)
            for (index, row) in values.rows.enumerated() where view.isValid(index) {
                let value: StringReference = view.value(index)
                let isEnd = values.level == keys.count
                if isEnd, value.withBytes({ scalars?.take($0, row) ?? false }) { continue }
                try metadata(row).withBytes { (names) throws(ParquetDamage) in
                    try value.withBytes { (bytes) throws(ParquetDamage) in
                        try write(bytes, names, keys[values.level...], row)
                    }
                }
            }
        }
    }

    /// Returns a column with all of that beside the rows that it has.
    consuming func completed(
        _ result: Vector, _ path: PathColumn, as type: PhysicalType
    ) throws(StarlingError) -> Vector {
        var result = result
        if let scalars { result = result.taking(scalars.rows, of: scalars.finish()) }
        return try completion.completed(result, path, as: type)
    }

    private mutating func write(
        _ value: UnsafeRawBufferPointer, _ metadata: UnsafeRawBufferPointer,
        _ keys: ArraySlice<[UInt8]>, _ row: Int
    ) throws(ParquetDamage) {
        var document = try VariantText(metadata: metadata)
        // An array in the place of a document is looked at as a whole.
        let isWhole = keys.startIndex == 0 && value.first.map { $0 & 3 == 3 } ?? false
        guard let found = isWhole ? value : try document.find(keys, in: value) else {
            return completion.add(absent: row)
        }
        if !isWhole, scalars?.take(found, row) ?? false { return }
        text.removeAll(keepingCapacity: true)
        try document.append(found, to: &text)
        text.withUnsafeBytes {
            if isWhole { completion.add(whole: $0, row) } else { completion.add($0, row) }
        }
    }
}

extension StringReference {
    /// Lends the bytes to `body`, which may find damage in them.
    func withBytes<Output>(
        _ body: (UnsafeRawBufferPointer) throws(ParquetDamage) -> Output
    ) throws(ParquetDamage) -> Output {
        try withBytes { bytes -> Result<Output, ParquetDamage> in
            do throws(ParquetDamage) { return .success(try body(bytes)) } catch {
                return .failure(error)
            }
        }.get()
    }
}
