// The loops of scalar functions over two arguments, each flat or constant.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Computes a value from two; defined for all values.
protocol BinaryOperation: Sendable {
    associatedtype Left: BitwiseCopyable
    associatedtype Right: BitwiseCopyable
    associatedtype Output: BitwiseCopyable
    func apply(_ left: Left, _ right: Right) -> Output
}

/// Computes a value from two, or NULL for some.
protocol PartialBinaryOperation: Sendable {
    associatedtype Left: BitwiseCopyable
    associatedtype Right: BitwiseCopyable
    associatedtype Output: BitwiseCopyable
    func apply(_ left: Left, _ right: Right) -> Output?
}

@inline(never)
func mapped<Operation: BinaryOperation>(
    _ operation: Operation, _ left: Vector, _ right: Vector, to type: PhysicalType
) -> Vector {
    let isConstant = left.isConstant && right.isConstant
    let count = isConstant ? 1 : left.count
    var result = Vector(uninitialized: type, count: count)
    let leftValues = left.pointer(to: Operation.Left.self)
    let rightValues = right.pointer(to: Operation.Right.self)
    let output = result.pointer(to: Operation.Output.self)
    if right.isConstant {
        let constant = rightValues[0]
        for row in 0..<count { output[row] = operation.apply(leftValues[row], constant) }
    } else if left.isConstant {
        let constant = leftValues[0]
        for row in 0..<count { output[row] = operation.apply(constant, rightValues[row]) }
    } else {
        for row in 0..<count { output[row] = operation.apply(leftValues[row], rightValues[row]) }
    }
    withExtendedLifetime((left, right)) {}
    if isConstant { result.makeConstant(count: left.count) }
    return result
}

@inline(never)
func mapped<Operation: PartialBinaryOperation>(
    _ operation: Operation, _ left: Vector, _ right: Vector, to type: PhysicalType
) -> Vector {
    let isConstant = left.isConstant && right.isConstant
    let count = isConstant ? 1 : left.count
    var result = Vector(zeroed: type, count: count)
    let leftValues = left.pointer(to: Operation.Left.self)
    let rightValues = right.pointer(to: Operation.Right.self)
    let output = result.pointer(to: Operation.Output.self)
    let leftStep = left.isConstant ? 0 : 1
    let rightStep = right.isConstant ? 0 : 1
    for row in 0..<count where left.isValid(row) && right.isValid(row) {
        let value = operation.apply(leftValues[row &* leftStep], rightValues[row &* rightStep])
        if let value {
            output[row] = value
        } else {
            result.setNull(row)
        }
    }
    if isConstant { result.makeConstant(count: left.count) }
    return result
}
