// Compares strings by their references: two words decide equality of short ones, the prefix
// decides most orders. Rows that are NULL are passed over, for what lies there may be no string.

import StarlingMemory
import StarlingTypes
import StarlingVectors

func compareStrings<Operation: ComparisonOperation>(
    _ operation: Operation.Type, _ left: Vector, _ right: Vector,
    into mask: UnsafeMutablePointer<UInt8>
) {
    let count = left.count
    let (a, b) = (
        left.pointer(to: StringReference.self), right.pointer(to: StringReference.self)
    )
    let isEquality = operation.accepts(order: -1) == operation.accepts(order: 1)
    if isEquality, right.isConstant, b[0].isInline {
        equalsShort(a, b[0], count, isNegated: operation.accepts(order: 1), into: mask)
        return
    }
    if isEquality, left.isConstant, a[0].isInline {
        equalsShort(b, a[0], count, isNegated: operation.accepts(order: 1), into: mask)
        return
    }
    if isEquality, right.isConstant != left.isConstant {
        let (column, constant) = right.isConstant ? (left, b[0]) : (right, a[0])
        equalsLong(
            column.pointer(), constant, column.validity, count,
            isNegated: operation.accepts(order: 1), into: mask)
        return
    }
    let leftStep = left.isConstant ? 0 : 1
    let rightStep = right.isConstant ? 0 : 1
    let (leftValidity, rightValidity) = (left.rowValidity(), right.rowValidity())
    for row in 0..<count {
        if !(leftValidity?.isValid(row) ?? true) || !(rightValidity?.isValid(row) ?? true) {
            mask[row] = 0
            continue
        }
        let (x, y) = (a[row &* leftStep], b[row &* rightStep])
        if isEquality {
            mask[row] = operation.accepts(order: x == y ? 0 : 1) ? 1 : 0
        } else {
            mask[row] = operation.accepts(order: orderOf(x, y)) ? 1 : 0
        }
    }
}

@inline(__always)
func orderOf(_ left: StringReference, _ right: StringReference) -> Int {
    let leftPrefix = UInt32(truncatingIfNeeded: left.head &>> 32).byteSwapped
    let rightPrefix = UInt32(truncatingIfNeeded: right.head &>> 32).byteSwapped
    if leftPrefix != rightPrefix { return leftPrefix < rightPrefix ? -1 : 1 }
    return StringReference.compareInFull(left, right)
}

/// Compares with a string that lies in its reference: equal words are equal strings.
private func equalsShort(
    _ values: UnsafePointer<StringReference>, _ constant: StringReference, _ count: Int,
    isNegated: Bool, into mask: UnsafeMutablePointer<UInt8>
) {
    let flip: UInt8 = isNegated ? 1 : 0
    let words = UnsafeRawPointer(values).assumingMemoryBound(to: UInt64.self)
    let (head, tail) = (constant.head, constant.tail)
    for row in 0..<count {
        let difference = (words[2 &* row] ^ head) | (words[2 &* row &+ 1] ^ tail)
        mask[row] = (difference == 0 ? 1 : 0) ^ flip
    }
}

/// Compares with a longer string: the bytes are looked at only where length and prefix agree.
private func equalsLong(
    _ values: UnsafePointer<StringReference>, _ constant: StringReference,
    _ validity: Validity?, _ count: Int, isNegated: Bool, into mask: UnsafeMutablePointer<UInt8>
) {
    let flip: UInt8 = isNegated ? 1 : 0
    let head = constant.head
    for row in 0..<count {
        var isEqual = false
        if values[row].head == head, validity?.isValid(row) ?? true {
            isEqual = bytesAreEqual(values[row].address, constant.address, constant.count)
        }
        mask[row] = (isEqual ? 1 : 0) ^ flip
    }
}
