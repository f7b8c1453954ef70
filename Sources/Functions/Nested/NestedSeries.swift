// Arrays of numbers at equal distances.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

package enum NestedSeries {
    static let rows = [
        ScalarFunction(
            "array_generate",
            summary: "Makes an array of the integers from a start (1) to an end, by a step "
                + "(1, or -1 where the start is greater).",
            examples: [
                ("array_generate(3)", "[1,2,3]"), ("array_generate(7, 1, -3)", "[7,4,1]"),
                ("array_generate(3, 1)", "[3,2,1]"),
            ], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...3, of: "array_generate")
                return try arguments.seriesSignature("array_generate")
            },
            evaluate: { invocation throws(StarlingError) in
                try makeSeries(invocation, isTableFunction: false)
            })
    ]

    /// Makes the array whose elements generate_series() gives; a step of 0 is an error.
    package static let series = ScalarFunction(
        "series", summary: "Makes the array of the numbers of a series.", nullHandling: .handled,
        resolve: { arguments throws(StarlingError) in
            try arguments.seriesSignature("generate_series")
        },
        evaluate: { invocation throws(StarlingError) in
            try makeSeries(invocation, isTableFunction: true)
        })

    /// No chunk's arrays have more elements than this.
    private static let elementCountMaximum = 1 << 30

    private static func makeSeries(
        _ invocation: FunctionInvocation, isTableFunction: Bool
    ) throws(StarlingError) -> Vector {
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        let views = invocation.arguments.map { DecodedVector($0) }
        var result = Vector(uninitialized: .list, count: count)
        let ranges = result.pointer(to: ListRange.self)
        var pieces: [(start: Int64, step: Int64, count: Int)] = []
        var total = 0
        for row in 0..<count {
            ranges[row] = ListRange(offset: UInt32(truncatingIfNeeded: total), count: 0)
            guard views.allSatisfy({ $0.isValid(row) }) else {
                result.setNull(row)
                continue
            }
            let numbers = views.map { $0.value(row, as: Int64.self) }
            let start = numbers.count > 1 ? numbers[0] : 1
            let end = numbers.count > 1 ? numbers[1] : numbers[0]
            let isDown = !isTableFunction && start > end
            let step = numbers.count > 2 ? numbers[2] : isDown ? -1 : 1
            if step == 0, isTableFunction {
                throw StarlingError(.data, "generate_series() with a step of 0 has no end")
            }
            let distance = Int128(end) - Int128(start)
            guard step != 0, distance == 0 || (distance > 0) == (step > 0) else { continue }
            let length = distance / Int128(step) + 1
            guard length <= Int128(elementCountMaximum - total) else { throw tooLong() }
            ranges[row].count = UInt32(length)
            pieces.append((start, step, Int(length)))
            total += Int(length)
        }
        try invocation.expectRoom(for: total * 8)
        let elements = Vector(uninitialized: .int64, count: total)
        let target = elements.pointer(to: Int64.self)
        var next = 0
        for piece in pieces {
            for index in 0..<piece.count {
                target[next &+ index] = piece.start &+ piece.step &* Int64(index)
            }
            next += piece.count
        }
        withExtendedLifetime(invocation) {}
        result.children = NestedVectors([elements])
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }

    private static func tooLong() -> StarlingError {
        StarlingError(.resource, "a series has more than \(elementCountMaximum) numbers")
    }
}

extension ArgumentList {
    fileprivate func seriesSignature(_ name: String) throws(StarlingError) -> FunctionSignature {
        for (position, type) in types.enumerated()
        where !type.isInteger && type != .null && type != .boolean {
            throw mismatch(position, of: name, expected: "an integer")
        }
        return FunctionSignature(
            types.map { _ in .bigint }, returns: .array(.bigint))
    }
}
