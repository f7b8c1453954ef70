// Compares two vectors of one kind (integers of any widths, floating-point numbers, strings) row
// by row into a boolean vector.

import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Compares the rows of two vectors; a constant side is compared with every row.
package func compare(
    _ comparison: ComparisonOperator, _ left: Vector, _ right: Vector
) -> Vector {
    let count = left.count
    if comparison == .nullSafeEqual { return compareNullSafely(left, right) }
    if left.isConstantNull || right.isConstantNull { return .allNull(.int8, count: count) }
    switch comparison {
    case .greater, .greaterOrEqual: return compare(comparison.mirrored, right, left)
    default: break
    }
    if left.isConstant, right.isConstant {
        var one = compareRows(comparison, left.firstRow(), right.firstRow())
        one.encoding = .constant
        one.count = count
        return one
    }
    var result = compareRows(comparison, left, right)
    result.validity = Validity.intersection(
        left.rowValidity(), right.rowValidity(), count: count)
    return result
}

extension Vector {
    /// The one row of a constant, as a flat vector.
    func firstRow() -> Vector {
        var row = self
        row.encoding = .flat
        row.count = 1
        return row
    }
}

private func compareNullSafely(_ left: Vector, _ right: Vector) -> Vector {
    let bothNull = left.nullMask().combined(.and, right.nullMask())
    if left.isConstantNull || right.isConstantNull { return bothNull }
    var equal = compare(.equal, left, right)
    guard equal.validity != nil else { return equal }
    // A NULL on one side only is "not equal", which the missing validity bit stands for here.
    let known = equal.nullMask().negatedTruth()
    equal.validity = nil
    return equal.combined(.and, known).combined(.or, bothNull)
}

/// Compares values, whatever lies under NULLs.
private func compareRows(
    _ comparison: ComparisonOperator, _ left: Vector, _ right: Vector
) -> Vector {
    switch comparison {
    case .equal, .nullSafeEqual: compareRows(EqualOperation.self, left, right)
    case .notEqual: compareRows(NotEqualOperation.self, left, right)
    case .less: compareRows(LessOperation.self, left, right)
    case .lessOrEqual: compareRows(LessOrEqualOperation.self, left, right)
    case .greater: compareRows(LessOperation.self, right, left)
    case .greaterOrEqual: compareRows(LessOrEqualOperation.self, right, left)
    }
}

private func compareRows<Operation: ComparisonOperation>(
    _ operation: Operation.Type, _ left: Vector, _ right: Vector
) -> Vector {
    let (left, right) = (left.decodedForLoops(), right.decodedForLoops())
    let result = Vector(uninitialized: .int8, count: left.count)
    if left.physicalType == .string {
        precondition(right.physicalType == .string)
        compareStrings(operation, left, right, into: result.pointer(to: UInt8.self))
        return result
    }
    if left.physicalType.isFloating || right.physicalType.isFloating {
        let type = left.physicalType == right.physicalType ? left.physicalType : .float64
        let sides = (left.convertedToFloating(type), right.convertedToFloating(type))
        type.visitFloat(
            CompareFloats<Operation>(left: sides.0, right: sides.1, result: result))
        return result
    }
    if let decided = compareOutOfRange(operation, left, right) { return decided }
    let type = commonLayout(left, right)
    let sides = (left.withIntegerLayout(type), right.withIntegerLayout(type))
    type.visitInteger(
        CompareIntegers<Operation>(left: sides.0, right: sides.1, result: result))
    return result
}

/// Chooses the layout to compare in: that of the column where the other side is a constant.
private func commonLayout(_ left: Vector, _ right: Vector) -> PhysicalType {
    if left.isConstant != right.isConstant {
        return left.isConstant ? right.physicalType : left.physicalType
    }
    return left.physicalType.rawValue >= right.physicalType.rawValue
        ? left.physicalType : right.physicalType
}

/// Decides all rows at once where a constant lies outside of what the column's layout holds.
private func compareOutOfRange<Operation: ComparisonOperation>(
    _ operation: Operation.Type, _ left: Vector, _ right: Vector
) -> Vector? {
    guard left.isConstant != right.isConstant else { return nil }
    let (constant, column) = left.isConstant ? (left, right) : (right, left)
    guard let value = constant.value(at: 0).integer, let range = column.physicalType.integerBounds,
        !range.contains(value)
    else { return nil }
    // How a value of the column orders against the constant, turned round where it is on the left.
    let order = (value > range.high) != left.isConstant ? -1 : 1
    return Vector(
        constant: .boolean(operation.accepts(order: order)), .int8, count: column.count
    ).flattened()
}

private struct CompareIntegers<Operation: ComparisonOperation>: IntegerVisitor {
    let left: Vector
    let right: Vector
    let result: Vector

    @inline(__always)
    func visit<Element: KernelInteger>(_ type: Element.Type) {
        compareLoop(Operation.self, type, left, right, into: result.pointer(to: UInt8.self))
    }
}

private struct CompareFloats<Operation: ComparisonOperation>: FloatVisitor {
    let left: Vector
    let right: Vector
    let result: Vector

    @inline(__always)
    func visit<Element: KernelFloat>(_ type: Element.Type) {
        let mask = result.pointer(to: UInt8.self)
        // A constant that is no NaN compares as the processor does it, NaN being in no order then:
        // on the right it is below NaN, which `<`, `<=` and `=` find false and `<>` true.
        if right.isConstant, !right.pointer(to: type)[0].isNaN {
            compareLoop(Operation.self, type, left, right, into: mask)
        } else {
            compareTotally(Operation.self, type, left, right, into: mask)
        }
    }
}

@inline(__always)
private func compareLoop<Operation: ComparisonOperation, Element: Comparable & BitwiseCopyable>(
    _ operation: Operation.Type, _ type: Element.Type, _ left: Vector, _ right: Vector,
    into mask: UnsafeMutablePointer<UInt8>
) {
    let (a, b) = (left.pointer(to: Element.self), right.pointer(to: Element.self))
    let count = left.count
    if right.isConstant {
        let constant = b[0]
        for row in 0..<count { mask[row] = operation.apply(a[row], constant) ? 1 : 0 }
    } else if left.isConstant {
        let constant = a[0]
        for row in 0..<count { mask[row] = operation.apply(constant, b[row]) ? 1 : 0 }
    } else {
        for row in 0..<count { mask[row] = operation.apply(a[row], b[row]) ? 1 : 0 }
    }
}

@inline(__always)
private func compareTotally<Operation: ComparisonOperation, Element: KernelFloat>(
    _ operation: Operation.Type, _ type: Element.Type, _ left: Vector, _ right: Vector,
    into mask: UnsafeMutablePointer<UInt8>
) {
    let (a, b) = (left.pointer(to: Element.self), right.pointer(to: Element.self))
    let count = left.count
    if right.isConstant {
        let constant = b[0]
        for row in 0..<count { mask[row] = operation.applyTotally(a[row], constant) ? 1 : 0 }
    } else if left.isConstant {
        let constant = a[0]
        for row in 0..<count { mask[row] = operation.applyTotally(constant, b[row]) ? 1 : 0 }
    } else {
        for row in 0..<count { mask[row] = operation.applyTotally(a[row], b[row]) ? 1 : 0 }
    }
}

extension Vector {
    /// Flattens dictionaries and leaves constants.
    func decodedForLoops() -> Vector { dictionary == nil ? self : flattened() }
}
