// What arrays have in common: array_contains_all(), array_contains_seq(), arrays_overlap(),
// array_intersect(). NULL elements count as values that equal each other.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Views lists by strings of bytes that are equal where the elements are.
struct ElementKeys {
    let elements: ListElements
    private let keys: Vector

    init(_ lists: Vector) {
        elements = ListElements(lists)
        keys = packed(elements.parts[0].flattened(), asKey: true)
    }

    /// Gives the keys of a row's elements; NULL has the empty one.
    func keys(_ row: Int) -> [[UInt8]] {
        let range = elements.ranges[row]
        let texts = keys.pointer(to: StringReference.self)
        return (Int(range.offset)..<(Int(range.offset) + Int(range.count))).map {
            keys.isValid($0) ? texts[$0].bytes : []
        }
    }
}

enum ArraySets {
    static let rows = [
        comparison(
            "array_contains_all", "Tells whether the first array has all elements of the second.",
            [
                ("array_contains_all([1, 2, 3], [1, 2])", "1"),
                ("array_contains_all([1, 2, 3], [1, 4])", "0"),
                ("array_contains_all([1, 2, NULL], [NULL])", "1"),
            ]
        ) { Set($0).isSuperset(of: $1) },
        comparison(
            "array_contains_seq",
            "Tells whether the first array has the elements of the second one behind the other.",
            [
                ("array_contains_seq([1, 2, 3, 4], [1, 2, 3])", "1"),
                ("array_contains_seq([1, 2, 3, 4], [3, 2])", "0"),
                ("array_contains_seq([1, 2, NULL, 3], [2, NULL])", "1"),
            ]
        ) { all, part in
            guard part.count <= all.count else { return false }
            return (0...(all.count - part.count)).contains { start in
                all[start..<(start + part.count)].elementsEqual(part)
            }
        },
        comparison(
            "arrays_overlap", "Tells whether two arrays have an element in common.",
            [
                ("arrays_overlap([11, 9, 3, 2], [NULL, 11])", "1"),
                ("arrays_overlap([9, 3, 2], [NULL, 11])", "0"),
            ]
        ) { !Set($0).isDisjoint(with: $1) },
        ScalarFunction(
            "array_intersect", summary: "Gives the elements that all arrays have, each once.",
            examples: [
                ("array_intersect(['SQL', 'storage'], ['query', 'SQL'], ['SQL'])", "[\"SQL\"]"),
                ("array_intersect([1, NULL, 2], [3, NULL])", "[null]"),
            ],
            comparesValues: true,
            resolve: { arguments throws(StarlingError) in
                let type = try arguments.commonArray("array_intersect", 1...(.max))
                return FunctionSignature(arguments.types.map { _ in type }, returns: type)
            },
            evaluate: { invocation throws(StarlingError) in intersection(invocation) }),
    ]

    private static func comparison(
        _ name: String, _ summary: String, _ examples: [(expression: String, result: String)],
        _ test: @escaping @Sendable ([[UInt8]], [[UInt8]]) -> Bool
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples,
            comparesValues: true,
            resolve: { arguments throws(StarlingError) in
                let type = try arguments.commonArray(name, 2...2)
                return FunctionSignature([type, type], returns: .boolean)
            },
            evaluate: { invocation throws(StarlingError) in
                let left = ElementKeys(invocation.arguments[0])
                let right = ElementKeys(invocation.arguments[1])
                let valid = RowsWithValues(invocation.arguments, count: invocation.count)
                let result = Vector(zeroed: .int8, count: invocation.count)
                let output = result.pointer(to: Int8.self)
                for row in 0..<invocation.count where valid.contains(row) {
                    output[row] = test(left.keys(row), right.keys(row)) ? 1 : 0
                }
                return result
            })
    }

    private static func intersection(_ invocation: FunctionInvocation) -> Vector {
        let first = ElementKeys(invocation.arguments[0])
        let others = invocation.arguments.dropFirst().map { ElementKeys($0) }
        let mask = Vector(zeroed: .int8, count: first.elements.count)
        let flags = mask.pointer(to: UInt8.self)
        for row in 0..<invocation.count {
            let sets = others.map { Set($0.keys(row)) }
            var seen = Set<[UInt8]>()
            let start = Int(first.elements.ranges[row].offset)
            for (place, key) in first.keys(row).enumerated()
            where sets.allSatisfy({ $0.contains(key) }) && seen.insert(key).inserted {
                flags[start + place] = 1
            }
        }
        return first.elements.filtered(by: mask)
    }
}

extension ArgumentList {
    /// Finds the array type that all arguments convert to.
    func commonArray(
        _ name: String, _ counts: ClosedRange<Int>
    ) throws(StarlingError) -> LogicalType {
        try expectCount(counts, of: name)
        for position in types.indices { _ = try element(position, name) }
        let type = try Conditions.common(self, from: 0, name)
        return type == .null ? .array(.null) : type
    }
}
