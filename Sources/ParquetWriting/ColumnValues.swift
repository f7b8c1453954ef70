// A column of a row group in the form of the file: values one behind the other, NULLs left out, and
// a bit a row that says where there is one.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds the values of a column chunk.
struct ColumnValues<Value: StoredValue> {
    let rowCount: Int
    private(set) var count = 0
    /// A bit a row, set where there is a value; nil where all rows have one.
    private(set) var validity: Validity?
    private let buffer: Buffer

    var values: UnsafeMutablePointer<Value> { buffer.pointer(to: Value.self) }

    /// Gathers vectors; `append` writes the valid values of one and returns their number.
    init(
        _ vectors: [Vector],
        append: (DecodedVector, UnsafeMutablePointer<Value>) -> Int
    ) {
        rowCount = vectors.reduce(0) { $0 + $1.count }
        buffer = Buffer(byteCount: rowCount * MemoryLayout<Value>.stride + 64)
        if vectors.contains(where: { $0.validity != nil }) {
            validity = Validity(count: rowCount, allValid: true)
        }
        var row = 0
        for vector in vectors {
            let view = DecodedVector(vector)
            if view.validityWords != nil { clearBits(of: view, from: row) }
            count += append(view, values + count)
            row += vector.count
        }
        if count == rowCount { validity = nil }
    }

    private func clearBits(of view: DecodedVector, from start: Int) {
        for row in 0..<view.count where !view.isValid(row) { validity!.setNull(start + row) }
    }

    /// Counts the values among some rows.
    func valueCount(_ rows: Range<Int>) -> Int {
        guard let validity else { return rows.count }
        var total = 0
        for row in stride(from: rows.lowerBound, to: rows.upperBound, by: 64) {
            let left = rows.upperBound - row
            let mask = left >= 64 ? UInt64.max : (1 << UInt64(left)) - 1
            total += (validity.words[row >> 6] & mask).nonzeroBitCount
        }
        return total
    }
}

/// Copies the valid values of a vector, converted.
@inline(__always)
private func appendConverted<Source: BitwiseCopyable, Value: BitwiseCopyable>(
    _ view: DecodedVector, _ target: UnsafeMutablePointer<Value>, _ source: Source.Type,
    _ convert: (Source) -> Value
) -> Int {
    let values = view.values.assumingMemoryBound(to: Source.self)
    if view.validityWords == nil {
        if let codes = view.codes {
            for row in 0..<view.count { target[row] = convert(values[Int(codes[row])]) }
        } else if view.isConstant {
            target.update(repeating: convert(values[0]), count: view.count)
        } else {
            for row in 0..<view.count { target[row] = convert(values[row]) }
        }
        return view.count
    }
    var count = 0
    for row in 0..<view.count where view.isValid(row) {
        target[count] = convert(values[view.index(row)])
        count &+= 1
    }
    return count
}

private func appendIntegers<Value: FixedWidthInteger & BitwiseCopyable>(
    _ view: DecodedVector, _ target: UnsafeMutablePointer<Value>
) -> Int {
    switch view.physicalType {
    case .int8: appendConverted(view, target, Int8.self) { Value(truncatingIfNeeded: $0) }
    case .int16: appendConverted(view, target, Int16.self) { Value(truncatingIfNeeded: $0) }
    case .int32: appendConverted(view, target, Int32.self) { Value(truncatingIfNeeded: $0) }
    case .int64: appendConverted(view, target, Int64.self) { Value(truncatingIfNeeded: $0) }
    case .int128: appendConverted(view, target, Int128.self) { Value(truncatingIfNeeded: $0) }
    default: preconditionFailure("a column of integers has \(view.physicalType) values")
    }
}

extension ColumnValues where Value == Int32 {
    init(_ vectors: [Vector]) { self.init(vectors) { appendIntegers($0, $1) } }
}

extension ColumnValues where Value == Int64 {
    init(_ vectors: [Vector]) { self.init(vectors) { appendIntegers($0, $1) } }
}

extension ColumnValues where Value == Int128 {
    init(_ vectors: [Vector]) { self.init(vectors) { appendIntegers($0, $1) } }
}

extension ColumnValues where Value == UInt8 {
    init(_ vectors: [Vector]) { self.init(vectors) { appendIntegers($0, $1) } }
}

extension ColumnValues where Value == Float {
    init(_ vectors: [Vector]) {
        self.init(vectors) { appendConverted($0, $1, Float.self) { $0 } }
    }
}

extension ColumnValues where Value == Double {
    init(_ vectors: [Vector]) {
        self.init(vectors) { appendConverted($0, $1, Double.self) { $0 } }
    }
}

extension ColumnValues where Value == StringReference {
    init(_ vectors: [Vector]) {
        self.init(vectors) { appendConverted($0, $1, StringReference.self) { $0 } }
    }
}
