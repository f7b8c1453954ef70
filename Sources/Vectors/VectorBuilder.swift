// Builds vectors value by value: literals, VALUES lists, tests, metadata tables. Not for hot paths.

import StarlingMemory
import StarlingTypes

/// Collects values into a flat vector.
package struct VectorBuilder {
    package let physicalType: PhysicalType
    package private(set) var values: [Value] = []

    package init(_ physicalType: PhysicalType) { self.physicalType = physicalType }

    package mutating func append(_ value: Value) { values.append(value) }

    /// Makes the vector. Integers must fit the physical type.
    package func finish() -> Vector {
        var vector = Vector(uninitialized: physicalType, count: values.count)
        let hasNull = values.contains(.null)
        if hasNull { vector.validity = Validity(count: values.count, allValid: true) }
        let heap = StringHeap()
        for (row, value) in values.enumerated() {
            if value.isNull { vector.validity!.setNull(row) }
            Self.write(value, into: vector, at: row, heap: heap)
        }
        if physicalType == .string { vector.owner = heap }
        return vector
    }

    /// Writes one value, or zero bytes for NULL.
    package static func write(_ value: Value, into vector: Vector, at row: Int, heap: StringHeap) {
        var integer: Int128 = 0
        var floating = 0.0
        var string = StringReference.empty
        switch value {
        case .integer(let number): integer = number
        case .floating(let number): floating = number
        case .bytes(let bytes): string = heap.add(bytes)
        case .null, .list: break
        }
        switch vector.physicalType {
        case .int8: vector.pointer(to: Int8.self)[row] = Int8(integer)
        case .int16: vector.pointer(to: Int16.self)[row] = Int16(integer)
        case .int32: vector.pointer(to: Int32.self)[row] = Int32(integer)
        case .int64: vector.pointer(to: Int64.self)[row] = Int64(integer)
        case .int128: vector.pointer(to: Int128.self)[row] = integer
        case .float32: vector.pointer(to: Float.self)[row] = Float(floating)
        case .float64: vector.pointer(to: Double.self)[row] = floating
        case .string: vector.pointer(to: StringReference.self)[row] = string
        case .list, .structure: preconditionFailure("nested values are not built from literals")
        }
    }
}

extension Vector {
    /// Makes a vector whose rows all have `value`.
    package init(constant value: Value, _ physicalType: PhysicalType, count: Int) {
        var builder = VectorBuilder(physicalType)
        builder.append(value)
        self = builder.finish()
        self.encoding = .constant
        self.count = count
    }

    package init(_ physicalType: PhysicalType, values: [Value]) {
        var builder = VectorBuilder(physicalType)
        for value in values { builder.append(value) }
        self = builder.finish()
    }

    /// Reads one row, in any encoding. Not for hot paths.
    package func value(at row: Int) -> Value {
        guard isValid(row) else { return .null }
        let view = DecodedVector(self)
        switch physicalType {
        case .int8: return .integer(Int128(view.value(row, as: Int8.self)))
        case .int16: return .integer(Int128(view.value(row, as: Int16.self)))
        case .int32: return .integer(Int128(view.value(row, as: Int32.self)))
        case .int64: return .integer(Int128(view.value(row, as: Int64.self)))
        case .int128: return .integer(view.value(row, as: Int128.self))
        case .float32: return .floating(Double(view.value(row, as: Float.self)))
        case .float64: return .floating(view.value(row, as: Double.self))
        case .string: return .bytes(view.value(row, as: StringReference.self).bytes)
        case .list:
            return listValue(view.value(row, as: ListRange.self))
        case .structure:
            return .list((children?.vectors ?? []).map { $0.value(at: isConstant ? 0 : row) })
        }
    }
}
