// value_count(): how many values a nested value has inside, at any depth. INSERT compares the
// counts before and after a conversion to know whether one of them was lost.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Counts the plain values in each row of a flat vector.
private func counts(_ vector: Vector, _ type: LogicalType) -> [Int64] {
    var result = [Int64](repeating: 0, count: vector.count)
    switch type {
    case .array(let element):
        add([element], of: ListElements(vector), to: &result)
    case .map(let key, let value):
        add([key, value], of: ListElements(vector), to: &result)
    case .structure(let fields):
        for (field, part) in zip(fields, vector.children?.vectors ?? []) {
            let inside = counts(part.flattened(), field.type)
            for row in result.indices where vector.isValid(row) { result[row] += inside[row] }
        }
    default:
        for row in result.indices where vector.isValid(row) { result[row] = 1 }
    }
    return result
}

/// Adds up what the elements of lists have inside.
private func add(_ types: [LogicalType], of lists: ListElements, to result: inout [Int64]) {
    for (type, part) in zip(types, lists.parts) {
        let inside = counts(part.flattened(), type)
        for row in result.indices where lists.lists.isValid(row) {
            let start = Int(lists.ranges[row].offset)
            for place in start..<(start + Int(lists.ranges[row].count)) {
                result[row] += inside[place]
            }
        }
    }
}

enum ValueCounts {
    static let rows = [
        ScalarFunction(
            "value_count",
            summary: "Counts the plain values inside of an array, map or structure, NULL apart.",
            examples: [
                ("value_count([1, NULL, 3])", "2"), ("value_count(map{'a': [1, 2]})", "3"),
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "value_count")
                return FunctionSignature(arguments.types, returns: .bigint)
            },
            evaluate: { invocation throws(StarlingError) in
                let type = invocation.signature.argumentTypes[0]
                let all = counts(invocation.arguments[0].flattened(), type)
                let vector = Vector(uninitialized: .int64, count: all.count)
                vector.pointer(to: Int64.self).update(from: all, count: all.count)
                return vector.withIntegerLayout(invocation.resultPhysicalType)
            })
    ]
}
