// What is asked of lists: how many elements, whether and where a value is among them.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

enum ListMeasures {
    static let rows = [
        lengthRow(
            "array_length", [], "Counts the elements of an array.",
            [("array_length([1, NULL, 3])", "3"), ("array_length(NULL)", "NULL")]),
        lengthRow(
            "map_size", [], "Counts the entries of a map.", [("map_size(map{'a': 1})", "1")]),
        lengthRow(
            "cardinality", ["size"], "Counts the elements of an array or the entries of a map.",
            [("cardinality([1, 2])", "2"), ("size(map{1: 2})", "1")]),
        ScalarFunction(
            "array_contains", summary: "Tells whether a value is among the elements of an array.",
            examples: [
                ("array_contains([1, 2], 2)", "1"), ("array_contains([1, NULL], NULL)", "1"),
            ], nullHandling: .handled,
            comparesValues: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.arrayAndElement("array_contains", returns: .boolean)
            },
            evaluate: { invocation throws(StarlingError) in
                let places = positions(invocation)
                var result = Vector(zeroed: .int8, count: invocation.count)
                let (source, target) = (
                    places.pointer(to: Int32.self), result.pointer(to: UInt8.self)
                )
                for row in 0..<invocation.count { target[row] = source[row] > 0 ? 1 : 0 }
                result.validity = places.validity
                return result
            }),
        ScalarFunction(
            "array_position",
            summary: "Gives the number of the first element that equals a value, 0 for none.",
            examples: [("array_position(['a', 'b', 'b'], 'b')", "2")], nullHandling: .handled,
            comparesValues: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.arrayAndElement("array_position", returns: .int)
            },
            evaluate: { invocation throws(StarlingError) in positions(invocation) }),
    ]

    private static func lengthRow(
        _ name: String, _ aliases: [String], _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, aliases: aliases, summary: summary, examples: examples,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: name)
                let type = arguments.types[0]
                switch type {
                case .array where name != "map_size", .map where name != "array_length":
                    return FunctionSignature([type], returns: .int)
                case .null: return FunctionSignature([.array(.null)], returns: .int)
                default:
                    throw arguments.mismatch(
                        0, of: name, expected: name == "map_size" ? "a map" : "an array")
                }
            },
            evaluate: { invocation throws(StarlingError) in
                let lists = invocation.arguments[0]
                let count = lists.isConstant ? 1 : lists.count
                var result = Vector(uninitialized: .int32, count: count)
                let (ranges, lengths) = (
                    lists.pointer(to: ListRange.self), result.pointer(to: Int32.self)
                )
                for row in 0..<count {
                    lengths[row] = Int32(truncatingIfNeeded: ranges[row].count)
                }
                if lists.isConstant { result.makeConstant(count: lists.count) }
                return result
            })
    }

    /// Finds the number of the first element that equals the second argument, NULL equal to NULL.
    private static func positions(_ invocation: FunctionInvocation) -> Vector {
        let elements = ListElements(invocation.arguments[0])
        let isEqual = nestedCompare(
            .nullSafeEqual, elements.parts[0], elements.spread(invocation.arguments[1])
        ).flattened()
        let flags = isEqual.pointer(to: UInt8.self)
        var result = Vector(zeroed: .int32, count: invocation.count)
        let target = result.pointer(to: Int32.self)
        for row in 0..<invocation.count {
            let start = Int(elements.ranges[row].offset)
            for place in 0..<Int(elements.ranges[row].count)
            where isEqual.isValid(start + place) && flags[start + place] & 1 != 0 {
                target[row] = Int32(truncatingIfNeeded: place + 1)
                break
            }
        }
        result.validity = elements.lists.validity
        return result
    }
}

/// Compares values that may be nested.
func nestedCompare(_ comparison: ComparisonOperator, _ left: Vector, _ right: Vector) -> Vector {
    guard left.physicalType == .list || left.physicalType == .structure else {
        return compare(comparison, left, right)
    }
    return compare(comparison, packed(left, asKey: true), packed(right, asKey: true))
}

extension ArgumentList {
    /// Gives the types of a function of an array and a value like its elements, in the type that
    /// `unite` finds for both.
    func arrayAndElement(
        _ name: String, returns result: LogicalType,
        unite: (LogicalType, LogicalType) -> LogicalType? = LogicalType.comparisonType
    ) throws(StarlingError) -> FunctionSignature {
        try expectCount(2...2, of: name)
        let element: LogicalType
        switch types[0] {
        case .array(let type): element = type
        case .null: element = .null
        default: throw mismatch(0, of: name, expected: "an array")
        }
        guard let common = unite(element, types[1]) else {
            throw mismatch(1, of: name, expected: "\(element)")
        }
        return FunctionSignature([.array(common), common], returns: result)
    }
}
