// The loops of functions whose second argument is a regular expression. A bad pattern is an error,
// also where it comes from a row.

import StarlingErrors
import StarlingPatterns
import StarlingTypes
import StarlingVectors

/// Computes a string from a row and its pattern.
protocol PatternText: Sendable {
    /// Appends the result's bytes, or returns false for NULL.
    func write(
        _ pattern: RegularExpression, _ arguments: TextArguments, _ row: Int,
        _ places: inout [Int64], to output: inout [UInt8]
    ) -> Bool
}

/// Computes a number from a row and its pattern.
protocol PatternMeasure: Sendable {
    associatedtype Output: BitwiseCopyable
    func measure(
        _ pattern: RegularExpression, _ arguments: TextArguments, _ row: Int,
        _ places: inout [Int64]
    ) -> Output?
}

/// Computes pieces of a row's text from it and its pattern.
protocol PatternPieces: Sendable {
    func findPieces(
        _ pattern: RegularExpression, _ text: Bytes, _ arguments: TextArguments, _ row: Int,
        _ places: inout [Int64], into pieces: inout [Range<Int>])
}

@inline(never)
func writtenText<Operation: PatternText>(
    _ operation: Operation, _ function: String, _ invocation: FunctionInvocation
) throws(StarlingError) -> Vector {
    let isConstant = invocation.arguments.allSatisfy(\.isConstant)
    let count = isConstant ? 1 : invocation.count
    let valid = RowsWithValues(invocation.arguments, count: count)
    let arguments = TextArguments(invocation.arguments)
    var patterns = try RowPatterns(invocation.arguments[1], function: function)
    let heap = StringHeap()
    var result = Vector(zeroed: .string, count: count)
    let output = result.pointer(to: StringReference.self)
    var bytes: [UInt8] = []
    var places: [Int64] = []
    var room = HeapRoom()
    for row in 0..<count where valid.contains(row) {
        try room.expect(for: heap, of: invocation)
        bytes.removeAll(keepingCapacity: true)
        if operation.write(try patterns.pattern(row), arguments, row, &places, to: &bytes) {
            output[row] = heap.add(bytes)
        } else {
            result.setNull(row)
        }
    }
    result.owner = heap
    withExtendedLifetime(invocation) {}
    if isConstant { result.makeConstant(count: invocation.count) }
    return result
}

@inline(never)
func measured<Operation: PatternMeasure>(
    _ operation: Operation, _ function: String, _ invocation: FunctionInvocation,
    as type: PhysicalType
) throws(StarlingError) -> Vector {
    let isConstant = invocation.arguments.allSatisfy(\.isConstant)
    let count = isConstant ? 1 : invocation.count
    let valid = RowsWithValues(invocation.arguments, count: count)
    let arguments = TextArguments(invocation.arguments)
    var patterns = try RowPatterns(invocation.arguments[1], function: function)
    var result = Vector(zeroed: type, count: count)
    let output = result.pointer(to: Operation.Output.self)
    var places: [Int64] = []
    for row in 0..<count where valid.contains(row) {
        let pattern = try patterns.pattern(row)
        if let value = operation.measure(pattern, arguments, row, &places) {
            output[row] = value
        } else {
            result.setNull(row)
        }
    }
    withExtendedLifetime(invocation) {}
    if isConstant { result.makeConstant(count: invocation.count) }
    return result
}

/// Makes an array of the pieces of each row; they keep pointing into the text.
@inline(never)
func pieces<Operation: PatternPieces>(
    _ operation: Operation, _ function: String, _ invocation: FunctionInvocation
) throws(StarlingError) -> Vector {
    let isConstant = invocation.arguments.allSatisfy(\.isConstant)
    let count = isConstant ? 1 : invocation.count
    let valid = RowsWithValues(invocation.arguments, count: count)
    let arguments = TextArguments(invocation.arguments)
    var patterns = try RowPatterns(invocation.arguments[1], function: function)
    var builder = TextListBuilder(count: count)
    var ranges: [Range<Int>] = []
    var places: [Int64] = []
    for row in 0..<count {
        guard valid.contains(row) else {
            builder.addNull()
            continue
        }
        let pattern = try patterns.pattern(row)
        ranges.removeAll(keepingCapacity: true)
        arguments.first.text(row).withBytes { text in
            operation.findPieces(pattern, text, arguments, row, &places, into: &ranges)
            for range in ranges { builder.add(text, range) }
        }
        builder.finishRow()
    }
    withExtendedLifetime(invocation) {}
    var result = builder.finish(owner: invocation.arguments[0].owner)
    if isConstant { result.makeConstant(count: invocation.count) }
    return result
}
