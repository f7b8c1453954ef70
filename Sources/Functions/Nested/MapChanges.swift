// Maps from maps and from entries. Of equal keys the last one counts.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

enum MapChanges {
    static let rows = [
        ScalarFunction(
            "map_concat",
            summary: "Joins maps; of equal keys the last one counts, and NULL maps are left out.",
            examples: [
                ("map_concat(map{'a': 1}, map{'b': 2, 'a': 3})", "{\"b\":2,\"a\":3}"),
                ("map_concat(map{'a': 1}, NULL)", "{\"a\":1}"),
            ], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...(.max), of: "map_concat")
                let type = try Conditions.common(arguments, from: 0, "map_concat")
                guard case .map = type else {
                    throw arguments.mismatch(0, of: "map_concat", expected: "a map")
                }
                return FunctionSignature(arguments.types.map { _ in type }, returns: type)
            },
            evaluate: { invocation throws(StarlingError) in joined(invocation) }),
        ScalarFunction(
            "distinct_map_keys", summary: "Keeps of entries with equal keys the last one.",
            examples: [("distinct_map_keys(map{'a': 1, 'a': 2})", "{\"a\":2}")],
            nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...1, of: "distinct_map_keys")
                guard case .map = arguments.types[0] else {
                    throw arguments.mismatch(0, of: "distinct_map_keys", expected: "a map")
                }
                return FunctionSignature(arguments.types, returns: arguments.types[0])
            },
            evaluate: { invocation throws(StarlingError) in
                withDistinctKeys(invocation.arguments[0])
            }),
        ScalarFunction(
            "map_from_entries",
            summary: "Makes a map of structures of a key and a value; NULL ones are left out.",
            examples: [
                ("map_from_entries([row('a', 1), row('b', 2)])", "{\"a\":1,\"b\":2}")
            ], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                guard case .structure(let fields) = try arguments.element("map_from_entries"),
                    fields.count == 2, !fields[0].type.isNested
                else {
                    throw arguments.mismatch(
                        0, of: "map_from_entries",
                        expected: "an array of structures of a scalar key and a value")
                }
                return FunctionSignature(
                    arguments.types, returns: .map(key: fields[0].type, value: fields[1].type))
            },
            evaluate: { invocation throws(StarlingError) in
                let elements = ListElements(invocation.arguments[0])
                let entries = elements.parts[0].flattened()
                let mask = Vector(zeroed: .int8, count: elements.count)
                for place in 0..<elements.count where entries.isValid(place) {
                    mask.pointer(to: Int8.self)[place] = 1
                }
                let kept = elements.filtered(by: mask)
                var maps = kept
                let parts = kept.children?.vectors.first?.flattened().children?.vectors ?? []
                maps.children = NestedVectors(parts.map { $0.flattened() })
                return withDistinctKeys(maps)
            }),
    ]

    private static func joined(_ invocation: FunctionInvocation) -> Vector {
        let maps = invocation.arguments.map { ListElements($0) }
        var firsts: [Int] = []
        var collectors = (0..<2).map { ColumnCollector(maps[0].parts[$0].physicalType) }
        var total = 0
        for map in maps {
            firsts.append(total)
            total += map.count
            for part in 0..<2 { collectors[part].append(map.parts[part]) }
        }
        var result = Vector(uninitialized: .list, count: invocation.count)
        let ranges = result.pointer(to: ListRange.self)
        let buffer = Buffer(byteCount: max(4, total * 4))
        let places = buffer.pointer(to: UInt32.self)
        var next = 0
        for row in 0..<invocation.count {
            let start = next
            var isNull = true
            for (map, first) in zip(maps, firsts) where map.lists.isValid(row) {
                isNull = false
                for entry in 0..<Int(map.ranges[row].count) {
                    places[next] = UInt32(
                        truncatingIfNeeded: first + Int(map.ranges[row].offset) + entry)
                    next += 1
                }
            }
            if isNull { result.setNull(row) }
            ranges[row] = ListRange(
                offset: UInt32(truncatingIfNeeded: start),
                count: UInt32(truncatingIfNeeded: next - start))
        }
        var parts: [Vector] = []
        for part in 0..<2 {
            parts.append(
                total == 0
                    ? maps[0].parts[part]
                    : collectors[part].finish().gathered(by: UnsafePointer(places), count: next))
        }
        result.children = NestedVectors(parts)
        withExtendedLifetime(buffer) {}
        return withDistinctKeys(result)
    }
}
