// Arrays of numbers at equal distances, and of dates at equal intervals.

import StarlingErrors
import StarlingKernels
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Goes from value to value by equal steps.
private protocol EqualSteps {
    /// True where steps forward are turned towards an end that lies before the start.
    static var turnToEnd: Bool { get }

    var amount: Int64 { get }

    /// Counts the values from one to another; none where steps lead away.
    func count(from start: Int64, to end: Int64) -> Int128

    /// Gives the value so many steps behind another.
    func value(_ start: Int64, _ count: Int64) -> Int64?
}

private struct NumberSteps: EqualSteps {
    static var turnToEnd: Bool { false }

    let amount: Int64

    func count(from start: Int64, to end: Int64) -> Int128 {
        let distance = Int128(end) - Int128(start)
        guard amount != 0, distance == 0 || (distance > 0) == (amount > 0) else { return 0 }
        return distance / Int128(amount) + 1
    }

    /// All values up to the end fit, but steps to them may not.
    @inline(__always)
    func value(_ start: Int64, _ count: Int64) -> Int64? { start &+ amount &* count }
}

extension CalendarSteps: EqualSteps {
    fileprivate static var turnToEnd: Bool { true }
}

package enum NestedSeries {
    static let rows = [
        ScalarFunction(
            "array_generate",
            summary: "Makes an array of the integers from a start (1) to an end, by a step "
                + "(1, or -1 where the start is greater); or of dates, by an INTERVAL or so many "
                + "days (1), counted from the start and towards the end.",
            examples: [
                ("array_generate(3)", "[1,2,3]"), ("array_generate(7, 1, -3)", "[7,4,1]"),
                ("array_generate(3, 1)", "[3,2,1]"),
                (
                    "array_generate(DATE '2025-01-31', DATE '2025-03-31', INTERVAL 1 MONTH)",
                    "[\"2025-01-31\",\"2025-02-28\",\"2025-03-31\"]"
                ),
            ], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(1...4, of: "array_generate")
                return try arguments.seriesSignature("array_generate")
            },
            evaluate: { invocation throws(StarlingError) in
                try series(invocation, "array_generate", isTableFunction: false)
            })
    ]

    /// Makes the array whose elements generate_series() gives; a step of 0 is an error.
    package static let series = ScalarFunction(
        "series", summary: "Makes the array of the values of a series.", nullHandling: .handled,
        resolve: { arguments throws(StarlingError) in
            try arguments.seriesSignature("generate_series")
        },
        evaluate: { invocation throws(StarlingError) in
            try series(invocation, "generate_series", isTableFunction: true)
        })

    /// No chunk's arrays have more elements than this.
    private static let elementCountMaximum = 1 << 30

    private static func series(
        _ invocation: FunctionInvocation, _ name: String, isTableFunction: Bool
    ) throws(StarlingError) -> Vector {
        let type = invocation.signature.resultType
        guard type != .array(.bigint) else {
            return try makeSeries(invocation, of: Int64.self, .int64, isTableFunction) {
                NumberSteps(amount: $0)
            }
        }
        let arguments = invocation.arguments
        let unit =
            arguments.count > 3 ? try DateTruncation.unit(arguments[3].value(at: 0), name) : .day
        if type == .array(.date) {
            return try makeSeries(invocation, of: Int32.self, .int32, isTableFunction) {
                CalendarSteps($0, unit, isDate: true)
            }
        }
        return try makeSeries(invocation, of: Int64.self, .int64, isTableFunction) {
            CalendarSteps($0, unit, isDate: false)
        }
    }

    private static func makeSeries<
        Element: FixedWidthInteger & BitwiseCopyable, Steps: EqualSteps
    >(
        _ invocation: FunctionInvocation, of element: Element.Type, _ type: PhysicalType,
        _ isTableFunction: Bool, steps makeSteps: (_ amount: Int64) -> Steps
    ) throws(StarlingError) -> Vector {
        let isConstant = invocation.arguments.allSatisfy(\.isConstant)
        let count = isConstant ? 1 : invocation.count
        let views = invocation.arguments.prefix(3).map { DecodedVector($0) }
        var result = Vector(uninitialized: .list, count: count)
        let ranges = result.pointer(to: ListRange.self)
        var pieces: [(start: Int64, steps: Steps, count: Int)] = []
        var total = 0
        for row in 0..<count {
            ranges[row] = ListRange(offset: UInt32(truncatingIfNeeded: total), count: 0)
            guard views.allSatisfy({ $0.isValid(row) }) else {
                result.setNull(row)
                continue
            }
            let ends = views.prefix(2).map { Int64($0.value(row, as: Element.self)) }
            let (start, end) = ends.count > 1 ? (ends[0], ends[1]) : (1, ends[0])
            let given = views.count > 2 ? views[2].value(row, as: Int64.self) : nil
            var steps = makeSteps(given ?? 1)
            if steps.amount == 0, isTableFunction {
                throw StarlingError(.data, "generate_series() with a step of 0 has no end")
            }
            if !isTableFunction, start > end, given == nil || Steps.turnToEnd, steps.amount > 0 {
                steps = makeSteps(-steps.amount)
            }
            let length = steps.count(from: start, to: end)
            guard length <= Int128(elementCountMaximum - total) else { throw tooLong() }
            ranges[row].count = UInt32(length)
            pieces.append((start, steps, Int(length)))
            total += Int(length)
        }
        try invocation.expectRoom(for: total * MemoryLayout<Element>.size)
        let elements = Vector(uninitialized: type, count: total)
        let target = elements.pointer(to: Element.self)
        var next = 0
        for piece in pieces {
            for index in 0..<piece.count {
                let value = piece.steps.value(piece.start, Int64(index)) ?? piece.start
                target[next &+ index] = Element(truncatingIfNeeded: value)
            }
            next += piece.count
        }
        withExtendedLifetime(invocation) {}
        result.children = NestedVectors([elements])
        if isConstant { result.makeConstant(count: invocation.count) }
        return result
    }

    private static func tooLong() -> StarlingError {
        StarlingError(.resource, "a series has more than \(elementCountMaximum) values")
    }
}

