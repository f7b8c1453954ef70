// The loops of functions that give strings. A function writes each row's bytes into one buffer
// that is used again; the heap of the result keeps a copy where they don't fit a reference.

import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Views up to four arguments row by row, flat or constant.
struct TextArguments {
    let first: DecodedVector
    let second: DecodedVector
    let third: DecodedVector
    let fourth: DecodedVector
    let count: Int

    init(_ vectors: [Vector]) {
        first = DecodedVector(vectors[0])
        second = DecodedVector(vectors[vectors.count > 1 ? 1 : 0])
        third = DecodedVector(vectors[vectors.count > 2 ? 2 : 0])
        fourth = DecodedVector(vectors[vectors.count > 3 ? 3 : 0])
        count = vectors.count
    }
}

extension DecodedVector {
    @inline(__always)
    func text(_ row: Int) -> StringReference { value(row, as: StringReference.self) }

    /// Reads a BIGINT argument.
    @inline(__always)
    func number(_ row: Int) -> Int { Int(value(row, as: Int64.self)) }
}

/// Computes a string from a row of arguments, all of them valid.
protocol TextOperation: Sendable {
    /// Appends the result's bytes, or returns false for NULL.
    func write(_ arguments: TextArguments, _ row: Int, to output: inout [UInt8]) -> Bool
}

/// Computes a number from a row of arguments, all of them valid.
protocol TextMeasure: Sendable {
    associatedtype Output: BitwiseCopyable
    func measure(_ arguments: TextArguments, _ row: Int) -> Output?
}

/// Knows the rows in which every argument has a value.
struct RowsWithValues {
    /// Nil where these are all rows.
    private let validity: Validity?

    init(_ vectors: [Vector], count: Int) {
        let nullable = vectors.filter { $0.validity != nil }
        if nullable.isEmpty {
            validity = nil
        } else if nullable.count == 1, !nullable[0].isConstant {
            validity = nullable[0].validity
        } else {
            let all = Validity(count: count, allValid: true)
            for vector in nullable {
                for row in 0..<count where !vector.isValid(row) { all.setNull(row) }
            }
            validity = all
        }
    }

    @inline(__always)
    func contains(_ row: Int) -> Bool { validity?.isValid(row) ?? true }
}

@inline(never)
func writtenText<Operation: TextOperation>(
    _ operation: Operation, _ invocation: FunctionInvocation
) throws(StarlingError) -> Vector {
    let isConstant = invocation.arguments.allSatisfy(\.isConstant)
    let count = isConstant ? 1 : invocation.count
    let valid = RowsWithValues(invocation.arguments, count: count)
    let arguments = TextArguments(invocation.arguments)
    let heap = StringHeap()
    var result = Vector(zeroed: .string, count: count)
    let output = result.pointer(to: StringReference.self)
    var bytes: [UInt8] = []
    var room = HeapRoom()
    for row in 0..<count {
        if !valid.contains(row) { continue }
        try room.expect(for: heap, of: invocation)
        bytes.removeAll(keepingCapacity: true)
        if operation.write(arguments, row, to: &bytes) {
            output[row] = heap.add(bytes)
        } else {
            result.setNull(row)
        }
    }
    result.owner = heap
    if isConstant { result.makeConstant(count: invocation.count) }
    return result
}

@inline(never)
func measured<Operation: TextMeasure>(
    _ operation: Operation, _ invocation: FunctionInvocation, as type: PhysicalType
) -> Vector {
    let isConstant = invocation.arguments.allSatisfy(\.isConstant)
    let count = isConstant ? 1 : invocation.count
    let valid = RowsWithValues(invocation.arguments, count: count)
    let arguments = TextArguments(invocation.arguments)
    var result = Vector(zeroed: type, count: count)
    let output = result.pointer(to: Operation.Output.self)
    for row in 0..<count {
        if !valid.contains(row) { continue }
        if let value = operation.measure(arguments, row) {
            output[row] = value
        } else {
            result.setNull(row)
        }
    }
    if isConstant { result.makeConstant(count: invocation.count) }
    return result
}
