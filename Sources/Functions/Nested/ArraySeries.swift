// Arrays of sums and differences of neighbours; arrays of one value; the greatest elements.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

enum ArraySeries {
    static let rows = [
        ScalarFunction(
            "array_cum_sum", summary: "Gives at each place the sum of the elements up to there.",
            examples: [
                ("array_cum_sum([11, 11, 12])", "[11,22,34]"),
                ("array_cum_sum([NULL, 1, 2])", "[null,1,3]"),
            ],
            resolve: { arguments throws(StarlingError) in
                let element = try arguments.element("array_cum_sum")
                guard element.isNumeric || element == .null else {
                    throw arguments.mismatch(0, of: "array_cum_sum", expected: "numbers")
                }
                let isReal = element.isFloating || element.isDecimal
                let type = LogicalType.array(
                    element == .largeint ? .largeint : isReal ? .double : .bigint)
                return FunctionSignature([type], returns: type)
            },
            evaluate: { invocation throws(StarlingError) in
                let elements = ListElements(invocation.arguments[0])
                switch elements.parts[0].physicalType {
                case .float64: return floatingSums(elements)
                case .int64: return try sums(elements, Int64.self, .int64)
                default: return try sums(elements, Int128.self, .int128)
                }
            }),
        ScalarFunction(
            "array_difference",
            summary: "Gives at each place how much an element is above the one before it; 0 at "
                + "the first.",
            examples: [
                ("array_difference([342, 32423, 213, NULL, 23432])", "[0,32081,-32210,null,null]"),
                ("array_difference([false, true, false])", "[0,1,-1]"),
            ],
            resolve: { arguments throws(StarlingError) in
                let element = try arguments.element("array_difference")
                let type: LogicalType
                switch element {
                case .largeint: type = .largeint
                case .decimal(_, let scale): type = .decimal(precision: 38, scale: scale)
                case _ where element.isFloating: type = .double
                case _ where element.isNumeric || element == .null: type = .bigint
                default: throw arguments.mismatch(0, of: "array_difference", expected: "numbers")
                }
                return FunctionSignature([.array(type)], returns: .array(type))
            },
            evaluate: { invocation throws(StarlingError) in
                let elements = ListElements(invocation.arguments[0])
                switch elements.parts[0].physicalType {
                case .float64: return floatingDifferences(elements)
                case .int64: return try differences(elements, Int64.self, .int64)
                default: return try differences(elements, Int128.self, .int128)
                }
            }),
        ScalarFunction(
            "array_repeat", summary: "Makes an array of a value so many times.",
            examples: [
                ("array_repeat(1, 3)", "[1,1,1]"), ("array_repeat([1, 2], 2)", "[[1,2],[1,2]]"),
                ("array_repeat(1, -1)", "[]"),
            ], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "array_repeat")
                guard arguments.types[1].isNumeric || arguments.types[1] == .null else {
                    throw arguments.mismatch(1, of: "array_repeat", expected: "a number")
                }
                return FunctionSignature(
                    [arguments.types[0], .bigint], returns: .array(arguments.types[0]))
            },
            evaluate: { invocation throws(StarlingError) in try repeated(invocation) }),
        ScalarFunction(
            "array_top_n", summary: "Gives the n greatest elements, the greatest first.",
            examples: [
                ("array_top_n([1, 100, 2, 5, 3], 3)", "[100,5,3]"),
                ("array_top_n([1, NULL, 3], 5)", "[3,1,null]"),
            ], nullHandling: .handled,
            comparesValues: true,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "array_top_n")
                let element = try arguments.element(0, "array_top_n")
                guard arguments.types[1].isNumeric || arguments.types[1] == .null else {
                    throw arguments.mismatch(1, of: "array_top_n", expected: "a number")
                }
                return FunctionSignature([.array(element), .bigint], returns: .array(element))
            },
            evaluate: { invocation throws(StarlingError) in greatest(invocation) }),
    ]

    private static func sums<Number: FixedWidthInteger & BitwiseCopyable>(
        _ elements: ListElements, _ type: Number.Type, _ layout: PhysicalType
    ) throws(StarlingError) -> Vector {
        let numbers = elements.parts[0].flattened()
        let values = numbers.pointer(to: Number.self)
        var result = Vector(zeroed: layout, count: elements.count)
        let output = result.pointer(to: Number.self)
        var hasOverflow = false
        for row in 0..<elements.lists.count where elements.lists.isValid(row) {
            var sum: Number = 0
            let start = Int(elements.ranges[row].offset)
            for place in start..<(start + Int(elements.ranges[row].count)) {
                guard numbers.isValid(place) else {
                    result.setNull(place)
                    continue
                }
                let (next, overflow) = sum.addingReportingOverflow(values[place])
                (sum, hasOverflow) = (next, hasOverflow || overflow)
                output[place] = sum
            }
        }
        if hasOverflow { throw outOfRange("array_cum_sum") }
        return elements.replacing([result])
    }

    private static func floatingSums(_ elements: ListElements) -> Vector {
        let numbers = elements.parts[0].flattened()
        let values = numbers.pointer(to: Double.self)
        var result = Vector(zeroed: .float64, count: elements.count)
        let output = result.pointer(to: Double.self)
        for row in 0..<elements.lists.count {
            var sum = 0.0
            let start = Int(elements.ranges[row].offset)
            for place in start..<(start + Int(elements.ranges[row].count)) {
                guard numbers.isValid(place) else {
                    result.setNull(place)
                    continue
                }
                sum += values[place]
                output[place] = sum
            }
        }
        return elements.replacing([result])
    }

    private static func differences<Number: FixedWidthInteger & BitwiseCopyable>(
        _ elements: ListElements, _ type: Number.Type, _ layout: PhysicalType
    ) throws(StarlingError) -> Vector {
        let numbers = elements.parts[0].flattened()
        let values = numbers.pointer(to: Number.self)
        var hasOverflow = false
        let result = neighbours(elements, numbers, layout, Number.self) { place in
            let (rest, overflow) = values[place].subtractingReportingOverflow(values[place - 1])
            hasOverflow = hasOverflow || overflow
            return rest
        }
        if hasOverflow { throw outOfRange("array_difference") }
        return elements.replacing([result])
    }

    private static func floatingDifferences(_ elements: ListElements) -> Vector {
        let numbers = elements.parts[0].flattened()
        let values = numbers.pointer(to: Double.self)
        let result = neighbours(elements, numbers, .float64, Double.self) { place in
            values[place] - values[place - 1]
        }
        return elements.replacing([result])
    }

    @inline(__always)
    private static func neighbours<Number: Numeric & BitwiseCopyable>(
        _ elements: ListElements, _ numbers: Vector, _ layout: PhysicalType, _ type: Number.Type,
        _ difference: (Int) -> Number
    ) -> Vector {
        var result = Vector(zeroed: layout, count: elements.count)
        let output = result.pointer(to: Number.self)
        for row in 0..<elements.lists.count {
            let start = Int(elements.ranges[row].offset)
            for place in start..<(start + Int(elements.ranges[row].count)) {
                let isFirst = place == start
                guard numbers.isValid(place), isFirst || numbers.isValid(place - 1) else {
                    result.setNull(place)
                    continue
                }
                if !isFirst { output[place] = difference(place) }
            }
        }
        return result
    }

    private static func outOfRange(_ name: String) -> StarlingError {
        StarlingError(.data, "a number is out of range in \(name)()")
    }

    /// No chunk's arrays have more elements than this.
    private static let elementCountMaximum = 1 << 30

    private static func repeated(_ invocation: FunctionInvocation) throws(StarlingError) -> Vector {
        let (value, number) = (
            invocation.arguments[0].flattened(), DecodedVector(invocation.arguments[1])
        )
        var result = Vector(uninitialized: .list, count: invocation.count)
        let ranges = result.pointer(to: ListRange.self)
        var total = 0
        for row in 0..<invocation.count {
            ranges[row] = ListRange(offset: UInt32(truncatingIfNeeded: total), count: 0)
            guard number.isValid(row) else {
                result.setNull(row)
                continue
            }
            let count = max(0, number.value(row, as: Int64.self))
            guard count <= Int64(elementCountMaximum - total) else {
                throw StarlingError(
                    .resource, "array_repeat() makes more than \(elementCountMaximum) elements")
            }
            ranges[row].count = UInt32(count)
            total += Int(count)
        }
        try invocation.expectRoom(for: total * (4 + value.physicalType.byteWidth))
        let buffer = Buffer(byteCount: max(4, total * 4))
        let places = buffer.pointer(to: UInt32.self)
        for row in 0..<invocation.count {
            let start = Int(ranges[row].offset)
            for place in start..<(start + Int(ranges[row].count)) {
                places[place] = UInt32(truncatingIfNeeded: row)
            }
        }
        result.children = NestedVectors([value.gathered(by: UnsafePointer(places), count: total)])
        withExtendedLifetime((invocation, buffer)) {}
        return result
    }

    private static func greatest(_ invocation: FunctionInvocation) -> Vector {
        let elements = ListElements(invocation.arguments[0])
        let number = DecodedVector(invocation.arguments[1])
        let sorted = elements.sortedPlaces(by: elements.parts[0])
        let order = sorted.pointer(to: UInt32.self)
        let buffer = Buffer(byteCount: max(4, elements.count * 4))
        let places = buffer.pointer(to: UInt32.self)
        var result = Vector(uninitialized: .list, count: invocation.count)
        let ranges = result.pointer(to: ListRange.self)
        var total = 0
        for row in 0..<invocation.count {
            let source = elements.ranges[row]
            let isValid = elements.lists.isValid(row) && number.isValid(row)
            if !isValid { result.setNull(row) }
            let wanted = isValid ? number.value(row, as: Int64.self) : 0
            let count = Int(max(0, min(Int64(source.count), wanted)))
            ranges[row] = ListRange(
                offset: UInt32(truncatingIfNeeded: total), count: UInt32(truncatingIfNeeded: count))
            // Backwards the greatest come first and NULLs last.
            let end = Int(source.offset) + Int(source.count)
            for index in 0..<count { places[total + index] = order[end - 1 - index] }
            total += count
        }
        result.children = NestedVectors([
            elements.parts[0].gathered(by: UnsafePointer(places), count: total)
        ])
        withExtendedLifetime((invocation, sorted, buffer)) {}
        return result
    }
}
