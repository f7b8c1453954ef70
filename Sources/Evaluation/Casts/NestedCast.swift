// CAST between nested types: the elements and the fields are converted, the lists stay.

import StarlingErrors
import StarlingFunctions
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Converts nested values to another nested type of the same form.
func castNested(
    _ vector: Vector, from source: LogicalType, to target: LogicalType
) throws(StarlingError) -> Vector {
    if source == target { return vector }
    let parts = vector.children?.vectors ?? []
    let (from, into) = (source.elementTypes, target.elementTypes)
    guard parts.count == from.count, from.count == into.count else {
        throw StarlingError(.unsupported, "CAST from \(source) to \(target)")
    }
    var converted: [Vector] = []
    for (position, part) in parts.enumerated() {
        converted.append(try castElements(part, from: from[position], to: into[position]))
    }
    var result = vector
    result.children = NestedVectors(converted)
    if case .map(let key, _) = source, case .map(let other, _) = target, key != other {
        // Keys that were different may have become equal.
        if result.isConstant {
            var one = result
            one.count = 1
            one = withDistinctKeys(one.flattened())
            one.encoding = .constant
            one.count = result.count
            return one
        }
        return withDistinctKeys(result)
    }
    return result
}

private func castElements(
    _ vector: Vector, from source: LogicalType, to target: LogicalType
) throws(StarlingError) -> Vector {
    if source == target { return vector }
    if source == .null {
        return .allNull(as: target, target.widestPhysicalType, count: vector.count)
    }
    if source.isNested, target.isNested {
        return try castNested(vector, from: source, to: target)
    }
    let conversion = Conversion(
        source: source, target: target, sourceBounds: nil,
        physicalType: target.widestPhysicalType)
    return try conversion.convert(vector)
}
