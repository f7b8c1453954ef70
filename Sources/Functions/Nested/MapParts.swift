// The keys and the values of maps as arrays, and maps from arrays.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

enum MapParts {
    static let rows = [
        part("map_keys", 0, "Gives the keys of a map.", [("map_keys(map{'a': 1})", "[\"a\"]")]),
        part(
            "map_values", 1, "Gives the values of a map, in the order of its keys.",
            [("map_values(map{'a': 1})", "[1]")]),
        ScalarFunction(
            "map_from_arrays",
            summary: "Makes a map of an array of keys and one of values, equally long.",
            examples: [("map_from_arrays(['a', 'b'], [1, 2])", "{\"a\":1,\"b\":2}")],
            nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "map_from_arrays")
                let key = try arguments.element(0, "map_from_arrays")
                let value = try arguments.element(1, "map_from_arrays")
                guard !key.isNested else {
                    throw arguments.mismatch(0, of: "map_from_arrays", expected: "scalar keys")
                }
                return FunctionSignature(
                    [.array(key), .array(value)], returns: .map(key: key, value: value))
            },
            evaluate: { invocation throws(StarlingError) in try maps(invocation) }),
        ScalarFunction(
            "map_entries", summary: "Gives the entries of a map as structures of key and value.",
            examples: [("map_entries(map{'a': 1})", "[{\"key\":\"a\",\"value\":1}]")],
            nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                let (key, value) = try arguments.mapEntries("map_entries")
                let fields = [
                    StructureField(name: "key", type: key),
                    StructureField(name: "value", type: value),
                ]
                return FunctionSignature(
                    [arguments.types[0]], returns: .array(.structure(fields)))
            },
            evaluate: { invocation throws(StarlingError) in
                let entries = ListElements(invocation.arguments[0])
                var structures = Vector(
                    .structure, count: entries.count, buffer: Buffer(byteCount: 8))
                structures.children = NestedVectors(entries.parts)
                return entries.replacing([structures])
            }),
    ]

    private static func maps(_ invocation: FunctionInvocation) throws(StarlingError) -> Vector {
        let keys = ListElements(invocation.arguments[0])
        let values = ListElements(invocation.arguments[1])
        let validity = Validity.intersection(
            keys.lists.validity, values.lists.validity, count: invocation.count)
        var lists = keys.lists
        lists.validity = validity
        for row in 0..<invocation.count where validity?.isValid(row) ?? true {
            guard keys.ranges[row].count == values.ranges[row].count else {
                throw StarlingError(
                    .data,
                    "map_from_arrays() has \(keys.ranges[row].count) keys and "
                        + "\(values.ranges[row].count) values")
            }
        }
        // Rows where only one array is NULL take the other's elements away.
        var both = values.lists
        both.validity = validity
        lists = lists.compacted()
        lists.children = NestedVectors(
            (lists.children?.vectors ?? []) + (both.compacted().children?.vectors ?? []))
        return withDistinctKeys(lists)
    }

    private static func part(
        _ name: String, _ position: Int, _ summary: String,
        _ examples: [(expression: String, result: String)]
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples, nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                let (key, value) = try arguments.mapEntries(name)
                return FunctionSignature(
                    [.map(key: key, value: value)], returns: .array(position == 0 ? key : value))
            },
            evaluate: { invocation throws(StarlingError) in
                var result = invocation.arguments[0]
                let parts = result.children?.vectors ?? []
                result.children = NestedVectors(position < parts.count ? [parts[position]] : [])
                return result
            })
    }
}

extension ArgumentList {
    /// Gives the types of the keys and values of the only argument, a map or NULL.
    func mapEntries(_ name: String) throws(StarlingError) -> (key: LogicalType, value: LogicalType)
    {
        try expectCount(1...1, of: name)
        switch types[0] {
        case .map(let key, let value): return (key, value)
        case .null: return (.null, .null)
        default: throw mismatch(0, of: name, expected: "a map")
        }
    }
}
