// The loops of scalar functions over one argument. Arguments are flat or constant; a constant
// gives a constant.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Computes a value from one value; defined for all values.
protocol UnaryOperation: Sendable {
    associatedtype Input: BitwiseCopyable
    associatedtype Output: BitwiseCopyable
    func apply(_ value: Input) -> Output
}

/// Computes a value from one value, or NULL for some.
protocol PartialUnaryOperation: Sendable {
    associatedtype Input: BitwiseCopyable
    associatedtype Output: BitwiseCopyable
    func apply(_ value: Input) -> Output?
}

@inline(never)
func mapped<Operation: UnaryOperation>(
    _ operation: Operation, _ argument: Vector, to type: PhysicalType
) -> Vector {
    let count = argument.isConstant ? 1 : argument.count
    var result = Vector(uninitialized: type, count: count)
    let input = argument.pointer(to: Operation.Input.self)
    let output = result.pointer(to: Operation.Output.self)
    for row in 0..<count { output[row] = operation.apply(input[row]) }
    withExtendedLifetime(argument) {}
    if argument.isConstant { result.makeConstant(count: argument.count) }
    return result
}

@inline(never)
func mapped<Operation: PartialUnaryOperation>(
    _ operation: Operation, _ argument: Vector, to type: PhysicalType
) -> Vector {
    let count = argument.isConstant ? 1 : argument.count
    var result = Vector(zeroed: type, count: count)
    let input = argument.pointer(to: Operation.Input.self)
    let output = result.pointer(to: Operation.Output.self)
    for row in 0..<count where argument.isValid(row) {
        if let value = operation.apply(input[row]) {
            output[row] = value
        } else {
            result.setNull(row)
        }
    }
    if argument.isConstant { result.makeConstant(count: argument.count) }
    return result
}

extension Vector {
    /// Makes a flat vector of zero bytes.
    init(zeroed type: PhysicalType, count: Int) {
        self.init(uninitialized: type, count: count)
        buffer.baseAddress.initializeMemory(as: UInt8.self, repeating: 0, count: buffer.byteCount)
    }

    /// Turns a flat vector of one value into a constant of `count` rows.
    mutating func makeConstant(count: Int) {
        encoding = .constant
        self.count = count
    }

    /// Marks a row of a vector that is still being made as NULL.
    mutating func setNull(_ row: Int) {
        if validity == nil { validity = Validity(count: count, allValid: true) }
        validity.unsafelyUnwrapped.setNull(row)
    }

    /// Makes a constant NULL.
    static func constantNull(_ type: PhysicalType, count: Int) -> Vector {
        Vector(constant: .null, type, count: count)
    }
}
