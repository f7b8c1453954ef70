// CAST between nested types: the elements and the fields are converted, the lists stay.

import StarlingErrors
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

extension LogicalType {
    /// The types of the vectors that a nested vector has inside.
    var elementTypes: [LogicalType] {
        switch self {
        case .array(let element): [element]
        case .map(let key, let value): [key, value]
        case .structure(let fields): fields.map(\.type)
        default: []
        }
    }

    /// True where values of both types have the same form: lists of lists, as many fields.
    func hasForm(of other: LogicalType) -> Bool {
        switch (self, other) {
        case (.array, .array), (.map, .map), (.structure, .structure):
            let (own, others) = (elementTypes, other.elementTypes)
            return own.count == others.count && zip(own, others).allSatisfy { $0.hasForm(of: $1) }
        case (.null, _), (.json, _), (.varchar, _), (.char, _): return true
        default: return !isNested && !other.isNested || other.widestPhysicalType == .string
        }
    }
}