extension ArgumentList {
    fileprivate func seriesSignature(_ name: String) throws(StarlingError) -> FunctionSignature {
        let ends = types.prefix(2)
        let isOfDates =
            ends.count > 1 && !ends.contains(where: \.isInteger)
            && ends.contains { $0.isTemporal || $0.isString }
        guard !isOfDates, types.count < 4 else { return try calendarSeriesSignature(name) }
        for (position, type) in types.enumerated()
        where !type.isInteger && type != .null && type != .boolean {
            throw mismatch(position, of: name, expected: "an integer")
        }
        return FunctionSignature(
            types.map { _ in .bigint }, returns: .array(.bigint))
    }

    /// DATEs stay DATEs by steps of whole days; everything else is a series of DATETIMEs.
    private func calendarSeriesSignature(_ name: String) throws(StarlingError) -> FunctionSignature
    {
        let ends = [try temporal(0, name), try temporal(1, name)]
        guard !types.prefix(2).allSatisfy(\.isInteger) else {
            throw StarlingError(
                .binding,
                "\(name)() takes an INTERVAL between dates; between numbers the step is a "
                    + "number")
        }
        if types.count > 2 { try expectUnitCount(2, of: name) }
        let unit = types.count > 3 ? try DateTruncation.unit(constant(3), name) : .day
        let isOfDays =
            unit.isWholeDays && types.prefix(2).contains(.date)
            && zip(ends, types).allSatisfy { $0 == .date || $1 == .null }
        let type: LogicalType = isOfDays ? .date : .datetime
        let all: [LogicalType] = [type, type, .bigint, .string]
        return FunctionSignature(Array(all.prefix(types.count)), returns: .array(type))
    }
}
