// Compares values of one layout, row by row; for functions, not for hot paths.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Orders the values of two vectors of the same layout.
struct ValueOrder {
    let type: PhysicalType

    /// `type` is that of `aligned` vectors.
    init(_ type: PhysicalType) { self.type = type }

    /// Brings integers of different widths to one layout, and nested values to bytes in their order.
    static func aligned(_ vectors: [Vector]) -> [Vector] {
        if vectors.contains(where: { $0.physicalType.isNestedLayout }) {
            return vectors.map { packed($0, asKey: true) }
        }
        guard vectors.allSatisfy({ $0.physicalType.isInteger }) else { return vectors }
        let widest = vectors.max { $0.physicalType.rawValue < $1.physicalType.rawValue }
        return vectors.map { $0.withIntegerLayout(widest?.physicalType ?? .int64) }
    }

    /// Gives a negative number, 0 or a positive one as the left value orders against the right.
    func compare(_ left: DecodedVector, _ right: DecodedVector, _ row: Int) -> Int {
        switch type {
        case .int8: ordered(left, right, row, Int8.self)
        case .int16: ordered(left, right, row, Int16.self)
        case .int32: ordered(left, right, row, Int32.self)
        case .int64: ordered(left, right, row, Int64.self)
        case .int128: ordered(left, right, row, Int128.self)
        case .float32: ordered(left, right, row, Float.self)
        case .float64: ordered(left, right, row, Double.self)
        case .string: ordered(left, right, row, StringReference.self)
        case .list, .structure: preconditionFailure("nested values are compared packed")
        }
    }

    @inline(__always)
    private func ordered<Value: OrderedValue>(
        _ left: DecodedVector, _ right: DecodedVector, _ row: Int, _ type: Value.Type
    ) -> Int {
        let (first, second) = (left.value(row, as: type), right.value(row, as: type))
        return Value.isLess(first, second) ? -1 : Value.isLess(second, first) ? 1 : 0
    }
}
