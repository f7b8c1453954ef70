// Moves integers from one layout to another. The bits above a narrower target are dropped: callers
// know that the values fit, or compute modulo the target's width.

import StarlingTypes
import StarlingVectors

private struct LayoutChange<Input: StoredInteger, Output: StoredInteger>: UnaryOperation {
    @inline(__always)
    func apply(_ value: Input) -> Output { Output(truncatingIfNeeded: value) }
}

extension Vector {
    /// Gives the same integers in another layout; flat and constant vectors.
    func withIntegerLayout(_ type: PhysicalType) -> Vector {
        if physicalType == type { return self }
        var result =
            switch physicalType {
            case .int8: converted(from: Int8.self, to: type)
            case .int16: converted(from: Int16.self, to: type)
            case .int32: converted(from: Int32.self, to: type)
            case .int64: converted(from: Int64.self, to: type)
            case .int128: converted(from: Int128.self, to: type)
            default: preconditionFailure("\(physicalType) holds no integers")
            }
        result.validity = validity
        return result
    }

    @inline(__always)
    private func converted<Input: StoredInteger>(
        from input: Input.Type, to type: PhysicalType
    ) -> Vector {
        switch type {
        case .int8: mapped(LayoutChange<Input, Int8>(), self, to: type)
        case .int16: mapped(LayoutChange<Input, Int16>(), self, to: type)
        case .int32: mapped(LayoutChange<Input, Int32>(), self, to: type)
        case .int64: mapped(LayoutChange<Input, Int64>(), self, to: type)
        case .int128: mapped(LayoutChange<Input, Int128>(), self, to: type)
        default: preconditionFailure("\(type) holds no integers")
        }
    }
}
