// Files can hold numbers that their SQL types don't have: a date in the year 300000, the
// "infinity" of some databases' timestamps, a decimal of more digits than its column. They are an
// error and not a wrong number later on, when arithmetic relies on the bounds of the type.

import StarlingTypes
import StarlingVectors

/// Checks that values lie within what their type allows.
struct DomainCheck {
    let type: LogicalType
    private let bounds: Bounds

    /// Makes the check that a column of a part needs; nil where its physical type or its
    /// statistics exclude that a value lies outside.
    init?(_ type: LogicalType, _ physicalType: PhysicalType, known: Bounds?) {
        guard let bounds = type.bounds, let possible = physicalType.integerBounds,
            !bounds.contains(possible), !(known.map { bounds.contains($0) } ?? false)
        else { return nil }
        self.type = type
        self.bounds = bounds
    }

    func check(_ vector: Vector) throws(ParquetDamage) {
        let outside =
            switch vector.physicalType {
            case .int32: outside(vector, Int32.self)
            case .int64: outside(vector, Int64.self)
            case .int128: outside(vector, Int128.self)
            default: false
            }
        guard outside else { return }
        throw ParquetDamage(
            "a value is no \(type); the type of the column in the file allows more than SQL's does")
    }

    /// Compares all values; those of NULLs are zero.
    private func outside<Number: FixedWidthInteger & BitwiseCopyable>(
        _ vector: Vector, _: Number.Type
    ) -> Bool {
        let values = vector.pointer(to: Number.self)
        let low = Number(clamping: bounds.low)
        let high = Number(clamping: bounds.high)
        var isOutside = 0
        for row in 0..<vector.count {
            isOutside |= (values[row] < low ? 1 : 0) | (values[row] > high ? 1 : 0)
        }
        return isOutside != 0
    }
}
