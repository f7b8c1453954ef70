// Arrays side by side: one as the condition or the order of another, arrays_zip(), and distances
// of arrays of numbers.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

enum ArrayPairs {
    static let rows = [
        ScalarFunction(
            "array_filter", aliases: ["filter"],
            summary: "Keeps the elements where a second array, or a lambda, is true.",
            examples: [
                ("array_filter([1, 2, 3], [NULL, true, false])", "[2]"),
                ("array_filter(x -> x > 1, [1, 2, 3])", "[2,3]"),
            ], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "array_filter")
                let element = try arguments.element(0, "array_filter")
                _ = try arguments.element(1, "array_filter")
                return FunctionSignature(
                    [.array(element), .array(.boolean)], returns: .array(element))
            },
            evaluate: { invocation throws(StarlingError) in filtered(invocation) }),
        ScalarFunction(
            "map_filter", summary: "Keeps the entries where an array, or a lambda, is true.",
            examples: [
                ("map_filter(map{'a': 1, 'b': 2}, [false, true])", "{\"b\":2}"),
                ("map_filter((k, v) -> v > 1, map{'a': 1, 'b': 2})", "{\"b\":2}"),
            ], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "map_filter")
                guard case .map = arguments.types[0] else {
                    throw arguments.mismatch(0, of: "map_filter", expected: "a map")
                }
                _ = try arguments.element(1, "map_filter")
                return FunctionSignature(
                    [arguments.types[0], .array(.boolean)], returns: arguments.types[0])
            },
            evaluate: { invocation throws(StarlingError) in filtered(invocation) }),
        ScalarFunction(
            "array_sortby", aliases: ["array_sortby_multi"],
            summary: "Orders the elements of an array by those of others, or by a lambda.",
            examples: [
                ("array_sortby([3, 1, 4], [7, 5, 6])", "[1,4,3]"),
                ("array_sortby([1, 2, 3], ['b', 'a', 'a'], [1, 9, 8])", "[3,2,1]"),
                ("array_sortby(x -> -x, [1, 3, 2])", "[3,2,1]"),
            ], nullHandling: .handled,
            comparesValues: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...(.max), of: "array_sortby")
                let types = try arguments.types.indices.map {
                    (position) throws(StarlingError) -> LogicalType in
                    .array(try arguments.element(position, "array_sortby"))
                }
                return FunctionSignature(types, returns: types[0])
            },
            evaluate: { invocation throws(StarlingError) in try sorted(invocation) }),
        ScalarFunction(
            "arrays_zip", aliases: ["zip"],
            summary: "Makes an array of structures of the elements at each place; missing ones are "
                + "NULL.",
            examples: [
                (
                    "arrays_zip([1, 2], ['a'])",
                    "[{\"col1\":1,\"col2\":\"a\"},{\"col1\":2,\"col2\":null}]"
                )
            ],
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...(.max), of: "arrays_zip")
                let elements = try arguments.types.indices.map {
                    (position) throws(StarlingError) -> LogicalType in
                    try arguments.element(position, "arrays_zip")
                }
                let fields = elements.enumerated().map {
                    StructureField(name: "col\($0.offset + 1)", type: $0.element)
                }
                return FunctionSignature(
                    elements.map { .array($0) }, returns: .array(.structure(fields)))
            },
            evaluate: { invocation throws(StarlingError) in zipped(invocation) }),
    ]

    private static func filtered(_ invocation: FunctionInvocation) -> Vector {
        let elements = ListElements(invocation.arguments[0])
        let conditions = ListElements(invocation.arguments[1])
        let truths = conditions.parts[0].flattened()
        let values = truths.pointer(to: Int8.self)
        let mask = Vector(zeroed: .int8, count: elements.count)
        let flags = mask.pointer(to: UInt8.self)
        for row in 0..<invocation.count where conditions.lists.isValid(row) {
            let (range, other) = (elements.ranges[row], conditions.ranges[row])
            for place in 0..<Int(min(range.count, other.count)) {
                let condition = Int(other.offset) + place
                if truths.isValid(condition), values[condition] != 0 {
                    flags[Int(range.offset) + place] = 1
                }
            }
        }
        return elements.filtered(by: mask)
    }

    private static func sorted(_ invocation: FunctionInvocation) throws(StarlingError) -> Vector {
        let elements = ListElements(invocation.arguments[0])
        let orders = invocation.arguments.dropFirst().map { ElementOrder($0) }
        let buffer = Buffer(byteCount: max(4, elements.count * 4))
        let places = buffer.pointer(to: UInt32.self)
        for row in 0..<invocation.count {
            let range = elements.ranges[row]
            let start = Int(range.offset)
            var order = Array(0..<Int(range.count))
            // A NULL in an array's place leaves the order to the others.
            let keys = orders.filter { $0.elements.lists.isValid(row) }
            for key in keys where key.elements.ranges[row].count != range.count {
                guard elements.lists.isValid(row) else { break }
                throw StarlingError(
                    .data,
                    "array_sortby() has \(range.count) elements to order by "
                        + "\(key.elements.ranges[row].count)")
            }
            if elements.lists.isValid(row) {
                order.sort { left, right in
                    for key in keys {
                        let comparison = key.compare(row, left, right)
                        if comparison != 0 { return comparison < 0 }
                    }
                    return left < right
                }
            }
            for (index, place) in order.enumerated() {
                places[start + index] = UInt32(truncatingIfNeeded: start + place)
            }
        }
        let result = elements.replacing([
            elements.parts[0].gathered(by: UnsafePointer(places), count: elements.count)
        ])
        withExtendedLifetime(buffer) {}
        return result
    }

    private static func zipped(_ invocation: FunctionInvocation) -> Vector {
        let lists = invocation.arguments.map { ListElements($0) }
        let valid = RowsWithValues(invocation.arguments, count: invocation.count)
        let result = Vector(uninitialized: .list, count: invocation.count)
        let ranges = result.pointer(to: ListRange.self)
        var total = 0
        for row in 0..<invocation.count {
            let longest = valid.contains(row) ? lists.map { $0.ranges[row].count }.max() ?? 0 : 0
            ranges[row] = ListRange(offset: UInt32(truncatingIfNeeded: total), count: longest)
            total += Int(longest)
        }
        let buffer = Buffer(byteCount: max(4, total * 4))
        let places = buffer.pointer(to: UInt32.self)
        var fields: [Vector] = []
        for list in lists {
            for row in 0..<invocation.count {
                let (target, source) = (ranges[row], list.ranges[row])
                for index in 0..<target.count {
                    places[Int(target.offset + index)] =
                        index < source.count ? source.offset + index : missingIndex
                }
            }
            fields.append(list.parts[0].gatheredOrNull(by: UnsafePointer(places), count: total))
        }
        var structures = Vector(.structure, count: total, buffer: Buffer(byteCount: 8))
        structures.children = NestedVectors(fields)
        var zipped = result
        zipped.children = NestedVectors([structures])
        withExtendedLifetime(buffer) {}
        return zipped
    }
}

/// Orders the elements of one list, NULL first.
private struct ElementOrder {
    let elements: ListElements
    private let keys: Vector

    init(_ lists: Vector) {
        elements = ListElements(lists)
        keys = packed(elements.parts[0].flattened(), asKey: true)
    }

    func compare(_ row: Int, _ left: Int, _ right: Int) -> Int {
        let start = Int(elements.ranges[row].offset)
        let (isFirst, isSecond) = (keys.isValid(start + left), keys.isValid(start + right))
        guard isFirst, isSecond else { return isFirst == isSecond ? 0 : isSecond ? -1 : 1 }
        let texts = keys.pointer(to: StringReference.self)
        let (a, b) = (texts[start + left], texts[start + right])
        return a == b ? 0 : a < b ? -1 : 1
    }
}
