// Sums, averages, least and greatest elements of arrays. NULL elements do not count; of none that
// counts the result is NULL.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

enum ArrayNumbers {
    static let rows = [
        ScalarFunction(
            "array_sum", summary: "Adds the elements of an array.",
            examples: [("array_sum([1, 2, NULL])", "3"), ("array_sum([1.5, 2])", "3.5")],
            nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                let element = try arguments.element("array_sum")
                let type: LogicalType
                switch element {
                case .largeint: type = .largeint
                case .decimal(_, let scale): type = .decimal(precision: 38, scale: scale)
                case _ where element.isFloating || element.isString: type = .double
                case _ where element.isNumeric || element == .null: type = .bigint
                default: throw arguments.mismatch(0, of: "array_sum", expected: "numbers")
                }
                return FunctionSignature([.array(type)], returns: type)
            },
            evaluate: { invocation throws(StarlingError) in try sum(invocation) }),
        ScalarFunction(
            "array_avg",
            summary: "Gives the mean of the elements of an array, of the type that avg() gives.",
            examples: [
                ("array_avg([1, 2, NULL])", "1.5"), ("array_avg([1.0, 2.1])", "1.5500000"),
            ], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                let element = try arguments.element("array_avg")
                guard element.isNumeric || element.isString || element == .null else {
                    throw arguments.mismatch(0, of: "array_avg", expected: "numbers")
                }
                guard case .decimal(_, let scale) = element else {
                    return FunctionSignature([.array(.double)], returns: .double)
                }
                return FunctionSignature(
                    [.array(.decimal(precision: 38, scale: scale))],
                    returns: .decimal(precision: 38, scale: DecimalTypes.quotientScale(scale)))
            },
            evaluate: { invocation throws(StarlingError) in
                invocation.signature.resultType.isDecimal
                    ? try decimalAverage(invocation) : average(invocation)
            }),
        extremeRow(
            "array_min", "Gives the least element of an array.", [("array_min([3, 1, NULL])", "1")],
            wantsGreatest: false),
        extremeRow(
            "array_max", "Gives the greatest element of an array.",
            [("array_max(['a', 'c', 'b'])", "c")], wantsGreatest: true),
    ]

    private static func extremeRow(
        _ name: String, _ summary: String, _ examples: [(expression: String, result: String)],
        wantsGreatest: Bool
    ) -> ScalarFunction {
        ScalarFunction(
            name, summary: summary, examples: examples, nullHandling: .handled,
            comparesValues: true,
            resolve: { arguments throws(StarlingError) in
                let element = try arguments.element(name)
                return FunctionSignature([.array(element)], returns: element)
            },
            evaluate: { invocation throws(StarlingError) in
                extreme(invocation, wantsGreatest: wantsGreatest)
            })
    }

    private static func extreme(
        _ invocation: FunctionInvocation, wantsGreatest: Bool
    ) -> Vector {
        let elements = ListElements(invocation.arguments[0])
        let keys = packed(elements.parts[0].flattened(), asKey: true)
        let texts = keys.pointer(to: StringReference.self)
        let buffer = Buffer(byteCount: max(4, invocation.count * 4))
        let places = buffer.pointer(to: UInt32.self)
        for row in 0..<invocation.count {
            var best = -1
            let start = Int(elements.ranges[row].offset)
            for element in start..<(start + Int(elements.ranges[row].count))
            where keys.isValid(element) {
                let isBetter =
                    best < 0
                    || (wantsGreatest
                        ? texts[best] < texts[element] : texts[element] < texts[best])
                if isBetter { best = element }
            }
            places[row] = best < 0 ? missingIndex : UInt32(truncatingIfNeeded: best)
        }
        return withExtendedLifetime((keys, buffer)) {
            elements.parts[0].gatheredOrNull(by: UnsafePointer(places), count: invocation.count)
        }
    }

    private static func decimalAverage(
        _ invocation: FunctionInvocation
    ) throws(StarlingError) -> Vector {
        guard case .array(let element) = invocation.signature.argumentTypes[0] else {
            return .allNull(invocation.resultPhysicalType, count: invocation.count)
        }
        let factor = powerOfTen(invocation.signature.resultType.scale - element.scale)
        let elements = ListElements(invocation.arguments[0])
        var averages = try integerSums(elements, Int128.self, .int128, count: invocation.count)
        let (numbers, sums) = (elements.parts[0].flattened(), averages.pointer(to: Int128.self))
        for row in 0..<invocation.count where averages.isValid(row) {
            let start = Int(elements.ranges[row].offset)
            let count = (start..<(start + Int(elements.ranges[row].count)))
                .count(where: { numbers.isValid($0) })
            if let average = multiplyDivide(sums[row], factor, by: Int128(count)) {
                sums[row] = average
            } else {
                averages.setNull(row)
            }
        }
        return averages.withIntegerLayout(invocation.resultPhysicalType)
    }

    private static func average(_ invocation: FunctionInvocation) -> Vector {
        let elements = ListElements(invocation.arguments[0])
        let numbers = elements.parts[0].flattened()
        let values = numbers.pointer(to: Double.self)
        var result = Vector(zeroed: .float64, count: invocation.count)
        let target = result.pointer(to: Double.self)
        for row in 0..<invocation.count {
            var (sum, count) = (0.0, 0)
            let start = Int(elements.ranges[row].offset)
            for element in start..<(start + Int(elements.ranges[row].count))
            where numbers.isValid(element) {
                sum += values[element]
                count += 1
            }
            if count == 0 { result.setNull(row) } else { target[row] = sum / Double(count) }
        }
        return result
    }

    private static func sum(_ invocation: FunctionInvocation) throws(StarlingError) -> Vector {
        let elements = ListElements(invocation.arguments[0])
        switch elements.parts[0].physicalType {
        case .float64: return floatingSums(elements, count: invocation.count)
        case .int64: return try integerSums(elements, Int64.self, .int64, count: invocation.count)
        default: return try integerSums(elements, Int128.self, .int128, count: invocation.count)
        }
    }

    private static func floatingSums(_ elements: ListElements, count: Int) -> Vector {
        let numbers = elements.parts[0].flattened()
        let values = numbers.pointer(to: Double.self)
        var result = Vector(zeroed: .float64, count: count)
        let target = result.pointer(to: Double.self)
        for row in 0..<count {
            var isEmpty = true
            let start = Int(elements.ranges[row].offset)
            for element in start..<(start + Int(elements.ranges[row].count))
            where numbers.isValid(element) {
                target[row] += values[element]
                isEmpty = false
            }
            if isEmpty { result.setNull(row) }
        }
        return result
    }

    private static func integerSums<Number: FixedWidthInteger & BitwiseCopyable>(
        _ elements: ListElements, _ type: Number.Type, _ layout: PhysicalType, count: Int
    ) throws(StarlingError) -> Vector {
        let numbers = elements.parts[0].flattened()
        let values = numbers.pointer(to: Number.self)
        var result = Vector(zeroed: layout, count: count)
        let target = result.pointer(to: Number.self)
        var hasOverflow = false
        for row in 0..<count {
            var isEmpty = true
            let start = Int(elements.ranges[row].offset)
            for element in start..<(start + Int(elements.ranges[row].count))
            where numbers.isValid(element) {
                let (sum, overflow) = target[row].addingReportingOverflow(values[element])
                target[row] = sum
                hasOverflow = hasOverflow || overflow
                isEmpty = false
            }
            if isEmpty { result.setNull(row) }
        }
        if hasOverflow {
            throw StarlingError(.data, "the sum of an array is out of range in array_sum()")
        }
        return result
    }
}

extension ArgumentList {
    /// Gives the type of the elements of the only argument, an array.
    func element(_ name: String) throws(StarlingError) -> LogicalType {
        try expectCount(1...1, of: name)
        return try element(0, name)
    }

    func element(_ position: Int, _ name: String) throws(StarlingError) -> LogicalType {
        switch types[position] {
        case .array(let element): return element
        case .null: return .null
        default: throw mismatch(position, of: name, expected: "an array")
        }
    }
}
