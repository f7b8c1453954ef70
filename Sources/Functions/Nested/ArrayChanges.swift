// Arrays from arrays: sorted, without duplicates, cut, joined. NULL arrays give NULL.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

enum ArrayChanges {
    static let rows = [
        row(
            "array_sort",
            "Sorts the elements of an array in ascending order, NULL first, or by a lambda that is "
                + "true, or below 0, where x comes before y.",
            [
                ("array_sort([3, NULL, 1])", "[null,1,3]"),
                ("array_sort([3, -1, -5, 2], (x, y) -> abs(x) < abs(y))", "[-1,2,3,-5]"),
            ]
        ) { elements in
            let places = elements.sortedPlaces(by: elements.parts[0])
            return elements.replacing([
                withExtendedLifetime(places) {
                    elements.parts[0].gathered(
                        by: UnsafePointer(places.pointer(to: UInt32.self)), count: elements.count)
                }
            ])
        },
        row(
            "array_distinct", "Keeps the first of equal elements.",
            [("array_distinct([1, 2, 1, NULL])", "[1,2,null]")]
        ) { elements in elements.filtered(by: firstOccurrences(elements)) },
        ScalarFunction(
            "array_slice",
            summary: "Takes elements from a number on, counted from 1 or, where it is negative, "
                + "from the end; as many as are asked for.",
            examples: [
                ("array_slice([1, 2, 3, 4], 2, 2)", "[2,3]"),
                ("array_slice([1, 2, 3], -2)", "[2,3]"),
            ], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...3, of: "array_slice")
                let element = try arguments.element(0, "array_slice")
                return FunctionSignature(
                    [.array(element)] + arguments.types.dropFirst().map { _ in .bigint },
                    returns: .array(element))
            },
            evaluate: { invocation throws(StarlingError) in sliced(invocation) }),
        ScalarFunction(
            "array_concat", summary: "Joins arrays.",
            examples: [("array_concat([1, 2], [3])", "[1,2,3]")], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                let type = try arguments.commonArray("array_concat", 1...(.max))
                return FunctionSignature(arguments.types.map { _ in type }, returns: type)
            },
            evaluate: { invocation throws(StarlingError) in
                joined(invocation.arguments, count: invocation.count)
            }),
        ScalarFunction(
            "array_append", summary: "Adds an element to the end of an array.",
            examples: [("array_append([1, 2], 3)", "[1,2,3]")], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.arrayAndElement(
                    "array_append", returns: .null, unite: LogicalType.commonType
                ).withArrayResult
            },
            evaluate: { invocation throws(StarlingError) in
                let single = listed(
                    [[invocation.arguments[1].flattened()]], count: invocation.count)
                return joined([invocation.arguments[0], single], count: invocation.count)
            }),
        ScalarFunction(
            "array_remove", summary: "Leaves out the elements that equal a value.",
            examples: [("array_remove([1, 2, 1, NULL], 1)", "[2,null]")], nullHandling: .handled,
            comparesValues: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.arrayAndElement("array_remove", returns: .null).withArrayResult
            },
            evaluate: { invocation throws(StarlingError) in
                let elements = ListElements(invocation.arguments[0])
                let isEqual = nestedCompare(
                    .nullSafeEqual, elements.parts[0], elements.spread(invocation.arguments[1]))
                return elements.filtered(by: isEqual.negatedTruth())
            }),
        ScalarFunction(
            "array_flatten", summary: "Joins the arrays in an array.",
            examples: [("array_flatten([[1], [2, 3], NULL])", "[1,2,3]")], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                guard case .array = try arguments.element("array_flatten") else {
                    throw arguments.mismatch(
                        0, of: "array_flatten", expected: "an array of arrays")
                }
                return FunctionSignature(
                    arguments.types, returns: try arguments.element("array_flatten"))
            },
            evaluate: { invocation throws(StarlingError) in
                flattened(ListElements(invocation.arguments[0]))
            }),
    ]

    private static func row(
        _ name: String, _ summary: String, _ examples: [(expression: String, result: String)],
        _ change: @escaping @Sendable (ListElements) -> Vector
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples, nullHandling: .handled,
            comparesValues: true,
            resolve: { arguments throws(StarlingError) in
                let type = LogicalType.array(try arguments.element(name))
                return FunctionSignature([type], returns: type)
            },
            evaluate: { invocation throws(StarlingError) in
                change(ListElements(invocation.arguments[0]))
            })
    }

    /// Marks the elements that no one before in their list equals.
    static func firstOccurrences(_ elements: ListElements) -> Vector {
        let keys = packed(elements.parts[0].flattened(), asKey: true)
        let texts = keys.pointer(to: StringReference.self)
        let mask = Vector(zeroed: .int8, count: elements.count)
        let flags = mask.pointer(to: UInt8.self)
        for row in 0..<elements.lists.count {
            let start = Int(elements.ranges[row].offset)
            var seen = Set<[UInt8]>()
            for element in start..<(start + Int(elements.ranges[row].count)) {
                let key = keys.isValid(element) ? texts[element].bytes : []
                flags[element] = seen.insert(key).inserted ? 1 : 0
            }
        }
        return mask
    }

    private static func sliced(_ invocation: FunctionInvocation) -> Vector {
        let lists = invocation.arguments[0].flattened()
        let numbers = invocation.arguments.dropFirst().map { DecodedVector($0) }
        var result = lists
        result.buffer = Buffer(byteCount: lists.count * 8)
        result.byteOffset = 0
        let source = lists.pointer(to: ListRange.self)
        let target = result.pointer(to: ListRange.self)
        var hasNull = false
        let validity = Validity(count: lists.count, allValid: true)
        for row in 0..<lists.count {
            target[row] = ListRange(offset: source[row].offset, count: 0)
            guard lists.isValid(row), numbers.allSatisfy({ $0.isValid(row) }) else {
                validity.setNull(row)
                hasNull = true
                continue
            }
            let length = Int64(source[row].count)
            let from = numbers[0].value(row, as: Int64.self)
            let count = numbers.count > 1 ? numbers[1].value(row, as: Int64.self) : .max
            // 0 is before the first element, as in StarRocks; what begins before it is cut.
            guard from != 0, count > 0 else { continue }
            let first = from > 0 ? from - 1 : length + from
            let (end, isBeyond) = first.addingReportingOverflow(count)
            guard first < length, isBeyond || end > 0 else { continue }
            target[row].offset += UInt32(max(0, first))
            target[row].count = UInt32((isBeyond ? length : min(length, end)) - max(0, first))
        }
        result.validity = hasNull ? validity : nil
        withExtendedLifetime(invocation) {}
        return result
    }

    /// Joins the lists of each row, one behind the other.
    static func joined(_ arguments: [Vector], count: Int) -> Vector {
        let lists = arguments.map { ListElements($0) }
        var collector = ColumnCollector(lists[0].parts[0].physicalType)
        var firsts: [Int] = []
        var validity: Validity?
        var total = 0
        for list in lists {
            firsts.append(total)
            total += list.count
            collector.append(list.parts[0])
            validity = Validity.intersection(validity, list.lists.validity, count: count)
        }
        var result = Vector(uninitialized: .list, count: count)
        let ranges = result.pointer(to: ListRange.self)
        let buffer = Buffer(byteCount: max(4, total * 4))
        let places = buffer.pointer(to: UInt32.self)
        var next = 0
        for row in 0..<count {
            let start = next
            for (list, first) in zip(lists, firsts) where validity?.isValid(row) ?? true {
                let range = list.ranges[row]
                for element in 0..<Int(range.count) {
                    places[next] = UInt32(truncatingIfNeeded: first + Int(range.offset) + element)
                    next += 1
                }
            }
            ranges[row] = ListRange(
                offset: UInt32(truncatingIfNeeded: start),
                count: UInt32(truncatingIfNeeded: next - start))
        }
        result.validity = validity
        result.children = NestedVectors([
            total == 0
                ? lists[0].parts[0]
                : collector.finish().gathered(by: UnsafePointer(places), count: next)
        ])
        withExtendedLifetime(buffer) {}
        return result
    }

    /// Turns the lists around.
    static func reversed(_ invocation: FunctionInvocation) -> Vector {
        let elements = ListElements(invocation.arguments[0])
        let buffer = Buffer(byteCount: max(4, elements.count * 4))
        let places = buffer.pointer(to: UInt32.self)
        for row in 0..<invocation.count {
            let range = elements.ranges[row]
            for index in 0..<range.count {
                places[Int(range.offset + index)] = range.offset + range.count - 1 - index
            }
        }
        let result = elements.replacing([
            elements.parts[0].gathered(by: UnsafePointer(places), count: elements.count)
        ])
        withExtendedLifetime(buffer) {}
        return result
    }

    private static func flattened(_ elements: ListElements) -> Vector {
        let inner = elements.parts[0].compacted()
        let innerRanges = inner.pointer(to: ListRange.self)
        var result = elements.lists
        result.buffer = Buffer(byteCount: result.count * 8)
        result.byteOffset = 0
        let target = result.pointer(to: ListRange.self)
        for row in 0..<result.count {
            let range = elements.ranges[row]
            var total: UInt32 = 0
            for element in 0..<range.count {
                total += innerRanges[Int(range.offset + element)].count
            }
            // The inner lists lie one behind the other.
            let offset = range.count > 0 ? innerRanges[Int(range.offset)].offset : 0
            target[row] = ListRange(offset: offset, count: total)
        }
        result.children = inner.children
        return result
    }
}

extension FunctionSignature {
    /// The same with the first argument's type as the result's.
    fileprivate var withArrayResult: FunctionSignature {
        FunctionSignature(argumentTypes, returns: argumentTypes[0])
    }
}
