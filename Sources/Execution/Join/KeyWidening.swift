// Brings integer keys of both sides to one layout, where statistics gave them different ones.

import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Returns the values of an integer vector in a layout at least as wide.
func widenedKey(_ vector: Vector, to type: PhysicalType) -> Vector {
    guard vector.physicalType != type else { return vector }
    var result = Vector(uninitialized: type, count: vector.count)
    let source = vector.flattened()
    result.validity = source.validity
    switch type {
    case .int16: widen(source, result, as: Int16.self)
    case .int32: widen(source, result, as: Int32.self)
    case .int64: widen(source, result, as: Int64.self)
    case .int128: widen(source, result, as: Int128.self)
    default: preconditionFailure("\(type) is no layout to widen to")
    }
    return result
}

private func widen<Target: FixedWidthInteger & BitwiseCopyable>(
    _ source: Vector, _ result: Vector, as type: Target.Type
) {
    let count = source.count
    let target = result.pointer(to: Target.self)
    switch source.physicalType {
    case .int8: widenValues(source.pointer(to: Int8.self), target, count)
    case .int16: widenValues(source.pointer(to: Int16.self), target, count)
    case .int32: widenValues(source.pointer(to: Int32.self), target, count)
    case .int64: widenValues(source.pointer(to: Int64.self), target, count)
    default: preconditionFailure("\(source.physicalType) is not widened")
    }
}

@inline(__always)
private func widenValues<Source, Target>(
    _ source: UnsafeMutablePointer<Source>, _ target: UnsafeMutablePointer<Target>, _ count: Int
) where Source: FixedWidthInteger, Target: FixedWidthInteger {
    for row in 0..<count { target[row] = Target(truncatingIfNeeded: source[row]) }
}
