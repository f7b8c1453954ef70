// Columns of any number type brought into one, for what is done once a row at most: offsets and
// bounds of frames. Results are brought into the type that the plan asks for.

import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Holds a column as 128-bit integers that order as its values do.
struct WideColumn {
    private let buffer: Buffer
    private let validity: Validity?

    /// Takes a flat vector of integers, or of floating-point numbers, which keep only their order.
    init(_ vector: Vector) {
        buffer = Buffer(byteCount: vector.count * 16)
        validity = vector.validity
        switch vector.physicalType {
        case .int8: fill(vector, as: Int8.self)
        case .int16: fill(vector, as: Int16.self)
        case .int32: fill(vector, as: Int32.self)
        case .int64: fill(vector, as: Int64.self)
        case .int128: fill(vector, as: Int128.self)
        case .float32:
            let values = vector.pointer(to: Float.self)
            for row in 0..<vector.count {
                self.values[row] = Int128(Double(values[row]).orderingCode)
            }
        case .float64:
            let values = vector.pointer(to: Double.self)
            for row in 0..<vector.count { self.values[row] = Int128(values[row].orderingCode) }
        case .string, .list, .structure:
            values.update(repeating: 0, count: vector.count)
        }
    }

    var values: UnsafeMutablePointer<Int128> { buffer.pointer(to: Int128.self) }

    /// Returns nil for NULL.
    func value(_ row: Int) -> Int128? {
        validity?.isValid(row) ?? true ? values[row] : nil
    }

    private func fill<Element: FixedWidthInteger & BitwiseCopyable>(
        _ vector: Vector, as type: Element.Type
    ) {
        let source = vector.pointer(to: Element.self)
        let target = values
        for row in 0..<vector.count { target[row] = Int128(truncatingIfNeeded: source[row]) }
    }
}

extension Vector {
    /// Brings a flat vector into another layout of the same kind, which holds all its values.
    func converted(to type: PhysicalType) -> Vector {
        if physicalType == type { return self }
        var result = Vector(uninitialized: type, count: count)
        result.validity = validity
        if type == .string {
            result.pointer(to: StringReference.self).update(repeating: .empty, count: count)
            result.validity = Validity(count: count, allValid: false)
            return result
        }
        if type == .float64, physicalType == .float32 {
            let (source, target) = (pointer(to: Float.self), result.pointer(to: Double.self))
            for row in 0..<count { target[row] = Double(source[row]) }
            return result
        }
        let column = WideColumn(self)
        defer { withExtendedLifetime(column) {} }
        let wide = column.values
        switch type {
        case .int8: narrow(wide, into: result.pointer(to: Int8.self))
        case .int16: narrow(wide, into: result.pointer(to: Int16.self))
        case .int32: narrow(wide, into: result.pointer(to: Int32.self))
        case .int64: narrow(wide, into: result.pointer(to: Int64.self))
        case .int128: narrow(wide, into: result.pointer(to: Int128.self))
        case .float32:
            let target = result.pointer(to: Float.self)
            for row in 0..<count { target[row] = Float(wide[row]) }
        default:
            let target = result.pointer(to: Double.self)
            for row in 0..<count { target[row] = Double(wide[row]) }
        }
        return result
    }

    private func narrow<Element: FixedWidthInteger & BitwiseCopyable>(
        _ wide: UnsafePointer<Int128>, into target: UnsafeMutablePointer<Element>
    ) {
        for row in 0..<count { target[row] = Element(truncatingIfNeeded: wide[row]) }
    }
}
